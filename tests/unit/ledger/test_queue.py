"""Deliveries in the ledger: each reader once, whoever dies, whoever leaves."""

import itertools
import threading
import unittest.mock
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from publisher.audience import address
from publisher.ledger import EditionRecord, Ledger, Limits, Mark, SendRecord, SlotRecord, tables
from publisher.ledger import queue as queue_module
from publisher.ledger.stopping import START
from publisher.model import Candidate, Said, Segment

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LEASE = timedelta(minutes=5)
EDITION = "morning@2026-11-24T0700"


def at(seconds=0, **keys):
    """So long after noon."""
    return NOON + timedelta(seconds=seconds, **keys)


class Desk:
    """A ledger with readers, and the verbs of a sender with less to write."""

    def __init__(self, ledger):
        self.ledger, self.queue, self.sends = ledger, ledger.queue, ledger.sends

    def join(self, *names, domain="x.example", newsletter="morning", **keys):
        candidates = [Candidate(address=address(f"{name}@{domain}"), **keys) for name in names]
        erased = {one.address.key: "erased:" + one.address.key for one in candidates}
        self.ledger.readers.join(
            candidates, [newsletter], now=NOON, how="", source="", erased=erased
        )

    def freeze(self, edition=EDITION, lane=1, start=NOON, segment=None, expires=None):
        name, _, slot = edition.partition("@")
        self.ledger.editions.record(
            EditionRecord(
                id=edition, newsletter=name, slot=slot, instant=NOON, state="built", recorded=NOON
            )
        )
        return self.sends.freeze(
            SendRecord(
                edition=edition,
                newsletter=name,
                state="sending",
                seal="s",
                lane=lane,
                readers=0,
                frozen=NOON,
                start=start,
                expires=expires or start + timedelta(hours=24),
            ),
            segment,
        )

    def claim(self, size=100, worker="w", now=NOON, **limits):
        return self.queue.claim(worker, now, size, LEASE, Limits(**limits))

    def mark(self, chunk, delivery, state, now=NOON, **keys):
        mark = Mark(
            claim=chunk.claim,
            edition=chunk.edition,
            reader=delivery.reader,
            state=state,
            at=now,
            **keys,
        )
        return not self.queue.mark([mark], LEASE)

    def send(self, chunk, delivery, state="accepted", **keys):
        return self.mark(chunk, delivery, "sending") and self.mark(chunk, delivery, state, **keys)

    def states(self, edition=EDITION):
        return dict(self.sends.counts(edition))

    def id(self, name, domain="x.example"):
        return self.ledger.readers.find(f"{name}@{domain}").id


@pytest.fixture
def desk(ledger):
    made = Desk(ledger)
    made.join("ana", "bob", "cy")
    return made


def test_the_audience_is_frozen_once(desk):
    assert desk.freeze().readers == 3
    desk.join("late")
    assert desk.freeze().readers == 3
    assert desk.states() == {"queued": 3}


def test_a_claim_of_hundreds_has_each_of_them_once_and_holds_them(desk):
    desk.join(*(f"r{number}" for number in range(600)))
    desk.join("gone", "dead", name="", attributes={"city": "Köln"})
    desk.freeze()
    desk.ledger.readers.leave(desk.id("gone"), [], NOON, "link")
    first, second = desk.claim(size=500), desk.claim(size=500)
    assert (len(first.deliveries), len(second.deliveries)) == (500, 104)
    both = [one.reader for one in (*first.deliveries, *second.deliveries)]
    assert len(set(both)) == 604
    assert desk.claim() is None
    assert desk.states() == {"claimed": 604, "suppressed": 1}
    attributes = {one.address: one.attributes for one in (*first.deliveries, *second.deliveries)}
    assert attributes["dead@x.example"] == {"city": "Köln"}
    assert attributes["r7@x.example"] == {}


def test_only_those_who_may_be_mailed_are_frozen(desk):
    desk.join("other", newsletter="weekly")
    desk.join("paying", tags=("paid",))
    desk.ledger.readers.leave(desk.id("ana"), [], NOON, "link")
    desk.ledger.readers.suppress("bob@x.example", "manual", NOON)
    assert desk.freeze().readers == 2
    assert (
        desk.freeze("morning@2026-11-25T0700", segment=Segment(name="s", tags=("paid",))).readers
        == 1
    )


def test_every_delivery_is_claimed_once_and_ends_once(desk):
    desk.freeze()
    one, two = desk.claim(size=2, worker="a"), desk.claim(size=2, worker="b")
    assert (len(one.deliveries), len(two.deliveries), desk.claim()) == (2, 1, None)
    for chunk in (one, two):
        for delivery in chunk.deliveries:
            assert desk.send(chunk, delivery)
        desk.queue.finish(chunk.claim, NOON)
    assert desk.states() == {"accepted": 3}
    assert desk.queue.next_due(NOON) is None


def test_a_claim_tells_what_a_message_needs_of_its_reader(desk):
    desk.join("dee", name="Dee", language="de", attributes={"city": "Köln"})
    desk.freeze()
    (dee,) = [one for one in desk.claim().deliveries if one.address == "dee@x.example"]
    assert (dee.name, dee.language, dee.attributes, dee.domain, dee.utf8, dee.attempts) == (
        "Dee",
        "de",
        {"city": "Köln"},
        "x.example",
        False,
        0,
    )


def test_nothing_starts_before_its_time_or_while_held(desk):
    desk.freeze(start=at(60))
    assert desk.claim(now=at(59)) is None
    assert desk.queue.next_due(NOON) == at(60)
    assert desk.sends.hold(EDITION, "a typo")
    assert desk.claim(now=at(60)) is None
    assert desk.sends.release(EDITION, at(90), at(90) + timedelta(hours=24), at(60))
    assert not desk.sends.release(EDITION, at(90), at(90), at(60))
    assert desk.sends.move(EDITION, at(90), at(90) + timedelta(hours=24), at(60))
    assert len(desk.claim(now=at(90)).deliveries) == 3


def test_a_hold_or_cancel_stops_what_is_claimed_and_has_not_started(desk):
    desk.freeze()
    chunk = desk.claim()
    first, second, _ = chunk.deliveries
    assert desk.mark(chunk, first, "sending")
    assert desk.sends.hold(EDITION, "")
    assert not desk.mark(chunk, second, "sending")
    assert desk.mark(chunk, first, "accepted")
    assert desk.states() == {"accepted": 1, "queued": 2}
    assert desk.sends.cancel(EDITION, NOON, "")
    assert desk.states() == {"accepted": 1, "cancelled": 2}
    assert not desk.sends.cancel(EDITION, NOON, "")


@pytest.mark.parametrize("way", ["leave", "suppress", "erase", "import"])
def test_consent_that_ends_after_the_claim_stops_the_message(desk, way):
    desk.freeze()
    chunk = desk.claim()
    ana = next(one for one in chunk.deliveries if one.address.startswith("ana"))
    readers = desk.ledger.readers
    if way == "leave":
        readers.leave(ana.reader, ["morning"], NOON, "link")
    elif way == "suppress":
        readers.suppress("ana@x.example", "complained", NOON)
    elif way == "erase":
        readers.erase("ana@x.example", "erased:x", NOON)
    else:
        desk.join("ana", said=Said(what="unsubscribed"))
    assert not desk.mark(chunk, ana, "sending")
    assert desk.states() == {"claimed": 2, "suppressed": 1}


def test_who_left_holds_up_nobody_that_starts_together_with_them(desk):
    desk.freeze()
    chunk = desk.claim()
    ana, bob, cy = sorted(chunk.deliveries, key=lambda one: one.address)
    assert desk.mark(chunk, bob, "sending")
    desk.ledger.readers.suppress("ana@x.example", "complained", NOON)
    said = [(bob, "accepted"), (ana, "sending"), (cy, "sending")]
    marks = [Mark(chunk.claim, chunk.edition, one.reader, state, NOON) for one, state in said]
    assert desk.queue.mark(marks, LEASE) == {(chunk.claim, ana.reader)}
    assert desk.states() == {"accepted": 1, "sending": 1, "suppressed": 1}


def test_leaving_one_newsletter_leaves_the_others_alone(desk):
    desk.join("ana", newsletter="weekly")
    desk.freeze()
    desk.freeze("weekly@2026-11-24T0700")
    desk.ledger.readers.leave(desk.id("ana"), ["weekly"], NOON, "link")
    assert (desk.states(), desk.states("weekly@2026-11-24T0700")) == (
        {"queued": 3},
        {"suppressed": 1},
    )


def test_breaking_news_goes_first_and_retries_last(desk):
    desk.freeze("morning@2026-11-24T0600", start=at(-10))
    chunk = desk.claim(size=1)
    desk.send(chunk, chunk.deliveries[0], "deferred", due=NOON)
    desk.freeze()
    desk.freeze("morning@2026-11-24T0800", lane=0)
    order = [desk.claim(size=5).edition[-4:] for _ in range(3)]
    last = desk.claim()
    assert order == ["0800", "0600", "0700"]
    assert (last.edition[-4:], last.deliveries[0].attempts) == ("0600", 1)


def test_a_deferred_delivery_waits_for_its_time_and_is_logged(desk):
    desk.freeze()
    chunk = desk.claim(size=1)
    desk.send(
        chunk, chunk.deliveries[0], "deferred", due=at(300), about="transient", reply="450 later"
    )
    desk.queue.finish(chunk.claim, NOON)
    assert len(desk.claim().deliveries) == 2
    assert desk.claim(now=at(299)) is None
    assert desk.queue.next_due(NOON) == at(300)
    assert desk.claim(now=at(300)).deliveries[0].reader == chunk.deliveries[0].reader
    (attempt,) = desk.sends.attempts(EDITION, chunk.deliveries[0].reader)
    assert (attempt.state, attempt.about, attempt.reply) == ("deferred", "transient", "450 later")


def test_what_is_not_settled_in_time_fails_by_name(desk):
    desk.freeze(expires=at(60))
    assert desk.sends.expire(at(59)) == 0
    assert desk.sends.expire(at(60)) == 3
    assert desk.states() == {"failed": 3}
    assert desk.sends.attempts(EDITION, desk.id("ana"))[0].reply == "expired"


def test_a_dead_worker_loses_nothing_and_only_what_started_is_uncertain(desk):
    desk.freeze()
    chunk = desk.claim(worker="dead")
    desk.mark(chunk, chunk.deliveries[0], "sending")
    assert desk.queue.recover(NOON, [], resend=False) == []
    assert desk.queue.recover(NOON, ["dead"], resend=False) == [
        (EDITION, chunk.deliveries[0].reader)
    ]
    assert desk.states() == {"queued": 2, "uncertain": 1}
    assert desk.sends.resolve(EDITION, [], sent=True, now=NOON, expires=NOON) == 1
    assert desk.states() == {"queued": 2, "accepted": 1}


def test_with_resend_what_was_uncertain_is_in_the_queue_again_and_noted(desk):
    desk.freeze()
    chunk = desk.claim(worker="dead")
    desk.mark(chunk, chunk.deliveries[0], "sending")
    desk.queue.recover(NOON, ["dead"], resend=True)
    assert desk.states() == {"queued": 3}
    assert [a.state for a in desk.sends.attempts(EDITION, chunk.deliveries[0].reader)] == [
        "uncertain"
    ]


def test_after_a_power_cut_all_that_was_claimed_is_uncertain(desk, monkeypatch):
    desk.freeze()
    desk.claim(size=2)
    monkeypatch.setattr(queue_module, "epoch", lambda engine: "another boot")
    monkeypatch.setattr(queue_module, "wholeness", lambda db: "another")
    assert len(desk.queue.recover(NOON, [], resend=False)) == 2
    assert desk.states() == {"queued": 1, "uncertain": 2}


def test_a_worker_past_its_lease_is_fenced(desk):
    desk.freeze()
    stale = desk.claim(worker="stopped")
    first, second, _ = stale.deliveries
    desk.mark(stale, first, "sending")
    late = NOON + LEASE
    assert desk.queue.recover(late, [], resend=True) == [(EDITION, first.reader)]
    fresh = desk.claim(worker="other", now=late)
    assert not desk.mark(stale, second, "sending")
    assert desk.mark(fresh, fresh.deliveries[1], "sending")
    # The stopped one wakes and knows that its message was accepted: that is the truth.
    desk.mark(stale, first, "accepted")
    assert not desk.mark(fresh, first, "sending")
    desk.mark(stale, second, "deferred", due=late)  # but its failures count no more
    desk.queue.finish(stale.claim, NOON)
    assert desk.states() == {"accepted": 1, "claimed": 1, "sending": 1}


def test_a_lease_grows_while_its_worker_works(desk):
    desk.freeze()
    chunk = desk.claim()
    desk.mark(chunk, chunk.deliveries[0], "sending", now=NOON + LEASE * 0.8)
    assert desk.queue.recover(NOON + LEASE, [], resend=True) == []


def test_what_was_claimed_and_not_started_goes_back_when_a_worker_stops(desk):
    desk.freeze()
    chunk = desk.claim()
    desk.mark(chunk, chunk.deliveries[0], "sending")
    desk.mark(chunk, chunk.deliveries[0], "unsent")
    desk.queue.finish(chunk.claim, NOON)
    assert desk.states() == {"queued": 3}


def test_the_second_dead_reply_days_apart_suppresses_the_reader(desk):
    for day, suppressed in ((0, 0), (2, 0), (3, 1)):
        edition = f"morning@2026-11-{24 + day}T0700"
        now = at(days=day)
        desk.freeze(edition, start=now)
        while chunk := desk.claim(now=now):
            for one in chunk.deliveries:
                desk.send(
                    chunk,
                    one,
                    "bounced" if one.address.startswith("ana") else "accepted",
                    now=now,
                    about="dead",
                    reply="550 5.1.1 unknown",
                )
        assert (desk.ledger.readers.suppression("ana@x.example") is not None) == bool(suppressed)
    assert desk.ledger.readers.suppression("ana@x.example").reason == "bounced"


def test_a_refusal_by_policy_never_touches_the_reader(desk):
    for day in (0, 5, 10):
        edition = f"morning@2026-12-{10 + day}T0700"
        desk.freeze(edition, start=at(days=day))
        chunk = desk.claim(now=at(days=day))
        for one in chunk.deliveries:
            desk.send(
                chunk, one, "failed", now=at(days=day), about="refused", reply="550 5.7.1 spam"
            )
    assert desk.ledger.readers.suppression("ana@x.example") is None


def test_a_held_domain_waits_and_its_dead_are_taken_back(desk):
    desk.join("dee", "eve", domain="big.example")
    desk.freeze()
    chunk = desk.claim()
    dee = next(one for one in chunk.deliveries if one.address.startswith("dee"))
    desk.send(chunk, dee, "bounced", about="dead", reply="550 5.1.1")
    desk.queue.finish(chunk.claim, NOON)
    desk.queue.hold_domain(
        "big.example", NOON, at(3600), "a run of dead readers", [(EDITION, dee.reader)]
    )
    assert list(desk.queue.held_domains(NOON)) == ["big.example"]
    again = desk.claim()
    assert sorted(one.domain for one in again.deliveries) == ["x.example"] * 3
    assert desk.claim(now=at(3599)) is None
    later = desk.claim(now=at(3600)) or desk.claim(now=at(3601))
    found = {one.address for one in later.deliveries}
    while chunk := desk.claim(now=at(3601)):
        found |= {one.address for one in chunk.deliveries}
    assert found == {"dee@big.example", "eve@big.example"}
    assert [a.about for a in desk.sends.attempts(EDITION, dee.reader)] == ["unknown"]


def test_all_senders_together_keep_the_pace(desk):
    desk.join(*[f"r{n}" for n in range(17)])
    desk.freeze()
    starts, now = [], NOON
    while len(starts) < 20:
        found = desk.claim(size=2, worker=str(len(starts)), now=now, per_second={"": 4.0})
        if isinstance(found, datetime):
            assert now < found <= now + timedelta(seconds=1)
            now = found
        else:
            starts += [(one.at - NOON).total_seconds() for one in found.deliveries]
            assert starts[-1] <= (now - NOON).total_seconds() + 1.5
    assert starts == [n / 4 for n in range(20)]


def test_a_clock_set_back_by_hours_does_not_close_the_pace_for_as_long(desk):
    desk.join(*[f"r{n}" for n in range(17)])
    desk.freeze()
    ahead = desk.claim(size=2, worker="a", now=at(5 * 3600), per_second={"": 1.0})
    assert len(ahead.deliveries) == 2
    found = desk.claim(size=2, worker="b", now=at(60), per_second={"": 1.0})
    assert [one.at for one in found.deliveries] == [at(60), at(61)]


def test_a_domain_has_a_pace_of_its_own_and_the_others_do_not_wait(desk):
    desk.join(*[f"r{n:02}" for n in range(40)], domain="big.example")
    desk.freeze()
    found = []
    while chunk := desk.claim(size=43, per_second={"big.example": 2.0}):
        found += chunk.deliveries
    assert Counter(one.domain for one in found[:4])["x.example"] == 3  # they wait for nobody
    assert len(found) == 3 + 3  # a second's worth, and the one that is due now
    starts, now = [], NOON
    while (due := desk.queue.next_due(now)) is not None and now < at(60):
        now = max(now + timedelta(seconds=1), due)
        while chunk := desk.claim(size=43, now=now, per_second={"big.example": 2.0}):
            starts += [(one.at - NOON).total_seconds() for one in chunk.deliveries]
    assert len(starts) == 37
    assert starts == sorted(starts)
    assert starts[-1] == pytest.approx(19.5, abs=4)


@pytest.mark.slow
def test_one_editions_line_does_not_make_another_wait(desk):
    desk.join(*[f"r{n:02}" for n in range(60)], domain="big.example")
    desk.freeze()
    while desk.claim(size=100, per_second={"big.example": 1.0}):
        pass
    desk.sends.cancel(EDITION, NOON, "")
    desk.freeze("morning@2026-11-24T0800")
    found, now = 0, at(5)
    while now < at(70) and found < 63:
        while (
            chunk := desk.claim(size=100, now=now, per_second={"big.example": 1.0})
        ) and not isinstance(chunk, datetime):
            found += len(chunk.deliveries)
        now += timedelta(seconds=1)
    assert found >= 60


def test_an_edition_that_must_wait_keeps_no_other_from_going_out(desk):
    desk.freeze()
    desk.join("zoe", domain="y.example", newsletter="weekly")
    desk.freeze("weekly@2026-11-24T0700", start=at(1))
    desk.queue.hold_domain("x.example", NOON, at(3600), "a run of dead readers", [])
    chunk = desk.claim(now=at(2))
    assert [one.address for one in chunk.deliveries] == ["zoe@y.example"]


def test_a_claim_ends_at_the_very_moment_that_a_held_domain_is_let_go(desk):
    desk.freeze()
    until = at(3600, microseconds=500_000)
    desk.queue.hold_domain("x.example", NOON, until, "", [])
    assert desk.claim() is None
    for microsecond in (0, 1, 400_000, 999_999):
        desk.claim(now=at(3600, microseconds=microsecond))  # comes back
    assert len(desk.claim(now=at(3602)).deliveries) == 3


def test_what_failed_is_tried_again_when_asked(desk):
    desk.freeze()
    chunk = desk.claim()
    for one, state in zip(chunk.deliveries, ("failed", "failed", "accepted"), strict=True):
        desk.send(chunk, one, state, about="refused")
    assert desk.sends.retry(EDITION, at(days=2), NOON) == 2
    assert desk.states() == {"queued": 2, "accepted": 1}
    desk.sends.cancel(EDITION, NOON, "")
    assert desk.sends.retry(EDITION, at(days=2), NOON) == 0


def test_what_another_sender_has_claimed_is_not_settled(desk):
    desk.freeze()
    desk.claim()
    assert desk.queue.next_due(NOON) == NOON + LEASE
    assert desk.sends.overdue(EDITION, NOON) == 0
    assert desk.sends.overdue(EDITION, at(days=1)) == 3


def test_a_reply_that_comes_after_the_erasure_is_not_kept(desk):
    desk.freeze()
    chunk = desk.claim()
    ana = next(one for one in chunk.deliveries if one.address.startswith("ana"))
    desk.mark(chunk, ana, "sending")
    desk.ledger.readers.erase("ana@x.example", "erased:x", NOON)
    desk.mark(chunk, ana, "bounced", about="dead", reply="550 <ana@x.example> unknown")
    assert [a.reply for a in desk.sends.attempts(EDITION, ana.reader)] == [""]


def test_two_who_suppress_one_address_do_not_fail(desk):
    from publisher.ledger.stopping import suppress

    row = ("ana@x.example", "bounced", NOON, "")
    with desk.ledger._engine.begin() as db:
        suppress(db, [row], NOON)
        suppress(db, [row], NOON)
    for _ in range(2):
        desk.queue.hold_domain("x.example", NOON, at(60), "", [])


def test_a_day_has_its_limit_and_what_never_started_does_not_count(desk):
    desk.freeze()
    chunk = desk.claim(per_day=2)
    assert len(chunk.deliveries) == 2
    assert desk.claim(per_day=2) == datetime(2026, 11, 25, tzinfo=UTC)
    desk.queue.finish(chunk.claim, NOON)
    assert len(desk.claim(per_day=2).deliveries) == 2
    assert len(desk.claim(now=at(days=1) - timedelta(hours=1), per_day=2).deliveries) == 1


@pytest.mark.parametrize("state", ["deferred", "unsent"])
def test_what_was_on_the_wire_when_its_edition_was_cancelled_is_cancelled_as_well(desk, state):
    desk.freeze()
    chunk = desk.claim()
    first, *_ = chunk.deliveries
    desk.mark(chunk, first, "sending")
    assert desk.sends.cancel(EDITION, NOON, "")
    desk.mark(chunk, first, state, due=NOON)
    desk.queue.finish(chunk.claim, NOON)
    assert desk.states() == {"cancelled": 3}
    assert not desk.sends.cancel(EDITION, NOON, "")


def test_what_a_dead_sender_of_a_cancelled_edition_left_is_cancelled_as_well(desk):
    desk.freeze()
    chunk = desk.claim(worker="dead")
    desk.mark(chunk, chunk.deliveries[0], "sending")
    desk.sends.cancel(EDITION, NOON, "")
    desk.queue.recover(NOON, ["dead"], resend=True)
    assert desk.states() == {"cancelled": 3}


def test_a_cancelled_edition_has_its_stories_only_if_somebody_has_it(desk):
    desk.freeze()
    record = desk.ledger.editions.get(EDITION)
    desk.ledger.editions.record(record, [("a", "1")])
    had = {"a": EDITION}
    chunk = desk.claim()
    first, *_ = chunk.deliveries
    assert desk.ledger.editions.sent("morning", but="") == had
    assert desk.ledger.editions.sent("morning", but="", besides=[EDITION]) == {}
    desk.mark(chunk, first, "sending")
    desk.sends.cancel(EDITION, NOON, "")
    assert desk.ledger.editions.sent("morning", but="") == had  # it may be accepted yet
    desk.mark(chunk, first, "bounced", about="dead")
    assert desk.states() == {"bounced": 1, "cancelled": 2}
    assert desk.ledger.editions.sent("morning", but="") == {}


def test_a_person_settles_what_was_skipped_and_nothing_else(desk):
    slot = SlotRecord(
        edition=EDITION, newsletter="morning", slot="2026-11-24T07:00", instant=NOON,
        state="skipped", recorded=NOON,
    )  # fmt: skip
    desk.ledger.slots.settle([slot])
    held = replace(slot, state="held")
    assert not desk.ledger.slots.say(held)
    assert desk.ledger.slots.say(held, over=("skipped",))
    assert not desk.ledger.slots.say(replace(slot, state="cancelled"), over=("skipped",))
    assert desk.ledger.slots.get(EDITION).state == "held"


def test_a_cancel_of_what_is_out_changes_nothing(desk):
    desk.freeze()
    chunk = desk.claim()
    for one in chunk.deliveries:
        desk.send(chunk, one)
    assert not desk.sends.cancel(EDITION, NOON, "")
    assert desk.sends.get(EDITION).state == "sending"


def test_a_message_in_doubt_is_sent_again_twice_and_then_left_to_a_person(desk):
    for name in ("bob", "cy"):
        desk.ledger.readers.leave(desk.id(name), [], NOON, "link")
    desk.freeze()
    states = []
    while chunk := desk.claim():
        desk.send(chunk, chunk.deliveries[0], "deferred", due=START, about="uncertain")
        desk.queue.finish(chunk.claim, NOON)
        states += desk.states()
    assert states == ["deferred", "deferred", "uncertain"]


def test_a_broken_circuit_takes_back_what_is_claimed_and_who_was_suppressed(desk):
    desk.join("dee", "eve", domain="big.example")
    for day in (0, 5):
        edition = f"morning@2026-11-{24 + day}T0700"
        desk.freeze(edition, start=at(days=day))
        chunk = desk.claim(now=at(days=day))
        big = [one for one in chunk.deliveries if one.domain == "big.example"]
        desk.send(chunk, big[0], "bounced", about="dead", reply="550 5.1.1", now=at(days=day))
        if day == 0:
            for one in chunk.deliveries:
                desk.send(chunk, one)
    key = big[0].address
    assert desk.ledger.readers.suppression(key)
    desk.queue.hold_domain(
        "big.example", at(days=5), at(days=5, hours=1), "", [(edition, big[0].reader)]
    )
    assert desk.ledger.readers.suppression(key) is None
    assert not desk.mark(chunk, big[1], "sending", now=at(days=5))
    assert desk.states(edition)["deferred"] == 1


@pytest.mark.slow
def test_two_senders_at_once_share_the_work_and_double_nothing(place, desk):
    desk.join(*[f"r{n}" for n in range(300)])
    desk.freeze()
    seen, failures = [], []

    def work(name):
        ledger = Ledger(place)
        mine = Desk(ledger)
        try:
            while chunk := mine.claim(size=7, worker=name):
                for one in chunk.deliveries:
                    if mine.mark(chunk, one, "sending"):
                        seen.append(one.reader)
                        mine.mark(chunk, one, "accepted")
                mine.queue.finish(chunk.claim, NOON)
        except Exception as error:
            failures.append(error)
        finally:
            ledger.close()

    threads = [threading.Thread(target=work, args=(str(n),)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert (len(seen), len(set(seen)), desk.states()) == (303, 303, {"accepted": 303})


def test_a_claim_reads_the_queue_in_the_order_of_its_index(tmp_path):
    ledger = Ledger(tmp_path / "l.db")
    statements = []
    sa.event.listen(ledger._engine, "before_cursor_execute", lambda *a: statements.append(a[2:4]))
    desk = Desk(ledger)
    desk.join("ana")
    desk.freeze()
    desk.claim()
    (query, values) = next(
        s for s in statements if "FROM deliveries" in s[0] and "ORDER BY" in s[0]
    )
    with ledger._engine.connect() as db:
        plan = str(db.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values).all())
    ledger.close()
    assert "ix_deliveries_queue" in plan
    assert "TEMP B-TREE" not in plan


class Life(RuleBasedStateMachine):
    """Any order of claims, marks, deaths, holds and leavings: the sums always match."""

    def __init__(self):
        super().__init__()
        self.desk = Desk(Ledger(None))
        numbers = itertools.count(1)  # ids are random, hypothesis must not be
        with unittest.mock.patch("secrets.randbits", lambda _: next(numbers)):
            self.desk.join(*"abcdef")
        self.desk.freeze()
        self.now, self.chunks, self.wire, self.left = NOON, [], Counter(), set()

    def teardown(self):
        self.desk.ledger.close()

    @rule(size=st.integers(1, 4), worker=st.sampled_from("uv"))
    def claim(self, size, worker):
        if chunk := self.desk.claim(size=size, worker=worker, now=self.now):
            self.chunks.append((chunk, list(chunk.deliveries), []))

    @precondition(lambda self: self.chunks)
    @rule(data=st.data())
    def start(self, data):
        chunk, waiting, started = data.draw(st.sampled_from(self.chunks))
        if waiting:
            one = waiting.pop(0)
            if self.desk.mark(chunk, one, "sending", now=self.now):
                assert one.reader not in self.left
                self.wire[one.reader] += 1
                started.append(one)

    @precondition(lambda self: self.chunks)
    @rule(data=st.data(), state=st.sampled_from(["accepted", "deferred", "failed"]))
    def settle(self, data, state):
        chunk, _, started = data.draw(st.sampled_from(self.chunks))
        if started:
            self.desk.mark(chunk, started.pop(0), state, now=self.now, due=self.now)

    @rule(worker=st.sampled_from("uv"), resend=st.booleans())
    def die(self, worker, resend):
        self.desk.queue.recover(self.now, [worker], resend=resend)

    @rule(minutes=st.integers(1, 6))
    def pass_time(self, minutes):
        self.now += timedelta(minutes=minutes)
        self.desk.queue.recover(self.now, [], resend=False)

    @rule(reader=st.sampled_from("abcdef"))
    def leave(self, reader):
        found = self.desk.id(reader)
        self.desk.ledger.readers.leave(found, [], self.now, "link")
        self.left.add(found)

    @rule()
    def hold_and_release(self):
        self.desk.sends.hold(EDITION, "")
        self.desk.sends.release(EDITION, NOON, at(days=9), NOON)

    @invariant()
    def every_reader_is_in_one_state(self):
        assert sum(self.desk.states().values()) == 6

    @invariant()
    def nobody_accepted_is_in_the_queue_again(self):
        with self.desk.ledger._engine.connect() as db:
            d = tables.deliveries.c
            rows = db.execute(sa.select(d.state, d.settled, d.claim)).all()
        assert all(
            (row.settled is not None) == (row.state in ("accepted", "failed", "suppressed"))
            for row in rows
        )
        assert all(row.claim is None for row in rows if row.state not in ("claimed", "sending"))


Life.TestCase.settings = settings(
    max_examples=25, stateful_step_count=30, suppress_health_check=list(HealthCheck)
)
TestLife = pytest.mark.slow(Life.TestCase)
