"""Feed files read back, whoever wrote them: what all formats share."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from lxml import etree


def parsed(data: bytes) -> etree._Element:
    """Return the root of a document; nothing is fetched for it. Raises XMLSyntaxError.

    What entities stand for is not put in, and libxml2 stops where they grow beyond measure.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    return etree.fromstring(data, parser)


def whole(value: object) -> int | None:
    """Return a length in bytes, None for what is none."""
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def instant(text: object) -> datetime | None:
    """Return a date of a feed, RFC 3339 or RFC 822, as aware UTC; None for what is none.

    >>> instant("Tue, 24 Nov 2026 10:00:00 GMT") == instant("2026-11-24T11:00:00+01:00")
    True
    """
    if not isinstance(text, str) or not text.strip():
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text.strip())
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None
