"""JavaScript that is data: its tokens, and the plain values of the object that a file exports.

Nothing is run. What is computed is left out, for nobody knows what it would be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

_TOKEN = re.compile(
    r"""(?P<skip>[ \t\n\r\f]+|//[^\n]*|/\*(?s:.)*?(?:\*/|\Z))"""
    r"""|(?P<text>"(?:[^"\\\n]|\\(?s:.))*"|'(?:[^'\\\n]|\\(?s:.))*'|`(?:[^`\\]|\\(?s:.))*`)"""
    r"""|(?P<word>[A-Za-z_$][\w$]*)"""
    r"""|(?P<number>\d[\w.]*)"""
    r"""|(?P<sign>(?s:.))"""
)
_REGEX = re.compile(r"/(?![*/])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_LONGEST_REGEX = 300  # characters: an open `[` is looked for no further
_UNCLOSED = {
    mark: re.compile(rf"{mark}(?:[^{mark}\\{end}]|\\(?s:.))*")
    for mark, end in (('"', "\\n"), ("'", "\\n"), ("`", ""))
}
"""What a text that is never closed is, up to the end of its line, or of the script."""

_ENDS_A_VALUE = {")", "]", "}"}
_DEEPEST = 30
_CONSTANTS: dict[str, Any] = {"true": True, "false": False, "null": None}
_ENDS = ("", ",", "}", "]")
_ESCAPE = re.compile(r"\\(u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\n|.)", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "", "\n": ""}


class Token(msgspec.Struct, frozen=True):
    """A piece of a script: a text, word, number, sign or regular expression, and its line."""

    kind: str
    text: str
    line: int


def tokens_of(text: str) -> Iterator[Token]:
    """Return the tokens of a script, without comments."""
    at, line, last = 0, 1, ""
    unclosed = dict.fromkeys(_UNCLOSED, 0)  # up to where a mark of each closes nothing
    while at < len(text):
        mark = text[at]
        is_unclosed = at < unclosed.get(mark, 0)
        found = None if is_unclosed else _TOKEN.match(text, at)
        kind, part = (found.lastgroup or "sign", found[0]) if found else ("sign", mark)
        if kind == "sign" and mark in unclosed and not is_unclosed:
            unclosed[mark] = _end(_UNCLOSED[mark], text, at)
        may_begin = part == "/" and last not in (*_ENDS_A_VALUE, "word", "number")
        if may_begin and (regex := _REGEX.match(text, at, at + _LONGEST_REGEX)):
            kind, part = "regex", regex[0]
        if kind != "skip":
            yield Token(kind, part, line)
            last = part if kind == "sign" else kind
        line += part.count("\n")
        at += len(part)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def text_of(token: Token) -> str:
    """Return what a token that is a text stands for."""
    return _ESCAPE.sub(_unescaped, token.text[1:-1])


def _unescaped(found: re.Match[str]) -> str:
    said = found[1]
    if said[0] in "ux" and len(said) > 1:
        number = int(said[1:].strip("{}"), 16)
        return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else ""
    return _PLAIN.get(said, said)


class Object(msgspec.Struct, frozen=True):
    """The plain values of an object by name, and the names of its computed ones.

    Where it `is_open`, it may have others besides: what stands in it is not all written out.
    """

    values: dict[str, Any]
    computed: frozenset[str] = frozenset()
    is_open: bool = False


def exported(text: str) -> Object | None:
    """Return the object that a script exports, objects in it likewise; None where it exports none.

    >>> exported('export default {title: "A", list: [1, true], now: new Date()};')
    Object(values={'title': 'A', 'list': [1, True]}, computed=frozenset({'now'}), is_open=False)
    """
    reading = _Literal(list(tokens_of(text)))
    at = reading.export()
    found = reading.value(at, 0)[0] if at is not None else None
    return found if isinstance(found, Object) else None


_COMPUTED = object()


class _Literal:
    """Values that are written out, by the tokens that they begin with."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens

    def export(self) -> int | None:
        """Where the exported object begins."""
        for at, token in enumerate(self._tokens):
            after = [self._text(at + n) for n in range(1, 5)]
            if token.text == "export" and after[:2] == ["default", "{"]:
                return at + 2
            if token.text == "module" and after == [".", "exports", "=", "{"]:
                return at + 5 - 1
        return None

    def value(self, at: int, depth: int) -> tuple[Any, int]:
        """A value, or _COMPUTED, and where the next thing begins: a comma or a closing bracket."""
        if depth > _DEEPEST:
            return _COMPUTED, self._past(at)
        if self._text(at) in ("{", "["):
            read = self._object if self._text(at) == "{" else self._list
            found, end = read(at + 1, depth)
        else:
            found, end = self._plain(at), at + 1
        if self._text(end) in (*_ENDS, ";") or depth == 0:
            return found, end
        return _COMPUTED, self._past(at)  # `"a" + b`, `[1].map(…)`

    def _object(self, at: int, depth: int) -> tuple[Object, int]:
        values: dict[str, Any] = {}
        is_open = False
        while (text := self._text(at)) not in ("", "}"):
            if text == ",":
                at += 1
            elif self._kind(at) in ("word", "text", "number") and self._text(at + 1) == ":":
                key = text_of(self._tokens[at]) if self._kind(at) == "text" else text
                values[key], at = self.value(at + 2, depth + 1)
            else:
                is_open = True  # a method, a spread, a name that stands for itself
                at = self._past(at)
        computed = {key for key, value in values.items() if value is _COMPUTED}
        plain = {key: value for key, value in values.items() if key not in computed}
        return Object(plain, frozenset(computed), is_open), at + 1

    def _list(self, at: int, depth: int) -> tuple[Any, int]:
        found: list[Any] = []
        is_whole = True
        while self._text(at) not in ("", "]"):
            if self._text(at) == ",":
                at += 1
                continue
            value, at = self.value(at, depth + 1)
            is_whole &= value is not _COMPUTED
            found.append(value)
        return (found if is_whole else _COMPUTED), at + 1

    def _plain(self, at: int) -> Any:
        kind, text = self._kind(at), self._text(at)
        if kind == "text" and not (text[0] == "`" and "${" in text):
            return text_of(self._tokens[at])
        if kind == "word" and text in _CONSTANTS:
            return _CONSTANTS[text]
        if kind == "number" and re.fullmatch(r"\d{1,15}(?:\.\d{1,15})?", text):
            return float(text) if "." in text else int(text)
        return _COMPUTED

    def _past(self, at: int) -> int:
        """Where what is computed ends, whatever brackets stand in it; always further on."""
        begin, depth = at, 0
        while (text := self._text(at)) != "":
            is_end = text in (",", "}", "]")
            if is_end and depth == 0 and at > begin:
                return at
            if not is_end or depth:
                depth += (text in ("(", "[", "{")) - (text in (")", "]", "}"))
            at += 1
        return at

    def _text(self, at: int) -> str:
        return self._tokens[at].text if at < len(self._tokens) else ""

    def _kind(self, at: int) -> str:
        return self._tokens[at].kind if at < len(self._tokens) else ""
