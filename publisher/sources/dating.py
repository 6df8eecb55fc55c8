"""The date of an article that its front matter does not name: what else tells it, in order."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from publisher.model import Publication
from publisher.sources.dates import as_instant
from publisher.sources.fields import Fields


def settle(said: Fields, others: Iterable[Any], zone: str, committed: datetime | None) -> None:
    """Give an article without a date the first of `others` that is one, else its last resorts.

    These are when it was last changed, as it says itself, and its file's first commit.
    """
    if said.published is None:
        said.published = _first(others, ZoneInfo(zone)) or said.updated or committed


def is_news(path: str, publication: Publication) -> bool:
    """Whether an article without a date is published when its file is first seen."""
    sources = publication.sources
    if sources.undated == "auto":
        return path.lower().endswith(".txt") and not sources.generator
    return sources.undated == "first-seen"


def _first(values: Iterable[Any], zone: ZoneInfo) -> datetime | None:
    for value in filter(None, values):
        with contextlib.suppress(ValueError, OverflowError):
            return as_instant(value, zone)
    return None
