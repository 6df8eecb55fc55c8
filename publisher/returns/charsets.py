"""Bytes of other people's mails → text: a table of charsets, and what is done where a name lies.

A name is looked up in this table alone: among Python's codecs are some that take quadratic time
(punycode, idna), and the names are written by strangers.
"""

from __future__ import annotations

import re

from publisher.returns.guessing import guessed

_SAFE = """
ascii utf-8 utf-8-sig utf-16 utf-16-le utf-16-be
iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9
iso8859-10 iso8859-11 iso8859-13 iso8859-14 iso8859-15 iso8859-16
cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp437 cp850 cp852 cp866 cp874
koi8-r koi8-u tis-620 gb18030 big5hkscs cp932 euc-jp iso2022_jp_2 cp949 johab iso2022_kr
""".split()
_WIDER = {  # to what a name is widened, because senders use it for the wider charset
    "usascii": "utf-8", "ascii": "utf-8", "utf8": "utf-8", "utf16": "utf-16",
    "latin1": "cp1252", "iso88591": "cp1252", "windows1252": "cp1252", "ansi": "cp1252",
    "gb2312": "gb18030", "gbk": "gb18030", "xgbk": "gb18030", "cp936": "gb18030",
    "euccn": "gb18030", "big5": "big5hkscs", "xbig5": "big5hkscs", "cp950": "big5hkscs",
    "shiftjis": "cp932", "sjis": "cp932", "xsjis": "cp932", "mskanji": "cp932",
    "windows31j": "cp932", "xeucjp": "euc-jp", "eucjp": "euc-jp",
    "iso2022jp": "iso2022_jp_2", "iso2022jp1": "iso2022_jp_2", "csiso2022jp": "iso2022_jp_2",
    "cp50220": "iso2022_jp_2", "cp50221": "iso2022_jp_2",
    "euckr": "cp949", "ksc56011987": "cp949", "ksc5601": "cp949", "uhc": "cp949",
    "xwindows949": "cp949",
    "tis620": "tis-620", "windows874": "cp874",
}  # fmt: skip


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


_CODECS = {_plain(name): name for name in _SAFE}
_CODECS |= {_plain(f"windows-{n}"): f"cp{n}" for n in range(1250, 1259)}
_CODECS |= {_plain(f"iso-8859-{n}"): f"iso8859-{n}" for n in (*range(2, 12), *range(13, 17))}
_CODECS |= _WIDER


def decoded(data: bytes, charset: str = "") -> str:
    """Return the text of some bytes, whatever their charset is called; it holds no surrogate.

    UTF-8 goes before a name that does not say it: what is valid UTF-8 and more than ASCII
    is hardly anything else, and servers put mails of others under names of their own.
    """
    if b"\x1b$" in data:  # ISO-2022: it looks like ASCII
        korean = data[:4] == b"\x1b$)C" or _plain(charset) == "iso2022kr"
        return data.decode("iso2022_kr" if korean else "iso2022_jp_2", "replace")
    named = _CODECS.get(_plain(charset[:40]))
    if named in ("utf-16", "utf-16-le", "utf-16-be"):
        return data.decode(named, "replace")
    for codec in ("utf-8", named):
        if codec:
            try:
                return data.decode(codec)
            except UnicodeDecodeError:
                continue
    is_named = named is not None and named != "utf-8"
    return data.decode(named if named and is_named else guessed(data), "replace")
