"""Which candidates tell an article's own story, and which of them tell one twice. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from publisher.model import Article, Related, RelatedSettings
from publisher.related.rank import Judged
from publisher.related.retitled import told
from publisher.related.saying import Relation, said
from publisher.related.standing import barred, shared_tags, withheld
from publisher.related.versions import LATER, Overlap, Overlaps, is_possible, reach, relation

if TYPE_CHECKING:
    from publisher.related.index import Near

_NONE = timedelta()
_AGAIN = "another telling of the same story comes before it"


class Tellings:
    """An article's candidates by the stories that they tell.

    `translations` are the ids of the article in other languages.
    """

    def __init__(
        self,
        article: Article,
        near: Near,
        by_id: Mapping[str, Article],
        translations: Collection[str] = (),
    ) -> None:
        """Look at the candidates of `near`, as far as `by_id` knows them."""
        self._article, self._near, self._translations = article, near, translations
        self._known = {n: by_id[name] for n, name in enumerate(near.ids) if name in by_id}

    @cached_property
    def _overlaps(self) -> Overlaps:
        known = [self._known.get(number, self._article) for number in range(len(self._near.ids))]
        own, *others = self._near.texts.each
        published = [one.published for one in (*known, self._article)]
        return Overlaps([*others, own], published)

    def _overlap(self, later: int, earlier: int) -> Overlap:
        return self._overlaps.of(later, earlier)

    @cached_property
    def own(self) -> Mapping[int, Relation]:
        """Those that tell the article's own story, by number, and how."""
        ours, moment = told(self._article.title), self._article.published
        most, last = reach(ours), len(self._near.ids)
        found = {}
        for number, other in self._known.items():
            if other.id in self._translations:
                found[number] = Relation("translation")
                continue
            age = moment - other.published
            if _NONE < age <= most and is_possible(ours, age, other.title):
                overlap = partial(self._overlap, last, number)
                links = number in self._near.linked
                if tells := relation(self._article, other, overlap, links=links):
                    found[number] = tells
        return found

    def marked(self, rows: Sequence[Judged], is_weak: Callable[[Judged], bool]) -> list[Judged]:
        """Return candidates, those left out that tell the article's own story, or one twice.

        Of two that tell one story the newer stays, unless it `is_weak`; none does where readers
        see the newer elsewhere.
        """
        rows = [
            replace(row, left_out=said(self.own[row.number]))
            if row.number in self.own and not row.left_out
            else row
            for row in rows
        ]
        fit = [row for row in rows if not row.left_out and not is_weak(row)]
        fit.sort(key=lambda row: row.article.published)
        moments = [row.article.published for row in fit]
        again = set()
        for newer in (*fit, *(row for row in rows if row.taken)):
            ours, moment = told(newer.article.title), newer.article.published
            for older in reversed(fit[: bisect_left(moments, moment)]):
                age = moment - older.article.published
                if age > LATER:
                    break
                if is_possible(ours, age, older.article.title) and self._is_again(newer, older):
                    again.add(older.number)
        return [replace(row, left_out=_AGAIN) if row.number in again else row for row in rows]

    def _is_again(self, newer: Judged, older: Judged) -> bool:
        overlap = partial(self._overlap, newer.number, older.number)
        found = relation(newer.article, older.article, overlap)
        return found is not None and found.kind != "part"

    def before(
        self, settings: RelatedSettings, at: Sequence[datetime], without: Mapping[str, str]
    ) -> list[Related]:
        """Return what is shown of the article's own story, one at most: the newest that may be.

        Nothing, where it is in `without`, or where its text is the same.
        """
        own = self.own.items()
        fit = [number for number, told in own if self._may_stand(number, told, settings, at)]
        fit = [number for number in fit if self._known[number].id not in without]
        if not fit:
            return []
        best = max(fit, key=self._rank)
        other, told = self._known[best], self.own[best]
        return [
            Related(
                article=other,
                score=round(float(self._near.likeness.whole[best]), 4),
                text=round(float(self._near.likeness.shares([best])[0]), 4),
                age=round(float(self._near.recent[best]), 4),
                tags=shared_tags(self._article, other),
                relation=told.kind,
                part=told.part,
            )
        ]

    def _may_stand(
        self, number: int, told: Relation, settings: RelatedSettings, at: Sequence[datetime]
    ) -> bool:
        other = self._known[number]
        if told.kind == "translation":
            return settings.languages == "any" and not withheld(self._article, other, at)
        is_same = float(self._near.likeness.whole[number]) >= settings.same
        return not is_same and not barred(self._article, other, at, settings)

    def _rank(self, number: int) -> tuple[bool, bool, int, datetime, str]:
        told, other = self.own[number], self._known[number]
        is_part, is_other = told.kind == "part", told.kind == "translation"
        return not is_other, not is_part, told.part, other.published, other.id
