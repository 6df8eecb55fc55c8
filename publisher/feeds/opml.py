"""OPML 2.0: all feeds of the publication in one file, for readers that import lists."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree


def render(title: str, feeds: Sequence[tuple[str, str, str]]) -> bytes:
    """Return the list; `feeds` are (title, address of the Atom feed, that of its page).

    The type is "rss" whatever the format (OPML 2.0, "Subscription lists").
    """
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = title
    body = etree.SubElement(root, "body")
    for name, url, home in feeds:
        etree.SubElement(
            body, "outline", type="rss", text=name, title=name, xmlUrl=url, htmlUrl=home
        )
    document: bytes = etree.tostring(
        root, xml_declaration=True, encoding="UTF-8", pretty_print=True
    )
    return document
