"""deliver: what leaves, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable

import click

from publisher.cli.options import at_option, json_option
from publisher.cli.output import counted, emit, heading, table, talk, tell, typed
from publisher.cli.sends import say_no_server
from publisher.cli.session import clock, ends_on_signals, workspace
from publisher.cli.subject_tests import show_hands_wanted, show_test
from publisher.delivery import Clock, Stop
from publisher.errors import Problem, PublisherError
from publisher.pipeline.pages.begun import show_begun
from publisher.pipeline.readers.signups import mail_signups
from publisher.pipeline.sends.deliver import deliver, patiently
from publisher.pipeline.sends.queued import held
from publisher.pipeline.sends.subject_tests import hands_wanted, tested
from publisher.pipeline.sends.transports import transport_of, way_out
from publisher.pipeline.sends.uncertain import doubts, unresolved
from publisher.pipeline.sends.worker import Delivered
from publisher.pipeline.workspace import Workspace


@click.command("deliver")
@click.option("--wait", is_flag=True, help="Stay until each message is accepted or refused.")
@at_option
@json_option
def deliver_(wait: bool, at: str | None, as_json: bool) -> int:
    """Send all that is due, by the server in publisher.toml, or into outbox/mail/ without one.

    Several may run at once. Ctrl-C or SIGTERM ends it after the messages at hand. Exits with 4 if
    some still wait, or came too late, 75 if the server does not answer, or refuses us, or a ledger
    on PostgreSQL does not answer: nothing is lost, run it again. With --wait it goes on by itself.
    """
    space = workspace(at, writing=True)
    now, stop = clock(space), Stop()
    ends_on_signals(stop)

    def say(problem: Problem) -> None:
        tell([problem])

    _before(space, stop, say, wait=wait)
    delivered = deliver(space, transport_of(space), now, stop, wait=wait, retry=True, say=say)
    say_no_server(space)
    if as_json:
        emit(delivered)
    else:
        _report(space, delivered)
    if delivered.down is not None:
        raise delivered.down
    left = delivered.next_due is not None or bool(unresolved(space) or hands_wanted(space))
    return 4 if left or delivered.expired or delivered.problems or held(space) else 0


def _before(space: Workspace, stop: Stop, say: Callable[[Problem], object], *, wait: bool) -> None:
    """Mail who signed up, and make the pages of what begins to go out."""

    def confirm() -> int:
        return mail_signups(space, transport_of(space), space.now, stop)

    confirmations = patiently(confirm, stop, Clock(), say) if wait else confirm()
    if confirmations:
        talk(f"{counted(confirmations, 'mail')} sent that were asked for on the web")
    try:
        show_begun(space)
    except PublisherError as error:  # of a page's template: it holds up no mail
        tell([error.problem])


def _report(space: Workspace, delivered: Delivered) -> None:
    done = sum(delivered.counts.values())
    rate = f", {done / delivered.seconds:,.0f} a second" if delivered.seconds > 1 else ""
    if done or delivered.down is None:
        took = f" in {delivered.seconds:.1f} s{rate}"
        sent = f"{counted(done, 'message')} {way_out(space)}{took}"
        heading(sent if done else "nothing to send now")
    table((f"{count:>9,}", state) for state, count in sorted(delivered.counts.items()) if count)
    if delivered.expired:
        table([(f"{delivered.expired:>9,}", "failed: not sent in time")])
    tell(delivered.problems)
    for record, waiting in held(space):
        reason = f": {record.reason}" if record.reason else ""
        click.echo(f"  {record.edition} is held, {waiting:,} wait{reason}")
    for domain, (until, reason) in delivered.held.items():
        which = f"{domain} is held" if domain else "everything waits"
        click.echo(f"  {which} until {until:%H:%M} UTC: {reason}")
    _uncertain(space, delivered)
    for test in delivered.decided:
        if stands := tested(space, test.edition):
            show_test(stands)
    show_hands_wanted(hands_wanted(space))
    if delivered.down is None:
        _goes_on(space, delivered, done)


def _goes_on(space: Workspace, delivered: Delivered, done: int) -> None:
    """When it goes on, and what to type."""
    if delivered.limited:
        more = f"{delivered.limited:%Y-%m-%d %H:%M} UTC"
        click.echo(f"  the pace, or the day's limit, lets more go from {more}")
    elif delivered.next_due:
        is_later = delivered.next_due > space.now
        due = f"from {delivered.next_due:%Y-%m-%d %H:%M} UTC" if is_later else "now"
        click.echo(f"  more is due {due}")
    if delivered.next_due:
        again = f"{typed('deliver')}, or leave it running: {typed('deliver --wait')}"
        talk(f"Run it again then: {again}")
    elif done:
        talk(f"Next: {typed(f'report {max(delivered.editions)}')}")


_LEFT = "left to you"


def _uncertain(space: Workspace, delivered: Delivered) -> None:
    """Uncertain messages are always listed."""
    what = "sent again with the same Message-ID"
    for edition, address, is_left in doubts(space, delivered.uncertain):
        name = address or "an erased reader"
        click.echo(f"  uncertain: {name} may have {edition}; {_LEFT if is_left else what}")
    if unresolved(space):
        talk(f"Decide: {typed('uncertain resolve --as sent')} or --as resend")
