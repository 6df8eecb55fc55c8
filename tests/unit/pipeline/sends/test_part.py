"""When a worker's part of an edition ends: by its turns, and by whether another job waits."""

from datetime import UTC, datetime, timedelta

import pytest

from publisher.pipeline.sends.part import MOMENT, TURN, Part

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
SOON = NOW + MOMENT
LATER = SOON + timedelta(microseconds=1)


def part_of(*answers):
    """A part of two messages a turn; `.asked` is what it asked, which is answered in order."""
    asked, given = [], iter(answers)

    def go_on(is_idle):
        asked.append("idle" if is_idle else "busy")
        return next(given)

    part = Part("morning@2026-11-24T0700", 2, go_on)
    part.asked = asked
    return part


def claims(part, seconds, size=5):
    """Claim as many as there is room for; return how many."""
    room = part.room(size, seconds)
    part.took(room)
    return room


def test_a_part_goes_on_turn_after_turn_until_another_job_waits():
    part = part_of(True, True, False)
    assert [claims(part, seconds) for seconds in (0.0, 1.0, 2.0, 3.0)] == [2, 2, 2, 0]
    assert part.asked == ["busy"] * 3
    assert claims(part, 4.0) == 0  # it is over: nobody is asked again
    assert not part.waits(NOW, NOW)
    assert part.asked == ["busy"] * 3


def test_a_turn_is_over_after_its_seconds_however_slow_the_pace():
    part = part_of(True, False)
    begun = 100.0  # its first claim
    assert claims(part, begun, size=1) == 1
    assert part.asked == []
    assert claims(part, begun + TURN, size=1) == 1
    assert part.asked == ["busy"]
    assert claims(part, begun + 2 * TURN, size=1) == 0


@pytest.mark.parametrize(
    ("is_moving", "due", "answer", "waits"),
    [
        (True, SOON, True, True),
        (True, SOON, False, False),  # another job waits
        (True, LATER, True, False),  # a job of its own comes then
        (True, None, True, False),  # all is settled
        (False, SOON, True, False),  # others send it
    ],
)
def test_what_is_due_in_a_moment_is_waited_for_while_nobody_else_waits(
    is_moving, due, answer, waits
):
    part = part_of(answer)
    part.took(is_moving)
    assert part.waits(due, NOW) is waits
    assert set(part.asked) <= {"idle"}


def test_a_part_that_finds_nothing_when_it_has_waited_ends():
    part = part_of(True, True)
    claims(part, 0.0, size=1)
    assert part.waits(SOON, NOW)
    assert not part.waits(SOON, NOW)
