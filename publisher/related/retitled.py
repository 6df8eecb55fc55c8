"""What a title says of itself: that it updates or corrects, which part of a story it is. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec

from publisher.model import fold
from publisher.related.terms import is_number, words

_UPDATED = (
    r"updated?|developing|aktualisiert|aktualisierung|mise à jour|mis à jour|actualizaci[oó]n"
    r"|actualizad[oa]|更新版?|追記|続報|تحديث|محدث"
)
_CORRECTED = (
    r"correct(?:ion|ed)|erratum|korrektur|korrigiert|berichtigung|rectificatif|corrigé|correctif"
    r"|correcci[oó]n|corregid[oa]|fe de errat[ao]s|訂正|تصحيح"
)
_LIVE = r"live|live[ -]?blog|live updates|live-?ticker|en direct|en vivo|en directo|速報|مباشر"
_COUNT = r"(\d{1,2}|[ivx]{1,4}|one|two|three|four|five|six|seven|eight|nine|ten)"

_OPENS, _CLOSES = r"[\s*\[(（【«]*", r"[\s*\])）】»]*"


def _marks(kind: str) -> re.Pattern[str]:
    """A word before a colon or in brackets, where a title begins or ends."""
    return re.compile(
        rf"^{_OPENS}(?:{kind})(?:\s*\d{{1,2}})?{_CLOSES}(?:[:：]|(?<=[\])）】])|\s[|–—-]\s)\s*"
        rf"|\s*(?:[\[(（【]|[:：|–—-]\s)\s*(?:{kind})(?:\s*\d{{1,2}})?\s*[\])）】]?\s*$",
        re.IGNORECASE,
    )


_UPDATE, _CORRECTION, _RUNNING = _marks(_UPDATED), _marks(_CORRECTED), _marks(_LIVE)
_MARKING = re.compile(r"[\[\]()（）【】:：|–—-]")  # without one of them, nothing is marked
_PART = re.compile(
    rf"[\s,:–—|(\[-]*(?<!\w)(?:part|pt|teil|folge|partie|parte|الجزء)\b[\s.]*{_COUNT}(?!\w)[)\]]?"
    r"|[\s(（]*(?:その|パート|第(?=\d+部))\s*(\d{1,2})部?[)）]?",
    re.IGNORECASE,
)
_LAST = re.compile(r"\s*[(（#]\s*(\d{1,2})[)）]?\s*$")
_DATES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december jan feb mar apr jun jul aug sep sept oct "
    "nov dec montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz mai "
    "juni juli oktober dezember lundi mardi mercredi jeudi vendredi samedi dimanche janvier "
    "février mars avril juin juillet août septembre octobre novembre décembre lunes martes "
    "miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio julio agosto "
    "septiembre octubre noviembre diciembre".split()
)
_NUMBERS = re.compile(r"\d+(?:[.,]\d+)*")
_VERSION = re.compile(r"([^\W\d_]+)[\s-]+v?(\d{1,4})\.(\d{1,4})(?![\d%])", re.IGNORECASE)
_KEPT = 5_000  # titles taken apart, in 7 MB: a story is a candidate of many
_FAR = 2  # steps between versions that are no neighbours
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


class Told(msgspec.Struct, frozen=True):
    """A title in its parts: the `stem` that its story has, "update" or "correction" if it is marked
    so, and the number of the part that it is, 0 for none; a part's own title is `rest`.
    """

    stem: str
    mark: str = ""
    part: int = 0
    rest: str = ""


@lru_cache(_KEPT)
def told(title: str) -> Told:
    """Take a title apart.

    >>> told("Correction: The Bridge is closed")
    Told(stem='the bridge is closed', mark='correction', part=0, rest='')
    >>> told("Senior executives, part II: Work outside")
    Told(stem='senior executives', mark='', part=2, rest='work outside')
    >>> told("Live: The storm (3)").part, told("Lang team April update").mark
    (3, '')
    """
    mark, is_live, plain = _marked(title) if _MARKING.search(title) else ("", False, title)
    if found := _PART.search(plain):
        before, after = fold(plain[: found.start()]), fold(plain[found.end() :])
        return Told(before or after, mark, _number(found[1] or found[2]), after if before else "")
    if is_live and (last := _LAST.search(plain)):
        return Told(fold(plain[: last.start()]), mark, int(last[1]))
    return Told(fold(plain), mark or ("update" if is_live else ""))


def _marked(title: str) -> tuple[str, bool, str]:
    """Whether a title says "update" or "correction", whether it is a live one, and the rest."""
    mark = "correction" if _CORRECTION.search(title) else "update" if _UPDATE.search(title) else ""
    plain = _UPDATE.sub(" ", _CORRECTION.sub(" ", title))
    return mark, bool(_RUNNING.search(plain)), _RUNNING.sub(" ", plain)


class Numbered(msgspec.Struct, frozen=True):
    """What is numbered in a title: `versions` (of what, and the first two of their numbers), all
    its numbers and dates (`dated`), and its other words, where there is one of these (`rest`).
    """

    versions: Sequence[tuple[str, tuple[int, int]]] = ()
    dated: frozenset[str] = frozenset()
    rest: frozenset[str] = frozenset()


_PLAIN = Numbered()


@lru_cache(_KEPT)
def title_words(title: str) -> Mapping[str, int]:
    """Return how often a title has each of its words."""
    return Counter(words(title))


@lru_cache(_KEPT)
def numbered(title: str) -> Numbered:
    """Take out what is numbered in a title.

    >>> sorted(numbered("Oak 3.4 of May").dated), numbered("Oak 3.4 of May").versions
    (['3.4', 'may'], [('oak', (3, 4))])
    """
    held = frozenset(title_words(title))
    dated = (held & _DATES).union(_NUMBERS.findall(title))
    if not dated:
        return _PLAIN
    versions = [(fold(one[1]), (int(one[2]), int(one[3]))) for one in _VERSION.finditer(title)]
    return Numbered(versions, dated, frozenset(w for w in held - _DATES if not is_number(w)))


def is_numbered(first: str, second: str) -> bool:
    """Whether two titles differ in numbers or dates: issues, releases, meetings, days of a fair.

    One may have other words besides: "Monday's talks", "Tuesday's talks at the fair".

    >>> is_numbered("Newsletter #91", "Newsletter #90"), is_numbered("News", "News")
    (True, False)
    >>> is_numbered("Power cut on 12 May", "Power cut"), is_numbered("2 dead", "Storm: 3 dead")
    (False, True)
    """
    return _are_issues(numbered(first), numbered(second))


def _are_issues(one: Numbered, two: Numbered) -> bool:
    is_both = bool(one.dated and two.dated) and one.dated != two.dated
    return is_both and (one.rest <= two.rest or two.rest <= one.rest)


def is_near_issue(first: Numbered, second: Numbered) -> bool:
    """Whether two titles are those of issues of a series, or of neighbouring versions of a thing.

    However alike the titles are, a version before a break (3.0 after 2.12) is no issue of the same.

    >>> def near(first, second):
    ...     return is_near_issue(numbered(first), numbered(second))
    >>> near("Oak 3.4.1 is out", "Oak 3.3.3 LTS"), near("Oak 1.2", "Elm 1.2")
    (True, False)
    >>> near("Oak 3.4.1 is out", "Oak 2.12 is out"), near("Week 91", "Week 9")
    (False, True)
    """
    if not (first.dated and second.dated):
        return False
    pairs = [(one, two) for one in first.versions for two in second.versions]
    same = [(one, two) for (name, one), (other, two) in pairs if name == other]
    apart = [abs(one[1] - two[1]) for one, two in same if one[0] == two[0]]
    if same and not apart:
        return False
    return min(apart, default=_FAR) < _FAR or _are_issues(first, second)


def _number(text: str) -> int:
    low = text.lower()
    for names in (_WORDS, _ROMAN):
        if low in names:
            return names.index(low) + 1
    return int(low) if low.isdecimal() else 0
