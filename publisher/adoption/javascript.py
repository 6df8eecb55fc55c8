"""Configuration in JavaScript (Docusaurus, Astro, Eleventy), of which nothing is run.

The text is cut into tokens, and each `key: value` whose value is a plain text, number, true or
false is taken down with the keys around it: `export default {title: "A"}` holds `title`, `const
SITE = {…}` holds `SITE.title`. Values that are computed are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from publisher.adoption.documents import Document
from publisher.adoption.folders import SiteFolder
from publisher.adoption.site import Found
from publisher.sources.scripts import Token, text_of, tokens_of

_IN_A_TYPE = {".", ")", ":", "|", "&", "<"}
_DEEPEST = 100
_MOST_KEYS = 10_000
_LONGEST_CONSTANT = 1000  # characters
_FILLED_IN = re.compile(r"\$\{([^{}]*)\}?")
_CONSTANTS: dict[str, Any] = {"true": True, "false": False, "null": None}


def read_data(folder: SiteFolder, name: str) -> Document:
    """Read the plain values of a script by dotted key; raise SourceError where it cannot be read.

    Lists are counted: `presets.0`. Of a key that stands there twice, the first is taken.
    """
    text = folder.text(name)
    values: dict[str, Any] = {}
    places: dict[str, tuple[str, int | None, str]] = {}
    for key, value, line in _pairs(_with_defaults(list(tokens_of(text)))):
        if len(values) < _MOST_KEYS and key.lower() not in places:
            values[key] = value
            places[key.lower()] = (name, line, key.rpartition(".")[2])
    return Document(values, places)


def _with_defaults(tokens: list[Token]) -> list[Token]:
    """The tokens with `process.env.NAME || "text"` as the text: what holds where nothing is set."""
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        words = [one.text for one in tokens[at : at + 7]]  # process . env . NAME | |
        is_one = len(words) == 7 and words[:4] == ["process", ".", "env", "."]
        if is_one and words[5:7] in (["|", "|"], ["?", "?"]) and tokens[at + 7 :]:
            at += 7
            continue
        found.append(tokens[at])
        at += 1
    return found


def _pairs(tokens: list[Token]) -> Iterator[tuple[str, Any, int]]:
    """(dotted key, value, line) of each plain value."""
    known: dict[str, Any] = {}  # the file's own constants
    around: list[list[Any]] = []  # of each open bracket: [bracket, key before it, entries so far]
    pending, is_typed = "", False  # whose value comes next; whether its type may come before it
    for at, token in enumerate(tokens):
        after = tokens[at + 1].text if at + 1 < len(tokens) else ""
        before = tokens[at - 1].text if at else ""
        within = around[-1][0] if around else ""
        if token.text in ("{", "[", "("):
            name = pending or (str(around[-1][2]) if within == "[" else "")
            around.append([token.text, name, 0])
            pending = ""
        elif token.text in ("}", "]", ")"):
            if around:
                around.pop()
            pending = ""
        elif token.text == "," and around:
            around[-1][2] += 1
            pending = ""
        elif token.text == ";":
            pending = ""
        elif _is_key(token, before, after, within):
            pending = text_of(token) if token.kind == "text" else token.text
            is_typed = within != "{" and after == ":"
        elif _is_value(token, before, after, known) and len(around) <= _DEEPEST:
            name = pending or (str(around[-1][2]) if within == "[" else "")
            if name:
                keys = [*(one[1] for one in around if one[1]), name]
                value = _value_of(token, known)
                if not around and isinstance(value, str) and len(value) <= _LONGEST_CONSTANT:
                    known[name] = value
                yield ".".join(keys), value, token.line
            pending = ""
        elif token.text == "=":
            is_typed = False
        elif token.text != ":" and not is_typed:
            pending = ""  # what comes is computed


def _is_key(token: Token, before: str, after: str, within: str) -> bool:
    if token.kind == "word" and after == "=" and before not in _IN_A_TYPE:
        return True  # const NAME = …
    if token.kind == "word" and after == ":" and before in ("const", "let", "var"):
        return True  # const NAME: Type = …
    is_first = before in ("{", ",")
    return within == "{" and is_first and after == ":" and token.kind in ("word", "text")


def _is_value(token: Token, before: str, after: str, known: Mapping[str, Any]) -> bool:
    is_plain = (
        (token.kind == "text" and all(name in known for name in _filled_in(token)))
        or token.kind == "number"
        or (token.kind == "word" and (token.text in _CONSTANTS or token.text in known))
    )
    begins = before in (":", "=", "[", ",")
    ends = after in (",", "}", "]", ";", "", ")", "as", "satisfies") or after[:1].isalpha()
    return is_plain and begins and ends


def _filled_in(token: Token) -> list[str]:
    """What a template fills in: names, or what is computed."""
    return _FILLED_IN.findall(token.text) if token.text[0] == "`" else []


def _value_of(token: Token, known: Mapping[str, Any]) -> Any:
    if token.kind == "text" and _filled_in(token):
        return _FILLED_IN.sub(lambda one: str(known[one[1]]), token.text[1:-1])[:_LONGEST_CONSTANT]
    if token.kind == "text":
        return text_of(token)
    if token.kind == "word":
        return _CONSTANTS.get(token.text, known.get(token.text))
    try:
        return int(token.text.replace("_", "")[:20])
    except ValueError:
        return token.text[:40]


def ending(document: Document, *endings: str) -> Found | None:
    """Return the value of the first key that is, or ends with, one of some dotted keys."""
    for wanted in endings:
        for key, value in document.values.items():
            if f".{key.lower()}".endswith(f".{wanted.lower()}") and value not in ("", None):
                path, line, written = document.places[key.lower()]
                return Found(value, path, line, written)
    return None


def ending_text(document: Document, *endings: str) -> Found | None:
    """Return the first such value that is a text."""
    for wanted in endings:
        found = ending(document, wanted)
        if found and isinstance(found.value, str) and found.value.strip():
            return Found(" ".join(found.value.split()), found.path, found.line, found.key)
    return None
