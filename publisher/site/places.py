"""Where a page lies: its address, and its file below the pages' folder."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

from publisher.model import EditionId, Newsletter, Publication, no_controls

_LONGEST = 200  # bytes of a name: file systems take 255, and a packed one is longer

_NAME = rf"[A-Za-z0-9_-][A-Za-z0-9_.-]{{0,{_LONGEST - 1}}}"
_PLAIN = re.compile(f"(?:{_NAME}/)*(?:{_NAME})?")
"""Paths that are what they are called: most are, and each is asked for several times a build."""
_FOLDER = re.compile(f"(?:{_NAME}/)+")


def place_of(url: str, publication: Publication) -> str | None:
    """Return the file of a page by its address, such as `world/summit/index.html`.

    None for an address elsewhere, one with a query, and one that no file can have.
    """
    path = _below(url, publication)
    if path is None:
        return None
    if path.endswith((".html", ".htm")) or path == "":
        return path or "index.html"
    return f"{path.rstrip('/')}/index.html"


def places_of(urls: Iterable[str], publication: Publication) -> list[str | None]:
    """Return the file of each of many pages, as `place_of` does."""
    above, start = publication.base_url, len(publication.base_url)
    is_plain = above.endswith("/")
    return [
        f"{url[start:]}index.html"
        if is_plain and url.startswith(above) and _FOLDER.fullmatch(url, start)
        else place_of(url, publication)
        for url in urls
    ]


def file_of(url: str, publication: Publication) -> str | None:
    """Return the place of a picture or the like by its address, None where it can have none."""
    path = _below(url, publication)
    return path if path and not path.endswith("/") else None


def _below(url: str, publication: Publication) -> str | None:
    """The path of an address below the publication's, decoded; None where no file can have it."""
    above = publication.base_url
    if url.startswith(above) and above.endswith("/") and _PLAIN.fullmatch(url, len(above)):
        return url[len(above) :]
    return _below_any(url, above)


def _below_any(url: str, above: str) -> str | None:
    base = urlsplit(above)
    parts = urlsplit(url)
    if (parts.scheme, parts.netloc) != (base.scheme, base.netloc) or parts.query:
        return None
    if not parts.path.startswith(base.path):
        return None
    path = unquote(parts.path.removeprefix(base.path))
    names = path.removesuffix("/").split("/") if path else []
    return path if all(map(_is_name, names)) else None


def _is_name(name: str) -> bool:
    is_plain = (
        no_controls(name) == name and not name.startswith(".") and not set(name) & set('\\:*?"<>|')
    )
    return bool(name) and is_plain and len(name.encode("utf-8", "replace")) <= _LONGEST


def edition_place(edition: str) -> str:
    """Return the folder of an edition's page: `newsletters/morning/2026-11-24T0700`."""
    name = EditionId(edition)
    return f"newsletters/{name.newsletter}/{name.minute}"


def edition_url(publication: Publication, newsletter: Newsletter, edition: str) -> str:
    """Return where an edition stands on the web once it is sent, "" where it never does."""
    if publication.web.pages == "none" or newsletter.archive == "none":
        return ""
    return f"{publication.base_url}{quote(edition_place(edition))}/"


class Claims:
    """Which places are taken: no page stands where a file, or a folder of another one, must be."""

    def __init__(self) -> None:
        # The service, or the web server, has feeds there; the rest is what a site has besides.
        self._files = {"feeds", "style.css", "robots.txt", "sitemap.xml"}
        self._folders = {"pictures", "pictures/mail"}  # of what is made of pictures

    def holds(self, place: str) -> bool:
        """Whether a place is taken, or lies among the feeds."""
        return place in self._files or place.startswith("feeds/")

    def take(self, place: str) -> bool:
        """Take a place, such as `world/summit/index.html`, if it can be had."""
        if place in self._files or place in self._folders:
            return False
        above, folder = [], place.rpartition("/")[0]
        while folder and folder not in self._folders:  # of one that is known, all above are
            if folder in self._files:
                return False
            above.append(folder)
            folder = folder.rpartition("/")[0]
        self._files.add(place)
        self._folders.update(above)
        return True
