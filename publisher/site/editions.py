"""What of the editions that were sent may stand on the web."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from publisher.model import Article, Newsletter


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """An edition that was sent. `local` is its slot's wall-clock time, `seal` its bundle's.

    `stories` are article ids in order, `shown` the ids of all articles that it names, related
    ones included.
    """

    id: str
    newsletter: Newsletter
    local: datetime
    instant: datetime
    subject: str
    preheader: str
    seal: str
    stories: tuple[str, ...]
    shown: frozenset[str]


def story_ids(manifest: Mapping[str, Any]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the ids of a manifest's stories, and of all articles that it names."""
    stories: Sequence[Mapping[str, Any]] = manifest["stories"]
    related = {one["id"] for story in stories for one in story["related"]}
    ids = tuple(dict.fromkeys(story["id"] for story in stories))
    return ids, frozenset({*ids, *related})


def on_the_web(sent: Sent, visible: Mapping[str, Article]) -> tuple[bool, Sequence[Article]]:
    """Return whether an edition may be shown as it was sent, and its stories that may be seen.

    What is hidden now was withdrawn, or has expired: it stands in no page, whoever had it by mail.
    """
    stories = [visible[one] for one in sent.stories if one in visible]
    return all(one in visible for one in sent.shown), stories
