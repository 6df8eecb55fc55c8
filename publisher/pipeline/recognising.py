"""Exports of other systems that lie where articles are looked for, and what to do with them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from publisher import files
from publisher.errors import Problem, SourceError
from publisher.exports import HEAD, SUFFIXES, SYSTEMS, Pack, recognised
from publisher.model import Publication

_MOST = 2_000  # files that are looked into


def system_of(path: Path) -> str:
    """Return the name of the system that a file or folder is an export of, "" where of none."""
    if path.is_dir():
        return _of_folder(path)
    if path.suffix.lower() not in SUFFIXES:
        return ""
    try:
        if path.suffix.lower() == ".zip":
            return recognised(path.name, b"", _names(path))
        return recognised(path.name, files.read_beginning(path, HEAD))
    except OSError:
        return ""


def _of_folder(folder: Path) -> str:
    """The system of a folder: by the names in it, as of an archive, else by its own files."""
    if found := recognised(f"{folder.name}.zip", b"", _names(folder)):
        return found
    try:
        inside = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError:
        return ""
    return next(filter(None, map(system_of, inside[:_MOST])), "")


def exports_among(root: Path, publication: Publication) -> Iterator[Problem]:
    """Tell of exports where articles lie: none of their articles is read there."""
    folder = root / publication.articles
    looked = 0
    walks = (os.walk(root / one) for one in publication.article_folders)
    for above, below, names in chain.from_iterable(walks):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(names):
            if name.startswith(".") or not name.lower().endswith(SUFFIXES):
                continue
            looked += 1
            if looked > _MOST:
                return
            path = Path(above, name)
            if system := system_of(path):
                shown = publication.articles / path.relative_to(folder)
                yield told(str(shown), system, _given(path, shown, system))


def unnamed_generator(publication: Publication) -> Iterator[Problem]:
    """Tell of a folder that is Jekyll's by its name, where no generator is named."""
    is_named = publication.sources.generator or publication.sources.rendered
    if not is_named and any("_posts" in one.parts for one in publication.article_folders):
        yield Problem(
            what="its articles lie in _posts, as Jekyll has them, and no generator is named",
            why="Addresses are not made as Jekyll makes them: About-GAAD is about-gaad here.",
            todo='If Jekyll made the site, write generator = "jekyll" under [sources]: '
            "addresses change.",
            path="publisher.toml",
            severity="note",
        )


def told(shown: str, system: str, given: str) -> Problem:
    """The problem that an export is where an article is looked for, with the command."""
    return Problem(
        what=f"it is an export of {SYSTEMS[system].title}, and no article",
        why="None of the articles in it is read.",
        todo=f"Bring them: publisher import {system} {given}; then move it out of the folder.",
        path=shown,
        severity="warning",
    )


def _given(path: Path, shown: Path, system: str) -> str:
    """What the command is given: of Substack's table, the folder that it lies in."""
    found = shown.parent if system == "substack" and path.suffix.lower() == ".csv" else shown
    return str(found)


def _names(path: Path) -> list[str]:
    """The names in an archive or a folder, as long as their list is no burden."""
    try:
        with Pack([path]) as pack:
            return [one.name for one in pack.members.values()]
    except SourceError:
        return []
