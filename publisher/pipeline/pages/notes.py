"""What is noted of a page beside its key, so that it need not be made to know what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NotRequired, TypedDict

import msgspec

from publisher.model import Article
from publisher.outbox import Tree

FORMAT = 5
"""Raise it whenever the same articles would give other pages, or notes of them change."""


class _Shown(TypedDict):
    """Of any page: the ids of the articles on it."""

    shows: list[str]


class _Reason(TypedDict):
    id: str
    picked: bool
    score: float
    text: float
    age: float
    terms: list[str]
    cited: int
    fallback: bool
    relation: NotRequired[str]
    part: NotRequired[int]


class _Article(_Shown):
    version: str
    related: list[_Reason] | None
    addresses: list[str]


class _Edition(_Shown):
    seal: str
    local: str
    instant: str
    subject: str
    preheader: str
    stories: list[str]


class Note(_Shown, total=False):
    """A note of any page, as far as types go; `is_whole` tells whether it is that of one."""

    version: str
    related: list[_Reason] | None
    addresses: list[str]
    seal: str
    local: str
    instant: str
    subject: str
    preheader: str
    stories: list[str]
    versions: list[str]
    most: int


def is_whole(note: Note | None) -> bool:
    """Whether what has the type of a note is one of ours."""
    if note is None or len(note) == 1:
        return True
    if "version" in note:
        return "related" in note and "addresses" in note
    return fits(note)


def fits(note: Any) -> bool:
    """Whether a note that was read from the disk is one of ours."""
    if note is None:
        return True
    if not isinstance(note, dict):
        return False
    kind = _Edition if "seal" in note else _Article if "version" in note else _Shown
    try:
        msgspec.convert(note, kind)
        msgspec.json.encode(note)  # half a letter (a lone surrogate) can be in no page
        for instant in ("local", "instant"):
            datetime.fromisoformat(note.get(instant, "2026-11-24"))
    except (ValueError, RecursionError):  # msgspec's are ValueErrors
        return False
    return True


def of_older(note: Any) -> dict[str, list[str]] | None:
    """What still holds of a note that an older publisher made: which articles its page shows."""
    shows = note.get("shows") if isinstance(note, dict) else None
    if not isinstance(shows, list) or not all(isinstance(one, str) for one in shows):
        return None
    return {"shows": shows}


def article_note(tree: Tree, article: Article, path: str) -> Mapping[str, Any] | None:
    """Return what was noted of an article's page at its place, if the article is the same."""
    note = tree.note(path)
    same = note is not None and note.get("version") == article.version
    return note if same else None
