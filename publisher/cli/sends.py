"""send · test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

import click

from publisher.cli.options import at_option, json_option, moment, span
from publisher.cli.output import counted, emit, talk, tell, typed
from publisher.cli.session import ask, workspace
from publisher.cli.subject_tests import (
    asked,
    choose_winner,
    options_of_tests,
    question,
    show_test,
    with_test,
    would_test,
)
from publisher.errors import UsageError
from publisher.ledger import SendRecord
from publisher.model import EditionId, SubjectPlan
from publisher.pipeline.choice import built_or_newest, newsletter_or_only, to_send
from publisher.pipeline.freshness import freshness
from publisher.pipeline.reports.status import keeper
from publisher.pipeline.sealed import sealed
from publisher.pipeline.sends import queued
from publisher.pipeline.sends.freeze import audience, check_send, send
from publisher.pipeline.sends.queued import standing
from publisher.pipeline.sends.subject_tests import check_test, tested, to_choose
from publisher.pipeline.sends.test import send_test
from publisher.pipeline.sends.transports import no_server, transport_of
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
    given = {"--now": at_once, "--resend-filed": resend_filed}
    test = asked(ab, share, wait, _named(given))
    space = workspace(at, writing=not dry_run)
    window = span(undo, "--undo")
    begins = moment(start, space.publication.zone, space.now, "--start") if start else None
    given |= {"--start": bool(start), "--as-built": as_built}
    if winner:
        given |= {"--ab": bool(ab), "--dry-run": dry_run, "--undo": bool(window)}
        name = to_choose(space, edition)
        record = choose_winner(space, name, winner, yes, _named(given), as_json)
        if not as_json:
            _next(space, record)
    elif at_once:
        _check_at_once(edition, _named({**given, "--now": False}))
        name = newsletter_or_only(space, edition)
        from publisher.cli.at_once import send_now  # late: it builds, and `deliver` does not

        sent = send_now(space, name, window, dry_run=dry_run, yes=yes, as_json=as_json)
        if sent:
            _queued(space, sent, window, as_json)
    elif resend_filed:
        _resend(space, to_send(space, edition), yes)
    else:
        wish = _Wish(begins, window, as_built, test)
        _send(space, to_send(space, edition), wish, dry_run=dry_run, yes=yes, as_json=as_json)


class _Wish(NamedTuple):
    """How an edition is sent: aware UTC, or at once; with time to cancel, and what is tested."""

    begins: datetime | None
    window: timedelta
    as_built: bool
    test: SubjectPlan | None


def _send(
    space: Workspace, name: str, wish: _Wish, *, dry_run: bool, yes: bool, as_json: bool
) -> None:
    """Freeze the audience of one edition, once somebody has said yes."""
    begins, window, as_built, test = wish
    bundle = sealed(space, name)
    readers = audience(space, bundle.id)
    if test:
        from publisher.pipeline.editions.tested_subjects import told_of_subjects  # late as well

        check_test(space, bundle.id, test, readers)
        tell(told_of_subjects(space, bundle.id, test))
    known = queued.send_of(space, bundle.id)
    if known and not begins and not window:
        check_send(space, bundle)  # held, or cancelled
        _stands(space, known, as_json)
    elif dry_run and test:
        would_test(bundle.id, test, readers, as_json)
    elif dry_run:
        _would_get(bundle.id, bundle.rendition().subject.filled(), readers, as_json)
    else:
        if not known:
            check_send(space, bundle, begins, as_built=as_built)
            later = f", from {begins:%Y-%m-%d %H:%M} UTC" if begins else ""
            subject = bundle.rendition().subject.filled()
            what = f"Send {bundle.id} “{subject}” to {counted(readers, 'reader')}"
            ask(f"{question(bundle.id, test, readers) if test else what}{later}?", yes)
        record = send(space, bundle.id, begins, window, as_built=as_built, test=test)
        _queued(space, record, window, as_json)


def _named(options: Mapping[str, bool]) -> list[str]:
    """Return the options that were given."""
    return [name for name, is_given in options.items() if is_given]


def _check_at_once(edition: str | None, others: Sequence[str]) -> None:
    """Raise UsageError for what `--now` cannot stand beside."""
    if edition and "@" in edition:
        raise UsageError(
            f"--now builds an edition of its own, and {edition} is one",
            todo=f"Send that: publisher send {edition}; or name its newsletter: "
            f"publisher send {EditionId(edition).newsletter} --now",
        )
    if others:
        raise UsageError(f"--now and {others[0]} cannot stand together")


def _stands(space: Workspace, known: SendRecord, as_json: bool) -> None:
    """Say what became of an edition that was sent before: nothing is done."""
    if as_json:
        emit(with_test(space, known))
        return
    from publisher.cli.at_once import say_known

    say_known(space, known)
    _next(space, known)


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
    say_no_server(space)
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


def say_no_server(space: Workspace) -> None:
    """Say where mails go while no server is named."""
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
