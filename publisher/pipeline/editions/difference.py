"""What differs between an edition and the last one that the newsletter's readers got. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Literal

import msgspec

from publisher.model.rendition import GMAIL_CLIPS_AT

State = Literal["new", "gone", "moved", "changed", "same"]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """An edition as it is compared. `stories` are (id, version, title), in reading order."""

    edition: str
    subject: str
    preheader: str
    bytes: int
    stories: Sequence[tuple[str, str, str]]

    @property
    def room(self) -> int:
        """How many bytes are left until Gmail clips it; negative where it does."""
        return GMAIL_CLIPS_AT - self.bytes


class StoryChange(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a story: its places count from 1, 0 where it is not there."""

    title: str
    state: State
    before: int
    after: int


def story_changes(before: Shown, after: Shown) -> list[StoryChange]:
    """Return every story of either edition: those of `after` in its order, then those gone.

    As few as can be are called moved: the longest row that stands in the same order stays.
    """
    old = {story[0]: place for place, story in enumerate(before.stories, 1)}
    new = {story[0]: place for place, story in enumerate(after.stories, 1)}
    versions = {story[0]: story[1] for story in before.stories}
    kept = _longest_rising([old[story[0]] for story in after.stories if story[0] in old])

    def state(story: str, version: str) -> State:
        if story not in old:
            return "new"
        if old[story] not in kept:
            return "moved"
        return "same" if versions[story] == version else "changed"

    found = [
        StoryChange(
            title=title, state=state(story, version), before=old.get(story, 0), after=new[story]
        )
        for story, version, title in after.stories
    ]
    gone = [
        StoryChange(title=title, state="gone", before=old[story], after=0)
        for story, _, title in before.stories
        if story not in new
    ]
    return found + gone


def _longest_rising(places: Sequence[int]) -> set[int]:
    """The longest run of places that rise (patience sorting)."""
    tops: list[int] = []
    previous: dict[int, int] = {}
    for place in places:
        at = bisect_left(tops, place)
        previous[place] = tops[at - 1] if at else 0
        tops[at : at + 1] = [place]
    found, one = set(), tops[-1] if tops else 0
    while one:
        found.add(one)
        one = previous[one]
    return found
