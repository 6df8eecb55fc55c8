"""A date of evidence is read as it is written, or not at all."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.audience.imports.dates import Ambiguous, Undated, is_zero, moment

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MAY = datetime(2024, 5, 1, tzinfo=UTC)
TEN = MAY.replace(hour=10)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2024-05-01", MAY),
        ("2024-5-1", MAY),
        ("2024/05/01", MAY),
        ("2024.05.01", MAY),
        ("2024. 5. 1.", MAY),
        ("2024年5月1日", MAY),
        ("20240501", MAY),
        ("1 May 2024", MAY),
        ("1st of May 2024", MAY),
        ("01-May-2024", MAY),
        ("May 1, 2024", MAY),
        ("Wed, 1 May 2024", MAY),
        ("2024-05-01T10:00:00Z", TEN),
        ("2024-05-01 10:00:00.123456 +0000 UTC", TEN),
        ("2024-05-01T15:30:00+05:30", TEN),
        ("2024-05-01 10:00", TEN),
        ("20240501100000", TEN),
        ("Wed, 01 May 2024 12:00:00 +0200", TEN),
        ("Wed May 01 2024 12:00:00 GMT+0200 (Central European Summer Time)", TEN),
        ("Wed May  1 10:00:00 2024", TEN),
        ("Wed May 1 10:00:00 UTC 2024", TEN),
        ("May 1, 2024 at 10:00 AM", TEN),
        ("1714557600", TEN),
        ("1714557600000", TEN),
        ("13.04.2024 10:00", datetime(2024, 4, 13, 10, tzinfo=UTC)),
        ("04/25/2024", datetime(2024, 4, 25, tzinfo=UTC)),
        ("04.04.2024", datetime(2024, 4, 4, tzinfo=UTC)),
        ("2024-05-01 12:30 am", MAY.replace(minute=30)),
        ("1. Mai 2024", MAY),
        ("mercredi 1er mai 2024", MAY),
        ("1 de mayo de 2024", MAY),
        ("woensdag 1 mei 2024", MAY),
        ("1. Mai 2024, 10:00 Uhr", TEN),
        ("2024-05-01T10:00:00+00:00[Etc/UTC]", TEN),
        ("２０２４－０５－０１", MAY),
    ],
)
def test_a_whole_date_is_read_whatever_wrote_it(text, wanted):
    found = moment(text, None, NOW)
    assert found.first == wanted
    has_time = ":" in text or (len(text) in (10, 13, 14) and text.isdigit())
    assert found.last - found.first == (
        timedelta() if has_time else timedelta(days=1, microseconds=-1)
    )


@pytest.mark.parametrize(
    ("text", "dmy", "mdy"),
    [
        ("03.04.2024 10:00", (4, 3), (3, 4)),
        ("3/4/2024", (4, 3), (3, 4)),
        ("03-04-2024", (4, 3), (3, 4)),
        ("03/04/24", (4, 3), (3, 4)),
    ],
)
def test_a_date_that_may_be_two_is_what_the_editor_says(text, dmy, mdy):
    with pytest.raises(Ambiguous):
        moment(text, None, NOW)
    for order, (month, day) in (("dmy", dmy), ("mdy", mdy)):
        found = moment(text, order, NOW).first
        assert (found.year, found.month, found.day) == (2024, month, day)


@pytest.mark.parametrize(
    "text",
    ["2024", "May 2024", "05/2024", "12", "Sat", "10:30", "Sat May 2024", "2024-13-01",
     "2024-02-30", "13/13/2024", "2024-05-01 25:00", "2024-05-01 10:00 EST",
     "2024-05-01 10:00 CEST", "soon", "2024-05-01 10:00 13 pm", "", "1/2/3/2024",
     "2024-05-01 10:00:00 +99:00"],
)  # fmt: skip
def test_nothing_of_a_date_is_filled_in(text):
    with pytest.raises(Undated):
        moment(text, None, NOW)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2031-05-01", "is in the future"),
        ("2026-11-23 12:00:01", "is in the future"),
        ("1970-01-02", "is too long ago"),
        ("13.04.2031", "is in the future"),
        ("2024-05-01 10:00 EST", "names a time zone that may be several"),
        ("Wed May 01 10:00:00 CEST 2024", "names a time zone that may be several"),
        ("May 2024", "is no whole date"),
    ],
)
def test_a_date_that_cannot_be_is_named(text, reason):
    with pytest.raises(Undated) as found:
        moment(text, None, NOW)
    assert str(found.value) == reason


@pytest.mark.parametrize(
    "text",
    ["01.01.1970", "30/12/1899", "01/01/0001 00:00:00", "1601-01-01", "infinity", "0000-00-00", "0000-00-00 00:00:00", "00/00/0000", "0001-01-01T00:00:00Z",
     "Thu, 01 Jan 1970 00:00:00 GMT", "Jan 1, 1970", "1. Januar 1970", "Wed Dec 31 1969 19:00:00 GMT-0500 (EST)",
     "-0001-11-30 00:00:00", "30.11.-0001", "Nov 30, -0001", "Sun, 30 Nov -0001 00:00:00 +0000", "0000-01-01", "-62135596800",
     "1970-01-01 01:00:00", "1899-12-30", "1900-01-00", "1753-01-01", "9999-12-31 23:59:59"],
)  # fmt: skip
def test_the_zero_of_a_database_is_no_date(text):
    assert is_zero(text)


def test_a_day_of_birth_and_a_day_of_consent_are_no_zeroes():
    assert not is_zero("1970-02-01")
    assert not is_zero("3 Jan 1970")
    assert not is_zero("order -0001")
    assert not is_zero("2024-01-01")


@given(st.datetimes(datetime(1990, 1, 1), datetime(2026, 11, 1)))
def test_an_instant_that_we_write_is_read_again(instant):
    text = instant.replace(tzinfo=UTC).isoformat(timespec="seconds")
    assert moment(text, None, NOW).first == instant.replace(tzinfo=UTC, microsecond=0)


@given(st.text(max_size=60), st.sampled_from([None, "dmy", "mdy"]))
def test_any_text_is_a_moment_before_now_or_none(text, order):
    with contextlib.suppress(Undated):
        assert moment(text, order, NOW).first <= NOW
