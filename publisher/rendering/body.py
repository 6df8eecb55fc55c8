"""An article's body → HTML that mail programs show well: styles inline, pictures in bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

import css_inline

from publisher.model import Picture, elements
from publisher.rendering import widths
from publisher.rendering.headings import below

TITLE = 2
"""The level of a story's title for which `mail/body.css` is written: its headings begin at h3."""

COLUMN = 536
"""Pixels of the text column: the 600 of the mail less its margins."""

_IMG = re.compile(
    r"(?P<before><(?P<block>p|figure|div)(?: [^>]*)?>\s*(?:<a [^>]*>\s*)?)<img (?P<alone>[^>]*)>"
    r"(?=\s*(?:</a>\s*)?(?:<figcaption|</(?P=block)>))|<img (?P<within>[^>]*)>"
)
_PLAYER = re.compile(r"<(video|audio)\b([^>]*)>.*?</\1>", re.DOTALL)
_TABLE = re.compile(r"<table\b|</table>")
_FIGURE = re.compile(r"<(/?)(figcaption|figure)\b([^>]*)>")
_SOURCE = re.compile(r'\bsrc="([^"]*)"')
_POSTER = re.compile(r'\bposter="([^"]*)"')


def mail_body(
    body: str,
    css: str,
    direction: str = "ltr",
    pictures: Mapping[str, Picture] = {},
    title: int = TITLE,
) -> str:
    """Return sanitised HTML with `css` written into style attributes.

    Headings go below the story's, whose level is `title`; they look as below one of level 2. Each
    picture gets the size that it is shown at, and the file that was made of it (`pictures` tells
    both); one that cannot be shown leaves its words. Players, which no mail program runs, become
    links. A table that is wider than the column moves in a box of its own, else it would make the
    column wider, and words of the text would be cut off. Figures are blocks that Outlook and Yahoo
    know.
    """
    if not body:
        return ""
    bare = elements.without_ids(body)  # several articles stand in one mail, and no link leads there
    lowered = below(bare, TITLE)
    fitted = _IMG.sub(lambda found: _fitted(found, pictures), _PLAYER.sub(_link, lowered))
    start, end = ("left", "right") if direction == "ltr" else ("right", "left")
    sided = (
        css.replace("-start", f"-{start}")
        .replace("-end", f"-{end}")
        .replace("text-align: start", f"text-align: {start}")
    )
    inlined: str = css_inline.inline_fragment(fitted, sided)
    boxed = _FIGURE.sub(_block, _TABLE.sub(_box, inlined))
    return boxed if title == TITLE else below(boxed, title)


def _box(found: re.Match[str]) -> str:
    is_end = found[0].startswith("</")
    return f"{found[0]}</div>" if is_end else f'<div style="overflow-x: auto">{found[0]}'


def _block(found: re.Match[str]) -> str:
    """A figure or its caption, of sanitised HTML, as a block; a caption is quiet in the dark."""
    end, name, rest = found.groups()
    kind = ' class="q"' if name == "figcaption" and not end and "class=" not in rest else ""
    return f"<{end}div{kind}{rest}>"


def _fitted(found: re.Match[str], pictures: Mapping[str, Picture]) -> str:
    """A picture with the width that it is shown at: Outlook asks the attribute, others the style.

    A wide one that stands alone is as wide as its column allows; whether it is loaded or not, it
    never makes a phone's column wider.
    """
    attributes = found["within"] if found["alone"] is None else found["alone"]
    own = widths.own(attributes, pictures)
    if own and own.unfit:
        return (found["before"] or "") + widths.words(attributes)
    bare = widths.without_size(attributes)
    if own and own.made:
        source = f'src="{escape(own.made.url)}"'
        bare = _SOURCE.sub(lambda _: source, bare, count=1)
    width, height = widths.shown(attributes, pictures, COLUMN)
    # A picture that is not loaded is words in a line, and has no width, unless it is a box.
    style = "display: block" if found["alone"] is not None else "display: inline-block"
    if width > widths.SMALL:
        style += f"; width: 100%; max-width: {width}px"
    elif width:
        style += f"; width: {width}px"
    elif found["alone"] is not None:
        width, style = COLUMN, f"{style}; width: auto"
    else:
        style = ""
    sized = f' width="{width}"' if width else ""
    sized += f' height="{height}"' if height else ""
    styled = f' style="{style}"' if style else ""
    return f"{found['before'] or ''}<img {bare}{sized}{styled}>"


def _link(found: re.Match[str]) -> str:
    """A player as a link, with the still that stands for it."""
    tags = "".join(re.findall(r"<(?:video|audio|source)\b[^>]*>", found[0]))
    source = _SOURCE.search(tags)  # in tags alone: words of the article may look like one
    poster = _POSTER.search(tags)
    if not source:
        return ""
    still = f'<img src="{poster[1]}" alt="" width="{COLUMN}"><br>' if poster else ""
    return f'<a href="{source[1]}">{still}▶ {source[1]}</a>'
