"""ledger show · upgrade · begin."""

from __future__ import annotations

import click

from publisher.cli.options import json_option
from publisher.cli.output import counted, emit, talk, typed
from publisher.cli.session import ask, workspace
from publisher.cli.verbs import Verbs
from publisher.pipeline import sent_marks
from publisher.pipeline.reports.ledger import ledger_standing
from publisher.pipeline.workspace import Workspace


@click.group("ledger", cls=Verbs)
def ledger_() -> None:
    """The database of record: who is who, what was built, readers, every delivery."""


@ledger_.command("show")
@json_option
def show(as_json: bool) -> None:
    """Show where the ledger is, its schema, and which programs may use it."""
    _show(workspace(), as_json)


@ledger_.command("upgrade")
@json_option
def upgrade(as_json: bool) -> None:
    """Bring the ledger up to this publisher's schema, once, before newer programs start.

    Every command that writes does so by itself; this one does nothing else. A step that programs
    at work on PostgreSQL could not go on with is not taken: it exits with 5 and names them. A
    ledger that is up to date stays as it is.
    """
    _show(workspace(writing=True), as_json)


@ledger_.command("begin")
@click.option("--yes", is_flag=True, help="Do not ask.")
def begin(yes: bool) -> None:
    """Begin a new ledger where the one before is lost, and there is no backup.

    Who reads, who left and the keys of links are gone with it. What the outbox knows as sent stays
    sent: none of these editions goes out again, and their stories are in no other.
    """
    space = workspace(writing=True)
    ask("Begin a ledger that knows no reader, nobody who left, and no key of a link?", yes)
    found = sent_marks.begin_ledger(space)
    _show(space, as_json=False)
    if found:
        talk(f"{counted(len(found), 'edition')} known as sent")
    talk(f"Next: {typed('subscribers import FILE.csv')}")


def _show(space: Workspace, as_json: bool) -> None:
    found = ledger_standing(space)
    if as_json:
        emit(found)
        return
    serves = f"for programs of schema {found.oldest} and newer"
    click.echo(f"{found.ledger}: schema {found.schema}, {serves}")
