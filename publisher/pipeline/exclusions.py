"""What an editor keeps out of a newsletter."""

from __future__ import annotations

from datetime import datetime

from publisher.pipeline.workspace import Workspace


def excluded(space: Workspace, newsletter: str, until: datetime | None = None) -> dict[str, str]:
    """Return, by article id, what an editor keeps out of a newsletter, and where it was said.

    What was said by command after `until`, if given, does not count.
    """
    by_file = {
        article.id: "excluded in its front matter"
        for article in space.archive.articles
        if article.hint.exclude and {"*", newsletter} & set(article.hint.exclude)
    }
    by_hand = space.ledger.pins.of(newsletter, until)["exclude"]
    return {**by_file, **dict.fromkeys(by_hand, "excluded by hand")}
