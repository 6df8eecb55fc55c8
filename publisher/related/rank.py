"""Candidates → related articles: filters, weights, order, and why each stands where it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from publisher.model import Article, Related, RelatedSettings, fold
from publisher.related.evidence import SHOWN, Term
from publisher.related.floor import Floor, claim, wanted, weakness
from publisher.related.names import Names
from publisher.related.scores import Scored, Scores, shared_tags
from publisher.related.terms import language_of

if TYPE_CHECKING:
    from publisher.related.index import Near

_LOOKED_AT = 24  # of the candidates, the best that may be shown: diversity chooses among them


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate with all that its place comes from; `left_out` says why it is not shown.

    `whole` is how alike the texts are, `share` how much of what weighs most in the one the other
    holds; `age`, `tagged` and `placed` (section) are factors, `cited` the weight of related
    stories that link to it, 0 to 1, `citing` their number; `sure` is what speaks for its being
    related at all, where 1 is just enough, `titled` tells that titles or tags do, `vouched` that
    titles or links of related stories do; `taken` that it is left out only because readers see it
    elsewhere; `terms` are what both speak of, where that was looked at.
    """

    number: int
    article: Article
    score: float
    whole: float
    share: float
    age: float
    tagged: float
    placed: float
    cited: float
    citing: int
    sure: float
    titled: bool = False
    vouched: bool = False
    taken: bool = False
    left_out: str = ""
    terms: Sequence[Term] | None = None


def picks(
    article: Article, names: Names, at: Sequence[datetime], without: Mapping[str, str]
) -> list[Related]:
    """Return the hand-picked articles that may be shown at every instant of `at`, as listed."""
    found = [names.find(name) for name in article.hint.shown]
    distinct = {other.id: other for other in found if other}
    same = {"update": article.hint.updates, "correction": article.hint.corrects}
    told = {
        other.id: kind
        for kind, listed in same.items()
        for name in listed
        if (other := names.find(name))
    }
    return [
        Related(
            article=other,
            score=1.0,
            picked=True,
            tags=shared_tags(article, other),
            relation=told.get(other.id, ""),
        )
        for other in distinct.values()
        if not other.hidden(*at) and other.id not in without and other.id != article.id
    ]


def again(
    article: Article,
    shown: Iterable[Mapping[str, Any]],
    by_id: Mapping[str, Article],
    at: Sequence[datetime],
    settings: RelatedSettings,
) -> list[Related]:
    """Return what was shown as related before, those that still may be, with their reasons."""
    kept = [one for one in shown if one["id"] in by_id and not one.get("picked")]
    return [
        Related(
            article=by_id[one["id"]],
            score=one["score"],
            text=one["text"],
            age=one["age"],
            terms=tuple(one["terms"]),
            tags=shared_tags(article, by_id[one["id"]]),
            cited=one.get("cited", 0),
            fallback=one.get("fallback", False),
            relation=one.get("relation", ""),
            part=one.get("part", 0),
        )
        for one in kept
        if not _gone(article, one, by_id[one["id"]], at, settings)
    ]


def _gone(
    article: Article,
    shown: Mapping[str, Any],
    other: Article,
    at: Sequence[datetime],
    settings: RelatedSettings,
) -> str:
    """Why what was shown may not be any more; a translation need not be older."""
    if shown.get("relation") == "translation" and settings.languages == "any":
        return withheld(article, other, at)
    return barred(article, other, at, settings)


def judged(
    article: Article,
    near: Near,
    by_id: Mapping[str, Article],
    settings: RelatedSettings,
    at: Sequence[datetime],
    without: Mapping[str, str],
    k: int,
) -> list[Judged]:
    """Return the best candidates with their scores and why they may not stand, best first.

    A score is the likeness of the texts, raised by shared tags and section, lowered by age, raised
    by the related stories that link to it; ties go to the newer article, then by id. `without` has
    ids that may not be shown, and why; enough come for k of them, and those that were asked for.
    """
    looked_at = list(_looked_at(article, near, by_id, settings, at, without, k))
    shares = near.likeness.shares([one.number for one, *_ in looked_at]).tolist()
    speaking = Floor(article, near, by_id).of([one for one, *_ in looked_at])
    return [
        Judged(
            number=one.number,
            article=one.article,
            score=one.score,
            whole=whole,
            share=share,
            age=float(near.recent[one.number]),
            tagged=one.tagged,
            placed=one.placed,
            cited=one.cited,
            citing=one.citing,
            sure=speaks.sure,
            titled=speaks.titled,
            vouched=speaks.vouched,
            taken=taken,
            left_out=why,
        )
        for (one, whole, taken, why), share, speaks in zip(looked_at, shares, speaking, strict=True)
    ]


def _looked_at(
    article: Article,
    near: Near,
    by_id: Mapping[str, Article],
    settings: RelatedSettings,
    at: Sequence[datetime],
    without: Mapping[str, str],
    k: int,
) -> Iterator[tuple[Scored, float, bool, str]]:
    """Yield enough for k, best first: how alike, whether taken elsewhere, why it may not stand."""
    fit, asked = 0, set(near.asked)
    for one in Scores(article, near, by_id, settings).best_first(at):
        if fit >= max(_LOOKED_AT, 2 * k):
            if not asked:
                break
            if one.number not in asked:
                continue
        asked.discard(one.number)
        whole = float(near.likeness.whole[one.number])
        why = barred(article, one.article, at, settings)
        taken = not why and one.article.id in without
        why = why or without.get(one.article.id, "")
        if not why and whole >= settings.same:
            why = f"it is the same text again ({whole:.2f} of 1)"
        fit += not why
        yield one, whole, taken, why


def chosen(
    found: Sequence[Judged],
    near: Near,
    settings: RelatedSettings,
    k: int,
    evidence: Callable[[int], Sequence[Term]],
) -> list[Judged]:
    """Return the k best of what may be shown, each a little unlike those before it (MMR).

    None that is too weak, and first the one whose `claim` to that is best, however many follow.
    `evidence` names what the article shares with one: it is asked of those that would be shown.
    Carbonell and Goldstein, "The use of MMR", SIGIR 1998.
    """
    fit = [
        row
        for row in found
        if not row.left_out and row.number < near.extra and not weakness(row, settings)
    ]
    most = max((row.score for row in fit), default=0.0) or 1.0
    alike = near.likeness.between([row.number for row in fit])
    left, closest = [*range(len(fit))], [0.0] * len(fit)
    taken: list[Judged] = []

    def merit(place: int) -> float:
        if not taken:
            return claim(fit[place])
        score, like = fit[place].score / most, settings.diversity * closest[place]
        return round((1 - settings.diversity) * score - like, 9)

    while len(taken) < k:
        least = wanted(len(taken), settings)
        left = [place for place in left if fit[place].sure >= least]
        ranked = sorted(left, key=merit, reverse=True)  # equals stay in order
        told = ((place, replace(fit[place], terms=evidence(fit[place].number))) for place in ranked)
        first = not taken
        one = next((pair for pair in told if not weakness(pair[1], settings, first=first)), None)
        if one is None:
            break
        place, row = one
        taken.append(row)
        left.remove(place)
        closest = [*map(max, closest, alike(place).tolist())]
    return taken


def related(article: Article, row: Judged, settings: RelatedSettings) -> Related:
    """Return a chosen candidate with the reason."""
    return Related(
        article=row.article,
        score=round(row.score, 4),
        claim=0.0 if weakness(row, settings, first=True) else claim(row),
        text=round(row.share, 4),
        age=round(row.age, 4),
        tags=shared_tags(article, row.article),
        cited=row.citing,
        terms=tuple(term.text for term in (row.terms or ())[:SHOWN]),
    )


def barred(
    article: Article, other: Article, at: Sequence[datetime], settings: RelatedSettings
) -> str:
    """Return why an article can never stand under another, "" where it may."""
    if other.id == article.id:
        return "it is the article itself"
    if settings.languages != "any" and not _same_language(article, other):
        return f"it is in another language ({other.language})"
    if other.published >= article.published:
        return "it is not older"
    return withheld(article, other, at)


def withheld(article: Article, other: Article, at: Sequence[datetime]) -> str:
    """Return why nobody may see another article, or see it under this one, "" if they may."""
    if why := other.hidden(*at):
        return f"it is hidden: {why}"
    unwanted = {fold(name) for name in article.hint.unrelated} | set(article.hint.unrelated)
    if unwanted and {other.id, other.slug, other.path, fold(other.title)} & unwanted:
        return "the editor ruled it out (`unrelated`)"
    return ""


def _same_language(article: Article, other: Article) -> bool:
    return language_of(article.language) == language_of(other.language)
