"""Times and lengths as people type them; what could mean two things is refused."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model import clock_of, day_of, moment_of, span_in_words, span_of, why_no_time

MONDAY = datetime(2026, 11, 23, 13, 5, 30)

SPANS = {
    "5min": timedelta(minutes=5),
    "10sec": timedelta(seconds=10),
    "10 Seconds": timedelta(seconds=10),
    "36h": timedelta(hours=36),
    "1 hour": timedelta(hours=1),
    "an hour": timedelta(hours=1),
    "a week": timedelta(weeks=1),
    "2 hrs": timedelta(hours=2),
    "7 days": timedelta(days=7),
    "2wks": timedelta(weeks=2),
    "1.5h": timedelta(minutes=90),
    "1,5 h": timedelta(minutes=90),
    "1h30": timedelta(minutes=90),
    "1h 30min": timedelta(minutes=90),
    "1h30m": timedelta(minutes=90),
    "1 hour and 30 minutes": timedelta(minutes=90),
    "2 days, 3 hours": timedelta(days=2, hours=3),
    "５min": timedelta(minutes=5),
    "0": timedelta(),
    "0s": timedelta(),
}
NO_SPANS = ["", "5", "h", "5 month", "1 year", "-5min", "5min 5min", "1h and", "5 min ago", "07:00", "five minutes",
            "1e3s", "999999s", "٣h x"]  # fmt: skip

CLOCKS = {
    "7:00": "07:00", "07:00": "07:00", "9:00": "09:00", "23:59": "23:59", "0:00": "00:00", "7:00:00": "07:00",
    "7pm": "19:00", "7 PM": "19:00", "7p.m.": "19:00", "7:30 pm": "19:30", "7.30pm": "19:30", "7.30": "07:30",
    "12am": "00:00", "12 pm": "12:00", "12:15 a.m.": "00:15", "noon": "12:00", "Midnight": "00:00",
    "19h": "19:00", "19h30": "19:30", "７：００": "07:00",
}  # fmt: skip
NO_CLOCKS = ["", "7", "19", "24:00", "25:00", "7:60", "7:5", "13pm", "0am", "7:00:30", "0700", "7 o'clock", "19h pm", "7h30pm",
             "7:00 xm", "tomorrow"]  # fmt: skip


@pytest.mark.parametrize("text", SPANS)
def test_a_length_of_time_is_read_as_it_is_typed(text):
    assert span_of(text) == SPANS[text]


@pytest.mark.parametrize("text", NO_SPANS)
def test_what_is_no_length_of_time_is_none(text):
    assert span_of(text) is None


@pytest.mark.parametrize("text", CLOCKS)
def test_a_time_of_day_is_read_as_it_is_typed(text):
    assert clock_of(text) == CLOCKS[text]


@pytest.mark.parametrize("text", NO_CLOCKS)
def test_what_is_no_time_of_day_is_none(text):
    assert clock_of(text) is None


@pytest.mark.parametrize(
    ("text", "past", "wanted"),
    [
        ("today", False, "2026-11-23"),
        ("Tomorrow", False, "2026-11-24"),
        ("the day after tomorrow", False, "2026-11-25"),
        ("yesterday", False, "2026-11-22"),
        ("monday", False, "2026-11-30"),
        ("monday", True, "2026-11-16"),
        ("fri", False, "2026-11-27"),
        ("Friday", True, "2026-11-20"),
        ("2026-1-5", False, "2026-01-05"),
        ("23 nov", False, "2026-11-23"),
        ("Nov. 22", False, "2027-11-22"),
        ("nov 24", True, "2025-11-24"),
        ("the 24th of November", False, "2026-11-24"),
        ("24. november 2027", False, "2027-11-24"),
        ("Sept 3, 2027", False, "2027-09-03"),
        ("may 5", False, "2027-05-05"),
        ("29 feb", False, "2028-02-29"),
    ],
)
def test_a_day_is_read_as_it_is_typed(text, past, wanted):
    assert day_of(text, MONDAY.date(), past=past) == date.fromisoformat(wanted)


@pytest.mark.parametrize(
    "text",
    [
        *("", "24", "03.04.2024", "2026-13-01", "2026-02-30", "someday", "20261124"),
        *("31 feb", "nov", "nov 2026", "24 brumaire", "32 may", "29 feb 2027"),
    ],
)
def test_what_is_no_day_is_none(text):
    assert day_of(text, MONDAY.date()) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("tomorrow", "2026-11-24T00:00"),
        ("tomorrow 7:00", "2026-11-24T07:00"),
        ("tomorrow at 7pm", "2026-11-24T19:00"),
        ("7 pm tomorrow", "2026-11-24T19:00"),
        ("tomorrow, 9:00", "2026-11-24T09:00"),
        ("24 nov 7:00", "2026-11-24T07:00"),
        ("Nov 24, 2026 at 7pm", "2026-11-24T19:00"),
        ("at 7pm", "2026-11-23T19:00"),
        ("in an hour", "2026-11-23T14:05:30"),
        ("friday noon", "2026-11-27T12:00"),
        ("7:00", "2026-11-23T07:00"),
        ("2026-11-24", "2026-11-24T00:00"),
        ("2026-11-24 7:00", "2026-11-24T07:00"),
        ("2026-11-24T07:00:30", "2026-11-24T07:00:30"),
        ("in 2h", "2026-11-23T15:05:30"),
        ("+90min", "2026-11-23T14:35:30"),
        ("2 days ago", "2026-11-21T13:05:30"),
        ("now", "2026-11-23T13:05:30"),
    ],
)
def test_a_time_is_read_as_it_is_typed(text, wanted):
    assert moment_of(text, MONDAY) == datetime.fromisoformat(wanted)


def test_a_time_with_an_offset_keeps_it():
    assert moment_of("2026-11-24T07:00+09:00", MONDAY).utcoffset() == timedelta(hours=9)


@pytest.mark.parametrize(
    "text",
    ["", "7", "20261124", "2026", "03.04.2024 7:00", "tomorrow 7", "in a while", "in 99999w ago"],
)
def test_what_is_no_time_is_none(text):
    assert moment_of(text, MONDAY) is None


def test_what_could_mean_two_things_is_said_to():
    assert why_no_time("7") == "It may be 7:00 or 7pm."
    assert why_no_time("03.04.2024") == "Its day and its month cannot be told apart."
    assert why_no_time("10sec") == "So long from now is written: in 10sec"
    assert why_no_time("soon") == ""


times = st.times().map(lambda one: one.replace(second=0, microsecond=0, fold=0))
dates = st.dates(date(1900, 1, 2), date(2199, 12, 30))


@given(times, st.booleans())
def test_every_minute_is_the_same_in_each_of_its_spellings(one, spaced):
    half, hour = ("am", "pm")[one.hour // 12], one.hour % 12 or 12
    space = " " * spaced
    spellings = [f"{one:%H:%M}", f"{one.hour}:{one:%M}", f"{one.hour}.{one:%M}", f"{one.hour}h{one:%M}",
                 f"{hour}:{one:%M}{space}{half}", f"{hour}:{one:%M}{space}{half[0]}.m.",
                 f"{hour}.{one:%M}{space}{half.upper()}"]  # fmt: skip
    assert {clock_of(text) for text in spellings} == {f"{one:%H:%M}"}


@given(dates, times, st.dates(date(1900, 1, 2), date(2199, 12, 30)))
def test_a_day_and_a_time_of_day_are_read_in_either_order(day, clock, today):
    now, wanted = datetime.combine(today, time()), datetime.combine(day, clock)
    for text in (
        f"{day} {clock:%H:%M}",
        f"{clock:%H:%M} {day}",
        f"{day}T{clock:%H:%M}",
        f"{day} at {clock:%I:%M%p}",
    ):
        assert moment_of(text, now) == wanted


@given(dates, st.sampled_from("monday tuesday wednesday thursday friday saturday sunday".split()))
def test_a_day_of_the_week_is_the_nearest_on_its_side_and_never_today(today, name):
    ahead, behind = day_of(name, today), day_of(name, today, past=True)
    assert today < ahead <= today + timedelta(days=7)
    assert today - timedelta(days=7) <= behind < today
    assert f"{ahead:%A} {behind:%A}".lower() == f"{name} {name}"


@given(
    st.integers(0, 99_999),
    st.sampled_from(["s", "sec", "min", "minutes", "h", "hours", "d", "days", "w"]),
)
def test_a_length_is_its_number_of_units_and_is_written_so_that_it_is_read_again(number, unit):
    found = span_of(f"{number}{unit}")
    assert found == span_of(f"{number} {unit.upper()}") == number * span_of(f"1{unit}")
    if found < timedelta(days=99_999):
        words = span_in_words(found)
        assert span_of(words) == found or len(words) > 6  # more digits than anybody types


@given(st.integers(0, 999), st.integers(0, 59), st.integers(0, 59))
def test_a_length_of_several_parts_is_their_sum(hours, minutes, seconds):
    wanted = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    assert span_of(f"{hours}h {minutes}min {seconds}s") == wanted
    assert span_of(f"{hours} hours, {minutes} minutes and {seconds} seconds") == wanted


@given(
    st.text(alphabet=st.sampled_from("0123456789:.-+ apmhdTtomrw,ago/７"), max_size=30)
    | st.text(max_size=30)
)
def test_whatever_is_typed_is_a_time_or_none_of_it(text):
    assert span_of(text) is None or isinstance(span_of(text), timedelta)
    assert clock_of(text) is None or time.fromisoformat(clock_of(text))
    assert day_of(text, MONDAY.date()) is None or isinstance(day_of(text, MONDAY.date()), date)
    assert moment_of(text, MONDAY) is None or isinstance(moment_of(text, MONDAY), datetime)
    assert isinstance(why_no_time(text), str)
