"""send --now: what it says before and after."""

from __future__ import annotations

from datetime import timedelta

import click

from publisher.cli.output import counted, emit, talk, typed
from publisher.cli.session import ask
from publisher.ledger import SendRecord
from publisher.pipeline.editions.at_once import (
    AtOnce,
    at_once,
    check_at_once,
    send_at_once,
    subject_of,
)
from publisher.pipeline.sends.freeze import readers_of
from publisher.pipeline.sends.queued import standing
from publisher.pipeline.turns import recover
from publisher.pipeline.workspace import Workspace


def send_now(
    space: Workspace, newsletter: str, undo: timedelta, *, dry_run: bool, yes: bool, as_json: bool
) -> SendRecord | None:
    """Send what is due of a newsletter at this minute, once somebody has said yes.

    Returns its send; None where there is nothing more to say: it was only tried, or sent before.
    """
    if not dry_run:
        recover(space)  # what it half made has stories that are free
    found = at_once(space, newsletter)
    if found.known:
        _known(space, found.known, as_json)
        return None
    check_at_once(space, found)
    subject, readers = subject_of(space, found), readers_of(space, found.planned.newsletter)
    if dry_run:
        row = {"edition": found.planned.id, "subject": subject, "readers": readers}
        if as_json:
            emit(row)
        else:
            click.echo(f"{found.planned.id}: {counted(readers, 'reader')} would get “{subject}”")
        _tell_others(found)
        return None
    ask(f"Send {found.planned.id} “{subject}” to {counted(readers, 'reader')} now?", yes)
    send = send_at_once(space, newsletter, undo)
    _tell_others(found)
    return send


def _known(space: Workspace, send: SendRecord, as_json: bool) -> None:
    if as_json:
        emit(send)
        return
    say_known(space, send)
    talk(f"What has come since goes out a minute later: {typed(f'send {send.newsletter} --now')}")


def say_known(space: Workspace, send: SendRecord) -> None:
    """Say that an edition was sent before, and that nothing was done."""
    _, counts = standing(space, send.edition)
    state = send.standing(counts)
    if state in ("held", "cancelled"):
        click.echo(f"{send.edition} is {state}; nothing done")
        return
    reached = counts.get("accepted", 0) + counts.get("filed", 0)
    if state == "sent":
        of = "" if reached == send.readers else f" of {send.readers:,}"
        readers = counted(reached, "reader") if not of else f"{reached:,}{of} readers"
        click.echo(f"{send.edition} was sent already to {readers}; nothing done")
        talk(f"What became of it: {typed(f'report {send.edition}')}")
    else:
        click.echo(
            f"{send.edition} is in the queue already for {counted(send.readers, 'reader')}; "
            "nothing done"
        )


def _tell_others(found: AtOnce) -> None:
    for edition in found.freed:
        talk(f"Its stories stood in {edition}, which nobody was sent: that is taken back.")
    for edition in found.kept:
        talk(f"What {edition} holds stays there: it is still to be sent.")
