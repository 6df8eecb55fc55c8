"""The keys of front matter that we know, by the names of the generators people come from.

Hugo, Jekyll, Pelican, Nikola, Eleventy, Zola, Astro, Docusaurus and Ghost each have their own; the
first key of a list that stands in a file wins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from publisher.sources import enclosures

_LONG = 80  # characters: no date
_DIGITS_OF_A_YEAR = 4
_NOTHING: tuple[Any, ...] = (None, "", [], {})

KEYS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "guid"),
    "title": ("title",),
    "published": (
        "publishdate", "pubdate", "published_at", "pubdatetime", "publish_date", "pub_date",
        "published_date", "published_on", "published_time", "first_published", "publication_date",
        "date_published", "date_posted", "post_date", "posted_on", "date", "created_at", "created",
        "date_created", "created_on", "creation_date", "release_date", "release_time",
        "publish_time", "first_published_at", "date_issued", "issue_date", "issued_at", "posted_at",
        "datetime", "date_time", "written_on", "date_written", "original_date", "timestamp",
        "posted", "issued", "released", "dated", "written", "when", "day", "time",
    ),
    "updated": (
        "lastmod", "updated", "modified", "updated_at", "last_modified_at", "modified_at",
        "mod_datetime", "mod_date", "updated_date", "date_updated", "modified_date",
        "date_modified", "last_update", "last_updated", "last_modified", "update_date", "update",
    ),
    "expires": ("expirydate", "unpublishdate", "expires", "expiry", "expires_at", "expiry_date"),
    "embargo": ("embargo",),
    "authors": ("authors", "author", "primary_author", "byline", "writer", "writers"),
    "tags": ("tags", "tag", "primary_tag"),
    "section": ("section", "category", "categories"),
    "slug": ("slug",),
    "link": ("permalink", "url", "path", "save_as"),
    "canonical": ("canonical", "canonical_url", "canonicalurl", "link"),
    "summary": ("summary", "description", "excerpt", "custom_excerpt", "meta_description"),
    "image": (
        "image", "images", "cover", "cover_image", "feature_image", "featured_image",
        "previewimage", "thumbnail", "header_image", "hero_image", "og_image", "social_image",
        "hero", "banner",
    ),
    "image_alt": ("image_alt", "feature_image_alt", "cover_alt", "hero_alt", "hero_image_alt"),
    "enclosure": enclosures.FILES,
    "language": ("language", "lang", "locale"),
}  # fmt: skip
"""Our field → the keys that fill it, in order of precedence."""

OFTEN = ("publishdate", "pubdate", "published_at", "date", "created_at")
"""The names of a date that are told when they are misspelt."""

LOOSE = frozenset({"hero", "banner"})
"""Keys that may be a picture, a text or a flag."""

LOOSE_DATES = frozenset("timestamp posted issued released dated written when day time".split())
"""Keys that may be a date, a clock, a number or a flag."""

_YEAR = re.compile(r"\d{4}")
_FIELDS = {key: field for field, keys in KEYS.items() for key in keys}
_BARE = {key.replace("_", ""): key for key in sorted(_FIELDS, reverse=True)}


def plain(key: str) -> str:
    """Return a key as we know it: `Publish-Date` and `publishDate` are `publish_date`.

    >>> plain("Publish-Date"), plain("publishedAt"), plain("Other-Key")
    ('publish_date', 'published_at', 'other-key')
    """
    lower = key.lower()
    return lower if lower in _FIELDS else _BARE.get(re.sub("[-_ ]", "", lower), lower)


def may_be_date(value: Any) -> bool:
    """Whether a value is meant for a date: a year and a day, or as many digits as a date has.

    >>> may_be_date("5 May 2026"), may_be_date(1767600000), may_be_date("10:30"), may_be_date(True)
    (True, True, False, False)
    >>> may_be_date("in the winter of 2026"), may_be_date("1984")
    (False, False)
    """
    if isinstance(value, bool | int | float):
        return value >= 10_000_000
    if isinstance(value, str):
        has_day = len(value) < _LONG and sum(map(str.isdigit, value)) > _DIGITS_OF_A_YEAR
        return has_day and _YEAR.search(value) is not None
    return isinstance(value, date)


def below(own: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return what others say of an article, without what it says itself under any name.

    A folder's section stays: categories come after it.
    """
    told = {
        _FIELDS.get(name)
        for key, value in own.items()
        if value not in _NOTHING and ((name := plain(key)) not in LOOSE_DATES or may_be_date(value))
    }
    told -= {None, "section"}
    return {key: one for key, one in defaults.items() if _FIELDS.get(plain(key)) not in told}


def unfolded(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Zola's keys one level up: `[taxonomies] tags`, `[extra] author`."""
    inner = [values.get("taxonomies"), values.get("extra"), values.get("params")]
    found = {
        key: value
        for table in inner
        if isinstance(table, dict)
        for key, value in table.items()
        if plain(key) in _FIELDS
    }
    return {**found, **values}


def titled(values: Mapping[str, Any], keys: tuple[str, ...]) -> Mapping[str, Any]:
    """Return front matter with a title from the first of some other keys, where it has none."""
    wanted = [plain(key) for key in keys]
    if not wanted or any(
        plain(key) == "title" and one not in _NOTHING for key, one in values.items()
    ):
        return values
    told = {plain(key): one for key, one in values.items() if one not in _NOTHING}
    title = next((told[key] for key in wanted if key in told), None)
    return values if title is None else {**values, "title": title}
