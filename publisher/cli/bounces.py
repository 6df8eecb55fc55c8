"""bounces list · show · read · classify · release · dismiss; fetch is in `bounce_ways`."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from publisher import files
from publisher.cli.bounce_ways import fetch_
from publisher.cli.options import at_option, json_option
from publisher.cli.output import (
    counted,
    emit,
    fields_of,
    heading,
    of_files,
    safe,
    table,
    talk,
    typed,
)
from publisher.cli.session import ask, workspace
from publisher.cli.verbs import Verbs
from publisher.errors import PublisherError, UsageError
from publisher.ledger import ReturnRecord
from publisher.model import no_controls
from publisher.pipeline.returns import bounces
from publisher.pipeline.returns.decide import RULES
from publisher.pipeline.returns.take import examined, take
from publisher.pipeline.workspace import Workspace
from publisher.returns import MOST

LATER = 75
"""EX_TEMPFAIL of sysexits.h: a mail server tries again."""

_which = click.argument("which", nargs=-1, metavar="[NUMBER|DOMAIN|CLASS]...")
_all = click.option("--all", "everything", is_flag=True, help="All that waits for you.")
_dry = click.option("-n", "--dry-run", is_flag=True, help="Say what would be, and change nothing.")
_messages = click.argument(
    "messages",
    nargs=-1,
    metavar="[FILE]...",
    type=click.Path(path_type=Path, allow_dash=True),
)


@click.group("bounces", cls=Verbs)
def bounces_() -> None:
    """What came back: bounces, complaints, mails that ask to leave."""


@bounces_.command("list")
@click.argument("of", default="", metavar="[ADDRESS|DOMAIN|EDITION]")
@click.option("--class", "what", type=click.Choice(bounces.CLASSES), help="Of this class alone.")
@click.option("--waiting", is_flag=True, help="What waits for your decision alone.")
@click.option(
    "--limit",
    default=50,
    show_default=True,
    type=click.IntRange(min=0),
    help="The newest so many; 0 for all.",
)
@json_option
def list_(of: str, what: str | None, waiting: bool, limit: int, as_json: bool) -> None:
    """List what came back, the newest last: of all, or of a reader, a domain, an edition."""
    space = workspace()
    found = bounces.listed(space, of, what=what or "", waiting=waiting, limit=limit)
    if as_json:
        emit(found)
        return
    table(
        (
            one.id,
            f"{one.at:%Y-%m-%d %H:%M}",
            one.what,
            one.followed,
            bounces.whom(space, one),
            _said(one),
        )
        for one in found
    )
    if not found:
        talk("Nothing waits for you." if waiting else "Nothing of that came back.")
    held = {one.domain for one in found if one.followed == "held"}
    if held:
        talk(f"Let it count: {typed(f'bounces release {min(held)}')}; or not: bounces dismiss")
    elif waiting and found:
        talk(f"Look at one: {typed(f'bounces show {found[-1].id}')}")


@bounces_.command("show")
@click.argument("number", type=click.IntRange(1, 2**31 - 1))
@json_option
def show(number: int, as_json: bool) -> None:
    """Show all that is known of one, with its message where that is kept."""
    space = workspace()
    found, message = bounces.one(space, number)
    text = message.decode("utf-8", "replace").replace("\r\n", "\n")
    if as_json:
        emit({**fields_of(found), "message": text})
        return
    heading(f"{found.id}: {found.what}, {found.followed}")
    rows = [
        ("came", f"{found.at:%Y-%m-%d %H:%M} UTC by {found.way}"),
        ("reader", bounces.whom(space, found)),
        ("edition", found.edition), ("proven by", found.proof or "nothing"),
        ("status", found.status), ("words", found.words), ("server", found.server),
        ("new address", found.replacement),
    ]  # fmt: skip
    table((name, value) for name, value in rows if value)
    if text:
        click.echo("\n" + "\n".join(no_controls(line) for line in text.split("\n")))


@bounces_.command("read")
@_messages
@click.option(
    "--to",
    default=None,
    metavar="ADDRESS",
    help="Where it was sent to; ORIGINAL_RECIPIENT or RECIPIENT of the environment by default, "
    "which mail servers set.",
)
@_dry
@at_option
@json_option
def read(
    messages: tuple[Path, ...], to: str | None, dry_run: bool, at: str | None, as_json: bool
) -> int:
    """Record messages that came back, from stdin or FILEs, and do what follows.

    It is what a mail server pipes to: exits with 0 when all of it is recorded, with 75 when it
    cannot be now, so that the server tries again. What is brought twice counts once.
    """
    if to is None:
        given = (os.environ.get(name, "") for name in ("ORIGINAL_RECIPIENT", "RECIPIENT"))
        to = next(filter(None, given), "")
    try:
        space = workspace(at, writing=not dry_run)
        done: list[ReturnRecord] = []
        for data in _contents(messages):
            if dry_run:
                done += examined(space, data, way="pipe", to=to)
            else:
                done += take(space, data, way="pipe", to=to).records
        _tell(space, done, as_json=as_json, dry_run=dry_run)
    except UsageError:
        raise
    except (PublisherError, OSError) as error:
        talk(f"publisher: {of_files(error) if isinstance(error, OSError) else error}")
        return LATER
    except Exception as error:  # a mail server takes any other end for a refusal, and drops it
        talk(f"publisher: {type(error).__name__}: {error}")
        return LATER
    return 0


@bounces_.command("classify")
@_messages
@json_option
def classify(messages: tuple[Path, ...], as_json: bool) -> None:
    """Say what messages say, from FILEs or stdin: the class, of whom, its rule, the words.

    No publication is asked, and nothing is recorded.
    """
    from publisher.returns.reading import read as reading

    found = [reading(data) for data in _contents(messages)]
    if as_json:
        emit([{**fields_of(one), "rule": RULES[one.what]} for said in found for one in said])
        return
    for said in found:
        for one in said:
            heading(one.what)
            rows = [("rule", RULES[one.what]), ("of", one.recipient), ("status", one.status),
                    ("words", one.words), ("server", one.server), ("ours", one.message_id),
                    ("new address", one.replacement)]  # fmt: skip
            table((name, value) for name, value in rows if value)
        if not said:
            heading("unknown")


@bounces_.command("release")
@_which
@_all
@_dry
@at_option
@json_option
def release(
    which: tuple[str, ...], everything: bool, dry_run: bool, at: str | None, as_json: bool
) -> None:
    """Let a flood that was held follow: its readers are as their servers said.

    Those who are dead for the second time are suppressed, and those who complained.
    """
    space = workspace(at, writing=not dry_run)
    meant = bounces.meant(space, which, everything=everything)
    done = meant if dry_run else bounces.release(space, meant)
    _tell(space, done, as_json=as_json, dry_run=dry_run)


@bounces_.command("dismiss")
@_which
@_all
@click.option("--yes", is_flag=True, help="Do not ask.")
@_dry
@at_option
@json_option
def dismiss(
    which: tuple[str, ...],
    everything: bool,
    yes: bool,
    dry_run: bool,
    at: str | None,
    as_json: bool,
) -> None:
    """Let what waits for you mean nothing, and keep its messages no longer.

    A flood that is dismissed never counts: the server was wrong.
    """
    space = workspace(at, writing=not dry_run)
    meant = bounces.meant(space, which, everything=everything)
    if not meant and not as_json:
        talk("Nothing waits for you.")
        return
    if meant and not dry_run:
        ask(f"Dismiss {counted(len(meant), 'message')}, for good?", yes or len(meant) == 1)
        meant = bounces.dismiss(space, meant)
    _tell(space, meant, as_json=as_json, dry_run=dry_run, verb="dismissed")


def _contents(messages: Sequence[Path]) -> Iterator[bytes]:
    """The messages that are meant, one after the other: files, or what is piped to us."""
    for path in messages or (Path("-"),):
        if str(path) != "-":
            yield _message(path)
        elif not sys.stdin.isatty() and (data := sys.stdin.buffer.read(MOST)):
            yield data
        else:
            raise UsageError(
                "there is no message", todo="Name its file, or pipe it to this command."
            )


def _message(path: Path) -> bytes:
    """The message in a file; raises UsageError for what is none, or several."""
    try:
        data = files.read_beginning(path, MOST)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from None
    if not data:
        raise UsageError(f"{path}: it is empty", todo="Name the file of a message.")
    if data.startswith(b"From ") and _NEXT.search(data):
        raise UsageError(
            f"{path}: it is a mailbox of several messages",
            why="One a file is read.",
            todo=f"Take it apart: formail -s publisher bounces read < {shlex.quote(str(path))}",
        )
    return data


_NEXT = re.compile(rb"\n\r?\nFrom \S[^\n]{0,200}\d\d:\d\d[^\n]{0,200}\n[!-9;-~]{1,76}:")
"""How another message begins in a mailbox of the kind mbox (RFC 4155)."""


def _tell(
    space: Workspace,
    done: Sequence[ReturnRecord],
    *,
    as_json: bool,
    dry_run: bool,
    verb: str = "",
) -> None:
    """Print what became of some; of a dry run, what they are."""
    if as_json:
        emit(done)
        return
    table(
        (
            one.id or "-",
            one.what,
            "-" if dry_run else verb or one.followed,
            bounces.whom(space, one),
            _said(one),
        )
        for one in done
    )
    if not done and not dry_run:
        talk("It was recorded before.")


def _said(one: ReturnRecord) -> str:
    return safe(f"{one.status} {one.words}".strip())[:100]


bounces_.add_command(fetch_)
