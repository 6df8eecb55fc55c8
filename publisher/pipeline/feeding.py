"""The feeds in the outbox."""

from __future__ import annotations

from pathlib import Path

from publisher.feeds import FILES, KINDS, FeedFile, FeedPlan, feed_plans, files_of, opml_of
from publisher.outbox import Written, put_packed, with_packed
from publisher.pipeline.built import Built
from publisher.pipeline.workspace import Workspace


def put_feeds(space: Workspace, built: Built) -> None:
    """Make every feed, and take away those of sections, tags and authors no longer in use."""
    plans = feed_plans(space.publication, space.archive.articles, space.now)
    built.feeds = len(plans)
    memory = Written(space.state / "feeds.json")
    wanted: set[Path] = set()
    for done, one in enumerate(plans):
        space.progress("Building feeds", done, len(plans))
        files = [space.feeds_folder / path for path in one.paths]
        paths = [path for file in files for path in with_packed(file)]
        wanted.update(files)
        if memory.holds(one.key, paths):
            built.unchanged += len(files)
            continue
        _write_feed(space, one, built)
        memory.keep(one.key, paths)
    opml = opml_of(space.publication, plans)
    _put(space.feeds_folder, opml, built)
    _remove_stale(space, wanted, built)
    memory.save()
    space.progress("Building feeds", len(plans), len(plans))


def _write_feed(space: Workspace, one: FeedPlan, built: Built) -> None:
    for file in files_of(one, space.archive.body):
        _put(space.feeds_folder, file, built)
        if file.cut:
            built.cut[file.path] = file.cut


def _put(folder: Path, file: FeedFile, built: Built) -> None:
    path = folder / file.path
    if put_packed(path, file.data, file.updated):
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
