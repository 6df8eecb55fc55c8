"""Which folder may be an outbox: a build takes away what it did not make, and only from its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from publisher.errors import ConfigError
from publisher.outbox.files import put

MARK = ".publisher-outbox"
NOTE = b"This folder is the outbox of a publication: builds take away what they did not make.\n"
_OTHERS = {"README.md", "README"}  # and names that begin with a dot


def check_place(outbox: Path, root: Path, folders: Mapping[str, Path]) -> None:
    """Raise ConfigError for an outbox that holds the publication, or one of its other folders.

    `root` is the publication's folder, `folders` are the others by what they are called. Links
    are followed: it is the place that counts.
    """
    real = outbox.resolve()
    if root.resolve().is_relative_to(real):
        raise _wrong(f"the outbox must not be a folder that the publication lies in: {real}")
    for name, folder in folders.items():
        other = folder.resolve()
        if other.is_relative_to(real) or real.is_relative_to(other):
            raise _wrong(f"the outbox must not hold the {name} folder or lie in it: {other}")


def claim(outbox: Path) -> None:
    """Mark a folder as an outbox; raise ConfigError for one with files that are none of ours.

    Nothing is removed before: a slip in publisher.toml must not cost somebody a web site.
    """
    mark = outbox / MARK
    if mark.is_file():
        return
    if not _is_free(outbox) and not _was_ours(outbox):
        raise _wrong(
            f"the outbox {outbox} holds files that are not ours",
            f"Name an empty folder; or, if it was an outbox, make an empty file {mark}",
        )
    put(mark, NOTE)


def _is_free(outbox: Path) -> bool:
    if not outbox.is_dir():
        return not outbox.exists()
    names = (path.name for path in outbox.iterdir())
    return all(name.startswith(".") or name in _OTHERS for name in names)


def _was_ours(outbox: Path) -> bool:
    """Whether an older publisher, which left no mark, has built here."""
    feeds, manifests = outbox / "feeds/feeds.opml", outbox.glob("editions/*@*/manifest.json")
    return feeds.is_file() or any(manifests)


def _wrong(what: str, todo: str = "Name another folder: [publication] outbox.") -> ConfigError:
    return ConfigError(
        what,
        path="publisher.toml",
        why="A build takes away what it did not make.",
        todo=todo,
    )
