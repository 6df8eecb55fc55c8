"""uncertain list · resolve."""

from __future__ import annotations

from typing import Literal

import click

from publisher.cli.options import at_option, json_option
from publisher.cli.output import counted, emit, table, talk, typed
from publisher.cli.session import workspace
from publisher.cli.verbs import Verbs
from publisher.pipeline.sends import uncertain


@click.group("uncertain", cls=Verbs)
def uncertain_() -> None:
    """Messages that a server may have accepted, and nobody knows."""


@uncertain_.command("list")
@click.argument("edition", required=False)
@json_option
def list_(edition: str | None, as_json: bool) -> int:
    """List what waits for your decision, of EDITION or of all; exits with 4 if there is any."""
    found = uncertain.unresolved(workspace(), edition)
    if as_json:
        emit(found)
    else:
        table((one.edition, one.address or "(erased)") for one in found)
        if found:
            talk(f"Decide: {typed('uncertain resolve --as sent')} or --as resend")
    return 4 if found else 0


@uncertain_.command("resolve")
@click.argument("edition", required=False)
@click.option(
    "--as",
    "verdict",
    required=True,
    type=click.Choice(["sent", "resend"]),
    help="They have it, or they get it again with the same Message-ID.",
)
@click.option("--only", metavar="ADDRESS", help="Decide about this reader alone.")
@at_option
def resolve(
    edition: str | None, verdict: Literal["sent", "resend"], only: str | None, at: str | None
) -> None:
    """Settle uncertain messages of EDITION, or of all."""
    space = workspace(at, writing=True)
    count = uncertain.resolve(space, edition, sent=verdict == "sent", only=only)
    click.echo(f"{counted(count, 'message')}: {'sent' if verdict == 'sent' else 'in the queue'}")
    if verdict == "resend" and count:
        talk(f"Next: {typed('deliver')}")
