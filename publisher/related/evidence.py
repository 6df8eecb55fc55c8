"""What two texts share, as one would name it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from publisher.related.likeness import Likeness
from publisher.related.terms import is_part, phrase

SHOWN = 3
"""So many of them make a reason."""
_LOOKED_AT = 10
"""So many words, and pairs, of what is shared: the heaviest."""


_LONGEST = 4  # words of a phrase


class Term(msgspec.Struct, frozen=True):
    """A word, or two neighbouring ones, that two texts share.

    `weight` is its part of the first, `words` are as the index knows them.
    """

    text: str
    weight: float
    words: Sequence[str] = ()


def terms(likeness: Likeness, number: int, most: int) -> list[Term]:
    """Return the words and phrases that the n-th other shares, heaviest first.

    A word that stands in a heavier phrase is not named again.
    """
    shared = likeness.shared(number, max(_LOOKED_AT, most))
    found: list[tuple[float, Sequence[int]]] = [
        (weight, (place,)) for place, weight in shared.words
    ]
    found += [(weight, (left, right)) for left, right, weight in shared.pairs]
    # In an order of their own: which number a word has depends on what was indexed before it.
    found.sort(key=lambda one: (-one[0], [shared.texts[place] for place in one[1]]))
    pairs = [(places[0], places[1]) for _, places in found if len(places) > 1]
    named: set[int] = set()
    best: list[Term] = []
    for weight, places in found:
        if len(best) < most and named.isdisjoint(places):
            if len(places) > 1:
                places = _lengthened(places, pairs, named)
            if is_part(shared.texts[places[0]]):
                places = likeness.run(number, places)
            held = tuple(shared.texts[place] for place in places)
            best.append(Term(phrase(*held), round(weight, 6), held))
            named.update(places)
    return best


def _lengthened(
    places: Sequence[int], pairs: Sequence[tuple[int, int]], named: Collection[int]
) -> Sequence[int]:
    """Two neighbours with those that stand beside them in both texts as well, heaviest first."""
    chain = [*places]
    for _ in range(_LONGEST - len(chain)):
        for left, right in pairs:
            if right == chain[0] and left not in chain and left not in named:
                chain.insert(0, left)
                break
            if left == chain[-1] and right not in chain and right not in named:
                chain.append(right)
                break
    return chain
