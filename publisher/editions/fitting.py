"""Which stories of an edition are shortened so that its mail fits. Pure: all bytes are given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec
from msgspec.structs import replace

from publisher.model import Edition, Section, Story

Bytes = tuple[int, int, int]
"""Of one story: as its section shows it, as a card, as a headline."""

_AS_IT_IS, _CARD, _HEADLINE = 0, 1, 2
_FORMS = {
    "full": ("full", "card", "title"),
    "card": ("card", "compact", "title"),
    "summary": ("summary", "compact", "title"),
    "compact": ("compact", "compact", "title"),
}
"""How a story of a section is shown as it is, as a card, as a headline; of others nothing can be
spared."""


_LEAST = 40
"""Bytes that a headline alone spares of a story, at least, where a template heeds `story.show`."""


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """A section as it is measured: how it shows its stories, and the bytes of each."""

    show: str
    stories: tuple[Bytes, ...]

    @property
    def can_shrink(self) -> bool:
        """Whether there is something to spare, and a template that can show its stories shorter."""
        spared = sum(whole - least for whole, _, least in self.stories)
        return self.show in _FORMS and bool(self.stories) and spared >= _LEAST * len(self.stories)


def shows(sections: Sequence[Measured], over: int) -> tuple[tuple[str, ...], ...]:
    """Return how each story of each section is shown, so that `over` bytes are saved.

    "" is as it is. The ends of the longest sections become cards, then headlines; the first story
    of a section is shortened after all the others, that of the edition last. What can stay as it
    was stays, in reading order; within a section none is shown at more length than one before it.
    Where all headlines are too much all are headlines.
    """
    sections = [_evened(one) for one in sections]
    ranks = [[_AS_IT_IS] * len(one.stories) for one in sections]
    saved = 0
    for section, story, rank in _steps(sections):
        if saved >= over:
            break
        of_story = sections[section].stories[story]
        saved += of_story[ranks[section][story]] - of_story[rank]
        ranks[section][story] = rank
    _give_back(sections, ranks, saved - over)
    return tuple(
        tuple(_show(one.show, rank) for rank in found)
        for one, found in zip(sections, ranks, strict=True)
    )


def reshown(edition: Edition, wanted: Sequence[Sequence[str]]) -> Edition:
    """Return an edition whose stories are shown as `wanted` says; "" is as their section says.

    Shortened ones keep their related stories to themselves.
    """

    def story(one: Story, show: str) -> Story:
        return replace(one, show=show, related=(), unshown=one.related) if show else one

    def section(one: Section, found: Sequence[str]) -> Section:
        stories = zip(one.stories, found, strict=True)
        return replace(one, stories=tuple(story(*each) for each in stories))

    sections = zip(edition.sections, wanted, strict=True)
    return replace(edition, sections=tuple(section(*each) for each in sections))


def tried(edition: Edition, form: Literal["card", "headline"]) -> Edition:
    """Return an edition whose every story is a card or a headline, to be measured.

    They keep their related stories, which templates leave out of a shortened one: where one of
    them knows nothing of that, it looks as it did.
    """
    rank = _CARD if form == "card" else _HEADLINE

    def section(one: Section) -> Section:
        show = _show(one.query.show, rank)
        return replace(one, stories=tuple(replace(story, show=show) for story in one.stories))

    return replace(edition, sections=tuple(map(section, edition.sections)))


def _evened(one: Measured) -> Measured:
    """The same section with as many bytes of a story in two forms that are one."""
    if _show(one.show, _CARD):
        return one
    return replace(one, stories=tuple((whole, whole, least) for whole, _, least in one.stories))


def _show(show: str, rank: int) -> str:
    form = _FORMS.get(show, (show,) * 3)[rank]
    return "" if form == show else form


def _steps(sections: Sequence[Measured]) -> Iterator[tuple[int, int, int]]:
    """(section, story, rank): what is shortened first, and then."""
    able = [number for number, one in enumerate(sections) if one.can_shrink]
    for rank in (_CARD, _HEADLINE):
        yield from ((section, story, rank) for section, story in _ends(sections, able))
    for rank in (_CARD, _HEADLINE):
        yield from ((section, 0, rank) for section in reversed(able))


def _ends(sections: Sequence[Measured], able: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The stories but each section's first: the last of the longest section, and so on."""
    left = {section: len(sections[section].stories) for section in able}
    while left:
        longest = max(left, key=lambda section: (left[section], section))
        if left[longest] == 1:
            return
        left[longest] -= 1
        yield longest, left[longest]


def _give_back(sections: Sequence[Measured], ranks: list[list[int]], spare: int) -> None:
    """Show at more length what there is room for after all, in reading order."""
    for one, found in zip(sections, ranks, strict=True):
        least = _AS_IT_IS
        for number, of_story in enumerate(one.stories):
            for rank in range(least, found[number]):
                more = of_story[rank] - of_story[found[number]]
                if more <= spare:
                    spare -= more
                    found[number] = rank
                    break
            least = found[number]
