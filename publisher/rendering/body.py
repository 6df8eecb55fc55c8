"""An article's body → HTML that mail programs show well: styles inline, pictures in bounds."""

from __future__ import annotations

import re

import css_inline

_IMG = re.compile(r"<img ([^>]*)>")
_WIDTH = re.compile(r'\s*\bwidth="(\d*)[^"]*"')
_HEIGHT = re.compile(r'\s*\bheight="[^"]*"')
_PLAYER = re.compile(r"<(video|audio)\b([^>]*)>.*?</\1>", re.DOTALL)
_SOURCE = re.compile(r'\bsrc="([^"]*)"')

COLUMN = 536
"""Pixels of the text column: the 600 of the mail less its margins."""


def mail_body(body: str, css: str) -> str:
    """Return sanitised HTML with `css` written into style attributes.

    Outlook shows a picture in its own size whatever its style says, so that every one gets a
    width of at most the column; players, which no mail program runs, become links.
    """
    if not body:
        return ""
    fitted = _PLAYER.sub(_link, _IMG.sub(_fitted, body))
    inlined: str = css_inline.inline_fragment(fitted, css)
    return inlined


def _fitted(found: re.Match[str]) -> str:
    attributes = found[1]
    width = _WIDTH.search(attributes)
    wanted = int(width[1]) if width and width[1] else COLUMN
    if width and wanted <= COLUMN:
        return found[0]
    bare = _HEIGHT.sub("", _WIDTH.sub("", attributes)).strip()
    return f'<img {bare} width="{COLUMN}">'


def _link(found: re.Match[str]) -> str:
    source = _SOURCE.search(found[0])
    return f'<a href="{source[1]}">▶ {source[1]}</a>' if source else ""
