"""A site's rendered HTML, whatever made it: what its front page says of it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml import html as lxml_html

from publisher.adoption.folders import SiteFolder
from publisher.adoption.site import Content, Found, Site, habit
from publisher.errors import UsageError

_FRONT = ("index.html", "index.htm")
_PAGES = (".html", ".htm")
_FEEDS = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def read(folder: SiteFolder) -> Site:
    """Read the front page of a rendered site; raise UsageError where the folder has none."""
    name = folder.first(*_FRONT)
    if not name:
        raise UsageError(
            f"{folder.root} is no rendered site: it has no index.html",
            todo="Name the folder that the web server shows, such as public/ or _site/.",
        )
    page = _parsed(folder.text(name))
    return Site(
        generator="",
        rendered=True,
        title=_found(name, _meta(page, "og:site_name") or _text(page, "title"), "<title>"),
        base_url=_found(name, _base(page), "its canonical address"),
        description=_found(name, _meta(page, "description"), "description"),
        language=_found(name, page.get("lang") or "", "lang"),
        colour=_found(name, _colour(page), "theme-color"),
        contents=(Content(found=habit(".", "the rendered pages"), files=folder.count("", _PAGES)),),
        feeds=tuple(_feeds(page, name)),
    )


def _parsed(text: str) -> Any:
    try:
        return lxml_html.document_fromstring(
            text.encode(), parser=lxml_html.HTMLParser(encoding="utf-8")
        )
    except (etree.ParserError, ValueError):
        return lxml_html.document_fromstring("<html></html>")


def _found(path: str, value: str, key: str) -> Found | None:
    words = " ".join(value.split())
    return Found(words, path, None, key) if words else None


def _text(page: Any, tag: str) -> str:
    return next((one.text_content() for one in page.iter(tag)), "")


def _meta(page: Any, name: str) -> str:
    named = (one for one in page.iter("meta") if name in (one.get("property"), one.get("name")))
    return next((one.get("content") or "" for one in named), "")


def _links(page: Any, rel: str) -> list[Any]:
    return [one for one in page.iter("link") if rel in (one.get("rel") or "").lower().split()]


def _base(page: Any) -> str:
    """Where the front page says that it stands, or the host of its feeds."""
    canonical = [one.get("href") or "" for one in _links(page, "canonical")]
    named = [url for url in (*canonical, _meta(page, "og:url")) if _is_address(url)]
    if named:
        return re.sub(r"index\.html?$", "", named[0])
    feeds = [one.get("href") or "" for one in _links(page, "alternate")]
    return next((urljoin(url, "/") for url in feeds if _is_address(url)), "")


def _feeds(page: Any, name: str) -> list[Found]:
    base = _base(page)
    urls = [
        urljoin(base, one.get("href") or "")
        for one in _links(page, "alternate")
        if (one.get("type") or "").lower() in _FEEDS
    ]
    return [Found(url.removeprefix(base), name, None, "alternate") for url in urls if url]


def _colour(page: Any) -> str:
    found = _COLOUR.fullmatch(_meta(page, "theme-color").strip())
    return found[0] if found else ""


def _is_address(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False
