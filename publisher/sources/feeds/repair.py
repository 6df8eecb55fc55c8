"""XML as feeds have it → XML that a strict parser takes, without what is dangerous in it.

A document type is taken away: RSS 0.91 has one, and what it may declare (entities that unfold to
gigabytes, files of this machine) no feed needs. HTML's entities become characters. What a parser
has to guess is told.
"""

from __future__ import annotations

import codecs
import re
from html.entities import html5
from xml.parsers.expat import ExpatError, ParserCreate

from lxml import etree

MOST_BYTES = 10_000_000
"""Of a feed, unpacked."""

_MOST_MARKS = 400_000  # tags of a feed: a parser's tree takes ten times their bytes
_MOST_ENTRIES = 10_000
_MOST_ATTRIBUTES = 60
_MOST_PARTS = 300  # of one entry: feedparser compares each name with all before it

_DOCTYPE = re.compile(rb"<!DOCTYPE\b[^\[>]*(\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_LOOSE = re.compile(r"&(?!(?:lt|gt|amp|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)(?:(\w{1,32});)?")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_ROOT = re.compile(r"<[A-Za-z_][\w:.-]{0,60}")
_PREFIX = re.compile(r"(?:</?|\s)([A-Za-z_][\w.-]{0,30}):[A-Za-z_][\w.-]{0,60}(?=[\s/>=])")
_BOUND = re.compile(r"\sxmlns:([\w.-]{1,31})\s*=")
_SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "atom": "http://www.w3.org/2005/Atom",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
}
_DECLARED = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_PROLOGUE = re.compile(r"\A\s*<\?xml[^>]{0,400}\?>")
_ENTRIES = ("{*}item", "{*}entry")
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
    if text.count("<") > _MOST_MARKS:
        raise NotAFeed(f"it has more than {_MOST_MARKS:,} tags")
    text = _with_spaces(_referred(text[begin:].translate(_CONTROLS)), faults)
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
    _trim(root, faults)
    whole = etree.tostring(root, encoding="utf-8")
    try:
        # What this parser takes, feedparser's strict one does: its other one has no bounds.
        ParserCreate(namespace_separator=" ").Parse(whole, True)
    except ExpatError as error:
        raise NotAFeed(f"it is no XML: {error}") from None
    return whole, tuple(faults)


def _referred(text: str) -> str:
    """A text in which each `&` outside CDATA is XML's: HTML's names become characters."""
    parts = _CDATA.split(text)
    parts[::2] = [_LOOSE.sub(_character, part) for part in parts[::2]]
    return "".join(parts)


def _with_spaces(text: str, faults: list[str]) -> str:
    """A text in which each prefix says what it means, as it does everywhere else."""
    used = set(_PREFIX.findall(_CDATA.sub("", text))) - set(_BOUND.findall(text))
    missing = sorted(used - {"xml", "xmlns"})[:50]
    root = _ROOT.search(text)
    if not missing or not root:
        return text
    faults.append(f"it does not say what {missing[0]}: means")
    said = "".join(f' xmlns:{one}="{_SPACES.get(one, f"urn:x-{one}")}"' for one in missing)
    return text[: root.end()] + said + text[root.end() :]


def _trim(root: etree._Element, faults: list[str]) -> None:
    """Take out what no feed has so many of, before anybody looks at each."""
    entries = list(root.iter(*_ENTRIES))
    inner = set(entries)
    holders = [root, *root.iter("{*}channel"), *entries]
    if len(entries) > _MOST_ENTRIES:
        faults.append(f"of its {len(entries):,} entries the first {_MOST_ENTRIES:,} are read")
    is_over = False
    for holder in holders:
        parts = 0
        for one in list(holder):
            parts += one not in inner
            if parts > _MOST_PARTS and one not in inner:
                holder.remove(one)
                is_over = True
    for one in root.iter():
        if len(one.attrib) > _MOST_ATTRIBUTES:
            one.attrib.clear()
            is_over = True
    for one in entries[_MOST_ENTRIES:]:
        above = one.getparent()
        if above is not None:
            above.remove(one)
    if is_over:
        faults.append("of an entry that has too many parts, the first are read")


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
    letters = html5.get(f"{found[1]};", "") if found[1] else ""
    return "".join(f"&#{ord(one)};" for one in letters) or f"&amp;{found[0][1:]}"


def _without_last(root: etree._Element, faults: list[str]) -> None:
    """Take out the entry in which a feed breaks off: half a story is none."""
    entries = list(root.iter(*_ENTRIES))
    above = entries[-1].getparent() if entries else None
    if above is not None:
        above.remove(entries[-1])
        faults.append("it breaks off in an entry, which is left out")


def _said(message: str | None) -> str:
    return " ".join((message or "").split())[:120]
