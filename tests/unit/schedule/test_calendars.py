"""Days without an edition, as calendars say them (RFC 5545)."""

from datetime import date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model import Away, Rule, away
from publisher.schedule import slots, spans_of

DAY = "DTSTART;VALUE=DATE:20261225"
UNTIL = date(2036, 12, 31)


def event(*lines, uid="1", name="Christmas"):
    said = [f"UID:{uid}", f"SUMMARY:{name}", *lines]
    return "\r\n".join(["BEGIN:VEVENT", *filter(None, said), "END:VEVENT", ""])


def calendar(*events, head=""):
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{head}{''.join(events)}END:VCALENDAR\r\n".encode()


def shown(*events, head=""):
    """Each span as `12-25 00:00..12-26 00:00`, with its year where that is another than 2026."""

    def at(moment: datetime) -> str:
        return f"{moment:%m-%d %H:%M}" if moment.year == 2026 else f"{moment:%Y-%m-%d %H:%M}"

    spans = spans_of(calendar(*events, head=head), "Europe/Berlin", UNTIL)
    return [f"{at(one.start)}..{at(one.end)}" for one in spans]


def days(*events):
    return [f"{one.start:%Y-%m-%d}" for one in spans_of(calendar(*events), "Europe/Berlin", UNTIL)]


EVERY_YEAR = event(DAY, "RRULE:FREQ=YEARLY;COUNT=3")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([event(DAY, "RDATE;VALUE=DATE:20270101,20270106")], ["2026-12-25", "2027-01-01", "2027-01-06"]),
        ([event(DAY, "RDATE;VALUE=DATE:20270101", "RDATE;VALUE=DATE:20270106")], ["2026-12-25", "2027-01-01", "2027-01-06"]),
        ([event(DAY, "RRULE:FREQ=YEARLY;COUNT=3", "EXDATE;VALUE=DATE:20271225")], ["2026-12-25", "2028-12-25"]),
        ([event(DAY, "RRULE:FREQ=YEARLY;COUNT=2", "RDATE;VALUE=DATE:20270101", "EXDATE;VALUE=DATE:20261225")], ["2027-01-01", "2027-12-25"]),
        ([EVERY_YEAR, event("DTSTART;VALUE=DATE:20271227", "RECURRENCE-ID;VALUE=DATE:20271225")], ["2026-12-25", "2027-12-27", "2028-12-25"]),
        ([event("DTSTART;VALUE=DATE:20271227", "RECURRENCE-ID;VALUE=DATE:20271225"), EVERY_YEAR], ["2026-12-25", "2027-12-27", "2028-12-25"]),
        ([EVERY_YEAR, event("DTSTART;VALUE=DATE:20271225", "RECURRENCE-ID;VALUE=DATE:20271225", "STATUS:CANCELLED")], ["2026-12-25", "2028-12-25"]),
        ([EVERY_YEAR, event("DTSTART;VALUE=DATE:20271227", "RECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20271225")], ["2026-12-25", "2027-12-27", "2028-12-27"]),
        ([event("DTSTART;VALUE=DATE:20271227", "RECURRENCE-ID;VALUE=DATE:20271225")], ["2027-12-27"]),
        ([event(DAY, "RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=2")], ["2026-12-25", "2027-01-29"]),
        ([event(DAY, "RRULE:FREQ=YEARLY;UNTIL=20271231T000000Z")], ["2026-12-25", "2027-12-25"]),
    ],
    ids=["added", "added on two lines", "taken out", "added and taken out", "moved", "moved, told first",
         "one cancelled", "all from one on moved", "moved alone", "the last Friday", "until"],
)  # fmt: skip
def test_instances_come_as_they_were_added_moved_and_cancelled(events, expected):
    assert days(*events) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((DAY,), "12-25 00:00..12-26 00:00"),
        ((DAY, "DTEND;VALUE=DATE:20261227"), "12-25 00:00..12-27 00:00"),
        ((DAY, "DTEND;VALUE=DATE:20261225"), "12-25 00:00..12-26 00:00"),
        ((DAY, "DURATION:P2D"), "12-25 00:00..12-27 00:00"),
        ((DAY, "DURATION:PT0S"), "12-25 00:00..12-26 00:00"),
        (("DTSTART:20261225T000000", "DTEND:20261225T000000"), "12-25 00:00..12-26 00:00"),
        (("DTSTART:20261225T000000",), "12-25 00:00..12-26 00:00"),
        (("DTSTART:20261225T100000", "DTEND:20261225T100000"), "12-25 10:00..12-25 10:00"),
        (("DTSTART:20261225T100000Z", "DTEND:20261225T113000Z"), "12-25 11:00..12-25 12:30"),
        (("DTSTART;TZID=America/New_York:20261225T100000", "DURATION:PT1H"), "12-25 16:00..12-25 17:00"),
    ],
)  # fmt: skip
def test_an_event_takes_the_time_that_people_mean(lines, expected):
    assert shown(event(*lines)) == [expected]


@pytest.mark.parametrize(
    "start", ["DTSTART:20261225T100000", "DTSTART:20261225T090000Z", "DTSTART;TZID=Asia/Tokyo:20261225T180000"]
)  # fmt: skip
def test_a_rule_that_ends_on_a_day_ends_with_all_of_it(start):
    found = shown(event(start, "DURATION:PT1H", "RRULE:FREQ=DAILY;UNTIL=20261227"))
    assert found == [f"12-{day} 10:00..12-{day} 11:00" for day in (25, 26, 27)]


def test_what_a_calendar_cancels_as_a_whole_is_no_holiday():
    assert shown(event(DAY), head="METHOD:CANCEL\r\n") == []
    assert shown(event(DAY), head="METHOD:PUBLISH\r\n") == ["12-25 00:00..12-26 00:00"]


def test_a_moment_excludes_nothing():
    (span,) = spans_of(
        calendar(event("DTSTART:20261225T070000", "DTEND:20261225T070000")), "UTC", UNTIL
    )
    assert away(datetime(2026, 12, 25, 7), [span]) is None


def test_a_zone_of_its_own_and_one_for_the_whole_file_are_understood():
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Ours\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0300\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    assert shown(event("DTSTART;TZID=Ours:20261225T100000", "DURATION:PT1H"), head=zone) == [
        "12-25 08:00..12-25 09:00"
    ]
    assert shown(
        event("DTSTART:20261225T100000Z", "DURATION:PT1H"), head="X-WR-TIMEZONE:Asia/Tokyo\r\n"
    ) == ["12-25 11:00..12-25 12:00"]


@pytest.mark.parametrize("uid", ["1", ""])
def test_no_day_of_a_file_whose_events_share_an_identity_is_lost(uid):
    first = event(DAY, uid=uid).replace("UID:\r\n", "")
    second = event("DTSTART;VALUE=DATE:20270101", uid=uid).replace("UID:\r\n", "")
    assert days(first, second) == ["2026-12-25", "2027-01-01"]


def test_of_several_names_of_an_event_the_first_counts_and_none_steers_a_terminal():
    names = [event(DAY, "SUMMARY:again"), event(DAY, name="\x1b[31mRed", uid="2")]
    assert [one.name for one in spans_of(calendar(*names), "UTC", UNTIL)] == [
        "Christmas",
        "[31mRed",
    ]


def test_a_calendar_that_was_cut_off_is_named():
    with pytest.raises(ValueError, match="nothing from BEGIN:VCALENDAR to END:VCALENDAR"):
        spans_of(calendar(event(DAY))[:-30], "UTC", UNTIL)


def test_of_an_event_that_was_sent_again_the_last_counts():
    first = event(DAY, "SEQUENCE:1")
    again = event("DTSTART;VALUE=DATE:20261224", "SEQUENCE:2")
    assert days(first, again) == ["2026-12-24"]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ((DAY, "RRULE:FREQ=DAILY;INTERVAL=0"), "the event 'Christmas' repeats with INTERVAL=0"),
        ((DAY, "RRULE:FREQ=DAILY;COUNT=-1"), "the event 'Christmas' repeats with COUNT=-1"),
        ((DAY, "RRULE:COUNT=2"), "the event 'Christmas' repeats by an RRULE without FREQ"),
        ((DAY, "RRULE:RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD"),
         "the event 'Christmas' repeats with SKIP, which nobody here understands"),
        ((DAY, "RRULE:FREQ=HOURLY"), "the event 'Christmas' comes hourly; holidays come daily or less often"),
        (("DTSTART:20261225T000000Z", "RRULE:FREQ=DAILY;BYHOUR=1,2"),
         "the event 'Christmas' comes several times a day; holidays come daily or less often"),
        ((DAY, "DTEND;VALUE=DATE:20261224"), "the event 'Christmas' ends before it begins"),
        ((DAY, DAY), "the event 'Christmas' has more than one DTSTART"),
        (("DTEND;VALUE=DATE:20261224",), "the event 'Christmas' has no DTSTART"),
        (("DTSTART;VALUE=DATE:20261332",),
         "the event 'Christmas' has a DTSTART that cannot be read: Wrong date format 20261332"),
        (("DTSTART;TZID=Nowhere:20261225T000000",), "the event 'Christmas' is in a time zone that nobody knows: Nowhere"),
        ((DAY, "RRULE:FREQ=YEARLY", "EXDATE:soon"), "the event 'Christmas' has a EXDATE that cannot be read"),
        ((DAY, "RDATE:soon"), "the event 'Christmas' has a RDATE that cannot be read"),
        ((DAY, "RECURRENCE-ID:soon"), "the event 'Christmas' has a RECURRENCE-ID that cannot be read"),
        ((DAY, "DURATION:-P1D"), "the event 'Christmas' ends before it begins"),
        ((DAY, "DTEND:20261226T120000Z"),
         "the event 'Christmas' begins or ends on a day, and the other of the two is a time"),
        ((DAY, "RRULE:FREQ=DAILY;COUNT=4", "EXRULE:FREQ=DAILY;INTERVAL=2;COUNT=2"),
         "the event 'Christmas' has an EXRULE, which is no more"),
        ((DAY, "RRULE:RSCALE=HEBREW;FREQ=YEARLY"),
         "the event 'Christmas' repeats by another calendar than ours: RSCALE=HEBREW"),
        ((DAY, "RRULE:FREQ=YEARLY;BYDAY=XX"), "the event 'Christmas' has a RRULE that cannot be read"),
    ],
)  # fmt: skip
def test_an_event_that_cannot_be_read_is_named(lines, why):
    with pytest.raises(ValueError) as caught:
        spans_of(calendar(event(*lines)), "UTC", UNTIL)
    assert str(caught.value).startswith(why)


def test_the_name_of_an_event_cannot_steer_a_terminal():
    name = "\x1b[31m\u2028" + "x" * 500
    with pytest.raises(ValueError) as caught:
        spans_of(calendar(event(DAY, "RRULE:FREQ=HOURLY", name=name)), "UTC", UNTIL)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


@pytest.mark.slow
def test_more_events_than_anybody_has_are_refused():
    daily = [event(DAY, "RRULE:FREQ=DAILY", uid=str(number)) for number in range(20)]
    with pytest.raises(ValueError, match="it holds more than 10000 events and repetitions"):
        spans_of(calendar(*daily), "UTC", UNTIL)
    with pytest.raises(ValueError, match="it holds more than 10000 events"):
        spans_of(calendar(*[event(DAY)] * 10_001), "UTC", UNTIL)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
    ],
)
def test_an_event_that_never_comes_is_looked_for_so_long_and_no_longer(rule):
    clock = count()  # each look at it, one more second has gone
    with pytest.raises(ValueError, match="it takes too long"):
        spans_of(calendar(event(DAY, f"RRULE:{rule}")), "UTC", UNTIL, lambda: next(clock) / 100)


def test_a_zone_that_never_rests_ends_nothing():
    head = (
        "BEGIN:VTIMEZONE\r\nTZID:Restless\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0300\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\n"
        "END:VTIMEZONE\r\n"
    )
    found = calendar(event("DTSTART;TZID=Restless:20261225T100000", "DURATION:PT1H"), head=head)
    assert len(spans_of(found, "UTC", UNTIL)) == 1


@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * 100, b"<html>", b"BEGIN:X\r\n" * 1000, calendar().decode().encode("utf-16")],
    ids=["nothing", "NULs", "a page", "depth", "UTF-16"],
)
def test_what_is_no_calendar_is_refused(data):
    with pytest.raises(ValueError):
        spans_of(data, "UTC", UNTIL)


SPANS = st.lists(
    st.builds(
        lambda day, length: Away(
            start=datetime(2026, 11, 1) + timedelta(hours=day),
            end=datetime(2026, 11, 1) + timedelta(hours=day + length),
        ),
        st.integers(0, 300),
        st.integers(0, 100),
    ),
    max_size=8,
)


@given(SPANS)
def test_a_slot_is_left_out_if_it_lies_in_any_span(spans):
    rule = Rule(every="day", at="07:00", zone="UTC")
    first = datetime.fromisoformat("2026-11-01T00:00+00:00")
    found = [next(slots(rule, first, spans)).local]
    expected = next(
        local
        for local in (datetime(2026, 11, 1, 7) + timedelta(days=n) for n in range(60))
        if away(local, spans) is None
    )
    assert found == [expected]
