"""subscribers add · import · list · show · stats · export · remove · suppress · erase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import click

from publisher.audience import address
from publisher.audience.imports.dates import Order
from publisher.audience.imports.mapping import MEANINGS
from publisher.cli.options import at_option, json_option
from publisher.cli.output import counted, emit, heading, table, talk, tell, typed
from publisher.cli.session import ask, workspace
from publisher.cli.subject_tests import as_data, show_test
from publisher.cli.verbs import Verbs
from publisher.errors import UsageError
from publisher.model import Candidate, Subscriber, Suppression
from publisher.pipeline.readers import subscribers
from publisher.pipeline.readers.imports import Imported, import_file
from publisher.pipeline.readers.subscribers import leave, listed, subscriber, unsuppress
from publisher.pipeline.reports.statistics import statistics
from publisher.pipeline.returns.bounces import listed as listed_returns

_SHOWN = 20  # refused rows and the like; --json has all


_newsletter = click.option(
    "--newsletter",
    "newsletters",
    multiple=True,
    metavar="NAME",
    help="The newsletter meant; may be given several times. The only one there is by default.",
)


@click.group("subscribers", cls=Verbs)
def subscribers_() -> None:
    """Who reads: add, import, look at, export, take out."""


@subscribers_.command("add")
@click.argument("address_", metavar="ADDRESS")
@_newsletter
@click.option("--name", default="", help="The reader's name.")
@click.option("--language", default="", help="The reader's language, such as de.")
@click.option("--zone", default="", help="The reader's time zone, such as Asia/Tokyo.")
@click.option("--tag", "tags", multiple=True, help="A tag; may be given several times.")
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="An attribute.")
@click.option("--how", default="asked an editor", show_default=True, help="How consent was given.")
@click.option("--again", is_flag=True, help="Bring back a reader who left, at their own wish.")
@at_option
def add(
    address_: str,
    newsletters: tuple[str, ...],
    name: str,
    language: str,
    zone: str,
    tags: tuple[str, ...],
    values: tuple[str, ...],
    how: str,
    again: bool,
    at: str | None,
) -> int:
    """Add a reader at ADDRESS.

    A reader who left or is suppressed stays so, and the command exits with 1.
    """
    candidate = Candidate(
        address=address(address_),
        name=name,
        language=language,
        zone=zone,
        tags=tags,
        attributes=_pairs(values, "--set"),
    )
    joined = subscribers.add(workspace(at, writing=True), candidate, newsletters, how, again=again)
    words = {"kept": f"left as it is: {joined.reason}", "known": "subscribed already"}
    click.echo(f"{joined.candidate.address.text}: {words.get(joined.what, joined.what)}")
    if joined.may_return:
        talk(f"If they ask to come back: {typed(f'subscribers add {address_} --again')}")
    return int(joined.what == "kept")


def _pairs(values: tuple[str, ...], option: str) -> dict[str, str]:
    pairs = [value.rpartition("=") for value in values]
    for (name, equals, _), value in zip(pairs, values, strict=True):
        if not (name and equals):
            raise UsageError(f"{option} {value!r} is not NAME=VALUE")
    return {name: value for name, _, value in pairs}


@subscribers_.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_newsletter
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="What a column is: address, name, first_name, last_name, language, zone, tags, "
    "attributes, joined, created, status, subscribed, confirmed, unsubscribed, bounced, "
    "complained, blocked, attributes.NAME, or - for nothing. COLUMN:WORD=MEANING says what a word "
    "of a status means: active, unsubscribed, bounced, complained, blocked, pending, or - to leave "
    "such rows out.",
)
@click.option(
    "--dates",
    "order",
    type=click.Choice(["dmy", "mdy"]),
    help="What stands first in dates such as 3/4/2024: the day (dmy), or the month (mdy).",
)
@click.option(
    "--all-are",
    "everyone",
    type=click.Choice([word for word in MEANINGS if word != "-"]),
    help="What the readers are of whom no column says it; active by default. For a list of those "
    "who left, or bounced, that holds nothing but addresses.",
)
@click.option("--how", default="", help="How consent was given; by default, the file's name.")
@click.option("-n", "--dry-run", is_flag=True, help="Only say what can be read in it.")
@at_option
@json_option
def import_(
    file: Path,
    newsletters: tuple[str, ...],
    mapping: tuple[str, ...],
    order: Order | None,
    everyone: str | None,
    how: str,
    dry_run: bool,
    at: str | None,
    as_json: bool,
) -> int:
    """Add the readers of FILE: CSV with a heading, or JSON Lines.

    Columns are known by their headings, as other tools write them, in many languages: publisher
    subscribers import list.csv --map Town=attributes.town takes one more. All of the file is
    looked at first: whoever left by one row or column has left, unless a later consent with a date
    is in it. Nobody who left or is suppressed comes back. Exits with 1 if rows were refused.
    """
    space = workspace(at, writing=not dry_run)
    imported = import_file(
        space,
        file,
        newsletters,
        _pairs(mapping, "--map"),
        how or f"import of {file.name}",
        order=order,
        everyone=everyone or "",
        dry=dry_run,
    )
    if as_json:
        emit(imported)
        return int(imported.counts["refused"] > 0)
    tell(imported.problems[:_SHOWN])
    if len(imported.problems) > _SHOWN:
        talk(f"… and {len(imported.problems) - _SHOWN:,} more: --json lists all")
    click.echo(_summary(file.name, imported))
    if imported.columns:
        talk(f"Not taken: {', '.join(imported.columns)}. Take one: --map COLUMN=attributes.NAME")
    if not dry_run:
        talk(f"Next: {typed('subscribers list')}")
    return int(imported.counts["refused"] > 0)


_OUTCOMES = {
    "readable": "can be added",
    "added": "added",
    "subscribed": "known here, and subscribed",
    "known": "subscribed already",
    "ended": "left there, and taken off here",
    "left": "left there, and kept out",
    "bounced": "bounced there, and suppressed",
    "complained": "complained there, and suppressed",
    "manual": "blocked there, and suppressed",
    "kept": "left as they are",
    "pending": "unconfirmed or left out, and not taken",
    "unsaid": "of other newsletters, and not taken",
    "doubtful": "in a row that was refused as well, and not taken",
}


def _summary(name: str, imported: Imported) -> str:
    """`list.csv: 12 rows, 10 readers: 7 added, 2 left there, and kept out; 1 row refused.`"""
    counts = imported.counts
    readers = sum(counts[what] for what in _OUTCOMES)
    parts = [f"{counts[what]:,} {about}" for what, about in _OUTCOMES.items() if counts[what]]
    text = f"{name}: {counted(imported.rows, 'row')}, {counted(readers, 'reader')}"
    text += f": {'; '.join(parts)}" if parts else ""
    if counts["repeated"]:
        text += f". {counted(counts['repeated'], 'row')} more of the same readers"
    if counts["refused"]:
        text += f". {counted(counts['refused'], 'row')} refused"
    return f"{text}."


@subscribers_.command("list")
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


@subscribers_.command("show")
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


@subscribers_.command("stats")
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


@subscribers_.command("export")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--newsletter", default="", metavar="NAME", help="Readers of this newsletter.")
@click.option("--segment", default="", metavar="NAME", help="Readers in this segment.")
@click.option("--active", is_flag=True, help="Only those who are mailed.")
def export(file: Path | None, newsletter: str, segment: str, active: bool) -> None:
    """Write readers as CSV to FILE, or to stdout; no cell of it runs in a spreadsheet."""
    space = workspace()
    found = listed(space, newsletter, segment, active=active)
    text = subscribers.export(found, file, newsletter)
    if file is None:
        click.echo(text, nl=False)
    else:
        talk(f"Written for your eyes only: {file}")


@subscribers_.command("remove")
@click.argument("address_", metavar="ADDRESS|TOKEN")
@_newsletter
@at_option
def remove(address_: str, newsletters: tuple[str, ...], at: str | None) -> None:
    """End the subscriptions of ADDRESS, all or those named; an import cannot bring them back.

    TOKEN is the subject of a mail that asks to unsubscribe, whatever address that came from: it
    ends the subscription that the mail was about.
    """
    ended = leave(workspace(at, writing=True), address_, newsletters)
    click.echo(f"{address_}: {'left ' + ', '.join(ended) if ended else 'was subscribed to none'}")


@subscribers_.command("suppress")
@click.argument("address_", metavar="ADDRESS|DOMAIN")
@click.option("--detail", default="", help="Why, in your words.")
@click.option("--undo", is_flag=True, help="Lift a suppression, whatever its reason.")
@at_option
def suppress(address_: str, detail: str, undo: bool, at: str | None) -> None:
    """Never mail ADDRESS again, whoever imports it.

    '*@company.example', or company.example alone, means all addresses of that domain, now and
    later; not those of domains below it.
    """
    space = workspace(at, writing=True)
    if undo:
        lifted = unsuppress(space, address_)
        click.echo(f"{address_}: {'may be mailed again' if lifted else 'was not suppressed'}")
        return
    before = subscribers.suppress(space, address_, detail=detail)
    click.echo(f"{address_}: suppressed{f' already ({before.reason})' if before else ''}")


@subscribers_.command("unsuppress")
@click.argument("address_", metavar="ADDRESS|DOMAIN")
@click.option("--reason", default="", help="Why, in your words: it is kept on their record.")
@at_option
def unsuppress_(address_: str, reason: str, at: str | None) -> None:
    """Let ADDRESS be mailed again, whatever it was suppressed for.

    What bounced before counts no more. Whoever left a newsletter has still left it.
    """
    lifted = unsuppress(workspace(at, writing=True), address_, reason)
    click.echo(f"{address_}: {_lifted(lifted)}")


def _lifted(before: Suppression | None) -> str:
    return f"may be mailed again ({before.reason})" if before else "was not suppressed"


@subscribers_.command("erase")
@click.argument("address_", metavar="ADDRESS")
@click.option("--yes", is_flag=True, help="Do not ask.")
@at_option
def erase(address_: str, yes: bool, at: str | None) -> None:
    """Forget all of ADDRESS; a keyed hash keeps imports from bringing it back."""
    space = workspace(at, writing=True)
    ask(f"Erase {address_} for good?", yes)
    known = subscribers.erase(space, address_)
    click.echo(f"{address_}: erased" if known else f"{address_}: was not known; it stays out")
