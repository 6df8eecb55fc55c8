"""replay: a past edition made again, from the folder as it is or as git remembers it."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec.structs import replace

from publisher import editions
from publisher.errors import PublisherError, StateUnavailable, UnknownName, UsageError
from publisher.ledger import EditionRecord
from publisher.model import Cause, EditionId, Plan, edition_named
from publisher.outbox import Bundle
from publisher.pipeline.editions import breaking
from publisher.pipeline.editions.compose import bundled
from publisher.pipeline.workspace import Workspace
from publisher.sources import checkout, commits_around

HERE = "the folder as it is"
"""What an edition is made from first."""


MOST = 12
"""Commits that are tried."""


NOTHING = "not one of its stories is there"


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """A past edition made again. `source` is HERE or a commit; `seal` is that of the past.

    `differences` say what is not as it was, and are empty where every byte is the same; `failed`
    names the sources of which no edition could be made, with the reason; `tried` counts all.
    """

    edition: str
    seal: str
    bundle: Bundle | None
    source: str
    differences: tuple[str, ...]
    failed: tuple[tuple[str, str], ...] = ()
    tried: int = 0

    @property
    def is_same(self) -> bool:
        """Whether the past was reproduced, byte for byte."""
        return self.bundle is not None and self.bundle.seal == self.seal


def replay(space: Workspace, name: str, commit: str = "") -> Replay:
    """Make a past edition again and compare it, byte for byte, with what was sealed then.

    From the folder as it is; if that gives another edition, and the folder is under git, from the
    commits around that time, up to `MOST`; or only from `commit`. Nothing is recorded, and the
    outbox is not touched. Where nothing gives the same, the nearest is returned.
    Raises UnknownName, UsageError for a slot that made no edition, SourceError.
    """
    record = _recorded(space, name)
    found: Replay | None = None
    failed: list[tuple[str, str]] = []
    tried = 0
    with tempfile.TemporaryDirectory(prefix="publisher-") as folder:
        for source, root in _roots(space, record, commit, Path(folder)):
            tried += 1
            try:
                bundle = _made(space, root, record)
            except StateUnavailable:
                raise
            except PublisherError as error:
                failed.append((source, error.problem.what))
                continue
            differences = _differences(space, record, bundle)
            if found is None or len(differences) < len(found.differences):
                found = Replay(
                    edition=record.id,
                    seal=record.seal,
                    bundle=bundle,
                    source=source,
                    differences=differences,
                )
            if found.is_same:
                break
    if found is None:
        found = Replay(edition=record.id, seal=record.seal, bundle=None, source="", differences=())
    return replace(found, failed=tuple(failed), tried=tried)


def _recorded(space: Workspace, name: str) -> EditionRecord:
    records = {one.id: one for one in space.ledger.editions.all()}
    made = [edition for edition, one in records.items() if one.seal]
    found = edition_named(name, made) or edition_named(name, records)
    if found is None:
        raise UnknownName("edition", name, made, todo="List them: publisher outbox list")
    if not records[found].seal:
        raise UsageError(
            f"{found} was never made: {records[found].why or records[found].state}",
            todo=f"See what it would hold: publisher plan {EditionId(found).newsletter} --at "
            f"{records[found].instant:%Y-%m-%dT%H:%MZ}",
        )
    return records[found]


def _roots(
    space: Workspace, record: EditionRecord, commit: str, folder: Path
) -> Iterator[tuple[str, Path]]:
    """What the edition may have been made from, and where that lies."""
    if not commit:
        yield HERE, space.root
    commits = [commit] if commit else commits_around(space.root, record.recorded, MOST)
    for number, one in enumerate(commits):
        space.progress("Looking through git", number, len(commits))
        root = folder / str(number)
        root.mkdir()
        checkout(space.root, one, root)
        yield one, root
        shutil.rmtree(root)


def _made(space: Workspace, root: Path, record: EditionRecord) -> Bundle:
    """The edition as it comes out of a folder now, with what the ledger knew then."""
    then = space.elsewhere(root, record.recorded)
    try:
        planned = _planned(then, record)
        if not planned.articles:
            raise UsageError(NOTHING)
        return bundled(then, planned, until=then.now)[0]
    finally:
        then.refresh()


def _planned(then: Workspace, record: EditionRecord) -> Plan:
    """The edition's own stories, put into their sections as they were.

    What was sent and excluded since does not count, for its stories are known.
    """
    newsletter = then.newsletter(record.newsletter)
    ids = then.ledger.editions.stories(record.id)
    stories = [article for article in then.archive.articles if article.id in ids]
    slot = then.timetable.recorded(record.id, record.slot, record.instant)
    if not stories:
        raise UsageError(NOTHING)
    decided = then.ledger.slots.get(record.id)
    if decided and decided.cause is Cause.BREAKING:
        return replace(breaking.planned(then, newsletter, stories[0]), slot=slot)
    pins = editions.Pins(pinned=then.ledger.pins.of(newsletter.name, then.now)["pin"])
    now = max(record.instant, record.recorded)
    return editions.plan(newsletter, stories, slot, now=now, sent={}, pins=pins)


def _differences(space: Workspace, record: EditionRecord, bundle: Bundle) -> tuple[str, ...]:
    """What is not as it was: by story and by file while the past bundle lies in the outbox."""
    if bundle.seal == record.seal:
        return ()
    past = None
    if record.id in space.outbox.ids() and not space.outbox.faults(record.id):
        past = space.outbox.read(record.id)
    if past is None or past.seal != record.seal:
        return ("all of it, perhaps: the bundle of then is not in the outbox to compare with",)
    return (*_stories_changed(past, bundle), *_files_changed(past, bundle))


def _stories_changed(past: Bundle, bundle: Bundle) -> Iterator[str]:
    before = {story["id"]: story for story in past.manifest["stories"]}
    after = {story["id"]: story for story in bundle.manifest["stories"]}
    for name, story in before.items():
        if name not in after:
            yield f"story {story['title']!r} is missing"
        elif after[name]["version"] != story["version"]:
            yield f"story {story['title']!r} was changed"
        elif json.dumps(after[name]) != json.dumps(story):
            yield f"story {story['title']!r} stands elsewhere, or has other related stories"
    if list(before) != list(after) and before.keys() == after.keys():
        yield "the order of the stories"


def _files_changed(past: Bundle, bundle: Bundle) -> Iterator[str]:
    for name in sorted(past.files.keys() | bundle.files.keys()):
        if past.files.get(name) != bundle.files.get(name):
            yield f"file {name}"
