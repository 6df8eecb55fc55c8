"""When a mailbox is gone: dead twice, three days apart, with no life in between."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model.signs import GONE_AFTER, SILENCE, Sign, has_gone

START = datetime(2026, 11, 24, 7, tzinfo=UTC)


def sign(what, days, edition=""):
    return Sign(what=what, at=START + timedelta(days=days), edition=edition)


@pytest.mark.parametrize(
    ("signs", "gone"),
    [
        ([("dead", 0)], False),
        ([("dead", 0), ("dead", 2.9)], False),
        ([("dead", 0), ("dead", 3)], True),
        ([("dead", 0), ("life", 1), ("dead", 3)], False),
        ([("dead", 0), ("life", 1), ("dead", 3), ("dead", 6)], True),
        ([("life", -1), ("dead", 0), ("dead", 3), ("life", 4)], True),
        # A message arrived: it was accepted, and nothing of it came back for two days.
        ([("dead", 0, "a"), ("accepted", 1, "b"), ("dead", 3, "c")], False),
        ([("dead", 0, "a"), ("accepted", 1.1, "b"), ("dead", 3, "c")], True),  # too new to tell
        ([("dead", 0, "a"), ("accepted", 1, "b"), ("bounced", 2, "b"), ("dead", 3, "c")], True),
        ([("dead", 0, "a"), ("accepted", 0, "a"), ("accepted", 3, "c"), ("dead", 3, "c")], True),
        ([("bounced", 0), ("bounced", 9), ("accepted", 1, "x")], False),
    ],
)
def test_a_mailbox_is_gone_when(signs, gone):
    assert has_gone(sign(*one) for one in signs) is gone


SIGNS = st.lists(
    st.builds(
        sign,
        st.sampled_from(["dead", "life", "accepted", "bounced"]),
        st.integers(0, 40).map(lambda quarters: quarters / 4),
        st.sampled_from(["", "a", "b", "c"]),
    ),
    max_size=12,
)


def slowly(signs):
    """The rule as it is said: any two that are dead, and no life between them."""
    dead = [one.at for one in signs if one.what == "dead"]
    back = {one.edition for one in signs if one.what in ("dead", "bounced")} - {""}
    return any(
        later - first >= GONE_AFTER
        and not any(one.what == "life" and first < one.at < later for one in signs)
        and not any(
            one.what == "accepted" and one.edition not in back and first < one.at <= later - SILENCE
            for one in signs
        )
        for first in dead
        for later in dead
    )


@given(SIGNS, st.randoms(use_true_random=False))
def test_the_order_in_which_signs_are_learnt_makes_no_difference(signs, random):
    shuffled = random.sample(signs, len(signs))
    assert has_gone(shuffled) is has_gone(signs) is slowly(signs)


@given(SIGNS)
def test_nobody_is_gone_whom_no_server_called_dead_twice(signs):
    fewer = [one for one in signs if one.what != "dead"]
    assert not has_gone(fewer)
    assert not has_gone([*fewer, sign("dead", 5)])


@given(SIGNS)
def test_life_on_every_day_keeps_a_mailbox(signs):
    assert not has_gone([*signs, *(sign("life", day + 0.1) for day in range(-1, 12))])
