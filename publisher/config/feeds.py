"""What `[feeds]` may say: podcasts, partners, and what contradicts itself."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from publisher.config.addresses import picture_address, web_address
from publisher.config.reader import Reader
from publisher.errors import suggestion
from publisher.model import FeedSettings, PartnerSettings, PodcastSettings, Publication, filled

_PLACES = ("slug", "section", "language", "year", "month", "day")
_LEAST = 10_000  # bytes of a feed: the newest entry stands in it whatever it has


def with_podcasts(feeds: Mapping[str, Any]) -> dict[str, Any]:
    """Return the table `[feeds]` with its podcasts as a list: one is `[feeds.podcast]`."""
    one = feeds.get("podcast")
    return {**feeds, "podcast": [one]} if isinstance(one, dict) else dict(feeds)


def checked(publication: Publication, reader: Reader) -> FeedSettings:
    """Return the settings of feeds, addresses in their one form; raise ConfigError."""
    feeds = publication.feeds
    names: set[str] = set()
    for place, one in enumerate(feeds.partner):
        at = f"feeds.partner.{place}"
        _check_partner(one, publication, at, reader)
        if one.name in names:
            raise reader.wrong(f"{at}.name", f"is that of another partner: {one.name}")
        names.add(one.name)
    shows: set[str] = set()
    for place, show in enumerate(feeds.podcast):
        at = f"feeds.podcast.{place}" if len(feeds.podcast) > 1 else "feeds.podcast"
        _check_podcast(show, at, reader)
        if show.feed in shows:
            raise reader.wrong(f"{at}.feed", "is that of another podcast", "A feed is one podcast.")
        shows.add(show.feed)
    podcasts = (
        msgspec.structs.replace(one, image=picture_address(publication.base_url, one.image))
        for one in feeds.podcast
    )
    hub = feeds.hub and web_address(feeds.hub, "feeds.hub", reader)
    return msgspec.structs.replace(feeds, podcast=tuple(podcasts), hub=hub)


def _check_partner(one: PartnerSettings, publication: Publication, at: str, reader: Reader) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,79}", one.name):
        raise reader.wrong(f"{at}.name", "must be lower-case letters, digits and hyphens")
    newsletters = [newsletter.name for newsletter in publication.newsletters]
    if one.newsletter and one.newsletter not in newsletters:
        raise reader.wrong(
            f"{at}.newsletter",
            f"names no newsletter: {one.newsletter!r}",
            suggestion(one.newsletter, newsletters),
        )
    if one.link and not _is_pattern(one.link):
        known = ", ".join("{" + name + "}" for name in _PLACES)
        raise reader.wrong(f"{at}.link", "must be a web address", f"It may hold {known}.")
    if not re.fullmatch(r"[A-Za-z0-9._~!$'()*,;:@/?%+=&-]*", one.parameters):
        raise reader.wrong(
            f"{at}.parameters",
            "must be parameters of an address",
            'Write them as in "utm_source=partner&utm_medium=feed".',
        )
    if one.bytes and one.bytes < _LEAST:
        raise reader.wrong(f"{at}.bytes", f"must be at least {_LEAST}")


def _is_pattern(link: str) -> bool:
    try:
        return _is_address(filled(link, dict.fromkeys(_PLACES, "a")))
    except LookupError:
        return False


def _check_podcast(one: PodcastSettings, at: str, reader: Reader) -> None:
    if one.feed and not re.fullmatch(r"(section|tag|author|language)/[^/\s]+", one.feed):
        raise reader.wrong(
            f"{at}.feed", "must be the name of a feed", "Such as section/show, or leave it out."
        )
    if one.email and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", one.email):
        raise reader.wrong(f"{at}.email", "must be an address such as show@news.example")
    if one.owner and not one.email:
        raise reader.wrong(f"{at}.owner", "wants an address beside it", "Add a line: email = …")
    for key in ("funding", "new_feed_url"):
        url = getattr(one, key)
        if url and not _is_address(url):
            raise reader.wrong(f"{at}.{key}", "must be a web address, https://…")
    if one.guid and not _is_uuid(one.guid):
        raise reader.wrong(f"{at}.guid", "must be a UUID, as the feed had it before")
    for name in one.categories:
        if not all(part.strip() for part in name.split(">")) or name.count(">") > 1:
            raise reader.wrong(
                f"{at}.categories",
                f"must be names such as Technology, or News > Daily News, not {name!r}",
            )


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_plain = not re.search(r"[\s<>\"{}\\^`|]", url)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and is_plain


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
