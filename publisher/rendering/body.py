"""An article's body → HTML that mail programs show well: styles inline, pictures in bounds."""

from __future__ import annotations

import re

import css_inline

from publisher.model import elements

COLUMN = 536
"""Pixels of the text column: the 600 of the mail less its margins."""

_IMG = re.compile(r"<img ([^>]*)>")
_ALONE = re.compile(r"(<(?:p|figure)>\s*(?:<a [^>]*>)?<img )([^>]*)>")
_SIZE = re.compile(r'\s*\b(width|height)="([^"]*)"')
_HEADING = re.compile(r"(</?h)([2-5])\b")
_PLAYER = re.compile(r"<(video|audio)\b([^>]*)>.*?</\1>", re.DOTALL)
_SOURCE = re.compile(r'\bsrc="([^"]*)"')


def mail_body(body: str, css: str, direction: str = "ltr") -> str:
    """Return sanitised HTML with `css` written into style attributes.

    Headings go one level down, for the story's title is one. Outlook shows a picture in its own
    size whatever its style says, so that one that stands alone gets a width of at most the
    column. Players, which no mail program runs, become links.
    """
    if not body:
        return ""
    bare = elements.without_ids(body)  # several articles stand in one mail, and no link leads there
    lowered = _HEADING.sub(lambda found: f"{found[1]}{int(found[2]) + 1}", bare)
    fitted = _ALONE.sub(_alone, _IMG.sub(_fitted, _PLAYER.sub(_link, lowered)))
    start, end = ("left", "right") if direction == "ltr" else ("right", "left")
    sided = (
        css.replace("-start", f"-{start}")
        .replace("-end", f"-{end}")
        .replace("text-align: start", f"text-align: {start}")
    )
    inlined: str = css_inline.inline_fragment(fitted, sided)
    return inlined


def _fitted(found: re.Match[str]) -> str:
    """A picture with the size it was given, where that is in pixels and fits the column."""
    sizes = dict(_SIZE.findall(found[1]))
    bare = _SIZE.sub("", found[1]).strip()
    width = sizes.get("width", "")
    if not width.isdigit():
        return f"<img {bare}>"
    if int(width) > COLUMN:
        return f'<img {bare} width="{COLUMN}">'
    height = f' height="{sizes["height"]}"' if sizes.get("height", "").isdigit() else ""
    return f'<img {bare} width="{width}"{height}>'


def _alone(found: re.Match[str]) -> str:
    width = "" if _SIZE.search(found[2]) else f' width="{COLUMN}"'
    style = "display: block; width: auto" if width else "display: block"
    return f'{found[1]}{found[2].strip()}{width} style="{style}">'


def _link(found: re.Match[str]) -> str:
    tags = "".join(re.findall(r"<(?:video|audio|source)\b[^>]*>", found[0]))
    source = _SOURCE.search(tags)  # in tags alone: words of the article may look like one
    return f'<a href="{source[1]}">▶ {source[1]}</a>' if source else ""
