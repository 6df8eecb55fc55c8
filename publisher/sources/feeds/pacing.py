"""When a feed is asked again: decisions about instants, which the caller gives."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import msgspec
from msgspec.structs import replace

_LONGEST = timedelta(days=1)
_FURTHEST = timedelta(days=7)  # that a server may ask us to wait
_GONE = 410  # RFC 9110 §15.5.11: "likely to be permanent"
_SPREAD = 0.1


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered of asking for a feed. `due` is None before it was ever asked.

    `moved` is where it lives now for good, if that is elsewhere; `fault` why the last answer was
    none.
    """

    due: datetime | None = None
    failures: int = 0
    is_gone: bool = False
    etag: str = ""
    modified: str = ""
    moved: str = ""
    fault: str = ""

    def is_due(self, now: datetime) -> bool:
        """Whether it may be asked at an instant (aware)."""
        return not self.is_gone and (self.due is None or self.due <= now)

    @property
    def conditions(self) -> dict[str, str]:
        """The headers of a conditional request (RFC 9110 §13.1)."""
        found = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in found.items() if value}


def after_answer(
    pace: Pace, url: str, every: timedelta, now: datetime, headers: Mapping[str, str], moved: str
) -> Pace:
    """Return the pace after a feed, or the word that it is as it was (304).

    A 304 may leave out what has not changed (RFC 9110 §15.4.5).
    """
    return replace(
        pace,
        due=now + spread(max(every, _asked(headers, now)), url),
        failures=0,
        fault="",
        etag=_header(headers, "etag") or pace.etag,
        modified=_header(headers, "last-modified") or pace.modified,
        moved=moved or pace.moved,
    )


def after_failure(
    pace: Pace,
    url: str,
    every: timedelta,
    now: datetime,
    why: str,
    status: int = 0,
    headers: Mapping[str, str] | None = None,
) -> Pace:
    """Return the pace after anything else: twice as long for each failure, a day at most."""
    wait = min(every * 2 ** min(pace.failures + 1, 12), max(_LONGEST, every))
    wait = max(wait, _asked(headers or {}, now))
    return replace(
        pace,
        due=now + spread(wait, url),
        failures=pace.failures + 1,
        is_gone=status == _GONE,
        fault=why,
        # Where it moved to may be what is broken.
        moved="" if pace.failures >= 2 else pace.moved,
    )


def spread(wait: timedelta, url: str) -> timedelta:
    """Return a wait that is up to a tenth longer, always the same for one feed.

    So that not all feeds are asked in one second, and nothing here is random.
    """
    share = hashlib.sha256(url.encode()).digest()[0] / 256
    return wait * (1 + _SPREAD * share)


def _asked(headers: Mapping[str, str], now: datetime) -> timedelta:
    """How long a server asks us to wait: Retry-After (RFC 9110 §10.2.3), seconds or a date."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        return min(timedelta(seconds=int(text[:9])), _FURTHEST)
    try:
        found = parsedate_to_datetime(text)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return min(max(found - now, timedelta()), _FURTHEST)
    except (ValueError, TypeError, OverflowError, IndexError):
        return timedelta()


def _header(headers: Mapping[str, str], name: str) -> str:
    """A validator to be sent back: what would break a header's line is none."""
    text = headers.get(name, "")
    return text if len(text) <= 500 and text.isprintable() and text.isascii() else ""
