"""A service goes on sending while articles that once ended it come and go."""

import pytest

from tests.fire import PACE, under_fire

SECONDS = 20


@pytest.mark.slow
def test_a_queue_and_a_slot_go_out_under_fire(site):
    """`python -m benchmarks hostile` does it for three minutes, and says how long each waited."""
    found = under_fire(site.root.parent / "fire", SECONDS)
    assert found.attacks > 1
    assert len(found.gaps) > SECONDS * PACE / 4
    assert found.late, found.said
    assert "more than 200 elements within each other" in found.said
    assert "loops@" in found.said
    assert "its body cannot be put into a mail" in found.said
    assert "Traceback" not in found.said
