"""Permalinks of Eleventy, which are templates → patterns of addresses, if all words are known."""

from __future__ import annotations

import re

_FILE = re.compile(r"\{\{-?\s*(?:page\.fileSlug|slug)\s*-?\}\}")
_TITLE = re.compile(r"\{\{-?\s*title\s*\|\s*(?:slug|slugify)\s*-?\}\}")
_DAY = re.compile(
    r"\{\{-?\s*(?:page\.)?date\s*\|\s*\w*[dD]ate\w*:?\s*\(?[\"']([%\w/-]+)[\"']\)?\s*-?\}\}"
)
_DAYS = {"%Y": "{year}", "%m": "{month}", "%d": "{day}"}  # of Liquid
_LUXON = {"yyyy": "{year}", "MM": "{month}", "LL": "{month}", "dd": "{day}"}
_LONGEST = 500  # characters: no address is longer
_OURS = re.compile(r"\{(?:slug|title|year|month|day)\}")
_UNKNOWN = re.compile(r"[{}]|%[%A-Za-z](?![0-9A-Fa-f])")  # what is encoded is none


def pattern_of(permalink: str) -> str:
    """Return a permalink as a pattern of ours, "" where it has words that are not known.

    >>> pattern_of("/{{ page.date | date: '%Y/%m' }}/{{ title | slugify }}/")
    '/{year}/{month}/{title}/'
    >>> pattern_of("/{{ page.date | date: '%B' }}/x/"), pattern_of("/{% if a %}b{% endif %}/")
    ('', '')
    """
    if len(permalink) > _LONGEST:
        return ""
    found = _TITLE.sub("{title}", _FILE.sub("{slug}", permalink))
    found = _DAY.sub(lambda one: _with_days(one[1]), found)
    return "" if _UNKNOWN.search(_OURS.sub("", found)) else found


def _with_days(form: str) -> str:
    """A date's form as our words; one with others as it is, in Liquid's signs."""
    known = _DAYS if "%" in form else _LUXON
    parts = re.split(r"([/-])", form)
    return "".join(known.get(part, part if part in "/-" else f"%{part}") for part in parts)
