"""Permalinks of other generators as patterns of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping

HUGO = {
    "year": "{year}", "month": "{month}", "day": "{day}", "slug": "{slug_or_title}",
    "title": "{title}", "yearday": "{y_day}", "filename": "{filename}",
    "contentbasename": "{filename}", "slugorfilename": "{slug}",
    "slugorcontentbasename": "{slug}", "section": "{section}", "sections": "{folder}",
}  # fmt: skip
"""Words of `permalinks` in Hugo's configuration."""

JEKYLL = {
    "year": "{year}", "month": "{month}", "day": "{day}", "title": "{slug}", "slug": "{slug}",
    "categories": "{categories}", "name": "{filename}", "output_ext": ".html",
    **{name: f"{{{name}}}" for name in
       "hour minute second y_day short_year i_month short_month long_month i_day short_day "
       "long_day w_day w_year week".split()},
}  # fmt: skip
"""Words of `permalink` in Jekyll's; `:title` is the slug of the front matter, or the name's."""

HEXO = JEKYLL | {"title": "{folder}/{slug}", "name": "{slug}"}
"""Words of `permalink` in Hexo's, whose `:title` has the folders below `_posts` before it."""

STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
"""Jekyll's styles that have a name."""

_WORD = re.compile(r":([a-z_]+)(\[[^\]]*\])?", re.IGNORECASE)
_PELICAN = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
_DAYS = {"%Y": "{year}", "%m": "{month}", "%d": "{day}", "%j": "{y_day}",
         "%H": "{hour}", "%M": "{minute}", "%S": "{second}", "%y": "{short_year}",
         "%-m": "{i_month}", "%-d": "{i_day}", "%G": "{w_year}", "%V": "{week}",
         "%u": "{w_day}"}  # fmt: skip
_NAMES = {"%b": "{short_month}", "%B": "{long_month}", "%a": "{short_day}", "%A": "{long_day}"}
"""Codes that are words, in the language of `LOCALE`."""
_PELICAN_WORDS = {"slug": "{slug}", "category": "{section}", "lang": "{language}"}


def colons(pattern: str, words: Mapping[str, str]) -> str:
    """Return a pattern of `:words` as one of ours, "" where it has a word that we have not.

    >>> colons("/:year/:month/:title/", JEKYLL)
    '{year}/{month}/{slug}/'
    """
    found = _WORD.findall(pattern)
    if any(word.lower() not in words or more for word, more in found):
        return ""
    return _tidy(_WORD.sub(lambda one: words[one[1].lower()], pattern))


def braces(pattern: str, *, is_english: bool = True) -> str:
    """Return a pattern of Pelican's as one of ours, "" where it has a word that we have not.

    Names of months and days are known in English alone.

    >>> braces("{date:%Y}/{date:%b}/{slug}.html")
    '{year}/{short_month}/{slug}.html'
    """
    codes = _DAYS | _NAMES if is_english else _DAYS
    parts, last = [], 0
    for one in _PELICAN.finditer(pattern):
        ours = _of_date(one[2] or "", codes) if one[1] == "date" else _PELICAN_WORDS.get(one[1], "")
        if not ours:
            return ""
        parts += [pattern[last : one.start()], ours]
        last = one.end()
    return _tidy("".join([*parts, pattern[last:]]))


def _of_date(form: str, codes: Mapping[str, str]) -> str:
    rest = form
    for code, ours in codes.items():
        rest = rest.replace(code, ours)
    return "" if "%" in rest else rest


def _tidy(pattern: str) -> str:
    return re.sub(r"//+", "/", pattern).lstrip("/")
