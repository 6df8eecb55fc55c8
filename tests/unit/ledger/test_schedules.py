"""Schedules and slots in the ledger, on both databases: a slot is settled once."""

import threading
from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from publisher.audience import address
from publisher.ledger import Approval, EditionRecord, Ledger, SendRecord, SlotRecord
from publisher.model import Candidate, Cause, Rule, Schedule

SEVEN = datetime(2026, 11, 24, 6, tzinfo=UTC)
EDITION = "morning@2026-11-24T0700"
RULE = Rule(
    every="2weeks",
    on="tue",
    zone="Europe/Berlin",
    starts=date(2026, 11, 24),
    excluded=("2026-12-24", "holidays.ics"),
)


def slot(edition=EDITION, state="sent", **keys):
    newsletter, _, local = edition.partition("@")
    return SlotRecord(
        edition=edition,
        newsletter=newsletter,
        slot=local,
        instant=SEVEN,
        state=state,
        recorded=SEVEN,
        **keys,
    )


def schedule(name="morning", **keys):
    return Schedule(
        name=name, newsletter="morning", rule=RULE, through=SEVEN - timedelta(days=1), **keys
    )


def join(ledger, *zones):
    for n, zone in enumerate(zones):
        one = Candidate(address=address(f"r{n}@x.example"), zone=zone)
        ledger.readers.join(
            [one], ["morning"], now=SEVEN, how="", source="", erased={one.address.key: "erased"}
        )


def send():
    return SendRecord(
        edition=EDITION,
        newsletter="morning",
        state="sending",
        seal="s",
        lane=1,
        readers=0,
        frozen=SEVEN,
        start=SEVEN,
        expires=SEVEN + timedelta(days=1),
    )


def built(ledger):
    ledger.editions.record(
        EditionRecord(
            id=EDITION,
            newsletter="morning",
            slot="2026-11-24T07:00",
            instant=SEVEN,
            state="built",
            recorded=SEVEN,
        )
    )


def test_a_schedule_comes_back_as_it_was_kept(ledger):
    ledger.schedules.put([schedule(), schedule("extra", paused=True)], SEVEN)
    assert ledger.schedules.all() == [schedule("extra", paused=True), schedule()]
    ledger.schedules.remove(["extra"])
    assert ledger.schedules.all() == [schedule()]


def test_a_change_of_schedules_is_noticed_by_their_stamp(ledger):
    stamps = [ledger.schedules.stamp()]
    for number, change in enumerate(
        (
            lambda: ledger.schedules.put([schedule()], SEVEN),
            lambda: ledger.schedules.put([schedule(paused=True)], SEVEN + timedelta(seconds=1)),
            lambda: ledger.schedules.remove(["morning"]),
        )
    ):
        change()
        stamps.append(ledger.schedules.stamp())
        assert stamps[-1] != stamps[-2], number


def test_a_slot_is_settled_once_and_advances_its_schedule_either_way(ledger):
    ledger.schedules.put([schedule()], SEVEN)
    assert ledger.slots.settle([slot(state="skipped", reason="no stories")], {"morning": SEVEN})
    assert ledger.schedules.all()[0].through == SEVEN
    assert ledger.slots.settle([slot()], {"morning": SEVEN}) == []
    assert ledger.slots.get(EDITION).state == "skipped"
    assert ledger.schedules.all()[0].through == SEVEN  # never back, never past


def test_one_transaction_settles_the_slot_freezes_the_audience_and_advances_the_schedule(ledger):
    join(ledger, "", "")
    built(ledger)
    ledger.schedules.put([schedule()], SEVEN)
    found = ledger.sends.freeze(send(), None, slot(), advanced={"morning": SEVEN})
    assert found.readers == 2
    assert ledger.slots.get(EDITION) == slot()
    assert ledger.schedules.all()[0].through == SEVEN


def test_a_slot_that_was_cancelled_freezes_nobody_and_a_held_one_only_when_asked(ledger):
    join(ledger, "")
    built(ledger)
    ledger.slots.settle([slot(state="held", reason="late")])
    assert ledger.sends.freeze(send(), None, slot()) is None
    ledger.slots.resettle(slot(state="cancelled", cause=Cause.BY_HAND))
    assert ledger.sends.freeze(send(), None, slot(), over=("held",)) is None
    assert ledger.sends.get(EDITION) is None
    assert not ledger.slots.resettle(slot())


def test_of_services_side_by_side_one_settles_a_slot(place):
    seed = Ledger(place)
    join(seed, *[""] * 5)
    built(seed)
    seed.schedules.put([schedule()], SEVEN)
    frozen = []

    def fire(which):
        ledger = Ledger(place)
        mine = replace(slot(), reason=f"service {which}")
        ledger.sends.freeze(send(), None, mine, advanced={"morning": SEVEN})
        frozen.append(ledger.slots.get(EDITION).reason == mine.reason)
        ledger.close()

    threads = [threading.Thread(target=fire, args=(which,)) for which in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(frozen) == [False] * 5 + [True]
    assert sum(seed.sends.counts(EDITION).values()) == 5
    seed.close()


def test_each_reader_is_due_when_the_day_comes_round_in_their_zone(ledger):
    join(ledger, "Asia/Tokyo", "America/New_York", "", "Mars/One")
    assert ledger.readers.zones("morning") == ["America/New_York", "Asia/Tokyo", "Mars/One"]
    built(ledger)
    turns = {
        "Asia/Tokyo": SEVEN - timedelta(hours=8),
        "America/New_York": SEVEN + timedelta(hours=6),
        "": SEVEN,
    }
    ledger.sends.freeze(send(), None, slot(), turns=turns)
    dues = [
        ledger.sends.delivery(EDITION, one.id).due for one in ledger.readers.listed("morning", None)
    ]
    assert sorted(dues) == [turns["Asia/Tokyo"], SEVEN, SEVEN, turns["America/New_York"]]


def test_an_approval_is_of_one_bundle_and_replaced_by_the_next(ledger):
    first = Approval(edition=EDITION, seal="a", by="ana", at=SEVEN)
    ledger.approvals.put(first)
    ledger.approvals.put(replace(first, seal="b"))
    assert ledger.approvals.get(EDITION).seal == "b"
    assert ledger.approvals.get("weekly@2026-11-24T0700") is None


def test_the_service_that_looked_last_comes_first(ledger):
    ledger.services.look("a", SEVEN, SEVEN)
    ledger.services.look("b", SEVEN, SEVEN + timedelta(seconds=9))
    ledger.services.look("a", SEVEN, SEVEN + timedelta(seconds=5), ended=True)
    assert [(one.name, one.ended) for one in ledger.services.all()] == [
        ("b", False),
        ("a", True),
    ]


def test_each_change_has_a_later_stamp_whatever_the_clock_says(ledger):
    ledger.schedules.put([schedule("weekly")], SEVEN + timedelta(days=1))  # by a clock set wrong
    before = ledger.schedules.stamp()
    ledger.schedules.put([schedule("weekly", paused=True)], SEVEN)
    assert ledger.schedules.stamp() != before


def test_a_slot_let_go_before_its_time_is_due_again_even_for_a_schedule_past_it(ledger):
    ledger.schedules.put([schedule()], SEVEN)
    ledger.slots.settle([slot(state="held", reason="by hand")], {"morning": SEVEN})
    assert ledger.slots.unsettle(slot(), ["morning"], SEVEN)
    assert ledger.schedules.all()[0].through < SEVEN
    assert ledger.slots.get(EDITION) is None
    assert not ledger.slots.unsettle(slot(), ["morning"], SEVEN)
