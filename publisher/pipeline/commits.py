"""Of which commit editions, feeds, pages and drafts are made, and who names it.

A slot's is named once. Feeds, pages and drafts are of the newest: a host whose own commit comes
after it names that in its place, with the jobs that it asks for and before anything of it is shown;
every other host makes them of a copy of the newest, or leaves them to others. So no host shows what
is older than what any host has shown. It is for publications with workers, and of git.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec.structs import replace

from publisher.errors import ConfigError, Held, Locked, PublisherError, SourceError
from publisher.ledger import CommitRecord
from publisher.model.job import Job
from publisher.pipeline.checkouts import ANEW, committed, standing_of
from publisher.pipeline.turns import check_commit
from publisher.pipeline.workspace import Workspace
from publisher.sources.history import comes_after, commit_of, is_there, top_of

_SHORT = 12  # digits of a commit


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How this host's folder stands: its `own` commit, "" for none, beside the `newest` one.

    `top` is its work tree, `uncommitted` what in it nobody else has; `trouble` is why git cannot
    say.
    """

    top: Path | None = None
    own: str = ""
    newest: CommitRecord | None = None
    uncommitted: tuple[str, ...] = ()
    trouble: SourceError | None = None

    @property
    def is_abreast(self) -> bool:
        """Whether feeds, pages and drafts are made of this folder."""
        return self.newest is None or self.newest.commit == self.own

    @property
    def comes_later(self) -> bool:
        """Whether its commit is to be named: it comes after the newest, or there is none."""
        if self.top is None or self.newest is None:
            return self.top is not None
        known = self.newest.commit
        return known != self.own and comes_after(self.top, self.own, known)

    @property
    def is_apart(self) -> bool:
        """Whether neither comes after the other, as after a history was rewritten."""
        if self.top is None or self.newest is None or not is_there(self.top, self.newest.commit):
            return False
        return not (self.comes_later or comes_after(self.top, self.newest.commit, self.own))

    @property
    def problem(self) -> PublisherError | None:
        """What a person should know of it; one that is only behind needs nobody."""
        if self.trouble:
            return self.trouble
        if self.uncommitted and self.is_abreast:
            return _uncommitted(self.uncommitted)
        return self.refusal if self.is_apart else None

    @property
    def refusal(self) -> PublisherError:
        """Why nothing is shown of this folder, which is not abreast."""
        if self.trouble or self.newest is None:
            return self.trouble or SourceError("of this folder git knows nothing")
        own = f"at commit {self.own[:_SHORT]}" if self.own else "no checkout of git"
        beside, todo = "", "Bring the folder up: git pull"
        if self.is_apart or not self.own:
            beside = ", which is not in its history, nor the other way round" if self.own else ""
            todo += f". If there is another history now, or none: {ANEW}"
        return Held(
            f"this host's folder is {own}, and feeds, pages and drafts are made of "
            f"{self.newest.commit[:_SHORT]}{beside}",
            why=f"{self.newest.host} named that one. Nothing older is shown.",
            todo=todo,
        )


def look(space: Workspace) -> Standing:
    """Return how this host's folder stands; nothing is named."""
    newest = space.ledger.commits.newest()
    try:
        found = standing_of(space)
    except SourceError as error:
        return Standing(newest=newest, trouble=error)
    if found is None:
        return Standing(newest=newest)
    top, own, uncommitted = found
    return Standing(top=top, own=own, newest=newest, uncommitted=uncommitted)


def own_commit(space: Workspace) -> str:
    """Return the commit of this host's folder; "" where git has none, or cannot say."""
    try:
        return commit_of(space.root) if top_of(space.root) else ""
    except SourceError:
        return ""


def stand(space: Workspace, jobs: Sequence[Job] = ()) -> Standing:
    """Name this folder's commit where it comes after the newest, and return how the folder stands.

    Workers are asked for `jobs` in the same transaction.
    """
    commits, found = space.ledger.commits, look(space)
    while found.comes_later:
        record, before = _record(space, found.own), found.newest
        if commits.advance(record, before.commit if before else "", jobs):
            return replace(found, newest=record)
        found = replace(found, newest=commits.newest())  # another host was first
    if jobs:
        commits.ask([], jobs)
    return found


def named(space: Workspace, editions: Iterable[str]) -> list[CommitRecord]:
    """Return of which commit editions are to be built: of this folder's, or of one after it.

    None where folder and articles lie in no work tree of git, or not in one. Raises SourceError
    where something of it is not committed: then nobody else can build the same.
    """
    found = look(space)
    if found.trouble:
        raise found.trouble
    if found.top is None:
        return []
    record = _record(space, found.own)
    if found.newest and not (found.is_abreast or found.comes_later):
        record = replace(found.newest, named=space.now)
    elif found.uncommitted:
        raise _uncommitted(found.uncommitted)
    return [replace(record, edition=one) for one in editions]


@contextmanager
def newest(space: Workspace, tell: Callable[[PublisherError | None], None]) -> Iterator[Workspace]:
    """Yield the publication as feeds, pages and drafts are made of it: as the newest commit has it.

    `tell` hears what a person should know of this host's folder, None for nothing. Raises
    SourceError where that commit cannot be had here, Held where no copy of it would do.
    """
    found = stand(space)
    if found.newest is None or found.is_abreast:
        tell(found.problem)
        space.made_of = found.own if found.newest else ""
        try:
            yield space
        finally:
            space.made_of = ""
        return
    if space.publication.sources.feeds:
        raise found.refusal  # their stories are each host's own, and in no copy
    with committed(space, found.newest) as there:
        tell(found.problem)  # once it was fetched: before, git could not say
        there.made_of = found.newest.commit
        yield there


def begin(space: Workspace) -> None:
    """Have feeds and pages made of this folder, by a command: as it stands when this begins.

    Raises Held where that is not the newest commit, nor comes after it; SourceError.
    """
    if space.made_of or not space.publication.engine.has_workers:
        return
    found = stand(space)
    if not found.is_abreast:
        raise found.refusal
    space.made_of = found.own if found.newest else ""


def begin_anew(space: Workspace) -> None:
    """Name this folder's commit as the newest, whatever was; none where it is of no git.

    Raises ConfigError for a publication without workers, SourceError.
    """
    if not space.publication.engine.has_workers:
        raise ConfigError(
            "without workers no commit is named",
            why="Feeds and pages are made of this folder, whatever it is at.",
            todo="publisher build",
        )
    commits, found = space.ledger.commits, look(space)
    if found.trouble:
        raise found.trouble
    if found.top is None:
        commits.forget_newest()
    before = found.newest
    while found.top and not commits.advance(
        _record(space, found.own), before.commit if before else ""
    ):
        before = commits.newest()  # another host was first


def is_still(space: Workspace) -> bool:
    """Whether what was made is of the newest commit, and its folder was at that all the while."""
    if not space.made_of:
        return True
    try:
        check_commit(space)
    except Locked:
        return False
    return space.is_copy or commit_of(space.root) == space.made_of


def _record(space: Workspace, commit: str) -> CommitRecord:
    return CommitRecord(edition="", commit=commit, host=socket.gethostname(), named=space.now)


def _uncommitted(paths: Sequence[str]) -> SourceError:
    first = f"{paths[0]!r} and {len(paths) - 1} more" if paths[1:] else repr(paths[0])
    return SourceError(
        f"what all hosts build from is not committed: {first}",
        why="Each worker builds from its own folder then, and other hosts have other files.",
        todo="Commit it, and push; what belongs to no edition: name it in .gitignore",
    )
