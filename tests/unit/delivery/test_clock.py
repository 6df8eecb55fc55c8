"""What asks senders to end reaches each of them, and none that has ended."""

import gc

from publisher.delivery import Stop


def test_all_parts_end_with_the_whole_and_one_may_end_alone():
    whole = Stop()
    first, second = whole.part(), whole.part()
    first.ask()
    assert (whole.event.is_set(), second.event.is_set()) == (False, False)
    whole.ask()
    assert second.event.is_set()
    assert whole.part().event.is_set()  # whoever comes later


def test_parts_that_nobody_has_any_more_are_forgotten():
    whole = Stop()
    for _ in range(100):
        whole.part()
    gc.collect()
    whole.part()
    assert len(whole._parts) <= 1
