"""ledger show · upgrade."""

from __future__ import annotations

import click

from publisher.cli.options import json_option
from publisher.cli.output import emit
from publisher.cli.session import workspace
from publisher.cli.verbs import Verbs
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


def _show(space: Workspace, as_json: bool) -> None:
    found = ledger_standing(space)
    if as_json:
        emit(found)
        return
    serves = f"for programs of schema {found.oldest} and newer"
    click.echo(f"{found.ledger}: schema {found.schema}, {serves}")
