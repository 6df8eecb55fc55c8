"""Tags and expressions of JSX: where they end, and what they say without being run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

import msgspec

_NAME = re.compile(r"[A-Za-z][\w.:-]*")
_ATTRIBUTE = re.compile(
    r"\s*+([A-Za-z_:@][\w:.-]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|(?={)|([^\s\"'=<>`{}]++)))?+"
)
_SPREAD = re.compile(r"\s*+(?={)")
_END = re.compile(r"\s*+(/?)>")
_CLOSING = re.compile(r"</\s*([A-Za-z][\w.:-]*)?\s*>")
_TOKEN = re.compile(
    r"\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\]|\\.)*+`|/\*|[{}]", re.DOTALL
)
_TEXT = re.compile(
    r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\$]|\\.|\$(?!\{))*)`", re.S
)
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")
_ASKED_FOR = re.compile(
    r"(?:require|useBaseUrl|withBase)\(\s*(?:\"([^\"]*)\"|'([^']*)')\s*\)(?:\.default)?"
)
_ELEMENT = re.compile(r"<[^{}]*>", re.DOTALL)
_ANY_TAG = re.compile(r"<[^<>]*>")
_ESCAPED = re.compile(
    r"\\(?:u\{([\da-fA-F]{1,6})\}|u([\da-fA-F]{4})|x([\da-fA-F]{2})|(.))", re.DOTALL
)
_SIGNS = {"n": "\n", "r": "\n", "t": "\t", "\n": "", "0": "", "b": "", "f": "", "v": ""}
_DECLARED = re.compile(
    r"(?<![\w-])[\"']?([A-Za-z-]++)[\"']?\s*+:\s*+(?:\"([^\"]*+)\"|'([^']*+)'|(-?[\d.]++))"
)
_MEANT = frozenset(
    "display visibility text-decoration text-decoration-line vertical-align font-size font-weight "
    "position left top text-indent clip overflow height max-height width content-visibility".split()
)
_CAPITAL = re.compile(r"[A-Z]")
_MOST = 50_000  # characters of one expression

Value = str | bool | None
"""Of an attribute: a text, True for one without a value, None for what only running it tells."""


class Tag(msgspec.Struct, frozen=True):
    """A tag: its name ("" for a fragment), where it ends, and its attributes."""

    name: str
    end: int
    attributes: Mapping[str, Value]
    closes: bool = False
    is_empty: bool = False  # it closes itself
    unread: Mapping[str, str] = msgspec.field(default_factory=dict)  # attributes without a value

    @property
    def is_component(self) -> bool:
        """Whether it is none of HTML's."""
        return self.name[:1].isupper() or "." in self.name


class Budget:
    """How many characters may be looked through in vain: what never ends is looked for once."""

    def __init__(self, length: int) -> None:
        self.left = 4 * length + 100_000

    def end_of(self, text: str, at: int) -> int:
        """Return where the expression ends that begins with the brace at `at`; -1 for never."""
        if self.left <= 0:
            return -1
        depth, place, most = 0, at, min(len(text), at + _MOST)
        while found := _TOKEN.search(text, place, most):
            place = found.end()
            if found[0] == "/*":
                place = text.find("*/", place, most) + 2
                if place < 2:
                    break
            depth += (found[0] == "{") - (found[0] == "}")
            if depth == 0:
                return place
        self.left -= most - at
        return -1

    def find(self, text: str, sought: str, at: int) -> int:
        """Return where what is sought stands from `at` on; -1 for nowhere."""
        most = min(len(text), at + _MOST) if self.left > 0 else at
        found = text.find(sought, at, most)
        self.left -= most - at if found < 0 else 0
        return found


def tag_at(text: str, at: int, budget: Budget, known: Mapping[str, str]) -> Tag | None:
    """Return the tag that begins at `at`, None if there is none; `known` are imported files."""
    if closing := _CLOSING.match(text, at):
        return Tag(closing[1] or "", closing.end(), {}, closes=True)
    if text.startswith("<>", at):
        return Tag("", at + 2, {})
    name = _NAME.match(text, at + 1)
    if not name:
        return None
    attributes: dict[str, Value] = {}
    unread: dict[str, str] = {}
    place = name.end()
    while not (end := _END.match(text, place)):
        found = _ATTRIBUTE.match(text, place)
        spread = None if found else _SPREAD.match(text, place)
        if not found and not spread:
            return None
        place = (found or spread).end()  # type: ignore[union-attr]
        said: Value = True
        if text[place : place + 1] == "{":
            close = budget.end_of(text, place)
            if close < 0:
                return None
            said = _of_attribute(text[place + 1 : close - 1], known)
            if found and said is None:
                unread.setdefault(found[1], text[place:close])
            place = close
        elif found and "=" in found[0]:
            said = next((one for one in found.groups()[1:] if one is not None), "")
        if found:
            attributes.setdefault(found[1], said)
        if text[place : place + 1] not in (" ", "\n", "\t", "/", ">", "{"):
            return None
    return Tag(name[0], end.end(), attributes, is_empty=bool(end[1]), unread=unread)


def _of_attribute(expression: str, known: Mapping[str, str]) -> str | None:
    """What an attribute says: a plain value, or the words of the element that it holds."""
    bare = expression.strip()
    if len(bare) < _MOST and _ELEMENT.fullmatch(bare):
        return " ".join(unescape(_ANY_TAG.sub("", bare)).split()) or None
    return literal(expression, known)


def literal(expression: str, known: Mapping[str, str] = {}) -> str | None:
    """Return what an expression says where that is plain: a text, a number, an imported file.

    >>> literal(" 'a' "), literal("`${x}`"), literal("require('./a.png').default")
    ('a', None, './a.png')
    """
    bare = expression.strip()
    if len(bare) > _MOST:
        return None
    if found := _TEXT.fullmatch(bare):
        typed = next(one for one in found.groups() if one is not None)
        made = _ESCAPED.sub(_unescaped, typed) if "\\" in typed else typed
        return made.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")  # joins pairs
    if _NUMBER.fullmatch(bare):
        return bare
    if asked := _ASKED_FOR.fullmatch(bare):
        return asked[1] or asked[2]
    return known.get(bare.removesuffix(".src").removesuffix(".default"))


def _unescaped(found: re.Match[str]) -> str:
    """What an escape of JavaScript stands for (ECMA-262 §12.9.4)."""
    if found[4] is not None:
        return _SIGNS.get(found[4], found[4])
    code = int(found[1] or found[2] or found[3], 16)
    return chr(code) if code < 0x110000 else ""


def style(expression: str) -> str:
    """Return of React's object of styles, as CSS, what the meaning hangs on.

    >>> style("{{display: 'none', fontSize: 0, margin: 5, left: place}}")
    'display:none;font-size:0px'
    """
    declared = (
        (_CAPITAL.sub(_lowered, found[1]), found[2] or found[3] or f"{found[4] or 0}px")
        for found in _DECLARED.finditer(expression)
    )
    return ";".join(f"{name}:{value}" for name, value in declared if name in _MEANT)


def _lowered(found: re.Match[str]) -> str:
    return f"-{found[0].lower()}"
