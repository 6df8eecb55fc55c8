"""How long an edition takes at a pace: arithmetic that `send` refuses by."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.pipeline.sends.pace import by_day, by_second

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("length", "per_day", "used", "hours"),
    [
        (4, 4, 0, 0),
        (5, 4, 0, 12),  # the fifth leaves at midnight
        (8, 4, 0, 12),
        (9, 4, 0, 36),
        (1, 4, 4, 12),
        (4, 4, 9, 12),  # the limit was lowered since
        (0, 4, 4, 0),
    ],
)
def test_the_last_message_leaves_on_the_day_that_has_room_for_it(length, per_day, used, hours):
    assert by_day(length, NOON, per_day, used) == hours * HOUR


@given(
    length=st.integers(0, 400),
    per_day=st.integers(1, 50),
    used=st.integers(0, 60),
    minute=st.integers(0, 1439),
)
def test_a_day_by_day_count_comes_to_the_same(length, per_day, used, minute):
    start = datetime(2026, 11, 24, tzinfo=UTC) + timedelta(minutes=minute)
    at, room, left = start, max(0, per_day - used), length
    while left > room:
        left -= room
        at = (at + timedelta(days=1)).replace(hour=0, minute=0)
        room = per_day
    assert by_day(length, start, per_day, used) == at - start


@given(length=st.integers(0, 1000), rate=st.floats(0.001, 1000))
def test_at_a_rate_the_first_goes_at_once_and_each_later_one_takes_its_turn(length, rate):
    assert by_second(length, rate) >= timedelta()
    assert by_second(1, rate) == timedelta()
    if length:
        more = by_second(length + 1, rate) - by_second(length, rate)
        assert abs(more.total_seconds() - 1 / rate) < 0.001
