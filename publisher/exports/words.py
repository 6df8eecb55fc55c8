"""Texts and instants as exports write them → plain ones."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from publisher.model import legal, one_line

_MARK = re.compile(r"<(?:!--.*?(?:-->|\Z)|[A-Za-z/!][^<>]*+>)", re.DOTALL)
_ENDS = re.compile(r"</(?:p|div|li|h[1-6]|figure|blockquote|figcaption)>|<br\b[^<>]*+>", re.I)
_MYSQL = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(Z| UTC)?\Z", re.A)


def plain(markup: str) -> str:
    """Return the words of a title or a line that may hold HTML, on one line.

    >>> plain("Salt &amp; <em>pepper</em>\\n &#8217;round")
    'Salt & pepper ’round'
    """
    if "<" in markup:
        markup = _MARK.sub("", _ENDS.sub(" ", markup))
    return one_line(legal(unescape(markup)))


def beginning(markup: str, most: int = 60) -> str:
    """Return the first words of HTML, for what has no title; "" where there are none."""
    words = plain(markup[:20_000])
    if len(words) <= most:
        return words
    return f"{words[:most].rpartition(' ')[0] or words[:most]} …"


def instant(text: str, zone: str = "UTC") -> datetime | None:
    """Return a date of an export as aware UTC, None for none; a naive one is in `zone`.

    >>> instant("2026-01-05 08:00:00"), instant("0000-00-00 00:00:00")
    (datetime.datetime(2026, 1, 5, 8, 0, tzinfo=datetime.timezone.utc), None)
    """
    written = text.strip()[:60]
    found: datetime | None
    try:
        if parts := _MYSQL.match(written):
            year, month, day, hour, minute, second = map(int, parts.groups()[:6])
            found = datetime(year, month, day, hour, minute, second, tzinfo=ZoneInfo(zone))
            found = found.replace(tzinfo=UTC) if parts[7] else found
        elif written[:4].isdecimal():
            found = datetime.fromisoformat(written.replace(" UTC", "Z"))
        else:
            found = parsedate_to_datetime(written)
        found = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))
        found = found.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return found if 1970 <= found.year <= 2200 else None


def last_part(link: str) -> str:
    """Return the last name in an address's path, without its ending: a slug; "" for none."""
    try:
        path = unquote(urlsplit(link).path)
    except ValueError:
        return ""
    name = path.rstrip("/").rpartition("/")[2]
    return re.sub(r"\.(?:html?|php|aspx?)\Z", "", name)


def host_of(link: str) -> str:
    """Return an address's host in lower case, "" where it has none."""
    try:
        return (urlsplit(link).hostname or "").lower()
    except ValueError:
        return ""
