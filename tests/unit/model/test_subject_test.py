"""Who gets which subject: a fixed split of those who are there, and what the groups have shown."""

import random
import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.model.subject_test import Outcome, Tally, group_sizes, split_readers

EDITION = "morning@2026-11-24T0700"
readers = st.lists(st.text(min_size=1, max_size=12), min_size=2, max_size=200, unique=True)
shares = st.floats(0.001, 1.0)


@settings(max_examples=50)
@given(readers, shares)
def test_groups_are_disjoint_within_the_audience_and_as_large_as_they_should_be(names, share):
    groups = split_readers(EDITION, names, share)
    assert groups.keys() <= set(names)
    counts = Counter(groups.values())
    assert 0 <= counts["A"] - counts["B"] <= 1
    assert counts["B"] >= 1
    assert counts.total() == 2 or abs(counts.total() - len(names) * share) <= 0.5 + 1e-9


@settings(max_examples=50)
@given(readers, shares, st.randoms(use_true_random=False))
def test_the_split_does_not_depend_on_the_order_of_readers(names, share, rng):
    shuffled = list(names)
    rng.shuffle(shuffled)
    assert split_readers(EDITION, names, share) == split_readers(EDITION, shuffled, share)


@given(st.integers(0, 10_000_000), st.floats(0.0001, 1.0))
def test_sizes_are_a_share_of_those_who_are_there(count, share):
    in_a, in_b = group_sizes(count, share)
    assert 0 <= in_a - in_b <= 1 and in_a + in_b <= count
    assert in_a + in_b == count or in_a + in_b >= 2


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_a_reader_that_joins_moves_at_most_one_of_each_group(seed):
    names = [f"r{number}@x.example" for number in range(400)]
    before = split_readers(EDITION, names, 0.2)
    after = split_readers(EDITION, [*names, f"new{seed}@x.example"], 0.2)
    assert sum(before.get(name) != after.get(name) for name in names) <= 2


def test_the_split_is_the_same_in_another_process():
    names = [f"r{number}@x.example" for number in range(40)]
    code = f"from publisher.model import split_readers; print(sorted(split_readers({EDITION!r}, {names!r}, 0.2).items()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(sorted(split_readers(EDITION, names, 0.2).items()))


def test_editions_do_not_test_the_same_readers_each_time():
    names = [f"r{number}@x.example" for number in range(5000)]
    tested = [
        set(split_readers(f"morning@2026-11-{day}T0700", names, 0.2)) for day in range(10, 20)
    ]
    often = Counter(name for one in tested for name in one)
    # By chance a reader is in 2 of 10; in 8 or more is one of 13,000 (binomial).
    assert max(often.values()) <= 8
    assert len(often) > 5000 * 0.85  # 1 - 0.8^10 = 0.89 are in one at least


def test_groups_have_no_more_of_one_domain_than_chance_gives_them():
    names = [f"r{number}@x{number % 2}.example" for number in range(10_000)]
    random.Random(1).shuffle(names)
    groups = split_readers(EDITION, names, 0.5)
    halves = Counter((group, name[-9]) for name, group in groups.items())
    assert sum(halves.values()) == 5000
    assert all(abs(count - 1250) < 4 * 25 for count in halves.values())  # four deviations


@pytest.mark.parametrize(
    ("a", "b", "better"),
    [
        ((100, 5), (100, 9), None),
        ((1000, 50), (1000, 71), "B"),
        ((1000, 71), (1000, 50), "A"),
        ((1000, 50), (1000, 70), None),
        ((10, 0), (10, 0), None),
        ((0, 0), (10, 3), None),
        ((0, 0), (0, 0), None),
        ((10, 30), (10, 0), "A"),  # forwarded: more than all of them is all of them
    ],
)
def test_the_better_group_is_one_whose_interval_excludes_nought(a, b, better):
    tallies = {
        "A": Tally(mailed=a[0], followed=a[1]),
        "B": Tally(mailed=b[0], followed=b[1]),
    }
    assert Outcome(tallies=tallies).better == better
