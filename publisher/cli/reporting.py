"""watch · report · why · audit · replay · uncertain list · resolve · keys list · rotate."""

from __future__ import annotations

import dataclasses
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import click

from publisher import pipeline
from publisher.cli.common import (
    Progress,
    at_option,
    counted,
    emit,
    heading,
    json_option,
    moment,
    table,
    talk,
    tell,
    typed,
    workspace,
)
from publisher.errors import UsageError
from publisher.model import FINAL, WAITING, State
from publisher.outbox import put

_ORDER: tuple[State, ...] = (
    "accepted", "deferred", "queued", "claimed", "sending", "bounced", "failed", "suppressed",
    "cancelled", "uncertain",
)  # fmt: skip


@click.command("watch")
@click.argument("edition")
@click.option("--every", default=1.0, show_default=True, help="Seconds between two looks.")
def watch_(edition: str, every: float) -> None:
    """Show how EDITION goes out, with the rate and the time left, until all is settled."""
    space = workspace()
    progress, begun, first = Progress(), time.monotonic(), None
    while True:
        send, counts = pipeline.standing(space, edition)
        settled = sum(counts.get(state, 0) for state in FINAL)
        first = settled if first is None else first
        seconds = time.monotonic() - begun
        rate = (settled - first) / seconds if seconds else 0.0
        left = f"{(send.readers - settled) / rate:,.0f} s left" if rate else send.state
        progress(f"{send.edition} {rate:,.0f}/s, {left}"[:60], settled, send.readers)
        if not any(counts.get(state) for state in (*WAITING, "sending")) or send.state != "sending":
            break
        if not sys.stderr.isatty():
            talk(f"{settled:,} of {send.readers:,} settled, {rate:,.0f} a second, {left}")
        time.sleep(every)
    _counts(counts)


def _counts(counts: Mapping[State, int]) -> None:
    table((f"{counts[state]:>9,}", state) for state in _ORDER if counts.get(state))


@click.command("report")
@click.argument("edition")
@json_option
def report_(edition: str, as_json: bool) -> None:
    """What became of EDITION: by state, by domain, by zone, and the replies of servers."""
    found = pipeline.report(workspace(), edition)
    if as_json:
        values = {field.name: getattr(found, field.name) for field in dataclasses.fields(found)}
        emit({**values, "standing": found.standing})
        return
    send = found.send
    heading(f"{send.edition}: {found.standing}, {counted(send.readers, 'reader')}")
    _counts(found.counts)
    if found.first and found.last:
        minutes = (found.last - found.first).total_seconds() / 60
        click.echo(
            f"  accepted from {found.first:%Y-%m-%d %H:%M} to {found.last:%H:%M} UTC, "
            f"{minutes:.0f} min"
        )
    if found.twice:
        click.echo(
            f"  {counted(found.twice, 'message')} in doubt: sent again, they may arrive twice"
        )
    if found.left:
        ways = ", ".join(f"{count:,} by {how}" for how, count in found.left.items())
        click.echo(f"  left since then, until the next edition: {ways}")
    if found.clicks or found.set_aside:
        heading("Links followed")
        table((f"{count:>9,}", url) for url, count in found.clicks)
        click.echo(f"  {found.set_aside:>9,}  set aside, for they looked like mail scanners")
    if found.domains:
        heading("Domains")
        table(_by_state(found, found.domains))
    if found.zones:
        heading("Zones")
        table(_by_state(found, found.zones))
    if found.replies:
        heading("Not accepted")
        table((f"{count:>9,}", reply[:120]) for reply, count in found.replies.items())


def _by_state(
    found: pipeline.Report, groups: Mapping[str, Mapping[State, int]]
) -> list[tuple[str, ...]]:
    states = [state for state in _ORDER if found.counts.get(state)]
    rows = [("", *states)]
    for name, counts in groups.items():
        cells = (f"{counts.get(state, 0):,}" for state in states)
        rows.append((name or "(erased)", *cells))
    return rows


@click.command("why")
@click.argument("address")
@click.argument("edition")
@at_option
@json_option
def why_(address: str, edition: str, at: str | None, as_json: bool) -> None:
    """Why the reader at ADDRESS did or did not get EDITION, step by step."""
    lines = pipeline.why(workspace(at), address, edition)
    if as_json:
        emit([{"at": when, "what": what} for when, what in lines])
        return
    heading(f"{address}, {edition}")
    table((f"{when:%Y-%m-%d %H:%M:%S}" if when else "now", what) for when, what in lines)


@click.command("replay")
@click.argument("edition")
@click.option("--commit", default="", metavar="REV", help="Only from this commit of git.")
@click.option(
    "--to",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the edition's files into this folder, which must not be there.",
)
@json_option
def replay_(edition: str, commit: str, to: Path | None, as_json: bool) -> int:
    """Make a past EDITION again, and compare it byte for byte with what was sealed.

    From the folder as it is or, under git, as it was then. Exits with 1 if it is not the same.
    """
    if to and to.exists():
        raise UsageError(f"{to} is there already", todo="Name another folder.")
    found = pipeline.replay(workspace(), edition, commit)
    if to and found.bundle:
        for name, data in found.bundle.files.items():
            put(to / name, data)
    if as_json:
        emit({"edition": found.edition, "same": found.is_same, "source": found.source,
              "seal": found.seal, "differences": found.differences,
              "failed": dict(found.failed)})  # fmt: skip
        return int(not found.is_same)
    for source, why in found.failed:
        talk(f"From {_source(source)}: {why}")
    if found.is_same:
        click.echo(f"{found.edition}: the same, byte for byte, from {_source(found.source)}")
        return 0
    nearest = f"; nearest is {_source(found.source)}" if found.bundle else ""
    click.echo(f"{found.edition}: cannot be made again as it was{nearest}")
    table((one,) for one in found.differences)
    where = counted(found.tried - 1, "commit") if found.tried > 1 else "no commit: there is no git"
    talk("Articles, templates, settings, pins or publisher itself have changed since.")
    if not commit:
        talk(f"Tried: the folder as it is, and {where}.")
    if found.tried > 1:
        talk(f"Another commit: {typed('replay')} {found.edition} --commit REV")
    return 1


def _source(source: str) -> str:
    return source if " " in source else f"commit {source[:12]}"


@click.command("audit")
@click.option("--since", metavar="DATE", help="Slots and stories from then on; 30 days by default.")
@at_option
@json_option
def audit_(since: str | None, at: str | None, as_json: bool) -> int:
    """Check that every slot, story, edition and reader is accounted for.

    Exits with 1 if one is not, and says which.
    """
    space = workspace(at)
    first = moment(since, space.publication.zone, space.now, "--since") if since else None
    problems = pipeline.audit(space, first)
    if as_json:
        emit(problems)
    else:
        tell(problems, err=False)
        sends = space.ledger.sends.sends()
        counts = Counter(problem.severity for problem in problems)
        found = ", ".join(counted(counts[name], name) for name in ("error", "warning", "note"))
        readers = counted(sum(send.readers for send in sends), "delivery", "deliveries")
        click.echo(f"{counted(len(sends), 'edition')} sent, {readers}: {found}.")
    return int(any(problem.severity == "error" for problem in problems))


@click.group("uncertain")
def uncertain_() -> None:
    """Messages that a server may have accepted, and nobody knows."""


@uncertain_.command("list")
@click.argument("edition", required=False)
@json_option
def list_(edition: str | None, as_json: bool) -> int:
    """List what waits for your decision, of EDITION or of all; exits with 4 if there is any."""
    found = pipeline.uncertain(workspace(), edition)
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
    count = pipeline.resolve(space, edition, sent=verdict == "sent", only=only)
    click.echo(f"{counted(count, 'message')}: {'sent' if verdict == 'sent' else 'in the queue'}")
    if verdict == "resend" and count:
        talk(f"Next: {typed('deliver')}")


@click.group("keys")
def keys_() -> None:
    """The keys that sign unsubscribe and preference links."""


@keys_.command("list")
@json_option
def keys_list(as_json: bool) -> None:
    """List the keys by number and age; the newest signs, all are honoured for ever."""
    made = workspace().ledger.readers.made()
    if as_json:
        emit(made)
    else:
        table((number, f"{when:%Y-%m-%d %H:%M} UTC") for number, when in made.items())


@keys_.command("rotate")
@at_option
def rotate(at: str | None) -> None:
    """Make a new key, which signs from now on; links of the old ones go on working."""
    space = workspace(at, writing=True)
    click.echo(f"key {space.ledger.readers.rotate(space.now)} signs from now on")
