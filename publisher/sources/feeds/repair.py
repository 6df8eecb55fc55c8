"""XML as feeds have it → XML that a strict parser takes, without what is dangerous in it.

A document type is taken away: RSS 0.91 has one, and what it may declare (entities that unfold to
gigabytes, files of this machine) no feed needs. HTML's entities become characters. What a parser
has to guess is told.
"""

from __future__ import annotations

import codecs
import re
from html.entities import html5

from lxml import etree

MOST_BYTES = 10_000_000
"""Of a feed, unpacked."""

_DOCTYPE = re.compile(rb"<!DOCTYPE\b[^\[>]*(\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_NAMED = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31});")
_DECLARED = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_PROLOGUE = re.compile(r"\A\s*<\?xml[^>]{0,400}\?>")
_CONTROLS = {code: None for code in range(32) if code not in (9, 10, 13)}


class NotAFeed(Exception):
    """Bytes that are no feed; the text says why, in a few words."""


def repaired(data: bytes, charset: str = "") -> tuple[bytes, tuple[str, ...]]:
    """Return a feed in XML as UTF-8 that is well-formed, and what was wrong with it.

    `charset` is what its server says of it. A last entry that was cut is left out. Raises NotAFeed.
    """
    faults: list[str] = []
    text = _decoded(data, charset, faults)
    begin = text.find("<")
    if begin < 0:
        raise NotAFeed("it is no XML and no JSON")
    text = _NAMED.sub(_character, text[begin:].translate(_CONTROLS))
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise NotAFeed(f"it is no XML: {_said(error.msg)}") from None
    if root is None:
        raise NotAFeed("it is no XML")
    errors = [one for one in parser.error_log if one.level >= etree.ErrorLevels.ERROR]
    if errors:
        faults.append(
            f"it is not well-formed XML (line {errors[0].line}: {_said(errors[0].message)})"
        )
    if any("Premature end" in one.message or "EndTag: '</'" in one.message for one in errors):
        _without_last(root, faults)
    return etree.tostring(root, encoding="utf-8"), tuple(faults)


def _decoded(data: bytes, charset: str, faults: list[str]) -> str:
    """The text of a feed: by its mark, its server's word (RFC 7303 §3), its own, or UTF-8."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"),
                       (codecs.BOM_UTF16_BE, "utf-16")):  # fmt: skip
        if data.startswith(mark):
            charset = name
            break
    declared = _DECLARED.search(data[:400])
    own = declared[1].decode() if declared else ""
    if found := _DOCTYPE.search(data[:100_000]):
        if b"<!ENTITY" in found[0].upper():
            raise NotAFeed("it declares entities, which no feed needs")
        data = data[: found.start()] + data[found.end() :]
    for name in filter(None, (charset, own, "utf-8")):
        try:
            text = data.decode(codecs.lookup(name).name)
        except (LookupError, ValueError):
            continue
        return _PROLOGUE.sub("", text.removeprefix("\ufeff"))
    faults.append("it holds bytes that are not text in the encoding it names")
    return _PROLOGUE.sub("", data.decode("utf-8", "replace"))


def _character(found: re.Match[str]) -> str:
    letters = html5.get(f"{found[1]};", "")
    return "".join(f"&#{ord(one)};" for one in letters) or f"&amp;{found[1]};"


def _without_last(root: etree._Element, faults: list[str]) -> None:
    """Take out the entry in which a feed breaks off: half a story is none."""
    entries = list(root.iter("{*}item", "{*}entry"))
    above = entries[-1].getparent() if entries else None
    if above is not None:
        above.remove(entries[-1])
        faults.append("it breaks off in an entry, which is left out")


def _said(message: str | None) -> str:
    return " ".join((message or "").split())[:120]
