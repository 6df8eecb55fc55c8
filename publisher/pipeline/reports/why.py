"""why: all that happened between a reader and an edition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from publisher.ledger import SendRecord
from publisher.model import Subscriber
from publisher.pipeline.readers import subscribers
from publisher.pipeline.sends.queued import queued
from publisher.pipeline.workspace import Workspace

Line = tuple[datetime | None, str]
"""When (UTC), None for now, and what."""


def history(space: Workspace, name: str, edition: str) -> list[Line]:
    """Return all that happened between a reader and an edition, in order of time (UTC)."""
    send, reader = queued(space, edition), subscribers.subscriber(space, name)
    lines: list[Line] = [
        (
            consent.at,
            f"{consent.what}: {consent.newsletter} ({_joined(consent.how, consent.source)})",
        )
        for consent in space.ledger.readers.consents(reader.id)
        if consent.newsletter == send.newsletter
    ]
    if reader.suppression:
        s = reader.suppression
        lines.append((s.at, f"suppressed: {s.reason} {s.detail}".rstrip()))
    lines.append((send.frozen, f"{send.edition} was frozen, with {send.readers:,} in its audience"))
    if test := space.ledger.subject_tests.get(send.edition):
        group = space.ledger.subject_tests.group(send.edition, reader.id)
        rest = f"the winner's, {test.winner or 'not chosen yet'}"
        lines.append((send.frozen, f"two subjects are tested; this reader's: {group or rest}"))
    lines += [
        (attempt.at, f"{attempt.state}: {attempt.reply or attempt.about}")
        for attempt in space.ledger.sends.attempts(send.edition, reader.id)
    ]
    at, now = _now(space, send, reader.id)
    back = list(_came_back(space, reader, send.edition))
    later = [line for line in back if at and line[0] and line[0] >= at]
    if at and now in ("accepted", "filed"):  # a delivery's instant is a whole second
        later += [line for line in lines if line[0] and line[0] >= at + _SECOND]
    lines = _sorted(send, [line for line in [*lines, *back] if line not in later])
    if not lines[-1][1].startswith(f"{now}:"):
        lines.append((at, now))
    return lines + _sorted(send, later)


_SECOND = timedelta(seconds=1)


def _sorted(send: SendRecord, lines: Sequence[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: line[0] or send.frozen)


def _came_back(space: Workspace, reader: Subscriber, edition: str) -> Iterator[Line]:
    """What came back of this edition, or of none that is known, and what was taken back."""
    for one in space.ledger.returns.listed(reader=reader.id):
        if one.edition in (edition, ""):
            said = " ".join(filter(None, (one.status, one.words)))
            yield one.at, f"came back, {one.what}: {_joined(said, one.followed)}"
    for lifted in subscribers.lifted(space, reader):
        what = f"may be mailed again, was {lifted.suppression}"
        yield lifted.at, ": ".join(filter(None, (what, lifted.reason)))


def _joined(*words: str) -> str:
    return ", ".join(filter(None, words))


def _now(space: Workspace, send: SendRecord, reader: int) -> Line:
    delivery = space.ledger.sends.delivery(send.edition, reader)
    if delivery is None:
        return None, "this reader was not in the audience"
    if delivery.waits_for_winner:
        return None, "queued, until the winner of the test of subjects is chosen"
    if delivery.state in ("queued", "deferred") and send.state == "sending":
        due = max(delivery.due, send.start)
        when = f", due {due:%Y-%m-%d %H:%M} UTC" if due > space.now else ", due now"
        return None, f"{delivery.state}{when}"
    return delivery.settled, delivery.state
