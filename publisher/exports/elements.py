"""XML of any length → its articles one by one, in a memory that does not grow with it.

Exports are XML by name: control characters, HTML's entities, cut files. What can be mended is
mended and told; what cannot ends the reading, and what was read before it counts.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from html.entities import html5
from typing import Any

import msgspec
from lxml import etree

from publisher.errors import SourceError

_MOST_OF_ONE = 64 << 20  # bytes of one article with its comments
_MOST_PARTS = 200_000  # elements of one article
_MOST_HEAD = 100_000  # elements before, between and after articles: authors, categories
_CONTROLS = bytes(byte for byte in range(32) if byte not in (9, 10, 13))
_REFERENCE = re.compile(rb"&(?!(?:lt|gt|amp|quot|apos);)(#?)([A-Za-z0-9]{1,32});")
_OPEN = re.compile(rb"&#?[A-Za-z0-9]{0,32}\Z")
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}\bencoding\s*=\s*[\"']([A-Za-z0-9._-]+)")


class Mending(msgspec.Struct):
    """Bytes as they came → bytes that are XML; counts what was mended."""

    replaced: int = 0
    lines: int = 1
    first: int = 0
    """The line of the first byte that is no UTF-8, 0 where there is none."""

    _begun: bool = False
    _plain: bool = True
    _decoder: Any = msgspec.field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")("replace")
    )
    _held: bytes = b""

    def feed(self, data: bytes, *, ends: bool = False) -> bytes:
        """Return what can be given to a parser by now."""
        if not self._begun:
            self._begun = True
            declared = _DECLARED.search(data[:400])
            name = declared[1].decode().lower() if declared else "utf-8"
            self._plain = name not in ("utf-8", "utf8", "us-ascii")
            self._plain |= data[:2] in (b"\xff\xfe", b"\xfe\xff")
            data = data.removeprefix(codecs.BOM_UTF8).lstrip() if not self._plain else data
        if self._plain:
            return data
        text = self._decoder.decode(data, ends)
        bad = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
        if bad > 0:
            before = text[: text.find("\ufffd")]
            self.first = self.first or self.lines + before.count("\n")
            self.replaced += bad
        self.lines += text.count("\n")
        whole = self._held + text.encode().translate(None, _CONTROLS)
        self._held = b""
        if not ends and (cut := _OPEN.search(whole, max(0, len(whole) - 40))):
            whole, self._held = whole[: cut.start()], whole[cut.start() :]
        return _REFERENCE.sub(_resolved, whole)


def _resolved(found: re.Match[bytes]) -> bytes:
    """A reference that XML knows as well: HTML's by number, none to what XML forbids (§2.2)."""
    name = found[2].decode()
    if found[1]:
        digits = name[1:] if name[0] in "xX" else name
        try:
            number = int(digits, 16 if name[0] in "xX" else 10)
        except ValueError:
            return found[0]
        return found[0] if number in (9, 10, 13) or _is_legal(number) else b""
    letters = html5.get(f"{name};", "")
    return "".join(f"&#{ord(c)};" for c in letters).encode() or found[0]


def _is_legal(number: int) -> bool:
    return 32 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000


def each(
    chunks: Iterable[bytes], wanted: frozenset[str], place: str, mending: Mending | None = None
) -> Iterator[Any]:
    """Yield each child of the channel or feed as it is complete, then forget it.

    `wanted` are local names of the children that are articles; the others come too, for an export
    names its authors there. Raises SourceError, with the line, where the XML ends or breaks: what
    was complete until then has been yielded.
    """
    reading = _Reading(wanted, place, mending or Mending())
    for data in chunks:
        yield from reading.feed(data)
    yield from reading.end()


class _Reading:
    def __init__(self, wanted: frozenset[str], place: str, mending: Mending) -> None:
        self.wanted, self.place, self.mending = wanted, place, mending
        self.parser = etree.XMLPullParser(
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        self.depth = 0
        self.at = 2  # children of the root, or of RSS's channel
        self.parts = self.heads = self.bytes = self.line = 0

    def feed(self, data: bytes) -> Iterator[Any]:
        self.bytes += len(data)
        if self.bytes > _MOST_OF_ONE:
            raise self.broken(f"an article has more than {_MOST_OF_ONE:,} bytes")
        fault = ""
        try:
            self.parser.feed(self.mending.feed(data))
        except etree.XMLSyntaxError as error:
            fault, self.line = _said(error), error.lineno or 0
        yield from self.complete()
        if fault:
            raise self.broken(fault)

    def end(self) -> Iterator[Any]:
        try:
            self.parser.feed(self.mending.feed(b"", ends=True))
            self.parser.close()
            fault = ""
        except etree.XMLSyntaxError as error:
            fault, self.line = _said(error), error.lineno or 0
        yield from self.complete()
        if fault:
            raise self.broken(fault)

    def complete(self) -> Iterator[Any]:
        for event, element in self.parser.read_events():
            if event == "start":
                self.begin(element)
                continue
            self.depth -= 1
            if self.depth == self.at - 1:
                yield element
                self.forget(element)

    def begin(self, element: Any) -> None:
        self.depth += 1
        name = local(element)
        if self.depth == 1:
            if element.getroottree().docinfo.internalDTD is not None:
                raise self.broken(
                    "it declares a document type",
                    why="No export does; what is made to fill a memory, or to read files of this "
                    "machine, may.",
                )
            self.at = 3 if name == "rss" else 2
        elif self.depth == self.at:
            self.parts = self.bytes = 0
            self.heads += name not in self.wanted
        self.parts += 1
        if self.parts > _MOST_PARTS or self.heads > _MOST_HEAD:
            raise self.broken("one article has too many parts")

    def forget(self, element: Any) -> None:
        """Free what was read: the tree of a whole export takes ten times its bytes."""
        self.bytes = 0
        above = element.getparent()
        element.clear()
        while above is not None and above[0] is not element:
            del above[0]

    def broken(self, what: str, why: str = "") -> SourceError:
        line = self.line or self.mending.lines
        return SourceError(what, why=why or _WHY, path=self.place, line=line, todo=_TODO)


_WHY = "What was read until there counts."
_TODO = "Export it again; or mend that place in a copy."


def _said(error: etree.XMLSyntaxError) -> str:
    """A parser's words, without its own place."""
    text = re.sub(r",? ?\(?(?:<string>, )?line \d+(?:, column \d+)?\)?.*", "", str(error))
    if "no element found" in text or "Premature end" in text:
        return "the file ends in the middle"
    if "xcessive depth" in text or "XML_PARSE_HUGE" in text:
        return "it is nested deeper than any export is"
    if "huge text node" in text or "too long" in text.lower():
        return "one text in it has more than 10 MB"
    return f"it is no XML from here on: {text}"


def local(element: Any) -> str:
    """Return an element's name without its namespace."""
    name = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def text(element: Any) -> str:
    """Return the text in an element, "" where there is none."""
    return "".join(element.itertext()) if element is not None else ""
