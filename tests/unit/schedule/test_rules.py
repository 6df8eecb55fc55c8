"""Local wall-clock slots, whatever the clock does."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model import Newsletter
from publisher.schedule import exact, latest, upcoming


def newsletter(every="day", at="07:00", zone="Europe/Berlin"):
    return Newsletter(name="n", title="N", every=every, at=at, zone=zone)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def locals_of(slots):
    return [f"{slot.local:%a %d %H:%M}" for slot in slots]


def test_the_newest_slot_that_has_come_is_due():
    slot = latest(newsletter(), at("2026-11-24T06:00"))
    assert (slot.local, slot.instant) == (datetime(2026, 11, 24, 7), at("2026-11-24T06:00"))
    assert latest(newsletter(), at("2026-11-24T05:59")).local.day == 23


def test_the_coming_slots_begin_with_one_at_this_very_minute():
    slots = upcoming(newsletter("weekday"), at("2026-11-27T06:00"), 3)
    assert locals_of(slots) == ["Fri 27 07:00", "Mon 30 07:00", "Tue 01 07:00"]


def test_days_can_be_named():
    slots = upcoming(newsletter("mon, thu"), at("2026-11-24T00:00"), 3)
    assert locals_of(slots) == ["Thu 26 07:00", "Mon 30 07:00", "Thu 03 07:00"]


def test_a_newsletter_without_a_rule_has_no_slots_but_one_for_the_asking():
    by_hand = newsletter("")
    assert (
        latest(by_hand, at("2026-11-24T06:00")),
        upcoming(by_hand, at("2026-11-24T06:00"), 3),
    ) == (None, [])
    slot = exact(by_hand, at("2026-11-24T06:00:59.5"))
    assert (slot.local, slot.instant) == (datetime(2026, 11, 24, 7), at("2026-11-24T06:00"))


@pytest.mark.parametrize(
    ("zone", "day", "time", "instant"),
    [
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:00"),  # gap 02:00-03:00
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30"),  # overlap: the first
        ("America/Santiago", "2026-09-06", "00:00", "2026-09-06T04:00"),  # gap at midnight
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30"),  # gap of half an hour
    ],
)  # fmt: skip
def test_in_a_gap_the_first_instant_after_it_in_an_overlap_the_first_of_two(
    zone, day, time, instant
):
    slot = latest(newsletter(at=time, zone=zone), at(day + "T23:59"))
    found = [
        s
        for s in upcoming(newsletter(at=time, zone=zone), at(day + "T00:00") - timedelta(days=1), 3)
        if s.local.date() == date.fromisoformat(day)
    ]
    assert [one.instant for one in found] == [at(instant)]
    assert slot.local.date() >= date.fromisoformat(day)


ZONES = sorted(available_timezones() - {"localtime", "Factory"})


@given(
    zone=st.sampled_from(ZONES),
    start=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),
    hour=st.integers(0, 23),
    minute=st.sampled_from([0, 1, 15, 30, 45, 59]),
    every=st.sampled_from(["day", "weekday", "mon,thu", "sun"]),
)
def test_slots_increase_one_a_day_and_are_due_when_they_have_come(zone, start, hour, minute, every):
    rule = newsletter(every, f"{hour:02}:{minute:02}", zone)
    slots = upcoming(rule, start.replace(tzinfo=UTC), 5)
    for one, other in pairwise(slots):
        assert one.instant < other.instant
        assert one.local.date() < other.local.date()
    for slot in slots:
        assert latest(rule, slot.instant) == slot
        wall = slot.instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert wall >= slot.local  # later only in a gap
        assert wall - slot.local <= timedelta(hours=24)
