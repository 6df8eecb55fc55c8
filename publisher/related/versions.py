"""The same story told again: an update, a correction, the next part of a live blog. Pure.

Never related: readers of the one know the other. A series is none: issues of a newsletter, and
releases, differ by their numbers and have no word that says "again".
"""

from __future__ import annotations

import re
from datetime import timedelta

from publisher.model import Article, fold

_WITHIN = timedelta(days=30)
_REPEATED = 0.3  # of the shorter text, under the same title
_MOSTLY = 0.6  # of the shorter text, under titles of which one says a little more
_ALIKE = 0.5  # of two titles' words

_WORDS = (
    r"(?:updated?|correct(?:ion|ed)|developing|breaking|live(?:[ -]?blog| updates)?|aktualisiert"
    r"|korrektur|berichtigung|live-?ticker|eilmeldung|mise à jour|rectificatif|en direct"
    r"|actualización|actualizad[oa]|corrección|en vivo|更新|訂正|速報|続報"
    r"|(?:part|teil|partie|parte)\s*(?:\d+|[ivx]+))"
)
_AGAIN = re.compile(
    rf"^[\s\[(【]*{_WORDS}\s*\d{{0,2}}\s*(?:[:：】\])|–—-]\s*)"
    rf"|\s*[\[(,:：【|–—-]\s*{_WORDS}\s*\d{{0,2}}\s*[\])】]?\s*$",
    re.IGNORECASE,
)
"""What marks a title as told again: before a colon, or at its end."""
_DIGITS = re.compile(r"\d+")


def updates(article: Article, other: Article, repeated: float) -> bool:
    """Tell whether an article tells an earlier one again.

    `repeated` is how much of the shorter text stands in the other word for word, 0 to 1.
    """
    if abs(article.published - other.published) > _WITHIN:
        return False
    first, second = _stem(article.title), _stem(other.title)
    if first and first == second:
        marked = _AGAIN.search(article.title) or _AGAIN.search(other.title)
        return bool(marked) or (_numbers(article) == _numbers(other) and repeated >= _REPEATED)
    ours, theirs = set(first.split()), set(second.split())
    longer = ours <= theirs or theirs <= ours  # "February" for "March" makes it another one
    alike = longer and len(ours & theirs) >= _ALIKE * max(len(ours | theirs), 1)
    return alike and _numbers(article) == _numbers(other) and repeated >= _MOSTLY


def _stem(title: str) -> str:
    """A title without what marks it as told again."""
    return fold(_AGAIN.sub(" ", title))


def _numbers(article: Article) -> list[str]:
    return _DIGITS.findall(article.title)
