"""An edition and how it came to be: stories chosen, stories left out and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from publisher.model.article import Article
from publisher.model.newsletter import Newsletter, SectionQuery
from publisher.model.slot import Slot


class EditionId(str):
    """The id of an edition, such as `morning@2026-11-24T0700`: the one place that takes it apart.

    It is a text wherever ids are kept or shown.
    """

    __slots__ = ()

    @classmethod
    def of(cls, newsletter: str, slot: Slot) -> EditionId:
        """Return the id of a newsletter's edition for a slot."""
        return cls(f"{newsletter}@{slot.local:%Y-%m-%dT%H%M}")

    @property
    def newsletter(self) -> str:
        """The name of its newsletter."""
        return self.partition("@")[0]

    @property
    def minute(self) -> str:
        """Its slot as it stands in the id: `2026-11-24T0700`."""
        return self.partition("@")[2]

    @property
    def local(self) -> datetime | None:
        """Its slot's wall-clock time, naive; None for what is no edition's id."""
        try:
            return datetime.strptime(self.minute, "%Y-%m-%dT%H%M")  # noqa: DTZ007 wall-clock time
        except ValueError:
            return None


def edition_named(name: str, known: Iterable[str]) -> str | None:
    """Return the edition that a name means among those known, None where it is not clear.

    The whole id, a newsletter's name for its newest edition, or a part that only one id holds.

    >>> edition_named("morning", ["morning@2026-11-23T0700", "morning@2026-11-24T0700"])
    'morning@2026-11-24T0700'
    """
    ids = sorted(known)
    if name in ids:
        return name
    if theirs := [one for one in ids if one.startswith(f"{name}@")]:
        return theirs[-1]
    alike = [one for one in ids if name in one]
    return alike[0] if len(alike) == 1 else None


class Related(msgspec.Struct, frozen=True, kw_only=True):
    """An article related to another, with the reason.

    `score` lies between 0 and 1; 1 for a hand-picked one. `text` is how much of what weighs most
    in the one the other holds too, 0 to 1; `terms` are the shared words and phrases that weigh
    most, heaviest first; `cited` is how many other related stories link to it. `claim` is how good
    a first one of its block it is, beside others of the same answer, 0 where it can be none; it is
    not remembered. `fallback` marks one that is shown only because nothing is related. `relation`
    says how one belongs to the same story: this article is an "update" or a "correction" of it, it
    is a "part" of it (`part` is its number), or the same in another language ("translation"); ""
    for another story.
    """

    article: Article
    score: float
    terms: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    picked: bool = False
    text: float = 0.0
    age: float = 1.0
    cited: int = 0
    claim: float = 0.0
    fallback: bool = False
    relation: str = ""
    part: int = 0

    @property
    def reason(self) -> dict[str, Any]:
        """What is remembered of it, plain, so that the same can be shown again."""
        same = {"relation": self.relation, "part": self.part} if self.relation else {}
        return {
            "id": self.article.id, "picked": self.picked, "score": self.score, "text": self.text,
            "age": self.age, "terms": list(self.terms), "cited": self.cited,
            "fallback": self.fallback, **same,
        }  # fmt: skip


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """An article in an edition, with its related stories.

    `show` says how much is shown of one that was shortened so that the mail fits; "" is what its
    section says. `unshown` are the related stories that it had before.
    """

    article: Article
    related: tuple[Related, ...] = ()
    show: str = ""
    unshown: tuple[Related, ...] = ()


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """An article that is not in an edition, and why."""

    article: Article
    reason: str


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A section's query with the articles chosen for it."""

    query: SectionQuery
    articles: tuple[Article, ...]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What an edition would hold. `skipped` says why it does not go out, "" if it does.

    `older` is how many articles were not looked at, for they are too old for any of its sections.
    """

    newsletter: Newsletter
    slot: Slot
    blocks: tuple[Block, ...]
    left_out: tuple[LeftOut, ...]
    skipped: str = ""
    older: int = 0

    @property
    def id(self) -> str:
        """The edition's id."""
        return EditionId.of(self.newsletter.name, self.slot)

    @property
    def articles(self) -> tuple[Article, ...]:
        """Every article that goes in, in reading order."""
        return tuple(article for block in self.blocks for article in block.articles)


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A section's query with its stories."""

    query: SectionQuery
    stories: tuple[Story, ...]


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """What a newsletter sends for one slot. `sections` are in order and none is empty."""

    newsletter: Newsletter
    slot: Slot
    sections: tuple[Section, ...]

    @property
    def id(self) -> str:
        """The edition's id."""
        return EditionId.of(self.newsletter.name, self.slot)

    @property
    def stories(self) -> tuple[Story, ...]:
        """Every story, in reading order."""
        return tuple(self._stories())

    def _stories(self) -> Iterator[Story]:
        for section in self.sections:
            yield from section.stories
