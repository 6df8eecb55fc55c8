"""What two texts share, as subjects; and how sure that makes one that they belong together. Pure.

A subject is a word, or words that stand beside one another in both texts: "John Fetterman" is one,
not two. Numbers, code, names of authors and what stands in most articles of a section are none:
their words weigh nothing (`Words.silent`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from publisher.related.likeness import Floats, Likeness
from publisher.related.terms import phrase

_CONFIDENT = (51.0, 9.3, -5.9, -12.8, 4.9, -1.1)
"""Of whole, share, most, total and documents, by logistic regression: see docs/explanation."""
_LEAST = 1e-3


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or neighbouring ones, that two texts share; `weight` is its part of the first.

    `words` are its words as the index knows them.
    """

    text: str
    weight: float
    words: tuple[str, ...] = ()


def confidence(likeness: Likeness, chosen: Sequence[int], shares: Floats) -> Floats:
    """Return, for each of some others, how sure one can be that it is related, as log odds.

    Alike as a whole speaks for it; a share of the heaviest that is not borne by the whole is one
    name alone. The heavier what a text says most, the more of it nobody else speaks about.
    """
    whole = likeness.whole[list(chosen)]
    base, *factors = _CONFIDENT
    documents = max(likeness.documents, 1)
    logs = (
        np.log(whole + _LEAST / 2),
        np.log(shares + _LEAST),
        np.log(likeness.most),
        np.log(likeness.total),
        np.log(documents),
    )
    odds: Floats = np.round(base + sum(f * log for f, log in zip(factors, logs, strict=True)), 6)
    return odds


def subjects(likeness: Likeness, number: int) -> list[Term]:
    """Return the subjects that the n-th other shares, heaviest first."""
    words, pairs = likeness.shared(number)
    of = {place: place for place in words}

    def first(place: int) -> int:
        while of[place] != place:
            place = of[place]
        return place

    for left, right, _ in pairs:
        if left in of and right in of:
            of[first(right)] = first(left)
    found: dict[int, list[int]] = {}
    for place in words:
        found.setdefault(first(place), []).append(place)
    weight = {head: sum(words[place] for place in held) for head, held in found.items()}
    best: dict[int, tuple[float, int, int]] = {}
    for left, right, heavy in pairs:
        if left in of and right in of:
            head = first(left)
            weight[head] += heavy
            best[head] = max(best.get(head, (0.0, 0, 0)), (heavy, -left, -right))
    texts = likeness.texts
    terms = []
    for head, held in found.items():
        if head in best:
            _, left, right = best[head]
            text = phrase(texts[-left], texts[-right])
        else:
            text = texts[head]
        ordered = sorted(held, key=lambda place: (-words[place], texts[place]))
        named = tuple(texts[place] for place in ordered)
        terms.append(Term(text, round(weight[head] / likeness.total, 6), named))
    return sorted(terms, key=lambda term: (-term.weight, term.text))
