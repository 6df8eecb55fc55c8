"""Dates in the words of many languages → the same in English, by the names that CLDR has."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

_LANGUAGES = tuple(
    "af ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl he hi hr hu hy id is it ka "
    "kk lt lv mk ms mt nb nl nn pl pt ro ru sk sl sq sr sv sw th tr uk ur uz".split()
)
_ENGLISH = (
    "January February March April May June July August September October November December"
).split()
# What stands between the parts of a date, and before a time.
_PARTICLES = frozenset(
    "de del d den der am um le el les o os a à as às om kl klo kello klockan ob v uhr h ve at "
    "г год года р року рік г. в у о об m года г г д de’ di il al alle ore the и na dne dia día "
    "lui den’ nap ob an la los les gada ที่ พ.ศ วันที่ в ч".split()
)
_ORDINAL = re.compile(r"(\d{1,2})(?:er|re|e|nd|st|rd|th|[ºª°]|-?го|-?е|-?a)|(\d{4})(?:г|р)")
_CLOCK = re.compile(r"([01]?\d|2[0-3])(?:[.h:]([0-5]\d)|h)")
_PARTS = re.compile(r"[\s,;()]+")
_DAY_AND_YEAR = re.compile(
    r"(?<!\d)\d{1,2}(?!\d).*(?<!\d)\d{4}(?!\d)|(?<!\d)\d{4}(?!\d).*(?<!\d)\d{1,2}(?!\d)"
)
_ELIDED = ("d'", "d’", "de ", "l'", "l’")  # d'abril
_HEBREW_IN = "ב"


def in_english(text: str, language: str = "") -> str:
    """Return a date with its month in English, and without the words around it.

    `language` decides where two have the same name for two months: listopad. Raises ValueError for
    what holds no month, or more than one.

    >>> in_english("Montag, 5. Januar 2026, 10.30 Uhr"), in_english("1er février 2026")
    ('5 January 2026 10:30', '1 February 2026')
    """
    if not _DAY_AND_YEAR.search(text):  # most of what is asked about, and the names take 60 MB
        raise ValueError(text)
    words = [part for part in _PARTS.split(_apart(text)) if part]
    own = language.lower().partition("-")[0]
    for languages in ((own,), _LANGUAGES) if own in _LANGUAGES else (_LANGUAGES,):
        for is_day in (False, True):  # mar. is March, and mardi
            parts = [_part(word, own, languages, is_day=is_day) for word in words]
            if sum(part in _ENGLISH for part in parts) == 1:
                return " ".join(filter(None, parts))
    raise ValueError(text)


def _apart(text: str) -> str:
    return re.sub(r"(?<=\d)\.(?=[^\W\d])|(?<=[^\W\d])\.(?=\d)", " ", text)


def _part(part: str, own: str, languages: tuple[str, ...], *, is_day: bool) -> str:
    """A part of a date in English; `is_day` where a name of both is a weekday's, no month's."""
    bare = part.strip(".·-").casefold()
    if found := _ORDINAL.fullmatch(bare):
        return found[1] or found[2]
    if found := _CLOCK.fullmatch(bare):
        return f"{found[1]}:{found[2] or '00'}"
    if not any(c.isalpha() for c in bare):
        return bare
    for word in (bare, _bare(bare), bare.removeprefix(_HEBREW_IN)):
        if is_day and word in _weekdays(languages):
            return ""
        if month := _month(word, own, languages):
            return _ENGLISH[month - 1]
        if word in _weekdays(languages):
            return ""
    return "" if bare in _PARTICLES else part


def _month(word: str, own: str, languages: tuple[str, ...]) -> int:
    """The month of a name, 0 where there is none, or several and the language does not tell."""
    found = _months(languages).get(word, {})
    if own in found:
        return found[own]
    return next(iter(found.values())) if len(set(found.values())) == 1 else 0


def _bare(name: str) -> str:
    name = name.strip(". ").casefold()
    return next((name.removeprefix(one) for one in _ELIDED if name.startswith(one)), name)


@cache
def _months(languages: tuple[str, ...]) -> dict[str, dict[str, int]]:
    """Which month a name is, by language."""
    from babel import Locale  # slow to import and to load, seldom needed

    found: dict[str, dict[str, int]] = defaultdict(dict)
    for language in languages:
        for names in Locale.parse(language).months.values():
            for month, name in (*names["wide"].items(), *names["abbreviated"].items()):
                found[_bare(name)][language] = month
    return dict(found)


@cache
def _weekdays(languages: tuple[str, ...]) -> frozenset[str]:
    from babel import Locale

    days = (Locale.parse(language).days for language in languages)
    names = (
        _bare(name)
        for kinds in days
        for width in kinds.values()
        for form in ("wide", "abbreviated")
        for name in width[form].values()
    )
    return frozenset(names)
