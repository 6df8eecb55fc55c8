"""pin · exclude: what a person says of an article in a newsletter."""

from __future__ import annotations

from typing import Literal

from publisher.model import Article
from publisher.pipeline.turns import alone
from publisher.pipeline.workspace import Workspace


def set_pin(
    space: Workspace, name: str, article: str, verb: Literal["pin", "exclude"] | None
) -> Article:
    """Pin an article to a newsletter's next edition, keep it out of all, or take either back."""
    newsletter = space.newsletter(name)
    with alone(space):
        found = space.article(article)
        space.ledger.pins.put(newsletter.name, found.id, verb, space.now)
    return found


def edition_with(space: Workspace, newsletter: str, article: Article) -> str | None:
    """Return the edition of a newsletter that has an article already."""
    return space.ledger.editions.sent(newsletter, but="").get(article.id)
