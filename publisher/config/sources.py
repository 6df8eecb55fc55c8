"""What `[sources]` may say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec

from publisher.config.addresses import web_address
from publisher.config.reader import Reader
from publisher.config.values import check_language, check_pattern
from publisher.model import Publication, Shortcode, SourceFeed, SourceSettings, slugify

_LEAST = 1000  # bytes and characters of an article: a smaller limit would leave out all of them


def with_records(sources: Mapping[str, Any], reader: Reader) -> dict[str, Any]:
    """Return the table `[sources]` with what it says in short as records.

    `[sources.shortcodes]` is NAME = TEMPLATE, `[sources.addresses]` SECTION = PATTERN; of `feeds`
    an address alone is short for a table.
    """
    found = dict(sources)
    for key, value in (("shortcodes", "template"), ("addresses", "pattern")):
        if key in sources:
            given = reader.table(sources[key], f"sources.{key}").items()
            found[key] = [{"name": name, value: text} for name, text in given]
    if isinstance(sources.get("feeds"), list):
        found["feeds"] = [{"url": one} if isinstance(one, str) else one for one in sources["feeds"]]
    return found


def checked(publication: Publication, reader: Reader) -> SourceSettings:
    """Return where articles come from, each feed with its folder; raise ConfigError."""
    sources = publication.sources
    for name in sources.__struct_fields__:
        value = getattr(sources, name)
        if type(value) is int and value < _LEAST:
            raise reader.wrong(f"sources.{name}", f"must be at least {_LEAST}")
    if sources.ids not in ("", "permalink", "tag") and "{" not in sources.ids:
        raise reader.wrong("sources.ids", "must be permalink, tag, or a text with {url} and such")
    for folder in sources.folders:
        if not folder.strip("/.") or folder.startswith("/") or ".." in folder.split("/"):
            raise reader.wrong("sources.folders", f"names no folder of the articles: {folder!r}")
    for address in sources.addresses:
        check_pattern(address.pattern, f"sources.addresses.{address.name}", reader)
    for one in sources.shortcodes:
        _check_shortcode(one, reader)
    feeds = [_feed(one, f"sources.feeds.{n}", reader) for n, one in enumerate(sources.feeds)]
    _check_apart(feeds, reader)
    return msgspec.structs.replace(sources, feeds=tuple(feeds))


def _check_apart(feeds: list[SourceFeed], reader: Reader) -> None:
    """Refuse two feeds of one address, or that would write into one folder."""
    for kind, key in (("address", "url"), ("folder", "into")):
        values = [getattr(one, key) for one in feeds]
        for n, value in enumerate(values):
            if value in values[:n]:
                raise reader.wrong(
                    f"sources.feeds.{n}.{key}",
                    f"is the {kind} of another feed: {value}",
                    "Each has a folder of its own: name one with into = …" if key == "into" else "",
                )


def _check_shortcode(one: Shortcode, reader: Reader) -> None:
    from publisher import sandbox  # few publications need it, and all are read by every command

    place = f"sources.shortcodes.{one.name}"
    if not re.fullmatch(r"[\w./-]{1,100}", one.name):
        raise reader.wrong(place, "is no name of a shortcode")
    if fault := sandbox.fault_of(one.template, ["markdown"]):
        raise reader.wrong(place, f"is no template: {fault}")


def _feed(feed: SourceFeed, place: str, reader: Reader) -> SourceFeed:
    """A feed as a source, with the folder of its stories."""
    url = web_address(feed.url, f"{place}.url", reader)
    if feed.language:
        check_language(feed.language, f"{place}.language", reader)
    if not timedelta(minutes=5) <= feed.every <= timedelta(days=30):
        raise reader.wrong(f"{place}.every", 'must be "5min" to "30d"')
    if not 1 <= feed.entries <= 10_000:
        raise reader.wrong(f"{place}.entries", "must be 1 to 10000")
    parts = urlsplit(url)
    own = slugify(feed.name) or slugify(f"{parts.hostname} {parts.path}") or "feed"
    into = feed.into.strip("/") or f"feeds/{own}"
    if any(not part or part[0] in "._" or "\\" in part for part in into.split("/")):
        raise reader.wrong(
            f"{place}.into", f"must be a folder in that of the articles, not {feed.into!r}"
        )
    return msgspec.structs.replace(feed, url=url, into=into)
