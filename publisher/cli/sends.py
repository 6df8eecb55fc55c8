"""send · test · deliver."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import click

from publisher.cli.options import at_option, json_option, moment, span
from publisher.cli.output import counted, emit, heading, table, talk, tell, typed
from publisher.cli.session import ask, clock, ends_on_signals, workspace
from publisher.cli.subject_tests import (
    asked,
    choose_winner,
    options_of_tests,
    question,
    show_hands_wanted,
    show_test,
    with_test,
    would_test,
)
from publisher.delivery import Clock, Stop
from publisher.errors import Problem, PublisherError, UsageError
from publisher.ledger import SendRecord
from publisher.model import EditionId
from publisher.pipeline.choice import (
    built_or_newest,
    newsletter_or_only,
    to_send,
)
from publisher.pipeline.freshness import freshness
from publisher.pipeline.pages.begun import show_begun
from publisher.pipeline.readers.signups import mail_signups
from publisher.pipeline.reports.status import keeper
from publisher.pipeline.sealed import sealed
from publisher.pipeline.sends import queued
from publisher.pipeline.sends.deliver import deliver, patiently
from publisher.pipeline.sends.freeze import audience, check_send, send
from publisher.pipeline.sends.queued import held, standing
from publisher.pipeline.sends.subject_tests import (
    check_test,
    hands_wanted,
    tested,
    to_choose,
)
from publisher.pipeline.sends.test import send_test
from publisher.pipeline.sends.transports import no_server, transport_of, way_out
from publisher.pipeline.sends.uncertain import doubts, unresolved
from publisher.pipeline.sends.worker import Delivered
from publisher.pipeline.workspace import Workspace

_F = TypeVar("_F", bound=Callable[..., Any])


def bulk_options(command: _F) -> _F:
    """Add what every send to many has: --undo, --dry-run, --yes."""
    for option in (
        click.option("--yes", is_flag=True, help="Do not ask."),
        click.option(
            "-n", "--dry-run", is_flag=True, help="Only say how many readers would get it."
        ),
        click.option(
            "--undo",
            metavar="TIME",
            default="0s",
            help="Time until the first message leaves, in which it can be cancelled: 5min.",
        ),
    ):
        command = option(command)
    return command


@click.command("send")
@click.argument("edition", required=False)
@click.option(
    "--now",
    "at_once",
    is_flag=True,
    help="Build and send what is due of a newsletter at this minute; its next slot stays as it is.",
)
@click.option(
    "--start",
    metavar="TIME",
    help='When its first message leaves: "tomorrow 7:00", 7pm; at once by default.',
)
@click.option(
    "--as-built", is_flag=True, help="Send it as it was built, though a story was corrected since."
)
@click.option(
    "--resend-filed", is_flag=True,
    help="Send what was only written as files, for there was no mail server then.",
)  # fmt: skip
@options_of_tests
@bulk_options
@at_option
@json_option
def send_(
    edition: str | None,
    at_once: bool,
    start: str | None,
    as_built: bool,
    resend_filed: bool,
    ab: tuple[str, str] | None,
    share: str | None,
    wait: str | None,
    winner: str | None,
    undo: str,
    dry_run: bool,
    yes: bool,
    at: str | None,
    as_json: bool,
) -> None:
    """Freeze the audience of EDITION and put it into the queue; `deliver` sends it.

    EDITION is an id such as morning@2026-11-24T0700, or a newsletter's name for its newest one;
    without any, the newest that was not sent. The number of readers is named, and confirmed. Each
    of them gets it once; who joins later does not.
    """
    others: dict[str, object] = {"--now": at_once, "--resend-filed": resend_filed}
    test = asked(ab, share, wait, filter(others.get, others))
    space = workspace(at, writing=not dry_run)
    window = span(undo, "--undo")
    if winner:
        others |= {"--ab": ab, "--start": start, "--dry-run": dry_run, "--as-built": as_built}
        others["--undo"] = window
        name = to_choose(space, edition)
        record = choose_winner(space, name, winner, yes, filter(others.get, others), as_json)
        if not as_json:
            _next(space, record)
        return
    begins = moment(start, space.publication.zone, space.now, "--start") if start else None
    if at_once:
        _check_at_once(edition, start, as_built, resend_filed)
        name = newsletter_or_only(space, edition)
        from publisher.cli.at_once import send_now  # late: it builds, and `deliver` does not

        sent = send_now(space, name, window, dry_run=dry_run, yes=yes, as_json=as_json)
        if sent:
            _queued(space, sent, window, as_json)
        return
    name = to_send(space, edition)
    if resend_filed:
        _resend(space, name, yes)
        return
    bundle = sealed(space, name)
    readers = audience(space, bundle.id)
    if test:
        from publisher.pipeline.editions.tested_subjects import told_of_subjects  # late as well

        check_test(space, bundle.id, test, readers)
        tell(told_of_subjects(space, bundle.id, test))
    known = queued.send_of(space, bundle.id)
    if known and not begins and not window:
        check_send(space, bundle)  # held, or cancelled
        if as_json:
            emit(with_test(space, known))
        else:
            from publisher.cli.at_once import say_known

            say_known(space, known)
            _next(space, known)
        return
    subject = bundle.rendition().subject.filled()
    if dry_run and test:
        would_test(bundle.id, test, readers, as_json)
        return
    if dry_run:
        _would_get(bundle.id, subject, readers, as_json)
        return
    if not known:
        check_send(space, bundle, begins, as_built=as_built)
        later = f", from {begins:%Y-%m-%d %H:%M} UTC" if begins else ""
        what = f"Send {bundle.id} “{subject}” to {counted(readers, 'reader')}"
        ask(f"{question(bundle.id, test, readers) if test else what}{later}?", yes)
    record = send(space, bundle.id, begins, window, as_built=as_built, test=test)
    _queued(space, record, window, as_json)


def _check_at_once(
    edition: str | None, start: str | None, as_built: bool, resend_filed: bool
) -> None:
    """Raise UsageError for what `--now` cannot stand beside."""
    others = {"--start": start, "--as-built": as_built, "--resend-filed": resend_filed}
    if edition and "@" in edition:
        raise UsageError(
            f"--now builds an edition of its own, and {edition} is one",
            todo=f"Send that: publisher send {edition}; or name its newsletter: "
            f"publisher send {EditionId(edition).newsletter} --now",
        )
    if given := [option for option, value in others.items() if value]:
        raise UsageError(f"--now and {given[0]} cannot stand together")


def _would_get(edition: str, subject: str, readers: int, as_json: bool) -> None:
    if as_json:
        emit({"edition": edition, "subject": subject, "readers": readers})
    else:
        click.echo(f"{edition}: {counted(readers, 'reader')} would get “{subject}”")


def _queued(space: Workspace, record: SendRecord, window: timedelta, as_json: bool) -> None:
    """Say that an edition is in the queue, and what comes next."""
    if as_json:
        emit(with_test(space, record))
        return
    _say_no_server(space)
    state = record.standing(standing(space, record.edition)[1])
    click.echo(
        f"{record.edition}: {state_of(record, state)} for {counted(record.readers, 'reader')}"
    )
    if stands := tested(space, record.edition):
        show_test(stands)
    if window and state == "queued":
        talk(f"Until then: {typed(f'cancel {record.edition}')}")
    _next(space, record)


def _next(space: Workspace, record: SendRecord) -> None:
    if record.standing(standing(space, record.edition)[1]) in ("queued", "sending"):
        talk(f"Next: {typed('deliver')}" if not keeper(space) else "The service sends it.")


def _resend(space: Workspace, edition: str, yes: bool) -> None:
    """Put filed messages into the queue again, once there is a server."""
    send, counts = standing(space, edition)
    filed = counts.get("filed", 0)
    if filed:
        ask(f"Send {counted(filed, 'filed mail')} of {send.edition} by the server now?", yes)
    record, count = queued.resend_filed(space, edition)
    click.echo(f"{record.edition}: {counted(count, 'message')} in the queue")
    deliver_next(space)


def _say_no_server(space: Workspace) -> None:
    if said := no_server(space):
        talk(said, fg="yellow", bold=True)


def state_of(record: SendRecord, state: str) -> str:
    """Where a send stands, and when it starts if that is later."""
    if state != "queued":
        return state
    begins = f", starts {record.start:%Y-%m-%d %H:%M} UTC" if record.start > record.frozen else ""
    return f"in the queue{begins}"


def deliver_next(space: Workspace) -> None:
    """Say how to go on, where no service does."""
    if not keeper(space):
        talk(f"Next: {typed('deliver')}")


@click.command("test")
@click.argument("edition", required=False)
@click.option("--to", required=True, metavar="ADDRESS", help="Where the test goes.")
@click.option("--as", "reader", metavar="ADDRESS", help="A subscriber whose values it shows.")
@at_option
def test_(edition: str | None, to: str, reader: str | None, at: str | None) -> None:
    """Send a real mail of EDITION, the newest by default, to one address, and change nothing.

    Its subject says [Test]; its links leave every subscription as it is.
    """
    space = workspace(at)
    name, reply = send_test(space, transport_of(space), built_or_newest(space, edition), to, reader)
    if changed := freshness(space, sealed(space, name), space.now).words:
        talk(f"{name} is not as its articles are now: {changed}")
    click.echo(f"{name}: sent to {to} ({reply})")


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

    def confirm() -> int:
        return mail_signups(space, transport_of(space), space.now, stop)

    confirmations = patiently(confirm, stop, Clock(), say) if wait else confirm()
    if confirmations:
        talk(f"{counted(confirmations, 'mail')} sent that were asked for on the web")
    try:
        show_begun(space)
    except PublisherError as error:  # of a page's template: it holds up no mail
        tell([error.problem])
    delivered = deliver(space, transport_of(space), now, stop, wait=wait, retry=True, say=say)
    _say_no_server(space)
    if as_json:
        emit(delivered)
    else:
        _report(space, delivered)
    if delivered.down is not None:
        raise delivered.down
    left = delivered.next_due is not None or bool(unresolved(space) or hands_wanted(space))
    return 4 if left or delivered.expired or delivered.problems or held(space) else 0


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
