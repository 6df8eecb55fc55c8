"""Sitemaps (sitemaps.org protocol 0.9): one, or an index of several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from lxml import etree

MOST = 50_000
"""Addresses in one file, as the protocol has it."""

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemaps(
    base: str, pages: Iterable[tuple[str, datetime | None]], most: int = MOST
) -> Mapping[str, bytes]:
    """Return the files by name; `pages` are (address, when it last changed), oldest first."""
    listed = list(pages)
    parts = [listed[at : at + most] for at in range(0, len(listed), most)] or [[]]
    if len(parts) == 1:
        return {"sitemap.xml": _file("urlset", "url", parts[0])}
    names = [f"sitemap-{number}.xml" for number, _ in enumerate(parts, 1)]
    last = [max((when for _, when in part if when), default=None) for part in parts]
    index = [(base + name, when) for name, when in zip(names, last, strict=True)]
    files = {name: _file("urlset", "url", part) for name, part in zip(names, parts, strict=True)}
    return {"sitemap.xml": _file("sitemapindex", "sitemap", index), **files}


def _file(root: str, each: str, rows: Iterable[tuple[str, datetime | None]]) -> bytes:
    top = etree.Element(f"{{{_NAMESPACE}}}{root}", nsmap={None: _NAMESPACE})  # type: ignore[dict-item]
    for url, when in rows:
        one = etree.SubElement(top, f"{{{_NAMESPACE}}}{each}")
        etree.SubElement(one, f"{{{_NAMESPACE}}}loc").text = url
        if when:
            text = when.isoformat(timespec="seconds").replace("+00:00", "Z")
            etree.SubElement(one, f"{{{_NAMESPACE}}}lastmod").text = text
    data: bytes = etree.tostring(top, xml_declaration=True, encoding="UTF-8")
    return data
