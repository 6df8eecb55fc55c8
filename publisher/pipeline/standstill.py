"""Whether a build would change nothing, told by how files stand, without reading what they say.

A build that succeeded keeps in `.publisher/standstill` how all stood that it depended on, how the
outbox stood when it was done, until when both mean the same, and what it said. As long as not one
file was touched, nobody wrote to the ledger and no instant has come at which anything changes by
itself, the next one says the same; whatever is in doubt leads to a build. Delete it when you like.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from publisher import __version__, files, packaged
from publisher.disposable import make_way
from publisher.pipeline.built import Built
from publisher.pipeline.turning import next_turn
from publisher.stamps import RACY, Stand, Standing, Stat, is_as_before, stamp, stand

if TYPE_CHECKING:
    from publisher.ledger import Witness
    from publisher.outbox import Memory
    from publisher.pipeline.workspace import Workspace

NAME = "standstill"

_FORMAT = 1
_MOST = 100_000_000  # bytes of it
_MANY = 1_000  # files changed just now, which are read each time
_STATE = ("cache.db", "related.db", "pictures.db", "feeds.json", "pages.json")


class _Kept(msgspec.Struct, kw_only=True):
    """What a build left. `recent` are digests of files that may change within their time.

    `later` says of each article dated after it when it is published, out of embargo, expires.
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
    later: list[tuple[datetime, datetime | None, datetime | None]]


@dataclass(frozen=True, slots=True)
class Still:
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


class Standstill:
    """One look at all that a build depends on, before it begins; what it made, once it is done."""

    def __init__(self, space: Workspace) -> None:
        self._space, self._path = space, space.state / NAME
        self._begun = time.time_ns()
        self._witness: Witness | None = None

    def found(self) -> Still | None:
        """Return what a build would say; None where it may change something."""
        space, kept = self._space, _read(self._path)
        if kept is None or not _is_in_a_file(space) or kept.version != __version__:
            return None
        machine = space.machine or space.now
        if not kept.since <= space.now < kept.until or machine < kept.machine:
            return None
        if not is_as_before(space.state / "ledger.db", kept.ledger) or kept.state != self._state():
            return None
        if kept.inputs != self._digests or kept.history != self._history:
            return None
        if any(_digest(Path(path)) != known for path, known in kept.recent.items()):
            return None
        if kept.outbox != self._outbox(self._begun).digest:
            return None
        return Still(kept.built, kept.later)

    def begin(self) -> None:
        """Look at what the build is about to read: what changes from now on is noticed."""
        self._path.unlink(missing_ok=True)
        if _is_in_a_file(self._space):
            assert self._recent is not None  # looked at, and read, now
            self._witness = self._space.ledger.witness()

    def keep(self, built: Built, memories: Iterable[tuple[Path, Memory]]) -> None:
        """Keep how all stands, now that a build has succeeded, if nothing of it is in doubt.

        `memories` are what it knows of the files that it made, by their folder.
        """
        with contextlib.suppress(OSError):
            if kept := self._kept(built, memories):
                from publisher.outbox import put

                put(self._path, msgspec.msgpack.encode(kept, enc_hook=str))

    def _kept(self, built: Built, memories: Iterable[tuple[Path, Memory]]) -> _Kept | None:
        space = self._space
        until = next_turn(space)
        if self._witness is None or self._recent is None or until is None or self._leads_out:
            return None
        outbox = self._outbox(self._begun - RACY)
        if not _is_ours(space, built, outbox, memories):
            return None
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
            history=self._history,
            inputs=self._digests,
            recent=self._recent,
            outbox=outbox.digest,
            built=_said_again(built),
            later=[
                (one.published, one.embargo, one.expires)
                for one in space.archive.articles
                if one.published > space.now and not one.draft
            ],
        )

    # How things stand

    @cached_property
    def _inputs(self) -> Mapping[str, Stand]:
        """By folder: everything that may be read, the publication's folder and others it names."""
        apart = _apart(self._space)
        return {
            path: stand(Path(path), self._begun - RACY, apart) for path in _folders(self._space)
        }

    @property
    def _digests(self) -> dict[str, str]:
        return {path: one.digest for path, one in self._inputs.items()}

    @property
    def _leads_out(self) -> bool:
        """Whether a link leads to a folder at which nobody looks."""
        links = (Path(link) for one in self._inputs.values() for link in one.linked)
        return any(
            not any(link.resolve().is_relative_to(folder) for folder in self._inputs)
            for link in links
        )

    @cached_property
    def _recent(self) -> dict[str, str] | None:
        """Digests of the files that may change again within their time; None for too many."""
        paths = [path for one in self._inputs.values() for path in one.recent]
        if len(paths) > _MANY:
            return None
        return {path: _digest(Path(path)) for path in paths}

    @cached_property
    def _history(self) -> str:
        own = self._space.publication
        if not own.sources.history:
            return ""
        from publisher.sources.history import head

        return head(self._space.root / own.articles)

    def _state(self) -> dict[str, Stat | None]:
        return {name: stamp(self._space.state / name) for name in _STATE}

    def _outbox(self, since: int) -> Stand:
        return stand(self._space.outbox.folder, since)


def _is_in_a_file(space: Workspace) -> bool:
    """Whether the ledger is a file of the publication, which can be looked at."""
    return not (os.environ.get("PUBLISHER_LEDGER") or space.publication.ledger)


def _folders(space: Workspace) -> list[str]:
    """Every folder that a build may read, none within another."""
    own, root = space.publication, space.root
    named = [root / place for place in (own.articles, own.sources.site, own.web.static)]
    model = [root / own.related.model] if own.related.model else []
    wanted = {
        one.resolve() for one in (root, *named, root / "templates", *model, packaged.templates())
    }
    found: list[Path] = []
    for one in sorted(wanted, key=lambda path: len(path.parts)):
        if not any(one.is_relative_to(above) for above in found):
            found.append(one)
    return [str(one) for one in found]


def _apart(space: Workspace) -> set[str]:
    """Folders in which nothing is read: what we make ourselves, and what git keeps."""
    root, site = space.root.resolve(), (space.root / space.publication.sources.site).resolve()
    ours = (space.outbox.folder.resolve(), space.state.resolve(), root / ".publisher")
    return {str(one) for one in (*ours, root / ".git", site / ".git")}


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(files.read(path, _MOST)).hexdigest()
    except OSError as error:
        return f"{error.errno}"


def _read(path: Path) -> _Kept | None:
    try:
        data = files.read(path, _MOST)
        kept = msgspec.msgpack.decode(data, type=_Kept, dec_hook=_decoded)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, ValueError, TypeError):
        with contextlib.suppress(OSError):
            make_way(path)
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
    space: Workspace, built: Built, outbox: Stand, memories: Iterable[tuple[Path, Memory]]
) -> bool:
    """Whether all that changed in the outbox since the build began is what it made itself."""
    made = {f"{folder}/{name}": stat for folder, one in memories for name, stat in one.left()}
    others = {path: stat for path, stat in outbox.recent.items() if made.get(path) != stat}
    if not others.keys().isdisjoint(made):
        return False
    folder, web = str(space.outbox.folder), str(space.pages_folder)
    fresh = [one.id for one in built.editions if one.what in ("made", "replaced")]
    allowed = (
        *(f"{folder}/editions/{one}/" for one in fresh),
        *(f"{folder}/views/{one}.html" for one in fresh),
        f"{folder}/.publisher-outbox",
        f"{web}/pictures/mail/",
    )
    return all(path.startswith(allowed) for path in others) and all(
        _is_whole(space, one) for one in fresh
    )


def _is_whole(space: Workspace, edition: str) -> bool:
    """Whether a bundle lies there as it was recorded."""
    record = space.ledger.editions.get(edition)
    if record is None or space.outbox.faults(edition):
        return False
    return space.outbox.read(edition).seal == record.seal
