"""Intervals of shares: as they are published, and as they must be whatever the figures."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model.proportions import difference, readers_needed, shown_from, wilson

PUBLISHED = [
    ((56, 70), (48, 80), (0.0524, 0.3339)),
    ((9, 10), (3, 10), (0.1705, 0.8090)),
    ((6, 7), (2, 7), (0.0582, 0.8062)),
    ((5, 56), (0, 29), (-0.0381, 0.1926)),
    ((0, 10), (0, 20), (-0.1611, 0.2775)),
    ((0, 10), (0, 10), (-0.2775, 0.2775)),
    ((10, 10), (0, 20), (0.6791, 1.0000)),
    ((10, 10), (0, 10), (0.6075, 1.0000)),
]
"""Newcombe 1998, Statistics in Medicine 17:873, table II, method 10."""


@pytest.mark.parametrize(("first", "second", "interval"), PUBLISHED)
def test_the_interval_of_a_difference_is_the_published_one(first, second, interval):
    assert tuple(round(bound, 4) for bound in difference(first, second)) == interval


@pytest.mark.parametrize(
    ("count", "of", "interval"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_the_interval_of_a_share_is_the_published_one(count, of, interval):
    """Newcombe 1998, Statistics in Medicine 17:857, table I, method 3."""
    assert tuple(round(bound, 4) for bound in wilson(count, of)) == interval


groups = st.integers(1, 100_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(groups, groups)
def test_an_interval_holds_what_was_seen_and_turns_with_its_groups(first, second):
    low, high = difference(first, second)
    seen = first[0] / first[1] - second[0] / second[1]
    assert -1 - 1e-9 <= low <= seen + 1e-9 and seen - 1e-9 <= high <= 1 + 1e-9
    turned = difference(second, first)
    assert turned == pytest.approx((-high, -low))


@given(groups)
def test_two_groups_that_are_the_same_show_no_difference(group):
    low, high = difference(group, group)
    assert low <= 0 <= high


@given(st.integers(1, 3000), st.data())
def test_a_difference_is_shown_from_a_count_on_and_not_before(of, data):
    count = data.draw(st.integers(0, of))
    least = shown_from(of, count)
    if least is None:
        assert difference((of, of), (count, of))[0] <= 0
    else:
        assert difference((least, of), (count, of))[0] > 0
        assert difference((least - 1, of), (count, of))[0] <= 0


@pytest.mark.parametrize(("count", "of"), [(1, 0), (-1, 5), (6, 5)])
def test_a_count_that_is_no_part_of_its_group_has_no_interval(count, of):
    with pytest.raises(ValueError, match="no part of"):
        wilson(count, of)


DOCUMENT = Path(__file__).resolve().parents[3] / "docs/explanation/subject-tests.md"


def test_the_tables_of_the_document_are_what_is_computed():
    text = DOCUMENT.read_text()
    shown = re.findall(r"^\| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| ([\d.]+)% \|$", text, re.MULTILINE)
    assert len(shown) == 8
    for cells in shown:
        of, count, least = (int(cell.replace(",", "")) for cell in cells[:3])
        assert count == of // 20
        assert (least, cells[3]) == (shown_from(of, count), f"{100 * least / of:.1f}")
    sizes = re.findall(r"^\| ([\d.]+)% \| ([\d.]+)% \| ([\d,]+) \|$", text, re.MULTILINE)
    assert len(sizes) == 7
    for first, second, size in sizes:
        assert size == f"{readers_needed(float(first) / 100, float(second) / 100):,}"
