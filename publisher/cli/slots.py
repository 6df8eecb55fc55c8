"""hold · release · cancel · approve."""

from __future__ import annotations

import getpass

import click

from publisher.cli.options import at_option
from publisher.cli.output import counted, talk, typed
from publisher.cli.sends import deliver_next
from publisher.cli.session import ask, workspace
from publisher.ledger import SendRecord, SlotRecord, open_of
from publisher.pipeline.choice import only, sent_or_newest, to_approve, to_release, to_stop
from publisher.pipeline.sends.queued import retry, standing
from publisher.pipeline.slots.drafts import approve
from publisher.pipeline.slots.stop import cancel, hold, meant, release
from publisher.pipeline.workspace import Workspace


@click.command("hold")
@click.argument("edition", required=False)
@click.option("--reason", default="", help="Why, for whoever releases it.")
@at_option
def hold_(edition: str | None, reason: str, at: str | None) -> None:
    """Start nothing more of EDITION until it is released; what is on the wire goes through.

    An edition still to come can be held by its id, as `schedule list` shows it.
    """
    space = workspace(at, writing=True)
    record = hold(space, to_stop(space, edition), reason)
    click.echo(f"{record.edition}: held")
    talk(f"Go on: {typed(f'release {record.edition}')}")


@click.command("release")
@click.argument("edition", required=False)
@click.option("--failed", is_flag=True, help="Try those again whose message failed.")
@at_option
def release_(edition: str | None, failed: bool, at: str | None) -> None:
    """Go on with a held EDITION, or try again what failed of it."""
    space = workspace(at, writing=True)
    if failed:
        record, count = retry(space, sent_or_newest(space, edition))
        click.echo(f"{record.edition}: {counted(count, 'message')} in the queue again")
    else:
        held = edition or only("edition", to_release(space), "nothing is held")
        _released(release(space, held), space)
    deliver_next(space)


def _released(found: SendRecord | SlotRecord, space: Workspace) -> None:
    """Say what became of an edition that was let go."""
    if isinstance(found, SendRecord):
        click.echo(f"{found.edition}: in the queue")
    elif found.instant > space.now:
        click.echo(f"{found.edition}: {found.why}, {found.instant:%Y-%m-%d %H:%M} UTC")
    elif found.state in ("sent", "caught up"):
        click.echo(f"{found.edition}: in the queue")
    else:
        click.echo(f"{found.edition}: {found.state}, {found.why}")


@click.command("approve")
@click.argument("edition", required=False)
@click.option("--by", default="", help="Who approves; the name you are logged in with by default.")
@at_option
def approve_(edition: str | None, by: str, at: str | None) -> None:
    """Let a draft EDITION go out, as it lies in the outbox now.

    Any later change of it voids the approval. If its slot has come, it is sent at once.
    """
    space = workspace(at, writing=True)
    approval, record = approve(space, to_approve(space, edition), by or _login())
    click.echo(f"{approval.edition}: approved by {approval.by} ({approval.seal[:12]})")
    if record is not None:
        _released(record, space)
        deliver_next(space)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # nobody of that number
        return "somebody"


@click.command("cancel")
@click.argument("edition", required=False)
@click.option("--reason", default="", help="Why.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@at_option
def cancel_(edition: str | None, reason: str, yes: bool, at: str | None) -> None:
    """Send no more of EDITION, for good; who has it keeps it.

    An edition still to come can be cancelled by its id, as `schedule list` shows it.
    """
    space = workspace(at, writing=True)
    found = meant(space, to_stop(space, edition))
    waiting = f", for which {counted(found.waiting, 'reader')} wait" if found.waiting else ""
    ask(f"Cancel {found.edition}{waiting}, for good?", yes)
    record = cancel(space, found.edition, reason)
    if isinstance(record, SlotRecord):
        click.echo(f"{record.edition}: cancelled, nobody gets it")
        return
    _, counts = standing(space, record.edition)
    reached = counts.get("accepted", 0) + counts.get("filed", 0)
    click.echo(
        f"{record.edition}: cancelled; {reached:,} have it, "
        f"{counts.get('cancelled', 0):,} do not get it"
    )
    if not reached and not open_of(counts):
        talk("Its stories are free for the next edition.")
