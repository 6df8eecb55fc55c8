"""When a page of HTML says that it was published: its metadata, JSON-LD, microdata, `<time>`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

PUBLISHED = (
    "article:published_time", "article:published", "og:published_time", "og:article:published_time",
    "datepublished", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date.created",
    "dc.date", "dcterms.date", "citation_publication_date", "citation_date", "parsely-pub-date",
    "sailthru.date", "publication_date", "publish-date", "publish_date", "pubdate", "date",
    "article:published_date", "publishdate", "publisheddate", "published_time", "pub_date",
    "publication-date", "dc.issued", "release_date", "date.issued",
)  # fmt: skip
"""Names of metadata that tell when a page was published, the surest first."""

CHANGED = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "revised",
    "dc.date.modified", "last-modified",
)  # fmt: skip
"""The same of its last change."""

_STORIES = re.compile(r"(?:\w*Article|BlogPosting|Report|WebPage|CreativeWork)$")
_MOST_JSON = 200_000  # characters of one script
_MARK = re.compile(r"\b(?:dt-published|entry-date|published|pubdate|post-date|post-time)\b")


def dates_of(root: Any) -> dict[str, str]:
    """Return what a parsed page says, under names of front matter: `date` and `lastmod`."""
    metas: dict[str, str] = {}
    for element in root.iterfind(".//meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        if name and (content := (element.get("content") or "").strip()):
            metas.setdefault(name.lower(), content)
    said = _of_json(root)
    published = (
        *(metas.get(name) for name in PUBLISHED[:4]),
        said.get("datePublished"),
        *(metas.get(name) for name in PUBLISHED[4:]),
        said.get("dateCreated"),
        *_times(root),
    )
    changed = (*(metas.get(name) for name in CHANGED), said.get("dateModified"))
    found = {"date": next(filter(None, published), ""), "lastmod": next(filter(None, changed), "")}
    return {key: value for key, value in found.items() if value}


def _of_json(root: Any) -> dict[str, str]:
    """The dates of the story in a page's JSON-LD; of several things, the first that is a story."""
    for script in root.iterfind(".//script"):
        text = script.text or ""
        if (script.get("type") or "").lower() != "application/ld+json" or len(text) > _MOST_JSON:
            continue
        try:
            things = list(_things(json.loads(text), 0))
        except (ValueError, RecursionError):
            continue
        for thing in things:
            kinds = thing.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(kind, str) and _STORIES.search(kind) for kind in kinds):
                dates = {k: v for k, v in thing.items() if isinstance(v, str) and "date" in k}
                if dates:
                    return dates
    return {}


def _things(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        yield from _things(value.get("@graph"), depth + 1) if depth < 3 else ()
    elif isinstance(value, list) and depth < 3:
        for one in value[:50]:
            yield from _things(one, depth + 1)


def _times(root: Any) -> Iterator[str]:
    """The one `<time>` that is marked as the story's, else the first of the only article."""
    times = [one for one in root.iter("time") if one.get("datetime")]
    for one in times:
        if "pubdate" in one.attrib or one.get("itemprop") == "datePublished":
            yield one.get("datetime")
    articles = list(root.iter("article"))
    if len(articles) > 1:
        return
    for one in times:
        if _MARK.search(one.get("class") or "") or (articles and _is_within(one, articles[0])):
            yield one.get("datetime")


def _is_within(element: Any, holder: Any) -> bool:
    while element is not None and element is not holder:
        element = element.getparent()
    return element is holder
