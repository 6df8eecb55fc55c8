"""The ids of an article's page: where links to a part of it lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from publisher.model import elements, prose, slugify

_OURS = ("main", "related")  # of the page around the article
_HEADING = re.compile(r"<(h[2-6])((?: [^>]*)?)>(.*?)</\1>", re.DOTALL)
_ID = re.compile(r' id="([^"]*)"')
_FRAGMENT = re.compile(r'href="[^"]*#([^"]+)"')
_NO_WORD = re.compile(r"[^\w\s-]")


def with_targets(html: str) -> str:
    """Return a sanitised body in which each heading has an id, and no id stands twice.

    It is the one that a link in the text asks for where a usual generator would have made it of
    the heading, else GitHub's.
    """
    taken = set(_OURS)
    html = elements.with_ids(html, lambda name: _free(name, taken))
    free: dict[str, int] = {}  # by name, the first number that may be free
    wanted = {unquote(name) for name in _FRAGMENT.findall(html)} - taken

    def numbered(name: str) -> str:
        number = free.get(name, 0)
        while (whole := f"{name}-{number}" if number else name) in taken:
            number += 1
        free[name] = number + 1
        return whole

    def heading(found: re.Match[str]) -> str:
        if ' id="' in found[2]:
            return found[0]
        words = prose.words(found[3])
        names = _names(words) if wanted else ()
        asked = (one for one in names if one in wanted and one not in taken)
        name = next(asked, "") or numbered(next(_names(words)))
        taken.add(name)
        return f'<{found[1]} id="{name}"{found[2]}>{found[3]}</{found[1]}>'

    return _HEADING.sub(heading, html)


def _free(name: str, taken: set[str]) -> str:
    """An id, or "" where it stands already."""
    if name in taken:
        return ""
    taken.add(name)
    return name


def _names(words: str) -> Iterator[str]:
    """What generators call a heading: GitHub, ours, kramdown, Pandoc."""
    bare = _NO_WORD.sub("", words.lower()).strip()
    yield re.sub(r"\s", "-", bare) or "part"
    yield slugify(words)
    yield re.sub(r"^[^a-z]+", "", re.sub(r"\s", "-", re.sub(r"[^a-z0-9 -]", "", words.lower())))
    yield re.sub(r"^[^^\W\d_]+", "", re.sub(r"\s+", "-", re.sub(r"[^\w\s.-]", "", words.lower())))
    yield re.sub(r"\s+", "_", words)
