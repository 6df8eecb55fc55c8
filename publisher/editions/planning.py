"""Which stories an edition holds. Pure: what was sent before and what was pinned is given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from publisher.editions.variety import Variety
from publisher.model import (
    Article,
    Block,
    Edition,
    LeftOut,
    Newsletter,
    Plan,
    Related,
    Section,
    SectionQuery,
    Slot,
    Story,
    in_range,
    suits,
)

NO_DATE = "it has no date, and what has none is never news"


class Pins(msgspec.Struct, frozen=True, kw_only=True):
    """What an editor asked for by command: article ids, pinned ones in order."""

    pinned: Sequence[str] = ()
    excluded: Collection[str] = ()


_NO_PINS = Pins()


def plan(
    newsletter: Newsletter,
    articles: Iterable[Article],
    slot: Slot,
    *,
    now: datetime,
    sent: Mapping[str, str],
    pins: Pins = _NO_PINS,
) -> Plan:
    """Choose the stories of a newsletter's edition for a slot.

    `articles` are newest first. An article must be visible both at the slot and at `now`, so
    that the same slot gives the same edition whenever it is built, and nothing withdrawn since
    goes out. `sent` names, by article id, the edition of this newsletter that has it. An article
    goes to the first section that takes it; pinned ones go first, whatever their age.
    """
    return _Planning(newsletter, slot, now, sent, pins).run(list(articles))


def in_question(
    newsletter: Newsletter, articles: Iterable[Article], instant: datetime, pins: Pins = _NO_PINS
) -> list[Article]:
    """Return, in their order, the articles that an edition of a slot at an instant may hold.

    All others are older than any of its sections takes, and nobody pinned them.
    """
    limits = [newsletter.max_age, *(one.max_age for one in newsletter.sections if one.max_age)]
    limit, called, by_hand = max(limits), {"*", newsletter.name}, set(pins.pinned)
    return [
        one
        for one in articles
        if instant - one.published <= limit
        or (one.hint.pin and not called.isdisjoint(one.hint.pin))
        or one.id in by_hand
    ]


class _Planning:
    def __init__(
        self, newsletter: Newsletter, slot: Slot, now: datetime, sent: Mapping[str, str], pins: Pins
    ) -> None:
        self.newsletter, self.slot, self.now = newsletter, slot, now
        self.sent, self.pins = sent, pins
        self.called = {"*", newsletter.name}
        self.instants = min(slot.instant, now), max(slot.instant, now)
        self.foreign: dict[str, bool] = {}  # by language
        self.misfits: dict[tuple[Any, ...], str] = {}  # by all that sections ask for
        self.left_out: list[LeftOut] = []

    def run(self, articles: list[Article]) -> Plan:
        free = []
        for article in articles:
            reason = self.barred(article)
            if reason:
                self.left_out.append(LeftOut(article=article, reason=reason))
            else:
                free.append(article)
        blocks = []
        full: dict[str, str] = {}
        for query in self.newsletter.sections:
            wanted = self.matching(query, free)
            chosen = self.ordered(query, wanted)[: query.max]
            full |= {a.id: f"section {query.name!r} is full ({query.max})" for a in wanted}
            taken = {article.id for article in chosen}
            free = [article for article in free if article.id not in taken]
            blocks.append(Block(query=query, articles=tuple(chosen)))
        self.left_out += [
            LeftOut(article=article, reason=full.get(article.id, self.misfit(article)))
            for article in free
        ]
        count = sum(len(block.articles) for block in blocks)
        return Plan(
            newsletter=self.newsletter,
            slot=self.slot,
            blocks=tuple(blocks),
            left_out=tuple(self.left_out),
            skipped=self.skipped(count),
        )

    def barred(self, article: Article) -> str:
        """Why no section may have the article, or ""."""
        if hidden := article.hidden(*self.instants):
            return hidden
        if article.id in self.pins.excluded:
            return "excluded by hand"
        if not article.news:
            return NO_DATE
        if article.hint.exclude and not self.called.isdisjoint(article.hint.exclude):
            return "excluded in its front matter"
        if article.id in self.sent:
            return f"already in {self.sent[article.id]}"
        if self.is_foreign(article):
            return f"in another language ({article.language})"
        return ""

    def is_pinned(self, article: Article) -> bool:
        is_hinted = article.hint.pin and not self.called.isdisjoint(article.hint.pin)
        return bool(is_hinted) or article.id in self.pins.pinned

    def is_foreign(self, article: Article) -> bool:
        if article.language not in self.foreign:
            self.foreign[article.language] = _is_foreign(article, self.newsletter)
        return self.foreign[article.language]

    def matching(self, query: SectionQuery, articles: Iterable[Article]) -> list[Article]:
        instant, limit = self.slot.instant, self.limit(query)
        return [
            one
            for one in articles
            if (instant - one.published <= limit or self.is_pinned(one)) and suits(query, one)
        ]

    def limit(self, query: SectionQuery) -> timedelta:
        return self.newsletter.max_age if query.max_age is None else query.max_age

    def misfit(self, article: Article) -> str:
        asked = article.section, article.tags, article.authors
        if asked not in self.misfits:
            self.misfits[asked] = self.why(article)
        return self.misfits[asked]

    def why(self, article: Article) -> str:
        suited = [self.limit(q) for q in self.newsletter.sections if suits(q, article)]
        return f"older than {_days(max(suited))}" if suited else "no section takes it"

    def ordered(self, query: SectionQuery, articles: list[Article]) -> list[Article]:
        """In the section's order; pinned ones first, those pinned by command before the rest."""
        if query.order == "title":
            articles = sorted(articles, key=lambda article: (article.title.casefold(), article.id))
        elif query.order == "oldest":
            articles = sorted(articles, key=lambda article: (article.published, article.id))
        by_hand = {name: place for place, name in enumerate(self.pins.pinned)}
        last = len(by_hand) + 1
        return sorted(
            articles,
            key=lambda article: by_hand.get(article.id, last - self.is_pinned(article)),
        )

    def skipped(self, count: int) -> str:
        least = self.newsletter.skip_if_fewer_than
        if count == 0:
            return "no stories"
        if count < least:
            stories = "1 story" if count == 1 else f"{count} stories"
            return f"{stories}, fewer than {least}"
        return ""


def longest(newsletter: Newsletter, article: Article) -> timedelta | None:
    """How old an article may get before a newsletter takes it no more; None if it never does."""
    if (
        not article.news
        or _is_foreign(article, newsletter)
        or {"*", newsletter.name} & set(article.hint.exclude)
    ):
        return None
    limits = [
        newsletter.max_age if query.max_age is None else query.max_age
        for query in newsletter.sections
        if suits(query, article)
    ]
    return max(limits, default=None)


def _is_foreign(article: Article, newsletter: Newsletter) -> bool:
    return not (newsletter.any_language or in_range(article.language, newsletter.language))


def edition(
    planned: Plan,
    related: Callable[[Article, int, Collection[str]], tuple[Related, ...]],
) -> Edition:
    """Return the planned edition with related stories under those that show them.

    `related` answers (article, at most, ids not to name); a story already in the edition, or
    under another story of it, is not named again. It may answer with more: of those that are as
    good, the blocks of an edition show different ones.
    """
    shown = {article.id for article in planned.articles}
    variety = Variety()
    sections = []
    for block in planned.blocks:
        stories = []
        for article in block.articles:
            wanted = _wanted(planned.newsletter, block.query)
            found = variety.chosen(related(article, wanted, shown), wanted)
            shown |= {one.article.id for one in found}
            stories.append(Story(article=article, related=found))
        if stories:
            sections.append(Section(query=block.query, stories=tuple(stories)))
    return Edition(newsletter=planned.newsletter, slot=planned.slot, sections=tuple(sections))


def _wanted(newsletter: Newsletter, query: SectionQuery) -> int:
    if query.related is not None:
        return query.related
    return newsletter.related if query.show == "full" else 0


def _days(age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    if hours % 24:
        return f"{hours} hours"
    return "1 day" if hours == 24 else f"{hours // 24} days"
