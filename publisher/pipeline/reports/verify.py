"""outbox verify · feeds check: what lies in the outbox, compared with what should."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from publisher import files
from publisher.errors import UsageError
from publisher.feeds import FILES
from publisher.feeds.rules import Finding
from publisher.pipeline.pages import feeds, site
from publisher.pipeline.workspace import Workspace

_MOST = 64_000_000  # bytes of somebody's feed


def check_feed_file(path: Path, now: datetime) -> dict[str, list[Finding]]:
    """Return what is wrong with a feed that lies anywhere; raise UsageError where none can lie."""
    from publisher.feeds.check import check as check_feed

    try:
        data = files.read(path, _MOST)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    return {str(path): check_feed("", data, now)}


def check_feeds(space: Workspace) -> dict[str, list[Finding]]:
    """Return the faults of each feed file in the outbox, by its path below the feeds folder."""
    from publisher.feeds.check import check as check_feed  # lxml.html is slow to import

    folder = space.feeds_folder
    paths = (
        sorted(p for p in folder.rglob("*") if p.name in FILES and p.is_file())
        if folder.is_dir()
        else []
    )
    found = {}
    for done, path in enumerate(paths):
        space.progress("Checking feeds", done, len(paths))
        name = path.relative_to(folder).as_posix()
        found[name] = check_feed(path.name, path.read_bytes(), space.now)
    space.progress("Checking feeds", len(paths), len(paths))
    return found


def changed_files(space: Workspace) -> list[Path]:
    """Return the feeds and pages in the outbox that are not as they were made, by their bytes."""
    folders = [(space.feeds_folder, feeds.memory_of(space))]
    if space.publication.web.pages != "none":
        folders.append((space.pages_folder, site.memory_of(space)))
    found = [folder / name for folder, memory in folders for name in memory.changed()]
    return sorted(found)


def verify_bundles(space: Workspace, name: str | None = None) -> dict[str, list[str]]:
    """Return the faults of one bundle, or of all; the ledger's editions must lie there too."""
    space.outbox.distrust()
    ids = [space.outbox.find(name)] if name else space.outbox.ids()
    found = {edition: space.outbox.faults(edition) for edition in ids}
    records = {r.id: r for r in space.ledger.editions.all() if r.state == "built"}
    for edition in ids:
        if edition not in records:
            found[edition].append("the ledger does not know it")
        elif not found[edition] and space.outbox.read(edition).seal != records[edition].seal:
            found[edition].append("its manifest is not the one that was sealed")
    if name is None:
        for edition in records.keys() - found.keys():
            found[edition] = ["the ledger has it, the outbox has not"]
    return found
