"""subscribers list · show · stats · export: what looks at readers, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import click

from publisher.cli.options import at_option, json_option
from publisher.cli.output import counted, emit, heading, table, talk, typed
from publisher.cli.session import workspace
from publisher.cli.subject_tests import as_data, show_test
from publisher.model import Subscriber
from publisher.pipeline.readers import subscribers
from publisher.pipeline.readers.subscribers import listed, subscriber
from publisher.pipeline.reports.statistics import statistics
from publisher.pipeline.returns.bounces import listed as listed_returns

_SHOWN = 20  # editions and the like; --json has all


@click.command("list")
@click.option("--newsletter", default="", metavar="NAME", help="Readers of this newsletter.")
@click.option("--segment", default="", metavar="NAME", help="Readers in this segment.")
@click.option("--active", is_flag=True, help="Only those who are mailed.")
@click.option("--unconfirmed", is_flag=True, help="Those who signed up and never confirmed it.")
@click.option(
    "--limit",
    default=50,
    show_default=True,
    type=click.IntRange(min=0),
    help="At most this many; 0 for all.",
)
@json_option
def list_(
    newsletter: str, segment: str, active: bool, unconfirmed: bool, limit: int, as_json: bool
) -> None:
    """List readers, in order of address, and count them by newsletter."""
    space = workspace()
    if unconfirmed:
        asked = subscribers.unconfirmed(space)[: limit or None]
        if as_json:
            emit(asked)
        else:
            table(
                (s.address.text, " ".join(s.newsletters), f"asked {s.asked:%Y-%m-%d}")
                for s in asked
            )
        return
    found = listed(space, newsletter, segment, active=active)
    readers = list(islice(found, limit or None))
    if as_json:
        emit(readers)
        return
    table((r.address, r.name, _standing(r)) for r in readers)
    for name, counts in subscribers.totals(space).items():
        shown = ", ".join(f"{count:,} {what}" for what, count in counts.items())
        talk(f"{name or 'suppressed'}: {shown}")
    if not readers:
        talk(f"Next: {typed('subscribers import FILE')}")


def _standing(reader: Subscriber) -> str:
    if reader.suppression:
        return f"suppressed: {reader.suppression.reason}"
    return ", ".join(
        name if what == "active" else f"left {name}" for name, what in reader.subscriptions.items()
    )


@click.command("show")
@click.argument("address_", metavar="ADDRESS")
@json_option
def show(address_: str, as_json: bool) -> None:
    """Show all that is known of the reader at ADDRESS, with the log of consent."""
    space = workspace()
    reader = subscriber(space, address_)
    consents = subscribers.consents(space, reader)
    editions = subscribers.editions_of(space, reader)
    back, lifted = listed_returns(space, reader.address), subscribers.lifted(space, reader)
    if as_json:
        emit({"subscriber": reader, "consents": consents, "editions": dict(editions),
              "returned": back, "lifted": lifted})  # fmt: skip
        return
    heading(reader.address)
    rows = [("name", reader.name), ("language", reader.language), ("zone", reader.zone),
            ("tags", ", ".join(reader.tags)), ("joined", f"{reader.joined:%Y-%m-%d %H:%M} UTC"),
            *reader.attributes.items()]  # fmt: skip
    table((name, value) for name, value in rows if value)
    if reader.suppression:
        why = reader.suppression
        click.echo(f"  suppressed ({why.reason}) since {why.at:%Y-%m-%d %H:%M} UTC {why.detail}")
    heading("consent")
    table((f"{c.at:%Y-%m-%d %H:%M}", c.what, c.newsletter, c.how, c.source) for c in consents)
    if editions:
        heading("editions")
        table(editions[-_SHOWN:])
    if back:
        heading("came back")
        table(
            (f"{one.at:%Y-%m-%d %H:%M}", one.what, one.followed, one.edition, one.words[:80])
            for one in back[-_SHOWN:]
        )
    for one in lifted:
        click.echo(f"  {one.suppression} was lifted on {one.at:%Y-%m-%d %H:%M} UTC {one.reason}")


@click.command("stats")
@click.option(
    "--days",
    type=click.IntRange(1, 3650),
    default=30,
    show_default=True,
    help="How far to look back.",
)
@at_option
@json_option
def stats(days: int, at: str | None, as_json: bool) -> None:
    """Who reads, joins and leaves: without a pixel, a cookie or a link that watches anybody."""
    found = statistics(workspace(at), days)
    if as_json:
        joined = [(*key, count) for key, count in found.events.items()]
        polls = [(*key, count) for key, count in found.feeds.items()]
        emit({
            "since": found.since, "active": found.active, "unconfirmed": found.unconfirmed,
            "events": [dict(zip(("newsletter", "what", "how", "count"), row, strict=True))
                       for row in joined],
            "feeds": [dict(zip(("format", "status", "count"), row, strict=True)) for row in polls],
            "feed_readers": [dict(zip(("program", "feed", "subscribers"), row, strict=True))
                             for row in found.feed_readers],
            "tests": [as_data(one) for one in found.tests],
        })  # fmt: skip
        return
    heading("Readers")
    table((f"{count:>9,}", name) for name, count in found.active.items())
    if not found.active:
        click.echo("  nobody yet")
    if found.unconfirmed:
        click.echo(f"  {found.unconfirmed:>9,}  asked, and have not confirmed it")
    if found.events:
        heading(f"Since {found.since:%Y-%m-%d}")
        table(
            (f"{count:>9,}", what, name, how) for (name, what, how), count in found.events.items()
        )
    for one in found.tests:
        show_test(one)
    if found.feed_readers:
        heading(f"Feed readers, for some {counted(found.feed_subscribers, 'reader')} as they say")
        table((f"{count:>9,}", program, feed) for program, feed, count in found.feed_readers)
    if found.feeds:
        heading("Feeds asked for")
        table(_polls(found.feeds))


def _polls(feeds: Mapping[tuple[str, str], int]) -> Iterator[tuple[str, ...]]:
    """A row for each format: how often, and how often nothing was new."""
    for name in sorted({name for name, _ in feeds}):
        whole = sum(count for (other, _), count in feeds.items() if other == name)
        same = feeds.get((name, "304"), 0)
        yield f"{whole:>9,}", name, f"{100 * same / whole:.0f} % had it already (304)"


@click.command("export")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--newsletter", default="", metavar="NAME", help="Readers of this newsletter.")
@click.option("--segment", default="", metavar="NAME", help="Readers in this segment.")
@click.option("--active", is_flag=True, help="Only those who are mailed.")
def export(file: Path | None, newsletter: str, segment: str, active: bool) -> None:
    """Write readers as CSV to FILE, or to stdout; no cell of it runs in a spreadsheet.

    Without options all that is suppressed is in it as well, domains too (`*@company.example`).
    """
    space = workspace()
    found = listed(space, newsletter, segment, active=active)
    is_whole = not (newsletter or segment or active)
    alone = subscribers.suppressed_alone(space) if is_whole else ()
    text = subscribers.export(found, file, newsletter, alone)
    if file is None:
        click.echo(text, nl=False)
    else:
        talk(f"Written for your eyes only: {file}")
