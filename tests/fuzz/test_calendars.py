"""Calendars: whatever is in a file, it is read or refused with the reason, in a bounded time."""

from datetime import date
from itertools import count

import pytest
from hypothesis import given

from publisher.schedule import spans_of
from tests.fuzz.spoilt import examples, spoilt

pytestmark = pytest.mark.slow

EVENTS = """\
BEGIN:VEVENT
UID:1
SUMMARY:Christmas
DTSTART;VALUE=DATE:20261225
RRULE:FREQ=YEARLY;COUNT=5;BYMONTH=12
EXDATE;VALUE=DATE:20271225
RDATE;VALUE=DATE:20270101,20270106
END:VEVENT
BEGIN:VEVENT
UID:1
RECURRENCE-ID;VALUE=DATE:20281225
DTSTART;VALUE=DATE:20281227
STATUS:CANCELLED
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Strike
DTSTART;TZID=Europe/Berlin:20261201T080000
DTEND;TZID=Europe/Berlin:20261201T200000
RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,-1FR;UNTIL=20270301T000000Z
END:VEVENT
BEGIN:VEVENT
UID:3
DTSTART:20261224T000000Z
DURATION:PT12H
END:VEVENT
"""
ZONE = """\
BEGIN:VTIMEZONE
TZID:Here
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""
HEAD, END = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n", "END:VCALENDAR\n"
SEEDS = [
    text.replace("\n", "\r\n").encode()
    for text in (HEAD + EVENTS + END, HEAD + ZONE + EVENTS + END, EVENTS)
]
PIECES = [
    *b"INTERVAL=0 INTERVAL=-1 FREQ=SECONDLY FREQ=HOURLY COUNT=0 COUNT=99999999 UNTIL=0 BYDAY=9XX "
    b"BYMONTH=2;BYMONTHDAY=30 BYSETPOS=-366 BYWEEKNO=53 BYYEARDAY=366 BYEASTER=0 WKST=XX TZID=Nowhere "
    b"00000000 99991231 20260230 20261225T250000 -P99999999D PT0S P1W VALUE=PERIOD "
    b"RANGE=THISANDFUTURE SEQUENCE:9 STATUS:CANCELLED ; : , = \\n".split(),
    b"\r\n",
    b"\r\n ",
    b"BEGIN:VEVENT\r\n",
    b"END:VEVENT\r\n",
    b"RDATE;VALUE=PERIOD:20261225T000000Z/P1D\r\n",
    b"RECURRENCE-ID:20261225\r\n",
    b"DTEND;VALUE=DATE:20261225\r\n",
    b"RRULE:FREQ=DAILY\r\n",
]


@examples(100)
@given(spoilt(SEEDS, PIECES))
def test_any_calendar_is_read_or_refused_in_a_bounded_time(data):
    looks = count()
    try:
        spans = spans_of(data, "Europe/Berlin", date(2028, 1, 1), lambda: next(looks) / 50)
    except ValueError as error:
        assert str(error) and not set(str(error)) & set("\r\n\x1b\0")
        assert len(str(error)) <= 250
    else:
        assert all(one.start < one.end for one in spans if one.start != one.end)
        assert len(spans) <= 10_000
