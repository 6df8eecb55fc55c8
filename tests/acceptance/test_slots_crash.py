"""A short form of `make crash` for services: whatever dies, a slot is one edition, and recorded."""

import pytest

from tests.crash import slots

STEPS = [
    "decide-before",
    "build-after",
    "seal-after",
    "freeze-before",
    "freeze-after",
    "mark sent-before",
    "look-before",
]


@pytest.mark.slow
def test_a_service_that_settles_before_it_sends_is_found_out():
    tally = slots.at_slot_steps(["build-before", "seal-after"], own=["--checkpoint"])
    assert tally.lost > 0
    assert "has no send" in tally.faults[-1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "sweep",
    [
        lambda: slots.at_slot_steps(STEPS),
        lambda: slots.services_at_random(3, 1, services=2),
        lambda: slots.clock_moved(1, 1),
    ],
    ids=["named steps", "two services", "clock moved"],
)
def test_a_service_that_dies_leaves_one_edition_a_slot_and_a_record_of_each(sweep):
    tally = sweep()
    assert tally.kills > 0
    assert (tally.unsettled, tally.lost, tally.doubled, tally.faults) == (0, 0, 0, [])
