"""why: all that happened between a reader and an edition."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

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
    lines += _came_back(space, reader, send.edition)
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
    lines.sort(key=lambda line: line[0] or send.frozen)
    at, now = _now(space, send, reader.id)
    return lines if lines[-1][1].startswith(f"{now}:") else [*lines, (at, now)]


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
