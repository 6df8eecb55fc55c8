"""A feed that somebody opens in a browser: what it is, and the way to the page that explains it.

By CSS, which every browser knows for XML. XSLT is going away: Chrome has it off since version 158,
and Firefox and Safari agreed to follow. Nothing is loaded from elsewhere, and no script runs.
"""

from __future__ import annotations

from html import escape
from typing import Any

from lxml import etree

from publisher.feeds.entry import Feed

NAME = "feed.css"
"""The style sheet's file in the feeds folder."""


def introduced(document: bytes, feed: Feed) -> bytes:
    """Return a feed in XML with what leads a browser to its style, and a person to the page."""
    head = ""
    if feed.style:
        head += f'<?xml-stylesheet type="text/css" href="{escape(feed.style)}"?>\n'
    if feed.page:  # a comment must not hold two hyphens (XML 1.0 §2.5)
        page = feed.page.replace("--", "%2D%2D")
        head += f"<!-- This is a feed, for programs to read. What that is: {page} -->\n"
    if not head:
        return document
    declaration, _, rest = document.partition(b"\n")
    return declaration + b"\n" + head.encode() + rest


def led_to(feed: Feed) -> list[Any]:
    """Return the link that somebody can follow who sees the feed by its style: XHTML, or nothing.

    Feed readers pass over elements that they do not know (RFC 4287 §6.3).
    """
    if not (feed.style and feed.page):
        return []
    link = etree.Element(f"{{{_XHTML}}}a", {"href": feed.page}, nsmap={None: _XHTML})  # type: ignore[dict-item]
    link.text = feed.page
    return [link]


_XHTML = "http://www.w3.org/1999/xhtml"


def style_of(words: str) -> bytes:
    """Return the style sheet; `words` say what a feed is."""
    return _STYLE.replace("WORDS", _in_css(words)).encode()


def _in_css(text: str) -> str:
    """A text between quotation marks: what could end it is written by number (CSS Syntax 3)."""
    return "".join(c if c.isalnum() or c in " .,:;/-_" else f"\\{ord(c):x} " for c in text)


_STYLE = """\
rss, feed { display: block; max-width: 42em; margin: 2em auto; padding: 0 1em;
  font: 1rem/1.5 Georgia, "Times New Roman", serif; color: #1a1a1a; background: #fff; }
rss::before, feed::before { content: "WORDS"; display: block; padding: 1em; background: #f0ebe2; }
channel { display: block; }
channel > *, item > *, feed > *, entry > * { display: none; }
channel > title, feed > title { display: block; margin: 1em 0 0; font-size: 1.6em; }
channel > description, feed > subtitle, channel > a, feed > a { display: block; }
channel > item, feed > entry { display: block; margin: 1.5em 0; }
item > title, entry > title { display: block; font-weight: bold; }
item > pubDate, entry > published { display: block; font-size: .85em; color: #555; }
item > description, entry > summary { display: block; }
item > link { display: block; font-size: .85em; color: #555; overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) {
  :root { background: #14161a; color: #ece8e1; }
  rss::before, feed::before { background: #262a31; }
  item > pubDate, entry > published, item > link { color: #b5b0a8; }
}
"""
