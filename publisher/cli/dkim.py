"""keys dkim new · show · rotate · activate · adopt · remove."""

from __future__ import annotations

from pathlib import Path

import click

from publisher import files
from publisher.cli.options import at_option, json_option, moment
from publisher.cli.output import emit, heading, talk, tell, typed
from publisher.cli.session import workspace
from publisher.cli.verbs import Verbs
from publisher.delivery import strings_of
from publisher.errors import UsageError
from publisher.pipeline import signing
from publisher.pipeline.sender import alignment_problems
from publisher.pipeline.signing import PairState
from publisher.pipeline.workspace import Workspace

_MOST = 50_000  # bytes of a key's file

_start_option = click.option(
    "--start", metavar="TIME", help="When they begin to sign: now, or a time to come."
)


@click.group("keys dkim", cls=Verbs)
def dkim_() -> None:
    """The keys that sign mails (DKIM), and their records for DNS."""


@dkim_.command("new")
@at_option
@json_option
def new(at: str | None, as_json: bool) -> None:
    """Make the first keys, RSA and Ed25519, and print their records for DNS.

    They sign once they are activated: publish the records first.
    """
    space = workspace(at, writing=True)
    _announce(space, signing.new(space), as_json)


@dkim_.command("show")
@at_option
@json_option
def show(at: str | None, as_json: bool) -> None:
    """Show which keys sign, wait or have retired, with their records for DNS."""
    space = workspace(at)
    found = signing.states(space)
    if as_json:
        emit(found)
        return
    for state in found:
        heading(f"{state.name}: {_standing(state)}")
        _show_records(state)
    if not found:
        talk(f"There are no keys, and mails are not signed. Make some: {typed('keys dkim new')}")
    tell(alignment_problems(space.publication))


@dkim_.command("rotate")
@_start_option
@at_option
@json_option
def rotate(start: str | None, at: str | None, as_json: bool) -> None:
    """Make the next keys and print their records; those that sign go on until these are activated.

    With --start they begin by themselves, at a time by which their records are in DNS.
    """
    space = workspace(at, writing=True)
    begins = moment(start, space.publication.zone, space.now, "--start") if start else None
    _announce(space, signing.rotate(space, begins), as_json)


@dkim_.command("activate")
@_start_option
@at_option
def activate(start: str | None, at: str | None) -> None:
    """Let the keys that wait sign, now or from a time on: their records are in DNS."""
    space = workspace(at, writing=True)
    begins = moment(start, space.publication.zone, space.now, "--start") if start else None
    state = signing.activate(space, begins)
    click.echo(f"{state.name}: {_standing(state)}")
    before = [one for one in signing.states(space) if one.name != state.name and one.since]
    if before:
        talk(
            f"Leave the records of {before[0].name} in DNS for {signing.LINGER.days} days more: "
            "mails that it signed are still on their way."
        )


@dkim_.command("adopt")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--selector", required=True, help="The selector of its record in DNS.")
@at_option
@json_option
def adopt(file: Path, selector: str, at: str | None, as_json: bool) -> None:
    """Take a private key, FILE, whose record is in DNS already; it signs from now on."""
    space = workspace(at, writing=True)
    try:
        pem = files.read(file, _MOST)
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from None
    _announce(space, signing.adopt(space, pem, selector, str(file)), as_json)


@dkim_.command("remove")
@click.argument("name")
@at_option
def remove(name: str, at: str | None) -> None:
    """Take keys away for good that do not sign any more, or never did."""
    space = workspace(at, writing=True)
    state = signing.remove(space, name)
    click.echo(f"{state.name} is gone")
    if state.removable and state.removable > space.now:
        talk(
            f"Leave its records in DNS until {state.removable:%Y-%m-%d}: mails that it signed "
            "are still on their way."
        )


def _announce(space: Workspace, state: PairState, as_json: bool) -> None:
    """What was made, and what is to be done with it."""
    if as_json:
        emit(state)
        return
    heading(f"{state.name}: {_standing(state)}")
    _show_records(state)
    if state.standing == "waits":
        talk(
            "Put the records into DNS; once they can be looked up, let the keys sign: "
            f"{typed('keys dkim activate')}"
        )
    tell(alignment_problems(space.publication))


def _standing(state: PairState) -> str:
    since, until = (
        f"{one:%Y-%m-%d %H:%M} UTC" if one else "" for one in (state.since, state.until)
    )
    if state.standing == "waits":
        return "waits for its records, and signs nothing yet"
    if state.standing == "scheduled":
        return f"signs from {since} on"
    if state.standing == "signs":
        return f"signs since {since}" + (f", until {until}" if until else "")
    assert state.removable
    return (
        f"signed until {until}; from {state.removable:%Y-%m-%d} on its records may leave DNS, and "
        f"then: publisher keys dkim remove {state.name}"
    )


def _show_records(state: PairState) -> None:
    """Each record as a form of a provider takes it, and as a zone file does."""
    for record in state.records:
        strings = " ".join(f'"{one}"' for one in strings_of(record.text))
        click.echo(f"\n  {record.algorithm}, a record of type TXT\n  name:  {record.name}")
        click.echo(f"  text:  {record.text}")
        click.echo(f"  or, in a zone file:\n  {record.name}. 3600 IN TXT ( {strings} )")
    click.echo()
