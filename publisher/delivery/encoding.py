"""Quoted-printable and header values, encoded so that nothing can be injected.

The standard library is not used: `email.policy.SMTP` encodes long `List-Unsubscribe` fields, which
breaks one-click unsubscribing, and splits pieces that must stay whole.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator

from publisher.model import one_line

LINE = 76
"""Characters of a line of quoted-printable, at most (RFC 2045 §6.7 (5))."""

SOFT = b"=\r\n"

_LITERAL = [
    chr(byte) if 32 <= byte < 127 and byte != ord("=") else f"={byte:02X}" for byte in range(256)
]
_PLAIN = re.compile(rb"[ -<>-~]*(?<! )")


def quoted(text: str) -> bytes:
    """Return a text as quoted-printable (RFC 2045 §6.7), its line ends CRLF.

    No line begins with a dot, so that nothing is ever dot-stuffed (RFC 5321 §4.5.2), nor with
    "From ", which mbox files would change.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\r\n".join("=\r\n".join(_wrapped(line)) for line in lines).encode("ascii")


def quoted_value(text: str) -> bytes:
    """Return a value that stands between two pieces of quoted-printable, on lines of its own."""
    data = text.encode("utf-8", "replace")
    if _PLAIN.fullmatch(data):
        if len(data) < LINE and not data.startswith((b".", b"From ")):
            return data + SOFT if data else b""
        lines = [data[start : start + LINE - 1] for start in range(0, len(data), LINE - 1)]
        if not any(line.startswith((b".", b"From ")) for line in lines):
            return b"".join(line + SOFT for line in lines)
    return quoted(" ".join(text.splitlines())) + SOFT


def _wrapped(line: str) -> Iterator[str]:
    """One line as lines of at most 76 characters, the "=" of soft breaks included."""
    tokens = [_LITERAL[byte] for byte in line.encode("utf-8", "replace")]
    if tokens and tokens[-1] == " ":
        tokens[-1] = "=20"  # RFC 2045 §6.7 (3)
    current = ""
    for place, token in enumerate(tokens):
        if len(current) + len(token) > LINE - 1:
            yield current
            current = ""
        current += token if current else _first(tokens, place)
    yield current


def _first(tokens: list[str], place: int) -> str:
    """The token that a line begins with."""
    if tokens[place] == ".":
        return "=2E"
    return "=46" if tokens[place : place + 5] == list("From ") else tokens[place]


_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LONGEST_WORD = 39  # bytes: 52 of base64, 64 with the rest, 73 after "Subject: " (RFC 2047 §2: 76)


def unstructured(text: str, name: str) -> bytes:
    """Return the value of a header such as Subject (RFC 5322 §2.2.1), folded; `name` is its name.

    Printable ASCII stands as it is, anything else in encoded words (RFC 2047).
    """
    plain = one_line(text)
    if plain.isascii() and "=?" not in plain:
        folded = _folded(plain, len(name) + 2)
        if folded is not None:
            return folded
    return _encoded_words(plain)


def phrase(text: str) -> bytes:
    """Return a display name (RFC 5322 §3.2.5): atoms, a quoted string, or encoded words."""
    plain = one_line(text)
    if _ATOMS.fullmatch(plain) and "=?" not in plain and len(plain) <= 60:
        return plain.encode()
    if plain.isascii() and len(plain) <= 60 and "=?" not in plain:
        escaped = plain.replace("\\", r"\\").replace('"', r"\"")
        return f'"{escaped}"'.encode()
    return _encoded_words(plain)


def _folded(text: str, used: int) -> bytes | None:
    """A text folded at spaces into lines of at most 78, None where a word is too long for that."""
    lines, current = [], ""
    for word in text.split(" "):
        if len(word) > LINE:
            return None
        if current and used + len(current) + 1 + len(word) > LINE:
            lines.append(current)
            current, used = word, 1
        else:
            current = f"{current} {word}" if current else word
    return "\r\n ".join([*lines, current]).encode("ascii")


def _encoded_words(text: str) -> bytes:
    """A text as encoded words on lines of their own; characters are never cut (RFC 2047 §5)."""
    words, current = [], b""
    for character in text:
        data = character.encode("utf-8", "replace")
        if len(current) + len(data) > _LONGEST_WORD:
            words.append(current)
            current = b""
        current += data
    words.append(current)
    return b"\r\n ".join(b"=?utf-8?B?" + b64encode(word) + b"?=" for word in words)
