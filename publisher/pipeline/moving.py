"""outbox adopt: what lay in a folder that was the outbox, put into the one that is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from publisher.errors import Problem, UsageError
from publisher.outbox import Folder, put
from publisher.pipeline.gallery import MAILED
from publisher.pipeline.served import headers_of
from publisher.pipeline.turns import alone
from publisher.pipeline.workspace import Workspace


class Adopted(msgspec.Struct, kw_only=True):
    """What was put into the outbox, and what was not."""

    editions: list[str] = msgspec.field(default_factory=list)
    marks: int = 0
    pictures: int = 0
    problems: list[Problem] = msgspec.field(default_factory=list)


def adopt_outbox(space: Workspace, folder: Path) -> Adopted:
    """Put bundles, words of what was sent and the pictures of mails into the outbox.

    The folder stays as it is. A bundle that is damaged, or of which another one lies in the outbox,
    is left out. Raises UsageError for a folder that was no outbox, or is the one that is.
    """
    source = Folder(folder)
    if folder.resolve() == space.outbox.folder.resolve():
        raise UsageError(f"{folder} is the outbox", todo="Name the folder that it was before.")
    if not source.ids() and not source.marked():
        raise UsageError(f"{folder} holds no edition", todo="Name the folder that the outbox was.")
    done = Adopted()
    with alone(space):
        done.pictures = _put_pictures(space, folder)
        for edition in source.ids():
            if problem := _left_out(space, source, edition):
                done.problems.append(problem)
            elif space.outbox.seal(source.read(edition)):
                done.editions.append(edition)
        for edition in sorted({*source.marked()} - {*space.outbox.marked()}):
            space.outbox.mark(edition, Path(source.mark_place(edition)).read_bytes())
            done.marks += 1
    return done


def _left_out(space: Workspace, source: Folder, edition: str) -> Problem | None:
    """Why a bundle is not taken; None where it is, or lies there already."""
    path = str(source.lies(edition))
    if faults := source.faults(edition):
        return Problem(what=f"it is damaged, and left out: {faults[0]}", path=path)
    if edition in space.outbox.ids() and not space.outbox.holds(source.read(edition)):
        return Problem(what="it is left out: the outbox has another one", path=path)
    return None


def _put_pictures(space: Workspace, folder: Path) -> int:
    """Put the pictures of mails where their readers look; return how many there are."""
    places = [f"web/{MAILED}/{path.name}" for path in _pictures(folder)]
    for place in places:
        put(space.outbox.folder / place, (folder / place).read_bytes())
    space.outbox.publish_files(places, headers_of)
    return len(places)


def _pictures(folder: Path) -> Iterator[Path]:
    for path in sorted((folder / "web" / MAILED).glob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield path
