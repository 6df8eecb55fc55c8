"""Tests of two subjects in the ledger: who is due when, and one decision for all."""

from collections import Counter
from datetime import timedelta

import pytest
from msgspec.structs import replace

from publisher.ledger import EditionRecord, SendRecord
from publisher.model import Outcome, SubjectPlan, Tally, split_readers
from tests.unit.ledger.test_queue import EDITION, NOON, Desk, at

PLAN = SubjectPlan(
    subjects={"A": "First", "B": "Second"}, share=0.4, wait=timedelta(hours=2), counted=True
)
SEEN = Outcome(tallies={"A": Tally(mailed=2, followed=1), "B": Tally(mailed=2, followed=2)})
DAY = timedelta(hours=24)
NAMES = [f"r{number}" for number in range(10)]


class SubjectDesk(Desk):
    """A desk at which subjects are tested, with ten readers."""

    def __init__(self, ledger):
        super().__init__(ledger)
        self.tests = ledger.subject_tests
        self.join(*NAMES)

    def begin(self, plan=PLAN, edition=EDITION):
        name, _, slot = edition.partition("@")
        self.ledger.editions.record(
            EditionRecord(
                id=edition, newsletter=name, slot=slot, instant=NOON, state="built", recorded=NOON
            )
        )
        record = SendRecord(
            edition=edition,
            newsletter=name,
            state="sending",
            seal="s",
            lane=1,
            readers=0,
            frozen=NOON,
            start=NOON,
            expires=NOON + DAY,
        )
        return self.sends.freeze(record, None, test=plan)

    def send_due(self, now=NOON):
        """Send what is due; return the groups that it went to, by address."""
        sent = {}
        while (chunk := self.claim(now=now)) is not None:
            for one in chunk.deliveries:
                assert self.mark(chunk, one, "sending", now)
                self.mark(chunk, one, "accepted", now)
                assert sent.setdefault(one.address, one.group) == one.group
            self.queue.finish(chunk.claim, now)
        return sent

    def decide(self, winner="B", now=NOON, **keys):
        return self.tests.decide(EDITION, winner, "clicks", SEEN, now, DAY, **keys)


@pytest.fixture
def desk(ledger):
    return SubjectDesk(ledger)


def test_a_share_goes_at_once_by_the_hash_and_the_rest_once_it_is_decided(desk):
    assert desk.begin().readers == 10
    first = desk.send_due()
    assert first == split_readers(EDITION, [f"{name}@x.example" for name in NAMES], 0.4)
    assert Counter(first.values()) == {"A": 2, "B": 2}
    assert desk.claim(now=at(hours=23)) is None
    assert (desk.tests.waiting(EDITION), desk.decide(now=at(hours=3))) == (6, 6)
    rest = desk.send_due(at(hours=3))
    assert first.keys().isdisjoint(rest) and set(rest.values()) == {""} and len(rest) == 6
    assert desk.sends.counts(EDITION) == {"accepted": 10}


def test_a_test_is_decided_once(desk):
    desk.begin()
    assert desk.decide("B") == 6
    assert desk.decide("A", at(1)) is None
    found = desk.tests.get(EDITION)
    assert (found.winner, found.how, found.decided) == ("B", "clicks", NOON)
    assert found.outcome == SEEN
    assert (found.subject("A"), found.subject("")) == ("First", "Second")
    assert desk.tests.open() == []


def test_an_edition_has_its_plan_with_its_audience_and_keeps_it(desk):
    desk.begin()
    found = desk.tests.get(EDITION)
    assert (found.plan, found.until, found.winner) == (PLAN, at(hours=2), "")
    desk.begin(replace(PLAN, subjects={"A": "Other", "B": "Else"}))
    assert desk.tests.get(EDITION) == found
    assert desk.tests.all() == desk.tests.open() == [found]
    assert desk.tests.all(at(1)) == []


def test_an_edition_without_a_test_has_none(desk):
    desk.freeze()
    assert desk.tests.get(EDITION) is None
    assert set(desk.send_due().values()) == {""}
    assert desk.decide() is None


def test_the_next_look_is_when_clicks_decide_and_never_for_a_person(desk):
    desk.begin()
    assert desk.queue.next_due(NOON) == NOON
    desk.send_due()
    assert desk.queue.next_due(NOON) == at(hours=2)
    desk.tests.postpone(EDITION, at(hours=5), NOON)
    assert desk.queue.next_due(NOON) == at(hours=5)
    desk.sends.hold(EDITION, "")
    assert desk.queue.next_due(NOON) is None


def test_nothing_is_due_while_a_person_must_choose(desk):
    desk.begin(replace(PLAN, counted=False))
    desk.send_due()
    assert desk.queue.next_due(NOON) is None
    desk.decide(now=at(hours=9))
    assert desk.queue.next_due(at(hours=9)) <= at(hours=9)


@pytest.mark.parametrize(("counted", "late"), [(False, 4), (True, 10)])
def test_who_waits_for_a_person_does_not_expire(desk, counted, late):
    desk.begin(replace(PLAN, counted=counted))
    assert desk.sends.expire(at(hours=25)) == late
    assert desk.tests.waiting(EDITION) == 10 - late


def test_who_waited_for_a_decision_has_a_full_day_after_it(desk):
    desk.begin(replace(PLAN, counted=False))
    desk.send_due()
    assert desk.decide(now=at(hours=30)) == 6
    assert desk.sends.get(EDITION).expires == at(hours=54)
    assert len(desk.send_due(at(hours=31))) == 6


def test_a_test_that_begins_late_has_its_time_after_that(desk):
    desk.begin()
    assert desk.tests.postpone(EDITION, at(hours=25), NOON, DAY)
    assert desk.sends.get(EDITION).expires == at(hours=49)
    assert desk.tests.postpone(EDITION, at(hours=60), NOON)
    assert desk.sends.get(EDITION).expires == at(hours=49)


def test_who_failed_in_a_group_gets_its_subject_when_it_is_tried_again(desk):
    desk.begin()
    chunk = desk.claim(size=1)
    (one,) = chunk.deliveries
    desk.mark(chunk, one, "sending")
    desk.mark(chunk, one, "failed", about="refused")
    desk.queue.finish(chunk.claim, NOON)
    desk.decide()
    assert desk.sends.retry(EDITION, at(hours=20), at(hours=10)) == 1
    assert desk.send_due()[one.address] == one.group != ""


def test_who_leaves_before_the_decision_gets_nothing(desk):
    desk.begin()
    tested = desk.send_due()
    (gone, *_) = (name for name in NAMES if f"{name}@x.example" not in tested)
    desk.ledger.readers.suppress(f"{gone}@x.example", "manual", NOON)
    assert desk.decide() == 5
    assert f"{gone}@x.example" not in desk.send_due()
    assert desk.sends.counts(EDITION) == {"accepted": 9, "suppressed": 1}


def test_a_cancelled_edition_has_no_winner_and_sends_nothing_more(desk):
    desk.begin()
    desk.send_due()
    assert desk.sends.cancel(EDITION, NOON, "wrong")
    assert desk.decide(states=("sending", "held")) is None
    assert desk.claim(now=at(hours=9)) is None
    assert desk.sends.counts(EDITION) == {"accepted": 4, "cancelled": 6}
    assert desk.tests.open() == []


def test_a_held_edition_is_decided_by_a_person_alone_and_waits_for_its_release(desk):
    desk.begin()
    desk.send_due()
    desk.sends.hold(EDITION, "wrong")
    assert desk.decide() is None
    assert desk.decide(states=("sending", "held")) == 6
    assert desk.claim(now=at(hours=9)) is None
    desk.sends.release(EDITION, at(hours=9), at(hours=33), at(hours=9))
    assert len(desk.send_due(at(hours=9))) == 6


@pytest.mark.parametrize(("is_sent", "hours"), [(False, 7), (True, 2)])
def test_the_wait_begins_anew_with_a_release_only_if_some_of_the_test_did_not_go(
    desk, is_sent, hours
):
    desk.begin()
    if is_sent:
        desk.send_due()
    desk.sends.hold(EDITION, "")
    desk.sends.release(EDITION, at(hours=5), at(hours=29), at(hours=5))
    assert desk.tests.get(EDITION).until == at(hours=hours)


def test_a_test_moves_with_its_start(desk):
    desk.begin()
    assert desk.sends.move(EDITION, at(hours=4), at(hours=30), NOON)
    assert desk.tests.get(EDITION).until == at(hours=6)


def test_all_readers_may_be_in_the_test(desk):
    desk.begin(replace(PLAN, share=1.0))
    assert Counter(desk.send_due().values()) == {"A": 5, "B": 5}
    assert desk.tests.open() == []
    assert desk.queue.next_due(NOON) is None


def test_counts_are_by_group(desk):
    desk.begin()
    desk.send_due()
    assert desk.tests.counts(EDITION) == {
        "A": {"accepted": 2},
        "B": {"accepted": 2},
        "": {"queued": 6},
    }
    groups = desk.tests.groups(EDITION)
    assert Counter(groups.values()) == {"A": 2, "B": 2}
    assert all(desk.tests.group(EDITION, reader) == group for reader, group in groups.items())
    waits = [desk.sends.delivery(EDITION, one) for one in desk.sends.variants(EDITION)]
    assert waits == [] and desk.tests.group(EDITION, -1) == ""
