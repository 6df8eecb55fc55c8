"""Why one article stands under another, as an editor would say it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from publisher.model import Article

if TYPE_CHECKING:
    from publisher.related.stories import Why

_NAMED = 3  # words and phrases of a sentence
_SAID = {
    "update": "it is the same story: this one updates it",
    "correction": "it is the same story: this one corrects it",
    "translation": "it is the same article in another language",
}


class Relation(msgspec.Struct, frozen=True):
    """How an earlier article belongs to one: an "update", a "correction", a "translation" of it, or
    a "part", which has its number.
    """

    kind: str
    part: int = 0


def said(found: Relation) -> str:
    """Return in words how an earlier article is the same story."""
    return _SAID.get(found.kind) or f"it is part {found.part} of the same story"


def sentence(article: Article, other: Article, why: Why) -> str:
    """Return one sentence that says what speaks for an article; figures are not in it."""
    parts = [_first(why)]
    if why.tags and not why.relation:
        parts.append(f"{'the tag' if len(why.tags) == 1 else 'the tags'} {listed(why.tags)} "
                     f"{'stands' if len(why.tags) == 1 else 'stand'} on both")  # fmt: skip
    if why.linked:
        parts.append("the newer one links to it")
    if why.judged and why.judged.citing:
        many = why.judged.citing
        parts.append(
            "a related story links to it" if many == 1 else f"{many} related stories link to it"
        )
    parts.append(apart(article, other))
    return f"{'; '.join(parts)}."


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence has them.

    >>> listed(["ships", "Katie Meyer", "the quay"]), listed(["ships"])
    ('ships, Katie Meyer and the quay', 'ships')
    """
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def apart(article: Article, other: Article) -> str:
    """Return how far apart two articles were published, in days."""
    days = round(abs(article.published - other.published) / timedelta(days=1))
    if not days:
        return "published within a day"
    return "published a day apart" if days == 1 else f"published {days} days apart"


def _first(why: Why) -> str:
    """What is said first: what an editor did, that it is the same story, or what both speak of."""
    if why.relation:
        told = said(why.relation)
        return f"{told[0].upper()}{told[1:]}"
    if why.picked:
        return "An editor picked it"
    if why.fallback:
        return "Nothing is related, and a fallback is wanted"
    if why.judged is None:
        return "No word tells them together"
    if named := [term.text for term in why.terms[:_NAMED]]:
        return f"Both are about {listed(named)}"
    if why.judged.whole:
        return "Many of their words are the same, and none of them can be named"
    return "They have no word in common that tells anything"
