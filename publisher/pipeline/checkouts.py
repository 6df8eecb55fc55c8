"""The publication as git has it: copies of its commits, of which slots and pages are made.

Copies lie in `.publisher/checkouts`, one for a commit, each with what was learnt of its articles.
A new one is made of the oldest that nobody uses, aside, and renamed: what is the same in both stays
untouched, and is not read again. All of it may be deleted.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from publisher.errors import SourceError
from publisher.ledger import CommitRecord, locked
from publisher.pipeline.workspace import Workspace
from publisher.sources.history import checkout, fetched, standing, top_of

KEPT = 3
"""Copies that stay; the next commit takes the place of the oldest."""

ANEW = "publisher build --from-here, where the folder is as it should be"
"""What to type where git has another history now."""

_PATIENCE = 60.0  # seconds for another process that makes one
_FILES, _LEARNT, _MAKING = "files", "learnt", "making"


def standing_of(space: Workspace) -> tuple[Path, str, tuple[str, ...]] | None:
    """Return the work tree that this folder is, its commit, and what in it is not committed.

    None where folder and articles lie in no work tree of git, or not in one. Raises SourceError.
    """
    top = _top(space)
    return None if top is None else (top, *standing(top, _own(space)))


@contextmanager
def committed(space: Workspace, source: CommitRecord) -> Iterator[Workspace]:
    """Yield a publication as a commit has it: articles, templates, publisher.toml.

    Ledger, outbox and state are those of `space`. Raises SourceError where it cannot be had here.
    """
    top = _top(space)
    if top is None:
        raise _missing(source, "this host's folder is no checkout of git")
    within = space.root.resolve().relative_to(top)
    with _held(space.state / "checkouts", top, source) as copy:
        root = copy / _FILES / within
        if not root.is_dir():
            raise _missing(source, f"it has no folder {os.fspath(within)!r}")
        other = space.copied(root, source.commit)
        (copy / _LEARNT).mkdir(exist_ok=True)
        other.learn_in(copy / _LEARNT)
        try:
            yield other
        finally:
            other.refresh()


def _top(space: Workspace) -> Path | None:
    """The one work tree that all lies in which a build reads of the publication."""
    own, root = space.publication, space.root
    top = top_of(root)
    places = (root / own.articles, root / own.sources.site)
    if top is None or not all(one.resolve().is_relative_to(top) for one in places):
        return None
    return top if all(top_of(one) == top for one in places if one.is_dir()) else None


def _own(space: Workspace) -> list[Path]:
    """What lies in the folder and is of no edition."""
    return [space.state.resolve(), (space.root / space.publication.outbox_folder).resolve()]


@contextmanager
def _held(folder: Path, top: Path, source: CommitRecord) -> Iterator[Path]:
    """Yield the copy of a commit; nobody makes another one of it meanwhile."""
    place = folder / source.commit
    with locked(folder / "lock", _PATIENCE):
        if not place.is_dir():
            _make(folder, top, source)
        held = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(held, fcntl.LOCK_SH)
        os.utime(place)  # the newest
    try:
        yield place
    finally:
        os.close(held)


def _make(folder: Path, top: Path, source: CommitRecord) -> None:
    """Make the copy of a commit, of the oldest one or anew."""
    making = folder / _MAKING
    shutil.rmtree(making, ignore_errors=True)  # of one that died
    try:
        fetched(top, source.commit)
        _make_way(folder, making)
        (making / _FILES).mkdir(parents=True, exist_ok=True)
        checkout(top, source.commit, making / _FILES)
    except SourceError as error:
        raise _missing(source, error.problem.what) from None
    making.rename(folder / source.commit)


def _make_way(folder: Path, making: Path) -> None:
    """Leave fewer than `KEPT` copies that nobody uses; the last that goes is `making`."""
    copies = [one for one in folder.iterdir() if one.is_dir() and one != making]
    copies.sort(key=lambda path: path.stat().st_mtime_ns)
    for one in copies[: max(len(copies) - KEPT + 1, 0)]:
        with suppress(BlockingIOError):
            held = os.open(one, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(making, ignore_errors=True)
                one.rename(making)
            finally:
                os.close(held)


def _missing(source: CommitRecord, said: str) -> SourceError:
    what, when = f"{source.edition} is to be built", "when the slot came"
    why = "Of other files nothing is built."
    todo = f"Push it from {source.host}, to where this host fetches from"
    if not source.edition:
        what, when = (
            "feeds, pages and drafts are to be made",
            f"at {source.named:%Y-%m-%d %H:%M} UTC",
        )
        why = "Of an older one nothing is shown; another host may do it."
        todo += f". If it is gone for good: {ANEW}"
    return SourceError(
        f"{what} of commit {source.commit[:12]}, and it cannot be had here: {said}",
        why=f"{source.host} named it {when}. {why}",
        todo=todo,
    )
