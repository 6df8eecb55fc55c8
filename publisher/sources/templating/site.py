"""What template code is told: the site, the page, what it stands for; and what came of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from publisher.errors import Problem
from publisher.sources.templating.pieces import Pieces

MOST_CHARACTERS = 5_000_000
"""What one article's template code may make."""

MOST_SHORTCODES = 10_000
DEEPEST = 30
"""Shortcodes within each other, and includes of includes."""


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """A site that articles were written for.

    `read` returns the text of a file by its path from the site's folder on, None where there is
    none; `values` is its configuration and `data` its data, as plain values; `documents` gives the
    front matter of all texts in a folder, by path. `articles` is the folder of the articles from
    the site's on, "" where that is the same, None where it lies elsewhere. `shortcodes` are the
    owner's templates by name.
    """

    generator: str = ""
    is_guess: bool = False
    base_url: str = "https://localhost/"
    articles: str | None = ""
    language: str = ""
    typeset: bool = False
    shortcodes: Mapping[str, str] = msgspec.field(default_factory=dict)
    read: Callable[[str], str | None] = lambda _path: None
    values: Callable[[], Mapping[str, Any]] = dict
    data: Callable[[], Mapping[str, Any]] = dict
    documents: Callable[[str], list[tuple[str, Mapping[str, Any]]]] = lambda _folder: []


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """An article as template code knows it: `values` are its front matter, `path` its file.

    `address` is where it stands, from the site's own address on (`/2026/bay/`), "" where that is
    not known before its text is read.
    """

    path: str = ""
    values: Mapping[str, Any] = msgspec.field(default_factory=dict)
    language: str = ""
    is_html: bool = False
    address: Callable[[], str] = str


class Expanded(msgspec.Struct, frozen=True, kw_only=True):
    """A text without its template code.

    Marks in `text` stand for HTML: `filled` puts that in their place once the text is HTML.
    `is_complete` where whatever still looks like code is meant to be read as it stands. Lines of
    problems count from the beginning of the text.
    """

    text: str
    problems: tuple[Problem, ...] = ()
    is_complete: bool = False
    pieces: Pieces | None = None
    finish: Callable[[str], str] = str

    def filled(self, html: str) -> str:
        """Return HTML with what its marks stand for; raise SourceError where that is too much."""
        whole = self.pieces.filled(html, MOST_CHARACTERS) if self.pieces else html
        return self.finish(whole)


class Lines:
    """The lines of a text, which are looked up again and again."""

    def __init__(self, text: str) -> None:
        self._ends = [found.start() for found in re.finditer("\n", text)]

    def of(self, at: int) -> int:
        """Return the line (from 1) of a place."""
        return bisect_left(self._ends, at) + 1
