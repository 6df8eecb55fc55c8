"""subscribers add · import · remove · suppress · erase; what looks is in `reader_views`."""

from __future__ import annotations

from pathlib import Path

import click

from publisher.audience import address
from publisher.audience.imports.dates import Order
from publisher.audience.imports.mapping import MEANINGS
from publisher.cli.options import at_option, json_option
from publisher.cli.output import counted, emit, talk, tell, typed
from publisher.cli.reader_views import export, list_, show, stats
from publisher.cli.session import ask, workspace
from publisher.cli.verbs import Verbs
from publisher.errors import UsageError
from publisher.model import Candidate, Suppression
from publisher.pipeline.readers import subscribers
from publisher.pipeline.readers.imports import Imported, import_file
from publisher.pipeline.readers.subscribers import leave, unsuppress

_SHOWN = 20  # refused rows; --json has all


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
    help="What the readers are of whom no column says it; active by default, unless it says it of "
    "others. For a list of those who left, or bounced, that holds nothing but addresses.",
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


for view in (list_, show, stats, export):
    subscribers_.add_command(view)


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
