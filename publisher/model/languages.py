"""Languages by their tags (BCP 47): one spelling, ranges, and what each asks of a text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple


def language_tag(text: str) -> str:
    """Return a tag in the case that RFC 5646 §2.1.1 recommends.

    >>> language_tag("DE"), language_tag("zh_hant_tw"), language_tag("de-ch-1996")
    ('de', 'zh-Hant-TW', 'de-CH-1996')
    """
    first, *rest = text.replace("_", "-").split("-")
    after_singleton = False
    found = [first.lower()]
    for part in rest:
        found.append(part.lower() if after_singleton else _CASES.get(len(part), str.lower)(part))
        after_singleton = after_singleton or len(part) == 1
    return "-".join(found)


_CASES = {2: str.upper, 4: str.title}


def in_range(tag: str, *ranges: str) -> bool:
    """Return whether a language is in one of these ranges: basic filtering, RFC 4647 §3.3.1.

    `de` holds `DE`, `de-AT` and `de_AT`, but not `den`; `*` holds every language, but not "".

    >>> in_range("de-AT", "fr", "DE"), in_range("de", "de-AT")
    (True, False)
    """
    plain = tag.lower().replace("_", "-")
    return any(
        plain == one or plain.startswith(f"{one}-") or (one == "*" and plain != "")
        for one in (name.lower().replace("_", "-") for name in ranges)
    )


_FROM_RIGHT = frozenset(
    "apc ar arc ary bal bgn bqi brh ckb dv fa he iw ji ks lrc mzn nqo ps rhg sd sdh skr syr trw "
    "ug ur yi".split()
)
_FROM_RIGHT_SCRIPTS = frozenset("adlm arab aran hebr mand nkoo rohg samr syrc thaa".split())


_FROM_RIGHT_REGIONS = frozenset(
    "az-iq az-ir ha-cm ha-sd kk-af kk-cn kk-ir kk-mn ku-iq ku-ir ku-lb ky-cn ms-cc pa-pk tg-pk "
    "uz-af".split()
)
_FROM_LEFT_REGIONS = frozenset("sd-in ug-kz ug-mn".split())
"""Where a language has another script than elsewhere (CLDR's likely subtags)."""


@lru_cache(maxsize=256)
def direction(language: str) -> str:
    """Return "rtl" for a language (BCP 47) written from right to left, else "ltr".

    >>> direction("he"), direction("az-Arab"), direction("pa-PK"), direction("en")
    ('rtl', 'rtl', 'rtl', 'ltr')
    """
    first, *rest = language.lower().replace("_", "-").split("-")
    scripts = [part for part in rest if len(part) == 4 and part.isalpha()]
    if scripts:
        return "rtl" if scripts[0] in _FROM_RIGHT_SCRIPTS else "ltr"
    if (place := "-".join([first, *rest[:1]])) in _FROM_RIGHT_REGIONS | _FROM_LEFT_REGIONS:
        return "rtl" if place in _FROM_RIGHT_REGIONS else "ltr"
    return "rtl" if first in _FROM_RIGHT else "ltr"


def runs(text: str) -> str:
    """Return "rtl" where most letters of a text are written from right to left, else "ltr".

    >>> runs("متن فارسی 2026!"), runs("Report: שלום"), runs("")
    ('rtl', 'ltr', 'ltr')
    """
    if text.isascii():
        return "ltr"
    kinds = [unicodedata.bidirectional(c) for c in text]
    return "rtl" if kinds.count("R") + kinds.count("AL") > kinds.count("L") else "ltr"


class Quotes(NamedTuple):
    """A language's quotation marks, and those of a quotation within another."""

    open: str
    close: str
    inner_open: str
    inner_close: str


_ENGLISH = Quotes("“", "”", "‘", "’")
_GERMAN = Quotes("„", "“", "‚", "‘")
_POINTED = Quotes("«", "»", "“", "”")
_LOW = Quotes("„", "”", "‚", "’")
_FRENCH = Quotes("«\u00a0", "\u00a0»", "“", "”")
_QUOTES = {
    "bg": _GERMAN, "bs": _LOW, "ca": _POINTED, "cs": _GERMAN, "de": _GERMAN,
    "de-ch": Quotes("«", "»", "‹", "›"), "de-li": Quotes("«", "»", "‹", "›"),
    "el": _POINTED, "es": _POINTED, "et": Quotes("„", "“", "«", "»"),
    "eu": _POINTED, "fa": Quotes("«", "»", "‹", "›"), "fi": Quotes("”", "”", "’", "’"),
    "fr": _FRENCH, "fr-ch": Quotes("«", "»", "‹", "›"), "gl": _POINTED, "hr": _LOW,
    "hu": Quotes("„", "”", "»", "«"), "hy": Quotes("«", "»", "«", "»"), "is": _GERMAN,
    "it": _POINTED, "ja": Quotes("「", "」", "『", "』"), "ka": Quotes("„", "“", "«", "»"),
    "lt": _GERMAN, "lv": Quotes("„", "”", "‚", "’"), "mk": _GERMAN,
    "nb": Quotes("«", "»", "‘", "’"),
    "nn": Quotes("«", "»", "‘", "’"), "no": Quotes("«", "»", "‘", "’"),
    "pl": Quotes("„", "”", "«", "»"), "pt-pt": _POINTED, "ro": Quotes("„", "”", "«", "»"),
    "ru": Quotes("«", "»", "„", "“"), "be": Quotes("«", "»", "„", "“"), "sk": _GERMAN,
    "sl": _GERMAN, "sq": _POINTED, "sr": Quotes("„", "“", "‘", "’"),
    "sv": Quotes("”", "”", "’", "’"), "uk": Quotes("«", "»", "„", "“"),
    "zh-tw": Quotes("「", "」", "『", "』"), "zh-hk": Quotes("「", "」", "『", "』"),
    "zh-hant": Quotes("「", "」", "『", "』"),
}  # fmt: skip


def quotes(language: str) -> Quotes:
    """Return a language's quotation marks (CLDR's, where usage is one); English ones by default.

    >>> quotes("de-AT").open, quotes("xx").open
    ('„', '“')
    """
    parts = language.lower().replace("_", "-").split("-")
    for count in range(len(parts), 0, -1):
        if found := _QUOTES.get("-".join(parts[:count])):
            return found
    return _ENGLISH


WIDE = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u303b\u3040-\u30ff\u3100-\u312f"
    "\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U0001b000-\U0001b16f"
    "\U00020000-\U0003ffff"
)
"""Letters of Chinese and Japanese, as ranges of a regular expression's class: words of theirs
stand without spaces. So does the punctuation that comes with them (`WIDE_MARKS`)."""

WIDE_MARKS = "\u3001-\u3003\u3008-\u3020\u3030\u303d\u30fb\ufe10-\ufe1f\ufe30-\ufe6f\uff01-\uff65"

_PARTED = re.compile(f"(?<=[{WIDE}{WIDE_MARKS}])[ \t]*\n[ \t]*(?=[{WIDE}{WIDE_MARKS}])")


def unparted(text: str) -> str:
    """Return text without the line ends that stand between two letters of Chinese or Japanese.

    No space belongs there (CSS Text 3 §4.1.3); Korean parts its words by spaces.

    >>> unparted("切れていま\\nす。 a\\nb")
    '切れています。 a\\nb'
    """
    return _PARTED.sub("", text) if "\n" in text else text


_WRITTEN = frozenset(
    "af am ar az be bg bn bo br bs ca cs cy da de dv el en eo es et eu fa fi fil fo fr fy ga gd gl "
    "gsw gu ha haw he hi hr hsb hu hy id ig is it ja ka kk km kn ko ku ky lb lo lt lv mg mi mk ml "
    "mn mr ms mt my nb nds ne nl nn no oc or pa pl ps pt qu rm ro ru rw sd si sk sl sq sr sv sw ta "
    "te tg th ti tk tl tr tt ug uk ur uz vi wo xh yi yo yue zh zu".split()
)

_OTHERS = frozenset(
    "aa ab ae ak an as av ay ba bh bi bm ce ch co cr cu cv dz ee ff fj gn gv ho ht hz ia ie ii ik "
    "io iu jv kg ki kj kl kr ks kv kw la lg li ln lu mh na nd ng nr nv ny oj om os pi rn sa sc se "
    "sg sh sm sn so ss st su tn to ts tw ty ve vo wa za".split()
)  # the rest of ISO 639-1


def is_known(tag: str) -> bool:
    """Return whether a tag is one of a language at all; of three letters any is taken for one.

    >>> is_known("jp"), is_known("ja"), is_known("ts")
    (False, True, True)
    """
    first = re.split("[-_]", tag.lower())[0]
    return len(first) > 2 or first in _WRITTEN or first in _OTHERS


def is_written(tag: str) -> bool:
    """Return whether a tag is one of a language in which much is written (CLDR).

    Languages whose code is better known as something else in a file's name are none of them:
    `ts`, `io`, `co`.

    >>> is_written("pt-BR"), is_written("js"), is_written("ts")
    (True, False, False)
    """
    return re.split("[-_]", tag.lower())[0] in _WRITTEN
