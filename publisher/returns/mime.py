"""The bytes of a mail → its parts, within bounds: what no honest mail has is not looked at.

Not by the standard library's parser: that holds each line against each boundary which is open, so
that a nest of a thousand multiparts takes minutes, and recurses as deep as the mail says.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from functools import cached_property
from html import unescape

import msgspec

from publisher.returns.charsets import decoded

HEAD, TAIL = 512 * 1024, 64 * 1024
"""So many bytes are looked at, at the beginning and the end of a larger mail."""

DEEPEST = 8
MOST_PARTS = 60
MOST_FIELDS = 300
_FIELD = 8_000  # characters of one
_FIELDS = 256 * 1024  # bytes of all
_TEXT = 128 * 1024  # bytes of a part's text

MESSAGES = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers",
            "message/rfc822-headers", "message/partial")  # fmt: skip


class Part(msgspec.Struct, frozen=True, dict=True):
    """A mail, or a part of one. Names of fields are in lower case, their values on one line."""

    fields: tuple[tuple[str, str], ...]
    body: bytes
    parts: tuple[Part, ...] = ()

    def all(self, name: str) -> list[str]:
        """Return the values of a field, encoded words decoded."""
        return [decoded_words(value) for field, value in self.fields if field == name]

    def get(self, name: str) -> str:
        """Return the first value of a field, "" where there is none."""
        return next(iter(self.all(name)), "")

    @cached_property
    def kind(self) -> str:
        """The media type in lower case, as written."""
        return re.split(r"[;\s]", self.get("content-type"), maxsplit=1)[0].lower()

    def parameter(self, name: str) -> str:
        """Return a parameter of the content type."""
        return _parameter(self.get("content-type"), name)

    @cached_property
    def data(self) -> bytes:
        """The body without its transfer encoding (RFC 2045 §6)."""
        return _without_encoding(self.body, self.get("content-transfer-encoding").strip().lower())

    @cached_property
    def text(self) -> str:
        """The body as text; of HTML, its words."""
        text = decoded(self.data[:_TEXT], self.parameter("charset")).replace("\0", "")
        return words_of_html(text) if self.kind == "text/html" else text

    def walk(self) -> Iterator[Part]:
        """Yield this part and those in it, but none of a mail that it holds."""
        yield self
        if self.kind not in MESSAGES:
            for part in self.parts:
                yield from part.walk()

    def held(self) -> Iterator[Part]:
        """Yield the mails that this one holds, complete or as headers."""
        for part in self.walk():
            if part is not self and part.kind in MESSAGES:
                yield from part.parts

    @cached_property
    def words(self) -> str:
        """What a person reads: the plain text, else the HTML."""
        leaves = [p for p in self.walk() if not p.parts and p.kind in ("", "text/plain")]
        leaves = [p for p in leaves if p.data.strip()]
        leaves += [p for p in self.walk() if not p.parts and p.kind == "text/html"]
        return leaves[0].text if leaves else ""


def parsed(message: bytes) -> Part:
    """Return a mail, of a large one what begins and what ends it. It takes whatever it gets."""
    if len(message) > HEAD + TAIL:
        message = message[:HEAD] + b"\n" + message[-TAIL:].partition(b"\n")[2]
    message = message.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\0", b"")
    return _part(message, 0, [MOST_PARTS])


def _part(data: bytes, depth: int, left: list[int]) -> Part:
    left[0] -= 1
    fields, body = _split(data.lstrip(b"\n") if depth == 0 else data)
    part = Part(fields, body)
    if depth >= DEEPEST:
        return part
    if part.kind in MESSAGES:
        return Part(fields, body, (_part(part.data.lstrip(b"\n"), depth + 1, left),))
    if part.kind.startswith("multipart/") or (depth == 0 and _looks_split(part)):
        inner: list[Part] = []
        for piece in _pieces(body, part.parameter("boundary")):
            if left[0] <= 0:
                break
            inner.append(_part(piece, depth + 1, left))
        return Part(fields, body, tuple(inner))
    return part


def _split(data: bytes) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """Headers and body. A line that can be no header ends them, with or without an empty one."""
    if data.startswith(b"\n"):
        return (), data[1:]
    fields: list[list[bytes]] = []
    at = 0
    while at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        line, start, at = data[at:end], at, end + 1
        if not line.strip():
            break
        if line[:1] in b" \t" and fields:
            fields[-1].append(line[:_FIELD])
        elif _NAME.match(line) or _MBOX.match(line):
            if at > _FIELDS:
                continue
            fields.append([line[:_FIELD]])
        else:
            at = start
            break
    made = (_field(lines) for lines in fields[:MOST_FIELDS])
    return tuple(one for one in made if one is not None), data[at:]


_NAME = re.compile(rb"[!-9;-~]{1,76}[ \t]*:")
_MBOX = re.compile(rb">?From \S")


def _field(lines: list[bytes]) -> tuple[str, str] | None:
    value = decoded(b" ".join(line.strip() for line in lines[:200])[:_FIELD])
    name, colon, rest = value.partition(":")
    if not colon or " " in name.strip():
        return None
    return name.strip().lower(), " ".join(rest.split())


def _looks_split(part: Part) -> bool:
    """Whether a mail that does not say so is made of parts: some servers forget it."""
    return part.kind in ("", "text/plain") and _UNSAID.match(part.body[:2000]) is not None


_UNSAID = re.compile(rb"(?:This is a (?:MIME|multi-?part)[^\n]{0,200}\n)\s{0,9}--[^\s-]", re.I)
_FIRST = re.compile(rb"^--(\S[^\n]{0,200}?)[ \t]*\n(?=[A-Za-z-]{1,60}:|\n)", re.M)


def _pieces(body: bytes, boundary: str) -> list[bytes]:
    name = boundary.encode("utf-8", "replace")[:200]
    if not name or b"--" + name not in body:  # unnamed, or named wrongly
        found = _FIRST.search(body[:20_000])
        if found is None:
            return [body]
        name = found[1]
    line = re.compile(rb"^--" + re.escape(name) + rb"(?:--)?[ \t]*$", re.M)
    pieces, start = [], None
    for found in line.finditer(body):
        if start is not None:
            pieces.append(body[start : max(start, found.start() - 1)])
        start = found.end() + 1
        if len(pieces) >= MOST_PARTS:
            return pieces
    if start is not None and body[start:].strip() and not _is_last(body, name):
        pieces.append(body[start:])  # cut off
    return pieces


def _is_last(body: bytes, name: bytes) -> bool:
    return b"--" + name + b"--" in body


def _without_encoding(body: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        letters = body[: 2 * HEAD].translate(None, _NOT_BASE64).split(b"=")[0]
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]  # one alone says nothing
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    return body


_NOT_BASE64 = bytes(set(range(256)) - set(b"+/=") - set(b"0123456789")
                    - set(range(65, 91)) - set(range(97, 123)))  # fmt: skip

_PARAMETER = r';\s{0,20}%s\s{0,20}=\s{0,20}(?:"([^"]{0,300})"|([^\s;"]{1,300}))'


def _parameter(value: str, name: str) -> str:
    found = re.search(_PARAMETER % re.escape(name), value, re.IGNORECASE)
    return (found[1] or found[2] or "") if found else ""


_ENCODED = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,2000})\?=")


def decoded_words(value: str) -> str:
    """Return a header's value with its encoded words (RFC 2047) as text.

    Neighbours of one charset are decoded together: servers cut them in the middle of a character.
    """
    if "=?" not in value:
        return value
    out: list[str] = []
    run: list[bytes] = []
    charset, at = "", 0
    for found in _ENCODED.finditer(value):
        between = value[at : found.start()]
        name = found[1].partition("*")[0].lower()  # RFC 2231 §5: a language
        if run and (between.strip() or name != charset):
            out.append(decoded(b"".join(run), charset))
            run = []
        if between.strip() or at == 0:
            out.append(between)
        charset, at = name, found.end()
        data = found[3].encode("ascii", "replace")
        if found[2] in "bB":
            run.append(_without_encoding(data, "base64"))
        else:
            run.append(binascii.a2b_qp(data, header=True))
    if run:
        out.append(decoded(b"".join(run), charset))
    return " ".join(("".join(out) + value[at:]).split())


_BLOCKS = frozenset(
    "p div br tr li ul ol table h1 h2 h3 h4 h5 h6 hr pre blockquote td dd dt".split()
)
_SILENT = frozenset(("style", "script", "title"))


def words_of_html(html: str) -> str:
    """Return the words of HTML, a line a block. Linear in its length, whatever is left open."""
    out: list[str] = []
    silent = ""
    first, *chunks = html.split("<")
    out.append(first)
    for chunk in chunks:
        tag, closed, rest = chunk.partition(">")
        if not closed or "@" in tag.split(" ")[0]:  # an address in angle brackets, unescaped
            out.append("<" + chunk)
            continue
        name = tag.strip("/ \n\t").split(" ")[0].split("\n")[0].rstrip("/").lower()
        if silent:
            if tag.startswith("/") and name == silent:
                silent = ""
                out.append(rest)
            continue
        if name in _SILENT and not tag.startswith("/"):
            silent = name
            continue
        out.append(("\n" if name in _BLOCKS else "") + rest)
    return unescape("".join(out)).replace("\xa0", " ")
