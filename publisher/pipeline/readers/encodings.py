"""In which encoding a file of readers is written."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from publisher.audience.imports.headings import plain_field
from publisher.audience.imports.likeness import likely_role
from publisher.errors import UsageError
from publisher.returns.guessing import guessed


def encoding_of(path: Path) -> str:
    """Return UTF-8 if all of it is, UTF-16 by its mark, else what Windows wrote where it is read.

    Raises UsageError where that is in doubt, and a heading may tell who left.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        file.seek(0)
        try:
            for chunk in iter(lambda: file.read(1 << 20), b""):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            file.seek(0)
            return _old_encoding(path.name, file.read(1 << 20))
    return "utf-8-sig"


ENCODINGS = {
    "cp1252": "Windows-1252", "cp1251": "Windows-1251", "koi8-r": "KOI8-R", "cp866": "CP 866",
    "cp932": "Shift JIS", "euc-jp": "EUC-JP", "gb18030": "GB 18030", "big5hkscs": "Big5",
    "cp949": "EUC-KR", "cp1253": "Windows-1253", "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
}  # fmt: skip
"""Old codecs, by what people call them."""
_ALIKE = ("utf-8", "mac_roman", "cp850", "cp1250", "cp1254")  # for which cp1252 is taken
_BETWEEN = re.compile(rb"[,;\t\r\n\"]+")
_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")


def _old_encoding(name: str, data: bytes) -> str:
    """Return the codec in which headings of another script are known, or that letters speak for.

    Raises UsageError where such headings are known in none: one of them may tell who left.
    """
    guess = _guessed(b" ".join(cell for cell in _BETWEEN.split(data) if not cell.isascii()))
    heading = (data.splitlines() or [b""])[0][:10_000]
    if misread := _misread(heading, guess):
        raise _of_unknown(name, misread)
    foreign = _foreign(heading, guess)
    if not foreign:
        return guess
    for codec in (guess, *ENCODINGS):
        if any(plain_field(one) or likely_role(one, ()) for one in _foreign(heading, codec)):
            return codec
    raise _of_unknown(name, foreign[0])


def _of_unknown(name: str, heading: str) -> UsageError:
    return UsageError(
        f"{name} is not UTF-8, and its heading {heading[:40]!r} is known to nobody",
        why="It may tell who left.",
        todo="Save it as CSV (UTF-8), and import that.",
    )


def _misread(heading: bytes, guess: str) -> str:
    """A heading that tells who left in another encoding, and not as it is read; "" for none."""
    columns = re.split(rb"[,;\t|\"]+", heading.strip())
    for column in (one for one in columns if not one.isascii()):
        read = column.decode(guess, "replace")
        others = (column.decode(codec, "replace") for codec in _ALIKE)
        if not _tells_who_left(read) and any(map(_tells_who_left, others)):
            return read
    return ""


def _tells_who_left(heading: str) -> bool:
    return likely_role(heading, ()) in ("unsubscribed", "bounced", "complained", "blocked")


def _guessed(cells: bytes) -> str:
    """Return the codec of cells that are not ASCII; words of Latin letters have few accents."""
    words = b"".join(word for word in _WORD.findall(cells) if not word.isascii())
    accents = len(words) - len(words.translate(None, bytes(range(0x80, 0x100))))
    return "cp1252" if accents * 2 <= len(words) else guessed(cells)


def _foreign(heading: bytes, codec: str) -> list[str]:
    """The headings of which most letters are of another script than the Latin one."""
    columns = re.split(r"[,;\t|\"]+", heading.decode(codec, "replace").strip())
    return [name for name in columns if sum(c > "\x7f" for c in name) * 2 > len(name)]
