"""The publication's own pictures, its logos and its authors: their files, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from publisher.errors import Problem
from publisher.model import Picture
from publisher.pipeline.workspace import Workspace
from publisher.site import file_of
from publisher.sources import is_file_address, measured

_WIDE, _HIGH = 160, 40  # pixels of the logo on pages

HEAVIEST = 1_000_000
"""Bytes of a picture in a mail."""


def logo_files(space: Workspace) -> Iterator[tuple[str, str, Path]]:
    """Yield each logo that is a file of ours: its address, its place below the pages, the file.

    Covers of podcasts are such as well.
    """
    own = space.publication
    covers = (one.image for one in own.feeds.podcast)
    for url in dict.fromkeys(filter(None, (own.logo, own.logo_dark, *covers))):
        if found := file_at(space, url):
            yield url, *found


def file_at(space: Workspace, url: str) -> tuple[str, Path] | None:
    """Return where a picture that is a file of ours stands below the pages, and the file."""
    own = space.publication
    place = file_of(url, own) if url else None
    if place is None or not is_file_address(url):
        return None
    if any(part.startswith((".", "_")) for part in PurePosixPath(place).parts):
        return None
    root = space.root.resolve()
    for folder in (root, root / own.web.static, root / own.articles):
        path = (folder / place).resolve()
        if path.is_file() and path.is_relative_to(root):
            return place, path
    return None


def logo_picture(space: Workspace, url: str | None = None) -> Picture | None:
    """Return a logo (the light one) that is a file as mails show it; None where it is as it is."""
    found = file_at(space, space.publication.logo if url is None else url)
    return space.gallery.logo(found[1]) if found else None


def logo_size(space: Workspace) -> Mapping[str, int] | None:
    """Return how large pages show the logo, where it is a file of ours whose pixels are known."""
    found = file_at(space, space.publication.logo)
    wide, high = measured(found[1]) if found else (0, 0)
    if not wide or not high:
        return None
    scale = min(_WIDE / wide, _HIGH / high)
    return {"width": max(round(wide * scale), 1), "height": max(round(high * scale), 1)}


def logo_problems(space: Workspace) -> Iterator[Problem]:
    """Return what keeps readers from seeing the logos and the authors."""
    own = space.publication
    for key, url in (("logo", own.logo), ("logo_dark", own.logo_dark)):
        if url and file_of(url, own) is not None:
            yield from _logo_problems(space, key, url)
    for author in own.authors:
        if author.picture:
            yield from _portrait_problems(space, author.name, author.picture)


def _logo_problems(space: Workspace, key: str, url: str) -> Iterator[Problem]:
    found = file_at(space, url)
    if found is None:
        yield _problem(
            f"there is no file for the {_called(key)}: {url}",
            f"Put the file beside publisher.toml, or name an address on the web: {key}.",
            "Readers of mails, feeds and pages will see none.",
        )
        return
    path = found[1]
    if path.suffix.lower() == ".svg":
        yield _problem(
            f"the {_called(key)} is an SVG: {url}",
            f"Name a PNG: {key}.",
            "Most mail programs show none.",
        )
    if (length := path.stat().st_size) > HEAVIEST:
        yield _problem(
            f"the {_called(key)} has {length / 1e6:.1f} MB: too heavy for mail",
            "Make it smaller.",
            "It is in every mail: readers wait for it, and pay for it.",
        )
    if space.publication.web.pages == "none":
        yield _problem(
            f"the {_called(key)} is a file, and no pages are made: {url}",
            f"Put it there yourself, or name an address on the web: {key}.",
        )


def _called(key: str) -> str:
    return "logo of the dark" if key == "logo_dark" else "logo"


def _portrait_problems(space: Workspace, name: str, url: str) -> Iterator[Problem]:
    found, gallery = file_at(space, url), space.gallery
    if found is None:
        yield _problem(
            f"there is no file for the picture of {name}: {url}",
            "Put the file beside publisher.toml, or into static/.",
        )
    elif not gallery.is_open:
        yield _problem(
            f"the picture of {name} is shown to nobody: no pictures are made",
            'Let them be made: [pictures] make = "always".',
        )
    elif gallery.portrait(found[1], mailed=False) is None:
        yield _problem(
            f"nothing can be made of the picture of {name}: {url}", "Save it anew as JPEG or PNG."
        )


def _problem(what: str, todo: str, why: str = "") -> Problem:
    return Problem(what=what, why=why, todo=todo, path="publisher.toml", severity="warning")
