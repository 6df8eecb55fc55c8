"""What becomes of slots that have come, by how late they are: a table, and what always holds."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model import Cause, Newsletter, Slot
from publisher.schedule.lateness import BACKLOG, FLOOD, PUNCTUAL, due

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def newsletter(**keys):
    return Newsletter(name="morning", title="Morning", **keys)


def slots(*minutes_late):
    """Slots that are so many minutes late, as `due` takes them."""
    found = []
    for minutes in minutes_late:
        instant = NOW - timedelta(minutes=minutes)
        slot = Slot(local=instant.replace(tzinfo=None), zone="UTC", instant=instant)
        found.append((slot, instant))
    return found


def fates(policy, *minutes_late, within=timedelta(hours=24)):
    own = newsletter(catch_up=policy, catch_up_within=within)
    return [one.timing for one in due(own, slots(*minutes_late), NOW)]


HOUR = 60
FEW, MANY = FLOOD, FLOOD + 1

CASES = [
    # the policy, minutes late, what becomes of each
    ("latest", (0,), ["on time"]),
    ("latest", (15,), ["on time"]),
    ("latest", (16,), ["caught up"]),
    ("latest", (180, 120, 60), ["missed", "missed", "caught up"]),
    ("latest", (60, 5), ["missed", "on time"]),
    ("latest", (25 * HOUR,), ["held"]),
    ("all", (60, 50, 40)[:FEW], ["caught up"] * FEW),
    ("all", (60, 5), ["caught up", "on time"]),
    ("all", tuple(range(100, 100 - MANY, -1)), ["held"] * MANY),
    ("all", (30 * HOUR, 60), ["held", "caught up"]),
    ("all", tuple(range(90, 90 - BACKLOG - 2, -1)), ["missed"] * 2 + ["held"] * BACKLOG),
    ("none", (60, 5), ["missed", "on time"]),
    ("none", (60,), ["missed"]),
]


@pytest.mark.parametrize(("policy", "late", "expected"), CASES)
def test_lateness_and_policy_decide_what_becomes_of_a_slot(policy, late, expected):
    assert fates(policy, *late) == expected


@pytest.mark.parametrize(
    ("policy", "late", "cause", "reason"),
    [
        ("none", (60,), Cause.NOT_CAUGHT_UP, ""),
        ("latest", (60, 50), Cause.SUPERSEDED, ""),
        ("all", tuple(range(90, 90 - BACKLOG - 1, -1)), Cause.TOO_MANY, ""),
        ("all", (MANY * 20, *range(60, 60 - FLOOD, -1)), Cause.FLOOD, str(MANY)),
        ("latest", (119,), Cause.LATE, "119 minutes"),
        ("latest", (120,), Cause.LATE, "2 hours"),
        ("latest", (48 * HOUR,), Cause.LATE, "2 days"),
    ],
)
def test_the_record_of_a_late_slot_says_why(policy, late, cause, reason):
    first = due(newsletter(catch_up=policy), slots(*late), NOW)[0]
    assert (first.cause, first.reason) == (cause, reason)


def test_how_late_one_may_be_is_the_newsletters_to_say():
    assert fates("latest", 60, within=timedelta(hours=1)) == ["caught up"]
    assert fates("latest", 61, within=timedelta(hours=1)) == ["held"]


MINUTES = st.lists(st.integers(0, 5 * 24 * 60), unique=True, max_size=20)


@given(st.sampled_from(["latest", "all", "none"]), MINUTES.map(lambda n: sorted(n, reverse=True)))
def test_each_slot_has_one_fate_and_no_flood_goes_out(policy, late):
    found = due(newsletter(catch_up=policy), slots(*late), NOW)
    assert [one.slot for one in found] == [slot for slot, _ in slots(*late)]
    assert sum(one.timing == "caught up" for one in found) <= (FLOOD if policy == "all" else 1)
    punctual = [one.timing == "on time" for one in found]
    assert punctual == [timedelta(minutes=minutes) <= PUNCTUAL for minutes in late]
