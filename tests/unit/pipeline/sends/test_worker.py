"""What a sender claims: with a pace, nothing is under way whose place passed while it was prepared."""

from contextlib import closing
from datetime import timedelta
from types import SimpleNamespace

import pytest

from publisher.delivery import Batch, Clock, Outcome, Stop
from publisher.model import Reply
from publisher.pipeline.sends import worker as module
from publisher.pipeline.sends.part import Part
from publisher.pipeline.sends.worker import Delivered, Worker
from publisher.pipeline.workspace import Workspace
from tests.site import CONFIG, NOW

EDITION = "morning@2026-11-24T0700"
LONG = 5.0  # seconds
TAKEN = Reply(code=250, stage="dot", text="Ok")
REFUSED = Reply(code=554, stage="rcpt", text="Nope")


@pytest.fixture
def frozen(site):
    """Returns a worker, of a publication with this pace, whose first messages take long to make."""
    opened = []

    def worker(monkeypatch, pace, **part):
        site.config(f"{CONFIG}[delivery]\n{pace}\n")
        site.story("a")
        for address in ("ana@x.example", "ben@y.example"):
            site.run("subscribers", "add", address)
        site.build("2026-11-24 07:00")
        assert site.run("send", EDITION, "--yes").code == 0
        space = Workspace(site.root, NOW + timedelta(hours=1), writing=True)
        opened.append(space)
        hand, make = SimpleNamespace(at=100.0), module.messages_of

        def slow(*args, **keys):
            hand.at += LONG
            return make(*args, **keys)

        monkeypatch.setattr(module, "messages_of", slow)

        def now():
            return space.now + timedelta(seconds=hand.at)

        clock = Clock(seconds=lambda: hand.at)
        return Worker(space, "w", now, clock, Stop(), Delivered(), **part), hand

    yield worker
    for space in opened:
        space.close()


def test_places_that_passed_while_messages_were_made_do_not_rush(frozen, monkeypatch):
    worker, hand = frozen(monkeypatch, "per_second = 10.0")
    batch = worker.claim(1)
    assert isinstance(batch, Batch)
    assert hand.at == 100.0 + LONG
    assert [one.at for one in batch.deliveries] == [100.0]
    other = worker.claim(1)  # before the first claim is finished
    assert isinstance(other, Batch)
    assert [one.at for one in other.deliveries] == [hand.at]
    both = {one.recipient.reader for one in (*batch.deliveries, *other.deliveries)}
    assert len(both) == 2


def test_a_part_has_its_messages_before_it_takes_places(frozen, monkeypatch):
    worker, hand = frozen(monkeypatch, "per_second = 10.0", part=Part(EDITION, 2, lambda _: True))
    batch = worker.claim(1)
    assert isinstance(batch, Batch)
    assert hand.at == 100.0 + LONG
    assert [one.at for one in batch.deliveries] == pytest.approx([hand.at, hand.at + 0.1])


def test_a_part_claims_what_its_turn_has_room_for_and_waits_for_what_is_due_in_a_moment(
    frozen, monkeypatch
):
    part = Part(EDITION, 1, lambda is_idle: is_idle)
    worker, _ = frozen(monkeypatch, "connections = 1", part=part)
    batch = worker.claim(1)
    assert isinstance(batch, Batch)
    assert len(batch.deliveries) == 1
    assert worker.waits(worker._now())
    assert worker.claim(1) is None
    assert not worker.waits(worker._now())


def test_without_a_pace_the_first_claim_is_kept(frozen, monkeypatch):
    worker, hand = frozen(monkeypatch, "connections = 1")
    batch = worker.claim(1)
    assert batch.claim == 1
    assert all(one.at <= hand.at for one in batch.deliveries)


def test_who_has_no_pace_waits_for_nobody_s(frozen, monkeypatch):
    worker, _ = frozen(monkeypatch, 'connections = 1\n[domains."x.example"]\nper_second = 10.0')
    batch = worker.claim(1)
    assert isinstance(batch, Batch)
    assert {one.recipient.domain for one in batch.deliveries} == {"x.example", "y.example"}


def test_who_was_announced_before_another_was_refused_says_nothing_of_the_refusal(site):
    site.config(f"{CONFIG}[delivery]\nbreaker = 3\n")
    site.story("a")
    for name in "abcdef":
        site.run("subscribers", "add", f"{name}@{name}.example")
    site.build("2026-11-24 07:00")
    assert site.run("send", EDITION, "--yes").code == 0
    with closing(Workspace(site.root, NOW + timedelta(hours=1), writing=True)) as space:
        worker = Worker(space, "w", lambda: space.now, Clock(), Stop(), Delivered())
        batch = worker.claim(1)
        assert isinstance(batch, Batch)
        a, b, x, *others = batch.deliveries
        for one in (a, x, *others):
            worker.record([Outcome(batch, one)])
        worker.record([Outcome(batch, x, REFUSED)])
        worker.record([Outcome(batch, a, TAKEN), Outcome(batch, b)])  # b was announced with a
        worker.record([Outcome(batch, b, TAKEN)])
        for one in others:
            worker.record([Outcome(batch, one, REFUSED)])
        worker.finish(batch)
        counts = space.ledger.sends.counts(EDITION)
    assert {state: count for state, count in counts.items() if count} == {
        "accepted": 2,
        "deferred": 4,
    }
