"""Variety over an edition: its related blocks do not all point at one author, section or series.

Pure. Where others are as good, those stand in a block that nothing in the edition resembles yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from publisher.model import Article, Related

_AS_GOOD = 0.9
"""Of the score of the one that would stand there, what another needs to take its place; at the
first place of what was found likewise of its claim to that."""
SPARE = 4
"""So many more than a block shows are asked for, to choose among them."""


class Variety:
    """Remembers what an edition's blocks point at, and chooses what the next one shows."""

    def __init__(self) -> None:
        """Begin an edition."""
        self._seen: Counter[tuple[str, str]] = Counter()

    def chosen(self, found: Sequence[Related], k: int) -> tuple[Related, ...]:
        """Return k of what was found for a block, best first, and remember them.

        What was picked by hand, tells the same story or stands in for nothing keeps its place; the
        others give way to one whose score is nearly theirs and that resembles less of what the
        edition points at.
        """
        left = list(found)
        if len(left) <= k:  # what an edition had before stays as it was
            self._seen.update(mark for one in left for mark in _marks(one.article))
            return tuple(left)
        taken: list[Related] = []
        while left and len(taken) < k:
            first = left[0]
            leading = all(map(_is_fixed, taken))
            as_good = [first] if _is_fixed(first) else _as_good(left, leading=leading)
            one = min(as_good, key=self._crowding)
            left.remove(one)
            taken.append(one)
            self._seen.update(_marks(one.article))
        return tuple(taken)

    def _crowding(self, one: Related) -> int:
        """How often the edition points at its authors, its section and its series already."""
        return sum(self._seen[mark] for mark in _marks(one.article))


def _as_good(left: Sequence[Related], *, leading: bool) -> list[Related]:
    """Those that may stand where the first of them would; `leading` where that leads its block."""
    score, claim = _AS_GOOD * left[0].score, _AS_GOOD * left[0].claim * leading
    return [one for one in left if one.score >= score and one.claim >= claim and not _is_fixed(one)]


def _is_fixed(one: Related) -> bool:
    return one.picked or one.fallback or bool(one.relation)


def _marks(article: Article) -> Iterator[tuple[str, str]]:
    yield from (("author", name) for name in article.authors)
    if article.section:
        yield "section", article.section
    series = article.extra.get("series") or []  # as it was written: a number, maybe
    for name in series if isinstance(series, list | tuple) else [series]:
        yield "series", str(name)
