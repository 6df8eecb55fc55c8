"""Whether a build would change nothing, told by how files stand, without reading what they say.

A build that succeeded keeps in `.publisher/standstill` how all stood that it depended on, how the
outbox stood when it was done, until when both mean the same, and what it said. As long as not one
file was touched, nobody wrote to the ledger and no instant has come at which anything changes by
itself, the next one says the same; whatever is in doubt leads to a build. Delete it when you like.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from publisher import __version__, editions, files
from publisher.disposable import make_way
from publisher.model import Article
from publisher.pipeline.built import Built
from publisher.pipeline.inputs import Inputs, digest
from publisher.pipeline.surveyed import Surveyed
from publisher.pipeline.turning import next_turn
from publisher.stamps import RACY, Stand, Standing, Stat, is_as_before, stamp, stand

if TYPE_CHECKING:
    from publisher.ledger import Witness
    from publisher.outbox import Memory
    from publisher.pipeline.workspace import Workspace

NAME = "standstill"

_FORMAT = 4
_MOST = 100_000_000  # bytes of it
_COMING = 2_000  # articles that are kept
_STATE = ("cache.db", "related.db", "pictures.db", "feeds.json", "pages.json")


class _Kept(msgspec.Struct, kw_only=True):
    """What a build left. `recent` are digests of files that may change within their time.

    `later` says of each article dated after it when it is published, out of embargo, expires;
    `coming` are the articles that editions to come may hold, None where they are too many; the ids
    of those that are `pinned` were looked for, whether there are such articles or not.
    """

    format: int
    version: str
    since: datetime
    until: datetime
    machine: datetime
    ledger: Standing
    state: dict[str, Stat | None]
    history: str
    inputs: dict[str, str]
    recent: dict[str, str]
    outbox: str
    built: Built
    survey: Surveyed
    later: list[tuple[datetime, datetime | None, datetime | None]]
    coming: list[Article] | None
    pinned: frozenset[str]


class Still(msgspec.Struct, frozen=True):
    """What a build would say that changes nothing."""

    built: Built
    _later: list[tuple[datetime, datetime | None, datetime | None]]

    def dated_later(self, since: datetime, until: datetime) -> int:
        """Return how many articles are published after one instant and seen at another."""
        return sum(
            since < published <= until
            and (embargo is None or embargo <= until)
            and (expires is None or expires > until)
            for published, embargo, expires in self._later
        )


class Coming(msgspec.Struct, frozen=True):
    """The articles that editions to come may hold, newest first, and how many there are in all."""

    articles: list[Article]
    pinned: frozenset[str]
    count: int


class Standstill:
    """One look at all that a build depends on, before it begins; what it made, once it is done."""

    def __init__(self, space: Workspace) -> None:
        self._space, self._path = space, space.state / NAME
        self._begun = time.time_ns()
        self._witness: Witness | None = None
        self._inputs = Inputs(space, self._begun)

    def found(self) -> Still | None:
        """Return what a build would say; None where it may change something."""
        space, kept = self._space, self._now
        if kept is None or not _is_here(space):
            return None
        if not is_as_before(space.state / "ledger.db", kept.ledger) or kept.state != self._state():
            return None
        if not self._is_read(kept) or kept.outbox != self._outbox(self._begun).digest:
            return None
        return Still(kept.built, kept.later)

    def surveyed(self) -> Surveyed | None:
        """Return what the last build counted; None where an article may be another since.

        Whatever was sent, pinned or put into the outbox meanwhile: no article is another for that.
        """
        kept = self._now
        return kept.survey if kept and self._is_read(kept) else None

    def coming(self) -> Coming | None:
        """Return what the last build left for editions to come, likewise."""
        kept = self._now
        if kept is None or kept.coming is None or not self._is_read(kept):
            return None
        return Coming(kept.coming, kept.pinned, kept.survey.visible + kept.survey.hidden)

    def begin(self) -> None:
        """Look at what the build is about to read: what changes from now on is noticed."""
        with contextlib.suppress(OSError):
            make_way(self._path)
        if self._inputs.look() and _is_here(self._space):
            self._witness = self._space.ledger.witness()

    def keep(self, built: Built, survey: Surveyed, memories: Iterable[tuple[Path, Memory]]) -> None:
        """Keep how all stands, now that a build has succeeded, if nothing of it is in doubt.

        `survey` is what it counted, `memories` are what it knows of its files, by their folder.
        """
        with contextlib.suppress(OSError):
            if kept := self._kept(built, survey, memories):
                from publisher.outbox import put

                put(self._path, msgspec.msgpack.encode(kept, enc_hook=str))

    def _kept(
        self, built: Built, survey: Surveyed, memories: Iterable[tuple[Path, Memory]]
    ) -> _Kept | None:
        space = self._space
        until = next_turn(space)
        if self._witness is None or until is None or not space.is_sure:
            return None
        if not self._inputs.hold(space.timetable.files()):  # calendars lie wherever they are named
            return None
        known = list(memories)
        looks = {str(folder): one.look for folder, one in known if one.look}
        outbox = self._outbox(self._begun - RACY, looks.get(str(space.pages_folder)))
        if not _is_ours(space, built, outbox, known):
            return None
        names = [newsletter.name for newsletter in space.publication.newsletters]
        pinned = {name: space.ledger.pins.of(name)["pin"] for name in names}
        ledger = self._witness.settled(space.state / "ledger.db")
        if ledger is None:
            return None
        return _Kept(
            format=_FORMAT,
            version=__version__,
            since=space.now,
            until=until,
            machine=space.machine or space.now,
            ledger=ledger,
            state=self._state(),
            history=self._inputs.history,
            inputs=self._inputs.digests,
            recent=self._inputs.recent,
            outbox=outbox.digest,
            built=_said_again(built),
            survey=survey,
            later=[
                (one.published, one.embargo, one.expires)
                for one in space.archive.articles
                if one.published > space.now and not one.draft
            ],
            coming=_coming(space, pinned),
            pinned=frozenset(chain.from_iterable(pinned.values())),
        )

    # How things stand

    @cached_property
    def _now(self) -> _Kept | None:
        """What the last build left, if it is of this program and of this time."""
        space, kept = self._space, _read(self._path)
        if kept is None or kept.version != __version__:
            return None
        machine = space.machine or space.now
        is_now = kept.since <= space.now < kept.until and machine >= kept.machine
        return kept if is_now else None

    def _is_read(self, kept: _Kept) -> bool:
        """Whether nothing that the last build read is another."""
        own = self._inputs
        if kept.inputs != own.digests or kept.history != own.history:
            return False
        return all(digest(Path(path)) == known for path, known in kept.recent.items())

    def _state(self) -> dict[str, Stat | None]:
        return {name: stamp(self._space.state / name) for name in _STATE}

    def _outbox(self, since: int, pages: Callable[[int], Stand] | None = None) -> Stand:
        """How it stands; `pages` has looked at the pages already."""
        from publisher.workers.looking import stand_of_many  # not every command looks there

        folder, web = self._space.outbox.folder, self._space.pages_folder
        found = stand(folder, since, {str(web)})
        found.add(pages(since) if pages else stand_of_many(web, since, jobs=self._space.jobs))
        return found


def _coming(space: Workspace, pinned: Mapping[str, Sequence[str]]) -> list[Article] | None:
    """The articles that any newsletter may take from this minute on, with what is pinned to it."""
    articles, minute = space.archive.articles, space.now.replace(second=0, microsecond=0)
    asked = {
        one.id
        for newsletter in space.publication.newsletters
        for one in editions.in_question(
            newsletter, articles, minute, editions.Pins(pinned=pinned[newsletter.name])
        )
    }
    return [one for one in articles if one.id in asked] if len(asked) <= _COMING else None


def _is_here(space: Workspace) -> bool:
    """Whether ledger and outbox are files of this host, which can be looked at."""
    return not (space.publication.outbox_store or space.server)


def _read(path: Path) -> _Kept | None:
    try:
        data = files.read(path, _MOST)
        kept = msgspec.msgpack.decode(data, type=_Kept, dec_hook=_decoded)
    except (OSError, msgspec.MsgspecError, ValueError, TypeError):
        return None
    return kept if kept.format == _FORMAT else None


def _decoded(kind: type, value: Any) -> Any:
    if kind is not Path:
        raise TypeError(f"{kind} is not kept")
    return Path(value)


def _said_again(built: Built) -> Built:
    """What a build says that finds all as this one left it."""
    pages = built.pages
    return replace(
        built,
        editions=[
            replace(one, what="unchanged") if one.what in ("made", "replaced") else one
            for one in built.editions
        ],
        written=[],
        removed=[],
        unchanged=built.unchanged + len(built.written),
        cut={},
        pages=pages
        and replace(pages, written=0, removed=0, unchanged=pages.unchanged + pages.written),
    )


def _is_ours(
    space: Workspace, built: Built, outbox: Stand, memories: Sequence[tuple[Path, Memory]]
) -> bool:
    """Whether all that changed in the outbox since the build began is what it made itself."""
    others = []
    for path, stat in outbox.recent.items():
        made = _stood(path, memories)
        if made is None:
            others.append(path)
        elif made != stat:
            return False
    folder, web = str(space.outbox.folder), str(space.pages_folder)
    fresh = [one.id for one in built.editions if one.path]  # a build before may have just made it
    allowed = (
        *(f"{folder}/editions/{one}/" for one in fresh),
        *(f"{folder}/views/{one}.html" for one in fresh),
        f"{folder}/.publisher-outbox",
        f"{web}/pictures/mail/",
    )
    return all(path.startswith(allowed) for path in others) and all(
        _is_whole(space, one) for one in fresh
    )


def _stood(path: str, memories: Iterable[tuple[Path, Memory]]) -> tuple[int, ...] | None:
    """How a file was left, as what is known of its folder has it."""
    for folder, memory in memories:
        if path.startswith(f"{folder}/") and (found := memory.stood(path[len(f"{folder}/") :])):
            return found
    return None


def _is_whole(space: Workspace, edition: str) -> bool:
    """Whether a bundle lies there as it was recorded."""
    record = space.ledger.editions.get(edition)
    if record is None or space.outbox.faults(edition):
        return False
    return space.outbox.read(edition).seal == record.seal
