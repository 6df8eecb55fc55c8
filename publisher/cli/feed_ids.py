"""feeds adopt · feeds diff: what readers of a live feed know, and what they would show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from publisher.cli.options import at_option, json_option
from publisher.cli.output import counted, emit, table, talk, typed
from publisher.cli.session import workspace
from publisher.errors import UsageError
from publisher.feeds import format_of
from publisher.feeds.following import Seen, Shown
from publisher.pipeline.feed_ids import adopt_ids, entries_of
from publisher.pipeline.reports.feed_changes import Change, changes, coming, unpublished

_SHOWN = 10  # entries that are named of each kind

_private = click.option(
    "--private", is_flag=True, help="Fetch from this machine and its neighbours as well."
)


@click.command("adopt")
@click.argument("feed")
@_private
@at_option
@json_option
def adopt(feed: str, private: bool, at: str | None, as_json: bool) -> None:
    """Take over the ids of FEED, a file or an address, so that its readers see nothing again.

    Each entry is matched with an article by its address, else by title and day. The ids are kept in
    ids.toml, beside publisher.toml; keep that in git.
    """
    space = workspace(at)
    done = adopt_ids(space, feed, private=private)
    if as_json:
        emit(done)
        return
    for left in done.unmatched:
        click.echo(
            f"  left over: {left.entry.title or left.entry.url or left.entry.id}: {left.why}"
        )
    found = counted(len(done.ids), "id")
    talk(f"{found} of {counted(done.entries, 'entry', 'entries')} kept, {done.new} of them new.")
    talk(f"What its readers will show: {typed(f'feeds diff {feed}')}")


@click.command("diff")
@click.argument("old", required=False)
@click.argument("new", required=False)
@click.option(
    "--max-resurrected",
    "most",
    type=click.IntRange(min=0),
    help="Exit with 1 where a reader would show more than so many old stories as new.",
)
@_private
@at_option
@json_option
def diff(
    old: str | None,
    new: str | None,
    most: int | None,
    private: bool,
    at: str | None,
    as_json: bool,
) -> int:
    """What feed readers would show once NEW stands in the place of OLD, each a file or an address.

    Without NEW it is the publication's own feed as the next build makes it; without both, every
    feed in the outbox is compared with what the next build makes of it.
    """
    found = _changes(old, new, private, at)
    if as_json:
        emit([_row(one) for one in found])
    else:
        _tell(found)
    worst = max((one.counts["resurrected"] for one in found), default=0)
    return int(most is not None and worst > most)


def _changes(old: str | None, new: str | None, private: bool, at: str | None) -> list[Change]:
    if old is None:
        return list(unpublished(workspace(at)))
    before = entries_of(old, private=private)
    if new is not None:
        return changes(new, before, entries_of(new, private=private))
    made = coming(workspace(at))
    name = _like(old, made)
    return changes(name, before, made[name])


def _like(old: str, made: dict[str, tuple[Seen, ...]]) -> str:
    """The file of ours that stands for a feed: of its format, as far as its name tells it."""
    if not made:
        raise UsageError("there is no feed to compare with", todo="Write an article first.")
    ending = Path(old.partition("?")[0]).name
    if format_of(ending):
        return ending
    is_json = ending.endswith(".json")
    return next(one for one in made if one.endswith(".json") == is_json)


def _tell(found: Sequence[Change]) -> None:
    rows = [
        (one.feed, one.reader, *(f"{count} {kind}" for kind, count in one.counts.items()))
        for one in found
    ]
    table([("feed", "reader", "", "", ""), *rows] if rows else [])
    if not found:
        talk("Every feed is as its readers have it.")
    for one, why in _once(found):
        click.echo(f"  again: {one.title or one.url or one.id}: {why}")


def _once(found: Iterable[Change]) -> list[tuple[Seen, str]]:
    """What is resurrected anywhere, each story once, as many as one reads."""
    met: dict[str, tuple[Seen, str]] = {}
    for shown in (shown for change in found for shown in change.shown):
        if shown.kind == "resurrected":
            met.setdefault(shown.entry.url or shown.entry.id, (shown.entry, shown.why))
    return list(met.values())[:_SHOWN]


def _row(change: Change) -> dict[str, Any]:
    return {
        "feed": change.feed,
        "reader": change.reader,
        **{str(kind): count for kind, count in change.counts.items()},
        "entries": [_entry(one) for one in change.shown],
    }


def _entry(shown: Shown) -> dict[str, str]:
    one = shown.entry
    return {"kind": shown.kind, "id": one.id, "url": one.url, "title": one.title, "why": shown.why}
