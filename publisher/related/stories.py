"""The one way in: an article's related stories, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache, cached_property
from typing import Any

import msgspec
from msgspec.structs import replace

from publisher.model import Article, LeftOut, Related, RelatedSettings
from publisher.related.evidence import Term, terms
from publisher.related.floor import wanted, weakness
from publisher.related.index import Index, Near
from publisher.related.names import Names
from publisher.related.rank import Judged, chosen, judged, related
from publisher.related.saying import Relation
from publisher.related.standing import again, barred, picks, shared_tags
from publisher.related.tellings import Tellings
from publisher.related.terms import words
from publisher.related.wording import Wording

_TERMS = 12  # of an explanation
_EVIDENCE = 4  # words and phrases that are looked at
_PICKED = "it was picked by hand"


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """Why an article stands under another, or does not.

    `place` counts from 1 among those that may be shown, None where it is not shown; `terms` are
    the words and phrases that both hold, with their part of what the first is about. `fallback`
    tells that it is shown only because nothing is related; `relation` how it is the same story, if
    it is, and `linked` whether the first links to it.
    """

    judged: Judged | None
    place: int | None
    left_out: str
    terms: tuple[Term, ...] = ()
    tags: tuple[str, ...] = ()
    picked: bool = False
    fallback: bool = False
    relation: Relation | None = None
    linked: bool = False


class RelatedStories:
    """Answers which earlier articles belong under an article."""

    def __init__(
        self,
        articles: Sequence[Article],
        index: Index,
        settings: RelatedSettings,
        called: str = "",
        *,
        by_id: Mapping[str, Article] | None = None,
        body: Callable[[Article], str] | None = None,
        translations: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Answer from an index; `called` is the publication's name, `translations` the ids of
        articles in other languages, by id.

        `by_id` and `body` know the articles where it would be too much to list them all: then none
        is picked by hand, and nothing stands for what is not related.
        """
        self._by_id = {one.id: one for one in articles} if by_id is None else by_id
        self._body = body or index.body
        self._articles, self._index, self._settings = articles, index, settings
        self._called, self._translations = called, translations or {}

    @property
    def damage(self) -> str:
        """Why the index on disk could not be used, "" where nothing is wrong with it."""
        return self._index.damage

    @property
    def translations(self) -> Mapping[str, Sequence[str]]:
        """The ids of articles in other languages, by id."""
        return self._translations

    @cached_property
    def names(self) -> Names:
        """What articles are called; made only where one was picked by hand."""
        return Names(self._articles)

    def of(
        self,
        article: Article,
        k: int,
        *,
        at: Sequence[datetime],
        without: Mapping[str, str] | None = None,
        keep: Sequence[Mapping[str, Any]] | None = None,
    ) -> tuple[Related, ...]:
        """Return at most k related articles that may be shown at every instant of `at`, best first.

        Hand-picked ones come first, as they were listed; then those of `keep` (what a bundle's
        manifest says was shown before), if it is given: others are looked for only where one of
        them has gone. `without` holds ids that may not be shown, each with the reason. The answer
        is the same in every run.
        """
        if k <= 0:
            return ()
        without = without or {}
        found = self._picked(article, at, without)[:k]
        taken = {**without, **{one.article.id: _PICKED for one in found}}
        if keep is not None:
            still = [one for one in keep if one["id"] not in taken]
            found += again(article, still, self._by_id, at, self._settings)
            there = {one.article.id for one in found}
            if all(one["id"] in there for one in keep) or len(found) >= k:
                return tuple(found[:k])
            taken |= dict.fromkeys(there, "it is shown already")
        found += self._nearest(article, k - len(found), at, taken)[0]
        return tuple(found) or self._fallback(article, k, at, taken)

    def explained(
        self,
        article: Article,
        k: int,
        *,
        at: Sequence[datetime],
        without: Mapping[str, str] | None = None,
    ) -> tuple[tuple[Related, ...], tuple[LeftOut, ...]]:
        """Return the related articles, and those that would stand among them but may not."""
        without = without or {}
        found = self._picked(article, at, without)[:k]
        taken = {**without, **{one.article.id: _PICKED for one in found}}
        best, left_out = self._nearest(article, k - len(found), at, taken)
        least = min((one.score for one in best), default=0.0)
        left = [
            LeftOut(article=row.article, reason=row.left_out)
            for row in left_out
            if row.left_out != _PICKED and row.score >= least
        ]
        shown = tuple(found + best) or self._fallback(article, k, at, taken)
        return shown, tuple(left)

    def _picked(
        self, article: Article, at: Sequence[datetime], without: Mapping[str, str]
    ) -> list[Related]:
        return picks(article, self.names, at, without) if article.hint.shown else []

    def _nearest(
        self, article: Article, k: int, at: Sequence[datetime], without: Mapping[str, str]
    ) -> tuple[list[Related], list[Judged]]:
        """The k nearest; and those near enough that may not be shown."""
        near = self._near(article) if k > 0 else None
        if near is None:
            return [], []
        tellings = self._tellings(article, near)
        rows = self._judged(article, near, tellings, at, without, k)
        before = tellings.before(self._settings, at, without)
        if any(without.get(near.ids[number]) == _PICKED for number in tellings.own):
            before = []  # an editor has chosen which
        evidence = self._evidence(article, near, _EVIDENCE)
        shown = chosen(rows, near, self._settings, k - len(before), evidence)
        there = {one.article.id for one in before}
        not_shown = [
            row
            for row in rows
            if row.left_out and row.article.id not in there and not weakness(row, self._settings)
        ]
        found = [related(article, row, self._settings) for row in shown]
        return before + found, not_shown

    def _near(self, article: Article, *also: str) -> Near | None:
        own = self._translations.get(article.id, ())
        return self._index.near(article, self._settings, [*own, *also])

    def _tellings(self, article: Article, near: Near) -> Tellings:
        return Tellings(article, near, self._by_id, self._translations.get(article.id, ()))

    def _judged(
        self,
        article: Article,
        near: Near,
        tellings: Tellings,
        at: Sequence[datetime],
        without: Mapping[str, str],
        k: int,
    ) -> list[Judged]:
        """The best candidates, each story told once."""
        rows = judged(article, near, self._by_id, self._settings, at, without, k)
        return tellings.marked(rows, lambda row: bool(weakness(row, self._settings)))

    def _evidence(self, article: Article, near: Near, most: int) -> Callable[[int], Sequence[Term]]:
        """What names that which an article shares with a candidate, as the article writes it."""
        wording = Wording(article.title, article.summary, self._body(article))

        @cache
        def evidence(number: int) -> list[Term]:
            authors = {*article.authors, *self._by_id[near.ids[number]].authors}
            silent = {word for name in (self._called, *authors) for word in words(name)}
            told = terms(near.likeness, number, most)
            return wording.of(told, silent.difference(words(article.title)))

        return evidence

    def why(
        self,
        article: Article,
        other: Article,
        k: int,
        *,
        at: Sequence[datetime],
        without: Mapping[str, str] | None = None,
    ) -> Why:
        """Return why `other` stands among the k related stories of an article, or does not."""
        found = self.of(article, k, at=at, without=without)
        place = next((n for n, one in enumerate(found, 1) if one.article.id == other.id), None)
        without = without or {}
        hand = self._picked(article, at, without)
        picked = next((one for one in hand if one.article.id == other.id), None)
        taken = {**without, **{one.article.id: _PICKED for one in hand[:k]}}
        why = Why(
            judged=None,
            place=place,
            left_out="",
            tags=shared_tags(article, other),
            picked=picked is not None,
            fallback=place is not None and any(one.fallback for one in found),
            relation=Relation(picked.relation) if picked and picked.relation else None,
        )
        near = self._near(article, other.id)
        if near is not None and other.id in near.ids:
            number = near.ids.index(other.id)
            shown = sum(not (one.picked or one.fallback or one.relation) for one in found)
            why = self._weighed(article, near, number, why, at, taken, k, shown)
        if place:
            return replace(why, left_out="")
        never = barred(article, other, at, self._settings) or "no word tells them together"
        return replace(why, left_out=why.left_out or never)

    def _weighed(
        self,
        article: Article,
        near: Near,
        number: int,
        why: Why,
        at: Sequence[datetime],
        without: Mapping[str, str],
        k: int,
        shown: int,
    ) -> Why:
        """The same with all that a candidate's place comes from; so many are `shown`."""
        tellings = self._tellings(article, near)
        rows = self._judged(article, near, tellings, at, without, k)
        why = replace(
            why,
            relation=why.relation or tellings.own.get(number),
            linked=number in near.linked,
        )
        row = next((row for row in rows if row.number == number), None)
        if row is None:
            return why
        row = replace(row, terms=self._evidence(article, near, _EVIDENCE)(number))
        left_out = row.left_out or self._not_shown(row, near, k, shown)
        named = self._evidence(article, near, _TERMS)(number)
        return replace(why, judged=row, left_out=left_out, terms=tuple(named))

    def _not_shown(self, row: Judged, near: Near, k: int, shown: int) -> str:
        if why := weakness(row, self._settings, first=not shown):
            return why
        if row.number >= near.extra:
            return f"{near.extra} others share more of its rare words"
        if shown < k and row.sure < (least := wanted(shown, self._settings)):
            others = "another" if shown == 1 else f"{shown} others"
            return f"{row.sure:.2f} speaks for it, and below {others} {least:.2f} is wanted"
        return f"{'another comes' if k == 1 else f'{k} others come'} before it"

    def _fallback(
        self, article: Article, k: int, at: Sequence[datetime], without: Mapping[str, str]
    ) -> tuple[Related, ...]:
        """What is shown where nothing is related, if the publication wants something to be."""
        if self._settings.fallback == "none":
            return ()
        newest = sorted(self._articles, key=lambda one: (-one.published.timestamp(), one.id))
        fit = (
            one
            for one in newest
            if one.news
            and one.id not in without
            and not barred(article, one, at, self._settings)
            and (self._settings.fallback == "latest" or one.section == article.section)
        )
        return tuple(
            Related(article=one, score=0.0, tags=shared_tags(article, one), fallback=True)
            for one, _ in zip(fit, range(k), strict=False)
        )

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()
