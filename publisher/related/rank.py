"""Candidates → related articles: filters, weights, order, and why each stands where it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from publisher.model import Article, Related, RelatedSettings
from publisher.related.evidence import SHOWN, Term
from publisher.related.floor import Floor, claim, wanted, weakness
from publisher.related.scores import Scored, Scores
from publisher.related.standing import barred, shared_tags

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
    elsewhere; `terms` are what both speak of, where that was looked at; `about` is how much a
    model finds both about the same, -1 to 1, where one does.
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
    about: float | None = None


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
            about=speaks.about,
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
