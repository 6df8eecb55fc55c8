"""pin · exclude: what a person says of an article in a newsletter."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from publisher.model import Article
from publisher.pipeline.workspace import Workspace


def set_pin(
    space: Workspace, name: str, article: str, verb: Literal["pin", "exclude"] | None
) -> Article:
    """Pin an article to a newsletter's next edition, keep it out of all, or take either back."""
    newsletter = space.newsletter(name)
    with space.alone():
        found = space.article(article)
        space.ledger.pins.put(newsletter.name, found.id, verb, space.now)
    return found


def edition_with(space: Workspace, newsletter: str, article: Article) -> str | None:
    """Return the edition of a newsletter that has an article already."""
    return space.ledger.editions.sent(newsletter, but="").get(article.id)


def excluded(space: Workspace, newsletter: str, until: datetime | None = None) -> dict[str, str]:
    """Return, by article id, what an editor keeps out of a newsletter, and where it was said.

    What was said by command after `until`, if given, does not count.
    """
    by_file = {
        article.id: "excluded in its front matter"
        for article in space.archive.articles
        if {"*", newsletter} & set(article.hint.exclude)
    }
    by_hand = space.ledger.pins.of(newsletter, until)["exclude"]
    return {**by_file, **dict.fromkeys(by_hand, "excluded by hand")}
