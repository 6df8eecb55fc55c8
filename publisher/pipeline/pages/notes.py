"""What is noted of a page beside its key, so that it need not be made to know what it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NotRequired, TypedDict

import msgspec

from publisher.model import Article
from publisher.outbox import Tree

FORMAT = 6
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


def shows(note: Any) -> Sequence[str]:
    """Return the ids of the articles on a page, as far as they were noted."""
    return note["shows"] if note else ()


_NONE = msgspec.Raw(b"null")
_reasons = msgspec.json.Decoder(list[dict[str, Any]] | None)


class ArticleNote(msgspec.Struct, frozen=True, rename={"kept": "related"}):
    """What was noted of an article's page, but for what it shows; `kept` is `related` as JSON."""

    version: str | None = None
    kept: msgspec.Raw = _NONE
    addresses: list[str] = []

    @property
    def related(self) -> list[dict[str, Any]] | None:
        """Its related stories, each with its reason; None where none were looked for."""
        found: list[dict[str, Any]] | None = _reasons.decode(self.kept)
        return found


_KIND = ArticleNote | None
_PLAIN = ArticleNote()


class ArticleNotes:
    """What was noted of articles' pages at their places, if the articles are the same.

    Most are older articles that name no file: of these no more is kept than that, and each is
    asked for once.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree, self._plain = tree, set[str]()

    def of(self, article: Article, path: str) -> ArticleNote | None:
        """Return what was noted of an article's page; None where the article is another."""
        if path in self._plain:
            return _PLAIN
        note: ArticleNote | None = self._tree.note(path, _KIND)
        if note is None or note.version != article.version:
            return None
        if note.kept == _NONE and not note.addresses:
            self._plain.add(path)
            return _PLAIN
        return note


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
