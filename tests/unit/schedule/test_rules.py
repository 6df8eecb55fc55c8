"""Local wall-clock slots, whatever the clock does."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.config import rule_fault
from publisher.model import Rule, away_of
from publisher.schedule import (
    between,
    exact,
    latest,
    oddity,
    slots,
    spans_of,
    turns,
    upcoming,
)


def rule(every="day", at="07:00", zone="Europe/Berlin", **keys):
    made = Rule(every=every, at=at, zone=zone, **keys)
    assert rule_fault(made) is None
    return made


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def locals_of(found):
    return [f"{slot.local:%a %d %H:%M}" for slot in found]


def days_of(one, after, count):
    return [f"{slot.local:%Y-%m-%d}" for slot in islice(slots(one, at(after)), count)]


def test_the_newest_slot_that_has_come_is_due():
    slot = latest(rule(), at("2026-11-24T06:00"))
    assert (slot.local, slot.instant) == (datetime(2026, 11, 24, 7), at("2026-11-24T06:00"))
    assert latest(rule(), at("2026-11-24T05:59")).local.day == 23


def test_the_coming_slots_begin_with_one_at_this_very_minute():
    found = upcoming(rule("weekday"), at("2026-11-27T06:00"), 3)
    assert locals_of(found) == ["Fri 27 07:00", "Mon 30 07:00", "Tue 01 07:00"]


def test_days_can_be_named():
    found = upcoming(rule("mon, thu"), at("2026-11-24T00:00"), 3)
    assert locals_of(found) == ["Thu 26 07:00", "Mon 30 07:00", "Thu 03 07:00"]


def test_a_slot_for_the_asking_is_at_the_minute():
    slot = exact("Europe/Berlin", at("2026-11-24T06:00:59.5"))
    assert (slot.local, slot.instant) == (datetime(2026, 11, 24, 7), at("2026-11-24T06:00"))


@pytest.mark.parametrize(
    ("keys", "days"),
    [
        (
            {"every": "2weeks", "on": "tue,thu", "starts": date(2026, 11, 24)},
            ["2026-11-24", "2026-11-26", "2026-12-08", "2026-12-10"],
        ),
        ({"every": "week", "starts": date(2026, 11, 25)}, ["2026-11-25", "2026-12-02"]),
        ({"every": "3days", "starts": date(2026, 11, 24)}, ["2026-11-24", "2026-11-27"]),
        ({"every": "month", "on": "first monday"}, ["2026-12-07", "2027-01-04", "2027-02-01"]),
        ({"every": "month", "on": "last day"}, ["2026-11-30", "2026-12-31", "2027-01-31"]),
        ({"every": "month", "on": "15, last friday"}, ["2026-11-27", "2026-12-15", "2026-12-25"]),
        (
            {"every": "3months", "on": "1", "starts": date(2026, 12, 1)},
            ["2026-12-01", "2027-03-01"],
        ),
        ({"every": "", "cron": "30 6 * * 1-5"}, ["2026-11-24", "2026-11-25"]),
        ({"every": "", "once": "2026-11-24T17:00"}, ["2026-11-24"]),
        ({"starts": date(2027, 1, 1)}, ["2027-01-01", "2027-01-02"]),
    ],
)
def test_rules_mean_the_days_that_they_say(keys, days):
    assert days_of(rule(**keys), "2026-11-24T00:00", len(days)) == days


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ({"every": "fortnight"}, "every"),
        ({"every": "0days"}, "every"),
        ({"every": "2weeks"}, "starts"),
        ({"every": "month", "on": "fifth monday"}, "on"),
        ({"every": "month", "on": "31"}, "on"),
        ({"every": "day", "on": "mon"}, "on"),
        ({"every": "week", "on": "lunes"}, "on"),
        ({"cron": "61 * * * *"}, "cron"),
        ({"cron": "* * * * * *"}, "cron"),
        ({"cron": "0 7 * * 1", "every": "day"}, "cron"),
        ({"every": "day", "at": "7"}, "at"),
        ({"every": "day", "zone": "Mars/One"}, "zone"),
        ({"every": "day", "excluded": ("tomorrow",)}, "excluded"),
        ({"every": "day", "excluded": ("2026-12-24..2026-12-01",)}, "excluded"),
    ],
)
def test_a_rule_that_makes_no_sense_is_named_by_its_key(keys, key):
    assert rule_fault(Rule(**{"zone": "UTC", **keys}))[0] == key


@pytest.mark.parametrize(
    ("zone", "day", "time", "instant", "odd"),
    [
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:00", "gap"),  # 02:00-03:00
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30", "overlap"),  # the first
        ("America/Santiago", "2026-09-06", "00:00", "2026-09-06T04:00", "gap"),  # at midnight
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30", "gap"),  # half an hour
        ("Europe/Berlin", "2026-11-24", "07:00", "2026-11-24T06:00", ""),
    ],
)
def test_in_a_gap_the_first_instant_after_it_in_an_overlap_the_first_of_two(
    zone, day, time, instant, odd
):
    one = rule(at=time, zone=zone)
    found = [
        slot
        for slot in slots(one, at(day + "T00:00") - timedelta(days=1))
        if slot.local.date() <= date.fromisoformat(day) + timedelta(days=2)
    ]
    found = [slot for slot in found if slot.local.date() == date.fromisoformat(day)]
    assert [slot.instant for slot in found] == [at(instant)]
    assert oddity(found[0].local, zone).partition(":")[0] == odd


def test_a_cron_rule_runs_once_in_an_overlap_and_not_twice_after_a_gap():
    half_hours = rule("", cron="*/30 * * * *")
    spring = between(half_hours, at("2026-03-29T00:00"), at("2026-03-29T02:00"))
    assert locals_of(spring) == ["Sun 29 01:30", "Sun 29 03:00", "Sun 29 03:30", "Sun 29 04:00"]
    autumn = between(half_hours, at("2026-10-24T23:30"), at("2026-10-25T02:00"))
    assert locals_of(autumn) == ["Sun 25 02:00", "Sun 25 02:30", "Sun 25 03:00"]
    assert "Tue" not in str(
        locals_of(
            between(rule("", cron="0 7 * * 1"), at("2026-11-01T00:00"), at("2026-11-30T00:00"))
        )
    )


def test_excluded_days_have_no_slot():
    spans = [away_of("2026-11-25"), away_of("2026-11-27..2026-11-28")]
    found = between(rule(), at("2026-11-24T00:00"), at("2026-11-30T00:00"), spans)
    assert locals_of(found) == ["Tue 24 07:00", "Thu 26 07:00", "Sun 29 07:00"]


CALENDAR = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:test
BEGIN:VEVENT
UID:1
SUMMARY:Christmas
DTSTART;VALUE=DATE:20201225
DTEND;VALUE=DATE:20201227
RRULE:FREQ=YEARLY
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Moving
DTSTART:20261130T050000Z
DTEND:20261130T080000Z
END:VEVENT
END:VCALENDAR
""".replace(b"\n", b"\r\n")


def test_a_calendar_of_holidays_excludes_days_each_year_and_spans_of_hours():
    spans = spans_of(CALENDAR, "Europe/Berlin", date(2030, 1, 1))
    found = between(rule(), at("2026-11-29T00:00"), at("2026-12-28T00:00"), spans)
    days = {f"{slot.local:%m-%d}" for slot in found}
    assert {"11-30", "12-25", "12-26"}.isdisjoint(days)
    assert {"11-29", "12-24", "12-27"} <= days
    with pytest.raises(ValueError):
        spans_of(b"no calendar", "UTC", date(2030, 1, 1))


def _event(*lines: str) -> bytes:
    text = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:x",
        "BEGIN:VEVENT",
        "UID:1",
        *lines,
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(text).encode()


@pytest.mark.parametrize("often", ["HOURLY", "MINUTELY", "SECONDLY"])
def test_an_event_more_often_than_daily_is_refused_before_it_fills_the_memory(often):
    event = _event("DTSTART:20260101T000000Z", "DURATION:PT1S", f"RRULE:FREQ={often}")
    with pytest.raises(ValueError, match=f"the event '1' comes {often.lower()}"):
        spans_of(event, "UTC", date(2030, 1, 1))


def test_an_exception_in_utc_is_one_in_the_schedules_zone():
    event = _event(
        "DTSTART:20261102T050000Z",
        "DTEND:20261102T080000Z",
        "RRULE:FREQ=WEEKLY;COUNT=3",
        "EXDATE:20261109T050000Z",
    )
    days = [span.start.day for span in spans_of(event, "Europe/Berlin", date(2030, 1, 1))]
    assert days == [2, 16]


def test_a_cancelled_event_excludes_nothing_and_an_empty_file_is_no_calendar():
    event = _event("DTSTART;VALUE=DATE:20261225", "STATUS:CANCELLED")
    assert spans_of(event, "UTC", date(2030, 1, 1)) == []
    with pytest.raises(ValueError, match="holds nothing"):
        spans_of(b"", "UTC", date(2030, 1, 1))


def test_a_rule_for_each_reader_has_its_slot_where_the_day_comes_round_first():
    one = rule(per_reader=True)
    zones = ["Asia/Tokyo", "America/New_York"]
    slot = next(slots(one, at("2026-11-23T12:00"), zones=zones))
    assert (slot.local, slot.instant) == (datetime(2026, 11, 24, 7), at("2026-11-23T22:00"))
    assert sorted(turns(slot.local, zones).values()) == [
        at("2026-11-23T22:00"),
        at("2026-11-24T12:00"),
    ]


def test_a_rule_that_never_comes_ends():
    never = Rule(cron="0 7 31 2 *", zone="UTC")
    assert list(slots(rule(once="2020-01-01T07:00", every=""), at("2026-11-24T00:00"))) == []
    assert rule_fault(never) or not list(slots(never, at("2026-11-24T00:00")))


ZONES = sorted(available_timezones() - {"localtime", "Factory"})
RULES = st.one_of(
    st.sampled_from(["day", "weekday", "mon,thu", "sun", "2days", "3weeks"]).map(
        lambda every: {"every": every, "starts": date(2019, 12, 30)}
    ),
    st.sampled_from(["first monday", "last friday", "15,last day", "1"]).map(
        lambda on: {"every": "month", "on": on}
    ),
    st.sampled_from(["30 2 * * *", "15 */3 * * *", "0 0 * * 1-5", "*/20 1-3 * * 0"]).map(
        lambda cron: {"cron": cron}
    ),
)


@pytest.mark.slow
@settings(max_examples=300)
@given(
    zone=st.sampled_from(ZONES),
    start=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),
    time=st.times(),
    keys=RULES,
)
def test_slots_increase_and_exist_in_every_zone(zone, start, time, keys):
    one = Rule(zone=zone, at=f"{time:%H:%M}", **keys)
    assert rule_fault(one) is None
    after = start.replace(tzinfo=UTC)
    found = list(islice(slots(one, after), 6))
    assert found[0].instant > after
    for earlier, later in pairwise(found):
        assert earlier.instant < later.instant
        assert earlier.local < later.local
    for slot in found:
        assert latest(one, slot.instant) == slot
        wall = slot.instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        is_gap = oddity(slot.local, zone).startswith("gap")
        assert (wall > slot.local) if is_gap else (wall == slot.local)
        assert wall - slot.local <= timedelta(hours=24)


def changes(zone, step=timedelta(weeks=1)):
    """When a zone's clock jumps until 2035, to the minute. None does so twice in a week."""
    tz = ZoneInfo(zone)
    day, found = datetime(2020, 1, 1, tzinfo=UTC), []
    while day.year < 2035:
        low, high = day, day + step
        before, after = (one.astimezone(tz).utcoffset() for one in (low, high))
        if before != after:
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                is_after = middle.astimezone(tz).utcoffset() == after
                low, high = (low, middle) if is_after else (middle, high)
            found.append((high.replace(second=0, microsecond=0), before, after))
        day += step
    return tuple(found)


@pytest.mark.slow
def test_every_zone_has_its_day_once_through_every_change_of_its_clock_until_2035():
    """Where a clock jumps, in any zone of the database, a day's slot comes once and none is lost."""
    histories = {changes(zone): zone for zone in ZONES}  # most zones are aliases of others
    assert len(histories) > 40
    for history, zone in histories.items():
        for change, _, _ in history:
            day = change.replace(hour=0, minute=0) + timedelta(days=1)
            for hour in ("00:00", "01:30", "02:30", "23:59"):
                one = Rule(every="day", at=hour, zone=zone)
                found = between(one, day - timedelta(days=3), day + timedelta(days=3))
                dates = [slot.local.date() for slot in found]
                first = dates[0]
                assert dates == [first + timedelta(days=n) for n in range(len(dates))], (zone, day)
                assert len(dates) in (5, 6, 7), (zone, day)
