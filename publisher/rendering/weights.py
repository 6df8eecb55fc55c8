"""How many bytes of a finished mail each of its stories has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

_HEADLINE = re.compile(r'<h[1-6]\b[^>]*>\s*<a\b[^>]*\shref="([^"]*)"')
_LINK = re.compile(r'<a\b[^>]*\shref="([^"]*)"')


def weights(html: str, urls: Sequence[str]) -> tuple[int, ...]:
    """Return the bytes of the stories with these addresses, in the order in which they stand.

    A story goes from its headline to the next one's, the last to the end of the mail: of use to
    compare two mails of the same stories. Where a template's headlines are no headings, from the
    first link to it. One that is not found has none.
    """
    wanted = [escape(url) for url in urls]
    starts = _starts(_HEADLINE, html, wanted)
    if None in starts:
        starts = _starts(_LINK, html, wanted)
    found = [start for start in starts if start is not None]
    after = dict(zip(found, [*found[1:], len(html)], strict=False))
    return tuple(
        0 if start is None else len(html[start : after[start]].encode()) for start in starts
    )


def _starts(pattern: re.Pattern[str], html: str, urls: Sequence[str]) -> list[int | None]:
    """Where each address is found first, behind the one before it."""
    links = [(found[1], found.start()) for found in pattern.finditer(html)]
    starts: list[int | None] = []
    at = 0
    for url in urls:
        link = next((n for n in range(at, len(links)) if links[n][0] == url), None)
        starts.append(None if link is None else links[link][1])
        at = at if link is None else link + 1
    return starts
