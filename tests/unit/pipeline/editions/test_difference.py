"""What became of each story since the last edition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.pipeline.editions.difference import Shown, StoryChange, story_changes


def shown(stories, **more):
    """An edition of stories `A`, or `A2` for another version of it."""
    told = [(one[0], one[1:] or "1", f"Story {one[0]}") for one in stories.split()]
    return Shown(
        **{"edition": "m@1", "subject": "", "preheader": "", "bytes": 0, **more}, stories=told
    )


@pytest.mark.parametrize(
    ("before", "after", "states"),
    [
        ("", "", ""),
        ("A B", "A B", "A same, B same"),
        ("A B", "C A", "C new, A same, B gone"),
        ("A B C", "C A B", "C moved, A same, B same"),
        ("A B C D", "B C D A", "B same, C same, D same, A moved"),
        ("A B", "A2 B", "A changed, B same"),
        ("A B", "B2 A", "B moved, A same"),
    ],
)
def test_stories_are_new_gone_moved_changed_or_the_same(before, after, states):
    found = story_changes(shown(before), shown(after))
    told = {f"{one.title.removeprefix('Story ')} {one.state}" for one in found}
    assert told == set(filter(None, states.split(", ")))


def test_places_count_from_one():
    (one, gone) = story_changes(shown("A B"), shown("B"))
    assert one == StoryChange(title="Story B", state="same", before=2, after=1)
    assert gone == StoryChange(title="Story A", state="gone", before=1, after=0)


def test_the_room_is_what_gmail_leaves():
    assert shown("", bytes=102_000).room == 400
    assert shown("", bytes=102_500).room == -100


ORDERS = st.lists(st.sampled_from("ABCDEFG"), unique=True)


@given(ORDERS, ORDERS)
def test_each_story_is_told_once_and_what_is_not_moved_keeps_its_order(before, after):
    found = story_changes(shown(" ".join(before)), shown(" ".join(after)))
    assert sorted(one.title[-1] for one in found) == sorted({*before, *after})
    still = [one.before for one in found if one.state in ("same", "changed")]
    assert still == sorted(still)
