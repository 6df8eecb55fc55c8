"""The logo that is a file of the publication: where it stands for readers, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from publisher.errors import Problem
from publisher.model import Picture
from publisher.pipeline.workspace import Workspace
from publisher.site import file_of
from publisher.sources import is_file_address

HEAVIEST = 1_000_000
"""Bytes of a picture in a mail."""


def logo_file(space: Workspace) -> tuple[str, Path] | None:
    """Return where a logo that is a file of ours stands below the pages, and the file."""
    own = space.publication
    place = file_of(own.logo, own) if own.logo else None
    if place is None or not is_file_address(own.logo):
        return None
    if any(part.startswith((".", "_")) for part in PurePosixPath(place).parts):
        return None
    root = space.root.resolve()
    for folder in (root, root / own.web.static, root / own.articles):
        path = (folder / place).resolve()
        if path.is_file() and path.is_relative_to(root):
            return place, path
    return None


def logo_picture(space: Workspace) -> Picture | None:
    """Return a logo that is a file as mails show it; None where it is shown as it is."""
    found = logo_file(space)
    return space.gallery.logo(found[1]) if found else None


def logo_problems(space: Workspace) -> Iterator[Problem]:
    """Return what keeps readers from seeing the logo."""
    own = space.publication
    if not own.logo or file_of(own.logo, own) is None:
        return
    found = logo_file(space)
    if found is None:
        yield _problem(
            f"there is no file for the logo: {own.logo}",
            "Put the file beside publisher.toml, or name an address on the web: logo.",
            "Readers of mails, feeds and pages will see none.",
        )
        return
    path = found[1]
    if path.suffix.lower() == ".svg":
        yield _problem(
            f"the logo is an SVG: {own.logo}", "Name a PNG: logo.", "Most mail programs show none."
        )
    if (length := path.stat().st_size) > HEAVIEST:
        yield _problem(
            f"the logo has {length / 1e6:.1f} MB: too heavy for mail",
            "Make it smaller.",
            "It is in every mail: readers wait for it, and pay for it.",
        )
    if own.web.pages == "none":
        yield _problem(
            f"the logo is a file, and no pages are made: {own.logo}",
            "Put it there yourself, or name an address on the web: logo.",
        )


def _problem(what: str, todo: str, why: str = "") -> Problem:
    return Problem(what=what, why=why, todo=todo, path="publisher.toml", severity="warning")
