"""How many articles there are, and what is wrong with them: what is said of all of them at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from publisher.errors import Problem
from publisher.model import Article


class Surveyed(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of articles that may be seen, by language as well, of hidden ones and of problems.

    `fresh` are the seals of editions that were built, not sent, and are as their articles are.
    """

    visible: int
    hidden: int
    errors: int
    warnings: int
    languages: Mapping[str, int]
    fresh: Mapping[str, str] = msgspec.field(default_factory=dict)


def surveyed(
    articles: Sequence[Article],
    problems: Sequence[Problem],
    now: datetime,
    fresh: Mapping[str, str] = {},
) -> Surveyed:
    """Return the counts as they are at an instant (UTC)."""
    visible = [article for article in articles if not article.hidden(now)]
    severities = Counter(problem.severity for problem in problems)
    return Surveyed(
        visible=len(visible),
        hidden=len(articles) - len(visible),
        errors=severities["error"],
        warnings=severities["warning"],
        languages=dict(sorted(Counter(article.language for article in visible).items())),
        fresh=fresh,
    )
