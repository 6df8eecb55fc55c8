"""Pelican's addresses: `{filename}x.md`, `{static}x.png`, `{attach}`, `{author}`, `{index}` …

They stand in attributes of elements alone; elsewhere braces are text (Pelican's own rule).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from html import escape, unescape
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, unquote

from publisher.model import slugify
from publisher.sources.templating.code import article

_KINDS = "filename|static|attach|author|category|tag|index"
_ADDRESS = re.compile(
    rf'\b(href|src|poster|data|cite)="(?:\{{|%7B|\||%7C)({_KINDS})(?:\}}|%7D|\||%7C)([^"]*)"',
    re.IGNORECASE,
)
_TEXTS = frozenset(".md .markdown .mkd .mdown .rst .html .htm .txt .org .ipynb .adoc".split())
_PLACES = {
    "author": ("AUTHOR_URL", "author/{slug}.html"),
    "category": ("CATEGORY_URL", "category/{slug}.html"),
    "tag": ("TAG_URL", "tag/{slug}.html"),
}


def linked(html: str, path: str, settings: Mapping[str, Any]) -> str:
    """Return HTML whose addresses lead where Pelican leads them; `path` is the article's."""

    def resolved(found: re.Match[str]) -> str:
        kind, rest = found[2].lower(), unquote(unescape(found[3]))
        return f'{found[1]}="{escape(_address(kind, rest, path, settings))}"'

    return _ADDRESS.sub(resolved, html)


def _address(kind: str, rest: str, path: str, settings: Mapping[str, Any]) -> str:
    if kind == "index":
        return f"/{rest.lstrip('/')}"
    if kind in _PLACES:
        key, usual = _PLACES[kind]
        pattern = settings.get(key)
        pattern = pattern if isinstance(pattern, str) and "{slug}" in pattern else usual
        return "/" + quote(pattern.replace("{slug}", slugify(rest)).lstrip("/"))
    if kind == "filename" and PurePosixPath(rest.partition("#")[0]).suffix.lower() in _TEXTS:
        return article(rest)
    place, mark, fragment = rest.partition("#")
    folder = "" if place.startswith("/") else PurePosixPath(path).parent.as_posix()
    whole = os.path.normpath(f"/{folder}/{place.lstrip('/')}")  # nothing is above the root
    if kind == "attach":  # it is put beside the article
        here = f"/{PurePosixPath(path).parent.as_posix()}"
        return quote(os.path.relpath(whole, os.path.normpath(here))) + mark + fragment
    return f"/{quote(whole.lstrip('/'))}{mark}{fragment}"
