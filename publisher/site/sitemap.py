"""Sitemaps (sitemaps.org protocol 0.9): one, or an index of several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from html import escape

from lxml import etree

from publisher.hosts import ascii_url
from publisher.model import Article, Publication

MOST = 50_000
"""Addresses in one file, as the protocol has it."""

NEWS = "news-sitemap.xml"
"""The name of the sitemap of news."""

_NEWS_SPAN = timedelta(hours=48)  # what Google News calls recent
_NEWS_MOST = 1000  # addresses in one such file

_MARKUP = re.compile("[&<>]")
_NEWS_SPACE = "http://www.google.com/schemas/sitemap-news/0.9"
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


def news_sitemap(publication: Publication, articles: Sequence[Article], now: datetime) -> bytes:
    """Return the sitemap of what was published in the 48 hours before `now`, newest first.

    `articles` are those that may be seen and have a page; Google's sitemap-news 0.9.
    """
    spaces = {None: _NAMESPACE, "news": _NEWS_SPACE}
    top = etree.Element(f"{{{_NAMESPACE}}}urlset", nsmap=spaces)  # type: ignore[arg-type]
    since = now - _NEWS_SPAN
    recent = [one for one in articles if one.news and since <= one.published <= now]
    for article in recent[:_NEWS_MOST]:
        url = etree.SubElement(top, f"{{{_NAMESPACE}}}url")
        etree.SubElement(url, f"{{{_NAMESPACE}}}loc").text = ascii_url(article.url)
        news = etree.SubElement(url, f"{{{_NEWS_SPACE}}}news")
        about = etree.SubElement(news, f"{{{_NEWS_SPACE}}}publication")
        etree.SubElement(about, f"{{{_NEWS_SPACE}}}name").text = publication.title
        language = _news_language(article.language)
        etree.SubElement(about, f"{{{_NEWS_SPACE}}}language").text = language
        when = article.published.isoformat(timespec="seconds").replace("+00:00", "Z")
        etree.SubElement(news, f"{{{_NEWS_SPACE}}}publication_date").text = when
        etree.SubElement(news, f"{{{_NEWS_SPACE}}}title").text = article.title
    data: bytes = etree.tostring(top, xml_declaration=True, encoding="UTF-8")
    return data


def _news_language(tag: str) -> str:
    """The language as Google wants it: ISO 639, but for the two writings of Chinese.

    >>> [_news_language(one) for one in ("de-AT", "zh-Hant-TW", "zh")]
    ['de', 'zh-tw', 'zh-cn']
    """
    parts = tag.lower().replace("_", "-").split("-")
    if parts[0] != "zh":
        return parts[0]
    return "zh-tw" if {"hant", "tw", "hk", "mo"} & set(parts) else "zh-cn"


def _file(root: str, each: str, rows: Iterable[tuple[str, datetime | None]]) -> bytes:
    """A file as lxml writes it, ten times as fast: a site has as many rows as pages."""
    told = "".join(
        [
            f"<{each}><loc>{escape(url, quote=False) if _MARKUP.search(url) else url}</loc>"
            f"{_changed(when)}</{each}>"
            for url, when in rows
        ]
    )
    top = f'{root} xmlns="{_NAMESPACE}"'
    whole = f"<{top}>{told}</{root}>" if told else f"<{top}/>"
    return f"<?xml version='1.0' encoding='UTF-8'?>\n{whole}".encode()


def _changed(when: datetime | None) -> str:
    if when is None:
        return ""
    if when.tzinfo is UTC:  # as all are: what a zone adds takes half of the time
        return f"<lastmod>{when.isoformat()[:19]}Z</lastmod>"
    return f"<lastmod>{when.isoformat(timespec='seconds').replace('+00:00', 'Z')}</lastmod>"
