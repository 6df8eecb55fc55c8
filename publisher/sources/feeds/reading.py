"""The bytes of a feed → `Feed`: RSS 0.9x to 2.0, RDF, Atom through feedparser, JSON Feed.

feedparser gets XML that `repair` has made well-formed: its lenient parser, which has no bounds, is
never reached, and it is never given an address to fetch. Its sanitiser is off, for ours goes over
every body.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

from publisher.sources.fallbacks import Told
from publisher.sources.feeds import jsonfeed, wording
from publisher.sources.feeds.entry import Attached, Entry, Feed
from publisher.sources.feeds.repair import MOST_BYTES, NotAFeed, repaired

__all__ = ["MOST_BYTES", "NotAFeed", "read_feed"]

_HTML = ("text/html", "application/xhtml+xml")
_PICTURES = ("image/",)


def read_feed(data: bytes, url: str, content_type: str = "") -> Feed:
    """Return what a feed's bytes say; `url` is where it was found. Raises NotAFeed."""
    if len(data) > MOST_BYTES:
        raise NotAFeed(f"it has more than {MOST_BYTES:,} bytes")
    start = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        return jsonfeed.read(data, url)
    if start[:15].lower().startswith((b"<!doctype html", b"<html")):
        raise NotAFeed("it is a web page, not a feed")
    return _read(*repaired(data, _charset(content_type)), url)


def _charset(content_type: str) -> str:
    """What a server says of the encoding; that of `text/xml` without a word is the feed's own."""
    _, _, rest = content_type.lower().partition("charset=")
    return rest.partition(";")[0].strip(" \"'")[:40]


def _read(data: bytes, faults: tuple[str, ...], url: str) -> Feed:
    import feedparser  # 0.1 s, and few publications read feeds

    found = feedparser.parse(
        io.BytesIO(data),
        response_headers={"content-type": "application/xml"},  # no base: ids are none of ours
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not found.version and not found.entries:
        raise NotAFeed("it is XML, and no feed")
    head: Mapping[str, Any] = found.feed
    link = wording.address(_get(head, "link"), url) or url
    own = Feed(
        title=_words(head, "title"),
        link=link,
        language=wording.language(_get(head, "language")),
        format=found.version,
        faults=faults,
    )
    authors = _authors(head)
    entries = tuple(_entry(one, own, authors) for one in found.entries)
    return Feed(
        title=own.title, link=link, language=own.language, format=own.format,
        entries=entries, faults=faults,
    )  # fmt: skip


def _get(record: Mapping[str, Any], key: str) -> Any:
    """A value under the very name: feedparser gives others where there is none."""
    return dict.get(record, key)  # type: ignore[call-overload]


def _entry(one: Mapping[str, Any], feed: Feed, authors: tuple[str, ...]) -> Entry:
    name = str(_get(one, "id") or "").strip()[:2000]
    link = _link(one, name, feed.link)
    told = Told()
    heading = _words(one, "title")
    written, base, body_language = _body(one)
    body = wording.clean(written, wording.joined(link or feed.link, base), heading, told)
    summary = _words(one, "summary") if _get(one, "content") else ""
    media = list(_media(one, link or feed.link))
    published = _instant(one, "published_parsed", "updated_parsed", "created_parsed")
    return Entry(
        id=name,
        link=link,
        title=heading or wording.beginning(body, summary),
        published=published,
        updated=_instant(one, "updated_parsed"),
        authors=_authors(one) or authors,
        tags=wording.names(_get(tag, "label") or _get(tag, "term") for tag in _list(one, "tags")),
        summary=summary,
        body=body,
        language=wording.language(body_language or feed.language),
        picture=_picture(one, media, link or feed.link),
        enclosures=tuple(file for file in media if not file.type.startswith(_PICTURES)),
        lost=dict(told.lost),
    )


def _words(record: Mapping[str, Any], name: str) -> str:
    detail = _get(record, f"{name}_detail") or {}
    value = str(_get(detail, "value") or _get(record, name) or "")
    clean = wording.title if name == "title" else wording.words
    return clean(value, is_markup=_get(detail, "type") in _HTML)


def _link(one: Mapping[str, Any], name: str, home: str) -> str:
    """Where an entry can be read; not the front page, nor an id that only claims to be a link."""
    written = str(_get(one, "link") or "").strip()
    if written == name and not name.startswith(("http:", "https:", "/")):
        return ""
    is_named = not written and name.startswith(("http:", "https:"))
    link = wording.address(name if is_named else written, home)
    return "" if link.rstrip("/") == home.rstrip("/") else link


def _body(one: Mapping[str, Any]) -> tuple[str, str, str]:
    """The longest text in HTML, else what there is: its markup, base and language."""
    found = [*_list(one, "content"), *filter(None, [_get(one, "summary_detail")])]
    pages = [part for part in found if _get(part, "type") in _HTML] or found
    pages = [part for part in pages if str(_get(part, "value") or "").strip()]
    contents = _list(one, "content")
    best = next((part for part in pages if part in contents), pages[0] if pages else None)
    if best is None:
        return "", "", ""
    value = str(_get(best, "value"))
    is_page = _get(best, "type") in _HTML
    base = str(_get(best, "base") or "")
    language = str(_get(best, "language") or "")
    return value if is_page else wording.html_of(value), base, language


def _list(record: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = _get(record, key)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _authors(record: Mapping[str, Any]) -> tuple[str, ...]:
    named = [_get(one, "name") for one in _list(record, "authors")]
    return wording.names(named) or wording.names([_get(record, "author")])


def _instant(one: Mapping[str, Any], *keys: str) -> Any:
    return next(filter(None, (wording.moment(_get(one, key)) for key in keys)), None)


def _media(one: Mapping[str, Any], base: str) -> Iterable[Attached]:
    """Enclosures, then what Media RSS has; each file once."""
    seen = set()
    links = [link for link in _list(one, "links") if _get(link, "rel") == "enclosure"]
    for record in (*links, *_list(one, "media_content")):
        url = wording.address(_get(record, "href") or _get(record, "url"), base)
        kind = str(_get(record, "type") or "")[:100]
        if not kind and _get(record, "medium") == "image":
            kind = "image/jpeg"
        if url and url not in seen:
            seen.add(url)
            size = wording.length(_get(record, "length") or _get(record, "filesize"))
            yield Attached(url=url, type=kind, length=size)


def _picture(one: Mapping[str, Any], media: list[Attached], base: str) -> Attached | None:
    own = _get(one, "image")
    written = [_get(own, "href")] if isinstance(own, Mapping) else []
    thumbnails = [_get(found, "url") for found in _list(one, "media_thumbnail")]
    found = next((file for file in media if file.type.startswith(_PICTURES)), None)
    if found:
        return found
    addresses = (wording.address(value, base) for value in (*written, *thumbnails))
    return next((Attached(url=url) for url in addresses if url), None)
