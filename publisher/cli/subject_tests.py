"""send --ab and --winner: a test of two subjects asked for, shown, decided."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import click

from publisher.cli.options import span
from publisher.cli.output import counted, emit, fields_of, heading, table, typed
from publisher.cli.session import ask
from publisher.errors import UsageError
from publisher.ledger import SendRecord
from publisher.model import Group, SubjectPlan, readers_needed, shown_from, span_in_words
from publisher.pipeline.sends.queued import queued
from publisher.pipeline.sends.subject_tests import Tested, choose, groups_of, planned, tested
from publisher.pipeline.workspace import Workspace

_F = TypeVar("_F", bound=Callable[..., Any])
_GROUPS: tuple[Group, Group] = ("A", "B")
_SHARE, _WAIT = "20%", "2h"


def options_of_tests(command: _F) -> _F:
    """Add what a test of two subjects is asked for with: --ab, --share, --wait, --winner."""
    for option in (
        click.option(
            "--winner",
            type=click.Choice(["A", "B"], case_sensitive=False),
            metavar="A|B",
            help="Send the rest of a test this subject now, whether its wait is over or not.",
        ),
        click.option(
            "--wait",
            metavar="TIME",
            help=f"How long a test waits from the start before the rest is sent: {_WAIT} by "
            "default.",
        ),
        click.option(
            "--share",
            metavar="PERCENT",
            help=f"How many of the readers a test goes to, both groups together: {_SHARE} by "
            "default.",
        ),
        click.option(
            "--ab",
            nargs=2,
            metavar="A B",
            help="Test two subjects: a share of the readers gets A or B, and the rest later the "
            "one that more people followed a link of.",
        ),
    ):
        command = option(command)
    return command


def asked(
    ab: tuple[str, str] | None, share: str | None, wait: str | None, others: Iterable[str]
) -> SubjectPlan | None:
    """Return the test that was asked for, None where none was; `others` cannot stand beside it."""
    if ab is None:
        if given := [name for name, value in (("--share", share), ("--wait", wait)) if value]:
            raise UsageError(
                f"{given[0]} is of a test of two subjects, and there is no --ab",
                todo='Give them: --ab "First subject" "Second subject"',
            )
        return None
    if given := list(others):
        raise UsageError(f"--ab and {given[0]} cannot stand together")
    if option := next((one for one in ab if re.fullmatch(r"--[a-z-]+|-n", one)), ""):
        raise UsageError(
            f"--ab takes two subjects, and {option} is none",
            why="What comes after --ab are its two subjects.",
            todo='Give both: --ab "First subject" "Second subject"',
        )
    return planned(*ab, share_of(share or _SHARE), span(wait or _WAIT, "--wait"))


def share_of(text: str) -> float:
    """Return a share given as `20%`, `20` or `12,5 %`, of 1; raise UsageError."""
    found = re.fullmatch(r"\s*(-?\d{1,9}(?:[.,]\d{1,9})?)\s*(%?)\s*", text, re.ASCII)
    if not found or (not found[2] and re.fullmatch(r"\s*0?[.,]\d+\s*", text)):
        raise UsageError(f"--share {text!r} is no share of the readers", todo="Write it as 20%.")
    return float(found[1].replace(",", ".")) / 100


def choose_winner(
    space: Workspace, edition: str, winner: str, yes: bool, others: Iterable[str], as_json: bool
) -> SendRecord:
    """Let the rest of an edition go with a subject, once somebody has said yes."""
    if given := list(others):
        raise UsageError(f"--winner and {given[0]} cannot stand together")
    group: Group = "A" if winner.upper() == "A" else "B"
    send = queued(space, edition)
    stands = tested(space, send.edition)
    if stands and stands.waiting and not stands.test.winner:
        subject = stands.test.subject(group)
        waiting = counted(stands.waiting, "reader")
        ask(f"Send {send.edition} as “{subject}” to the other {waiting}?", yes)
    test, count = choose(space, send.edition, group)
    if as_json:
        emit(with_test(space, send))
        return send
    subject = test.subject(group)
    if count:
        click.echo(f"{test.edition}: {counted(count, 'reader')} more get {group} “{subject}”")
    else:
        click.echo(f"{test.edition} goes out with {group} “{subject}” already; nothing done")
    return send


def question(edition: str, plan: SubjectPlan, readers: int) -> str:
    """What is asked before a test is sent."""
    groups = groups_of(plan, readers)
    parts = " and ".join(
        f"“{plan.subjects[group]}” to {counted(groups[group], 'reader')}" for group in _GROUPS
    )
    rest = f", and after {span_in_words(plan.wait)} the better one to the other {groups['rest']:,}"
    return f"Send {edition} as {parts}{rest if groups['rest'] else ''}"


def would_test(edition: str, plan: SubjectPlan, readers: int, as_json: bool) -> None:
    """Say who would get what, and what such a test can show."""
    groups = groups_of(plan, readers)
    if as_json:
        emit({"edition": edition, "readers": readers, "subjects": plan.subjects, "groups": groups})
        return
    click.echo(f"{edition}: {counted(readers, 'reader')} would get it")
    rows = [(group, counted(groups[group], "reader"), plan.subjects[group]) for group in _GROUPS]
    better = f"the better one, after {span_in_words(plan.wait)}"
    rest = [("rest", counted(groups["rest"], "reader"), better)] if groups["rest"] else []
    table([*rows, *rest])
    for line in _power(groups["B"]):
        click.echo(f"  {line}")


def _power(size: int) -> Iterator[str]:
    """What a test of so many in a group can show, where one in twenty follows a link."""
    base = max(1, round(size * 0.05))
    least = shown_from(size, base)
    if least is None:
        yield "That is too few to show any difference."
    else:
        yield (
            f"Where {base:,} of {size:,} in A follow a link ({base / size:.1%}), a difference is "
            f"shown from {least:,} in B on ({least / size:.1%})."
        )
    wanted = f"{readers_needed(0.05, 0.07):,}"
    yield f"To tell 5 % from 7 % four times in five, a group wants {wanted} readers."


def as_data(one: Tested) -> dict[str, Any]:
    """Return a test as --json prints it: `rate` and `interval` are parts of 1, `wait` seconds."""
    test, outcome = one.test, one.outcome
    chosen = test.outcome
    return {
        "edition": test.edition,
        "share": test.plan.share,
        "wait": test.plan.wait.total_seconds(),
        "until": test.until,
        "clicks_counted": test.plan.counted,
        "groups": {
            group: {
                "subject": test.subject(group),
                "readers": one.readers[group],
                "mailed": outcome.tallies[group].mailed,
                "followed": outcome.tallies[group].followed,
                "rate": outcome.tallies[group].rate,
            }
            for group in _GROUPS
        },
        "interval": outcome.interval if test.plan.counted else None,
        "better": outcome.better if test.plan.counted else None,
        "waiting": one.waiting,
        "winner": test.winner or None,
        "how": test.how,
        "decided": test.decided,
        "when_decided": chosen and chosen.tallies,
        "todo": f"publisher send {test.edition} --winner A" if one.wants_hand else "",
    }


def with_test(space: Workspace, send: SendRecord) -> dict[str, Any]:
    """Return a send as --json prints it, with its test if there is one."""
    stands = tested(space, send.edition)
    return {**fields_of(send), **({"test": as_data(stands)} if stands else {})}


def show_test(one: Tested) -> None:
    """Print how a test stands: its groups, what it has shown, who chose or must choose."""
    test = one.test
    heading(f"Subjects tested with {test.edition}")
    rows = []
    for group in _GROUPS:
        tally = one.outcome.tallies[group]
        row = [group, counted(one.readers[group], "reader"), f"{tally.mailed:,} mailed"]
        if test.plan.counted:
            row += [f"{tally.followed:,} followed a link", f"{tally.rate:.1%}"]
        rows.append([*row, f"“{test.subject(group)}”"])
    table(rows)
    if test.plan.counted:
        click.echo(f"  {_finding(one)}")
    if test.winner:
        click.echo(f"  {_chosen(one)}")
    elif one.wants_hand:
        _ask_hand(one)
    elif one.waiting:
        click.echo(
            f"  {counted(one.waiting, 'reader')} wait for the better one: clicks choose it at "
            f"{test.until:%Y-%m-%d %H:%M} UTC"
        )


def show_hands_wanted(tests: Iterable[Tested]) -> None:
    """Say loudly which tests wait for a person, and what to type."""
    for one in tests:
        click.echo(f"  {one.test.edition}: its subjects were tested")
        _ask_hand(one)


def _ask_hand(one: Tested) -> None:
    waiting = counted(one.waiting, "reader")
    text = f"  {waiting} wait for you to choose a subject: no clicks are counted in this edition."
    click.secho(text, fg="yellow", bold=True)
    todo = f"  Choose: {typed(f'send {one.test.edition} --winner A')}, or --winner B"
    click.secho(todo, fg="yellow", bold=True)


def _finding(one: Tested) -> str:
    interval, better = one.outcome.interval, one.outcome.better
    if interval is None:
        return "nothing is known yet: a group has no mails"
    low, high = (f"{100 * bound:+.1f}" for bound in interval)
    found = f"{better} was followed more" if better else "no difference shown"
    return f"{found}: A less B is {low} to {high} points of 100 (95 %, Newcombe)"


def _chosen(one: Tested) -> str:
    test = one.test
    ways = {
        "clicks": "chosen by clicks",
        "no difference": "no difference was shown, so that the first goes",
        "by hand": "chosen by hand",
    }
    at = f" at {test.decided:%Y-%m-%d %H:%M} UTC" if test.decided else ""
    return f"the rest gets {test.winner}: {ways.get(test.how, test.how)}{at}"
