"""Pictures and other files that articles show → where they lie in the export, and where they go.

An address of the old site keeps its path, so that whoever links to the picture still finds it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from itertools import islice
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urlsplit

import msgspec
from msgspec.structs import replace

from publisher.exports.imported import Attached, Imported
from publisher.exports.pack import Member, Pack
from publisher.exports.words import host_of

KINDS = frozenset(
    ".avif .bmp .flac .gif .jpeg .jpg .m4a .m4v .mov .mp3 .mp4 .oga .ogg .ogv .opus .pdf .png .svg "
    ".wav .webm .webp".split()
)
"""Endings of files that are copied."""

_MOST_ALIKE = 2_000  # files of one name that are looked at
_MOST_SHOWN = 5_000  # addresses of one article

MOST_BYTES = 256 << 20
"""Of one file that is copied out of an export."""

_TAG = re.compile(r"<(?:a|img|source|video|audio)\b[^<>]*+>", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(\s(?:src|href|poster|data-src|data-lazy-src|data-original)\s*+=\s*+)(?:\"([^\"]*+)\"|'([^']*+)')",
    re.IGNORECASE,
)
_SET = re.compile(r"\s(?:data-(?:lazy-)?)?srcset\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+')", re.IGNORECASE)
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ()@,._~+-]{0,100}")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?\Z", re.IGNORECASE)


class Shown(msgspec.Struct, frozen=True):
    """A file that an article shows: its address there, and its place below the articles folder."""

    url: str
    place: str
    member: Member | None = None


class Pictures:
    """What becomes of addresses: `members` are the export's files, by the ends of their paths."""

    def __init__(self, pack: Pack, base_url: str, hosts: frozenset[str]) -> None:
        self._by_name: dict[str, list[Member]] = {}
        for member in pack.members.values():
            if PurePosixPath(member.name).suffix.lower() in KINDS:
                name = PurePosixPath(member.name).name.casefold()
                self._by_name.setdefault(name, []).append(member)
        self._hosts = hosts
        self._below = urlsplit(base_url).path or "/"

    def shown_by(self, article: Imported) -> list[Shown]:
        """Return the files that an article shows and that are in the export, in their order."""
        found = (self._found(url) for url in addresses(article))
        return [one for one in found if one]

    def place_of(self, url: str, suffix: str) -> str:
        """Return where the file of an address goes: by its old path, else by a name of its own."""
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        names = [unquote(name) for name in parts.path.split("/") if name]
        is_own = not parts.netloc or host_of(url) in self._hosts
        is_kept = (
            is_own
            and not parts.query
            and 0 < len(names) < 12
            and all(_SAFE.fullmatch(name) and not _RESERVED.match(name) for name in names)
            and all(not name.endswith((".", " ")) for name in names)
        )
        if is_kept and PurePosixPath(names[-1]).suffix.lower() in KINDS:
            return "/".join(names)
        digest = hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:16]
        return f"pictures/{digest}{suffix}"

    def address_of(self, place: str) -> str:
        """Return the address, from the root of the site on, at which a place is published."""
        return self._below + quote(place)

    def _found(self, url: str) -> Shown | None:
        try:
            path = unquote(urlsplit(url).path)
        except ValueError:
            return None
        names = [name for name in path.split("/") if name not in ("", ".", "..")]
        if not names:
            return None
        is_relative = not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|/", url)
        least = 1 if is_relative else 2
        best = max(
            self._by_name.get(names[-1].casefold(), [])[:_MOST_ALIKE],
            key=lambda one: _alike(one.name, names),
            default=None,
        )
        if best is None or _alike(best.name, names) < min(least, len(names)):
            return None
        suffix = PurePosixPath(best.name).suffix.lower()
        address = best.name if is_relative else url
        return Shown(url, self.place_of(address, suffix), best)


def _alike(name: str, names: list[str]) -> int:
    """How many names two paths have in common, from their ends on."""
    count = 0
    for one, other in zip(reversed(name.split("/")), reversed(names), strict=False):
        if one.casefold() != other.casefold():
            break
        count += 1
    return count


def addresses(article: Imported) -> list[str]:
    """Return the addresses of pictures, sounds and the like that an article shows."""
    found = [one.url for one in (article.picture, *article.enclosures) if one]
    for tag in _TAG.findall(article.body):
        is_link = tag[:3].lower() in ("<a ", "<a\n", "<a\t")
        for one in _ADDRESS.finditer(tag):
            url = unescape(one[2] or one[3] or "").strip()
            path = url.partition("?")[0].partition("#")[0]
            if url and (not is_link or PurePosixPath(path).suffix.lower() in KINDS):
                found.append(url)
    wanted = (url for url in dict.fromkeys(found) if not url.startswith(("data:", "#")))
    return list(islice(wanted, _MOST_SHOWN))


def pictures_of(article: Imported) -> frozenset[str]:
    """Return the addresses of those that are shown as pictures, whatever they end with."""
    found = {article.picture.url} if article.picture else set()
    for tag in _TAG.findall(article.body):
        if tag[:4].lower() == "<img":
            found |= {unescape(one[2] or one[3] or "").strip() for one in _ADDRESS.finditer(tag)}
    return frozenset(found)


def led_to(article: Imported, new: Mapping[str, str]) -> Imported:
    """Return an article whose files are at other addresses: old → new."""
    if not new:
        return article

    def changed(tag: str) -> str:
        urls = [unescape(one[2] or one[3] or "").strip() for one in _ADDRESS.finditer(tag)]
        if not any(url in new for url in urls):
            return tag
        tag = _SET.sub("", tag)  # its other sizes are still where they were
        return _ADDRESS.sub(_readdressed(new), tag)

    return replace(
        article,
        body=_TAG.sub(lambda tag: changed(tag[0]), article.body),
        picture=_moved(article.picture, new) if article.picture else None,
        enclosures=tuple(_moved(one, new) for one in article.enclosures),
    )


def _readdressed(new: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    def one(found: re.Match[str]) -> str:
        url = unescape(found[2] or found[3] or "").strip()
        return f'{found[1]}"{escape(new[url])}"' if url in new else found[0]

    return one


def _moved(one: Attached, new: Mapping[str, str]) -> Attached:
    return replace(one, url=new.get(one.url, one.url))
