"""What of an edition is shortened: the ends of long sections first, and no more than it needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.editions import Measured, shows

FULL = (4000, 1500, 500)
ROW = (1500, 1000, 500)
LINE = (500, 500, 500)


def section(show, count, size=None):
    sizes = {"full": FULL, "title": LINE, "number": LINE}
    return Measured(show=show, stories=(size or sizes.get(show, ROW),) * count)


def letters(found):
    """`f` as it is, `c` as a card or in few lines, `t` a headline: a word for each section."""
    of = {"": "f", "card": "c", "compact": "c", "title": "t"}
    return " ".join("".join(of[one] for one in shown) for shown in found)


@pytest.mark.parametrize(
    ("sections", "over", "wanted"),
    [
        ([section("full", 4)], 0, "ffff"),
        ([section("full", 4)], -1, "ffff"),
        ([section("full", 4)], 1, "fffc"),
        ([section("full", 4)], 2500, "fffc"),
        ([section("full", 4)], 2501, "ffcc"),
        ([section("full", 4)], 7500, "fccc"),
        ([section("full", 4)], 7501, "fcct"),
        ([section("full", 4)], 10_500, "fttt"),
        ([section("full", 4)], 10_501, "ccct"),  # with the lead a card there is room for others
        ([section("full", 4)], 14_000, "tttt"),
        ([section("full", 4)], 99_000, "tttt"),
        ([section("summary", 4)], 1, "fffc"),
        ([section("compact", 3, (900, 900, 500))], 1, "fft"),
        ([section("full", 2), section("summary", 4)], 500, "ff fffc"),
        ([section("full", 2), section("summary", 4)], 1000, "ff ffcc"),
        ([section("full", 2), section("summary", 4)], 2000, "fc ffff"),
        ([section("title", 30), section("full", 2)], 1, f"{'f' * 30} fc"),
        ([section("number", 30)], 1, "f" * 30),
        ([section("full", 3, (900, 900, 861)), section("summary", 3)], 2000, "fff ftt"),
        ([], 10, ""),
    ],
)
def test_the_ends_of_sections_are_shortened_as_far_as_that_is_needed(sections, over, wanted):
    assert letters(shows(sections, over)) == wanted


def test_where_the_lead_must_be_shortened_others_are_shown_as_far_as_there_is_room():
    long = (90_000, 1500, 500)
    first = Measured(show="full", stories=(long, FULL, FULL))
    rest = Measured(show="summary", stories=(ROW, ROW))
    assert letters(shows([first, rest], 20_000)) == "ccc ff"


SIZES = st.tuples(*[st.integers(0, 20_000)] * 3).map(lambda three: tuple(sorted(three)[::-1]))
SECTIONS = st.lists(
    st.builds(
        lambda show, stories: Measured(show=show, stories=tuple(stories)),
        st.sampled_from(["full", "card", "summary", "compact", "title", "number"]),
        st.lists(SIZES, max_size=6),
    ),
    max_size=4,
)
RANKS = {"": 0, "card": 1, "compact": 1, "title": 2}


def saved(sections, found):
    return sum(
        of_story[0] - of_story[RANKS[show]]
        for one, shown in zip(sections, found, strict=True)
        for of_story, show in zip(one.stories, shown, strict=True)
    )


@given(SECTIONS, st.integers(-100, 300_000))
def test_what_can_fit_fits_and_nothing_is_shortened_for_no_gain(sections, over):
    found = shows(sections, over)
    assert [len(one) for one in found] == [len(one.stories) for one in sections]
    most = saved(sections, shows(sections, 10**9))
    spare = saved(sections, found) - over
    assert spare >= min(0, most - over)
    assert over > 0 or not any(any(shown) for shown in found)
    for one, shown in zip(sections, found, strict=True):
        ranks = [RANKS[show] for show in shown]
        assert ranks == sorted(ranks)  # none is shown at more length than one before it
        assert one.can_shrink or not any(ranks)
        first = next((number for number, rank in enumerate(ranks) if rank), None)
        if first is not None and spare >= 0:  # there was no room for it as it was
            assert one.stories[first][0] - one.stories[first][ranks[first]] > spare
