"""The feeds in the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from publisher.errors import Held
from publisher.feeds import (
    FILES,
    KINDS,
    FeedFile,
    FeedPlan,
    feed_plans,
    files_of,
    foreign,
    opml_of,
)
from publisher.feeds.following import most_resurrected
from publisher.outbox import Memory, put_packed, with_packed
from publisher.pipeline.built import Built
from publisher.pipeline.workspace import Workspace

_FORMAT = 1


def put_feeds(space: Workspace, built: Built, *, distrust: bool = False) -> None:
    """Make every feed, and take away those of sections, tags and authors no longer in use.

    One that cannot be written stops none of the others; the first such error is raised at the end.
    With `distrust` the bytes of each file are looked at, whatever its size and times are.
    """
    archive = space.archive
    plans = feed_plans(space.publication, archive.articles, space.now, archive.first_seen)
    built.feeds = len(plans)
    memory = memory_of(space)
    space.tell_damage("feeds.json", memory.damage)
    if distrust:
        memory.distrust()
    _remove_stale(space, {space.feeds_folder / path for one in plans for path in one.paths}, built)
    failed: list[OSError | Held] = []
    for done, one in enumerate(plans):
        space.progress("Building feeds", done, len(plans))
        if all(memory.holds(path, one.key) for path in one.paths):
            built.unchanged += len(one.paths)
            continue
        try:
            _write_feed(space, one, built)
            for path in one.paths:
                memory.keep(path, one.key)
        except (OSError, Held) as error:
            failed.append(error)
    opml = opml_of(space.publication, plans)
    _put(space, opml, built)
    memory.keep(opml.path, "opml")
    memory.save()
    space.progress("Building feeds", len(plans), len(plans))
    if failed:
        raise failed[0]


def memory_of(space: Workspace) -> Memory:
    """What the feeds in the outbox were made from."""
    return Memory(space.feeds_folder, space.state / "feeds.json", _FORMAT)


def _write_feed(space: Workspace, one: FeedPlan, built: Built) -> None:
    files = files_of(one, space.archive.body)
    _check_flood(space, files)
    for file in files:
        _put(space, file, built)
        if file.cut:
            built.cut[file.path] = file.cut


def _check_flood(space: Workspace, files: Sequence[FeedFile]) -> None:
    """Raise Held where readers would show too many old stories again (`feeds.max_resurrected`)."""
    most = space.publication.feeds.max_resurrected
    if most is None:
        return
    for file in files:
        path = space.feeds_folder / file.path
        if not path.is_file():
            continue
        old = foreign.entries(path.read_bytes())
        count, reader = most_resurrected(old, foreign.entries(file.data))
        if count > most:
            raise Held(
                f"the feed {file.path} is left as it was: it would show {count} old stories as new",
                why=f"Whoever reads it with a reader {reader} would see them again.",
                todo="See which and why: publisher feeds diff. If it is meant, raise "
                "[feeds] max_resurrected for one build.",
            )


def _put(space: Workspace, file: FeedFile, built: Built) -> None:
    path = space.feeds_folder / file.path
    if put_packed(path, file.data, min(file.updated, space.now)):  # RFC 9110 §8.8.2.1
        built.written.append(path)
    else:
        built.unchanged += 1


def _remove_stale(space: Workspace, wanted: set[Path], built: Built) -> None:
    """Take away feeds of sections, tags and authors no longer in use: they may hold hidden ones."""
    folder = space.feeds_folder
    if folder.is_dir():
        ours = (path for kind in KINDS for path in folder.glob(f"{kind}/*/*"))
        for path in sorted(ours):
            if path.name in FILES and path not in wanted:
                for one in with_packed(path):
                    one.unlink(missing_ok=True)
                built.removed.append(path)
                if not any(path.parent.iterdir()):
                    path.parent.rmdir()  # its name is that of a tag or a person
