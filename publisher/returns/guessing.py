"""Text in a charset that nobody names: guessed by the letters that it would have, if that were it.

Old servers in China, Japan, Korea and Russia write reports of eight bits and say nothing.
"""

from __future__ import annotations

import re

_LOOKED_AT = 4_000  # bytes
_ENOUGH = 0.3  # of the letters that are not ASCII

_SIMPLIFIED = frozenset(
    "的一是不了在人有您邮件信收发失败退无法投递地址用户系统原因服务器对方送达已满空间"
)
_TRADITIONAL = frozenset(
    "的一是不了在人有您郵件信收發失敗退無法投遞地址用戶系統原因伺服器對方送達已滿空間"
)


def guessed(data: bytes) -> str:
    """Return the first codec whose letters fit, "cp1252" where none does."""
    part = data[:_LOOKED_AT]
    if _is_latin(part):
        return "cp1252"
    fitting = (codec for codec, score in _SCORES if score(_letters(part, codec)) >= _ENOUGH)
    return next(fitting, "cp1252")


def _is_latin(data: bytes) -> bool:
    """Whether most bytes beyond ASCII stand alone, as accents do."""
    beyond = len(_BEYOND.findall(data))
    return len(_ALONE.findall(data)) * 2 > beyond


_BEYOND = re.compile(rb"[\x80-\xff]")
_ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")


def _letters(data: bytes, codec: str) -> str:
    """What is not ASCII of a text in a codec, "" where much of the bytes fit no letter of it."""
    foreign = "".join(letter for letter in data.decode(codec, "replace") if letter > "\x7f")
    wrong = foreign.count("\ufffd")  # a letter cut in two at the end is no proof against it
    return "" if (wrong - 1) * 10 > len(foreign) else foreign


def _share(letters: str, known: frozenset[str]) -> float:
    return sum(letter in known for letter in letters) / len(letters) if letters else 0.0


def _between(letters: str, first: str, last: str) -> float:
    return sum(first <= letter <= last for letter in letters) / len(letters) if letters else 0.0


def _hangul(letters: str) -> float:
    share = _between(letters, "\uac00", "\ud7a3")
    return share if share > 0.7 else 0.0


def _russian(letters: str) -> float:
    """Small letters: each of its charsets makes capitals, or signs, of another's small ones."""
    share = _between(letters, "а", "я")
    return share if share > 0.6 else 0.0


_SCORES = (
    ("cp932", lambda letters: _between(letters, "\u3041", "\u30ff")),
    ("euc-jp", lambda letters: _between(letters, "\u3041", "\u30ff")),
    ("gb18030", lambda letters: _share(letters, _SIMPLIFIED)),
    ("big5hkscs", lambda letters: _share(letters, _TRADITIONAL)),
    ("cp949", _hangul),
    ("koi8-r", _russian),
    ("cp1251", _russian),
    ("cp866", _russian),
)
"""In this order: a text in one of the former hardly ever looks like one in a latter."""
