"""Who was refused together with the one that broke a circuit waits as the others do."""

import threading
from collections import Counter
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from publisher.delivery import Stop, judge
from publisher.ledger import EVERY_DOMAIN
from publisher.model import Reply
from publisher.pipeline.sends.circuits import Circuits

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)


class Queue:
    """What the circuits ask of a ledger's queue: holds, and who waits by them."""

    def __init__(self):
        self.waiting, self.reasons = [], set()

    def hold_of(self, domain):
        return None

    def hold_domain(self, domain, now, until, reason, undone):
        self.waiting += [(domain, reader) for _, reader in undone]
        self.reasons.add(reason)


@pytest.mark.parametrize(
    ("reply", "domain_of", "held"),
    [
        (Reply(code=571, text="Message refused", stage="dot"), "d{}.example", EVERY_DOMAIN),
        (Reply(code=550, status="5.1.1", text="", stage="rcpt"), "d.example", "d.example"),
    ],
)
def test_who_was_marked_with_the_one_that_broke_a_circuit_waits_too(reply, domain_of, held):
    queue, counts = Queue(), Counter[str]()
    settings = SimpleNamespace(delivery=SimpleNamespace(breaker=5))
    space: Any = SimpleNamespace(publication=settings, ledger=SimpleNamespace(queue=queue))
    circuits = Circuits(space, counts, threading.Lock(), NOW, retry=False)
    verdict = judge(reply)
    for reader in range(8):  # one record: all of it is marked before any is noted
        counts[verdict.state] += 1
        key = ("morning@2026-11-26T0800", reader, verdict.state)
        circuits.note(key, domain_of.format(reader), reply, verdict, NOW, Stop())
    assert queue.waiting == [(held, reader) for reader in range(8)]
    assert counts == {"deferred": 8, verdict.state: 0}
    assert len(queue.reasons) == 1
