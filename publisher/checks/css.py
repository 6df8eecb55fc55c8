"""Style sheets taken apart (CSS Syntax 3): declarations, and what is malformed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec


class Declaration(msgspec.Struct, frozen=True):
    """A property with its value, on a line of its style sheet; `media` is "" outside @media."""

    name: str
    value: str
    line: int
    media: str = ""


@lru_cache(maxsize=512)
def declarations(css: str) -> tuple[Declaration, ...]:
    """Return every declaration of a style sheet, those in @media rules with the media's name."""
    return tuple(_of_rules(_rules(css), ""))


@lru_cache(maxsize=4096)
def inline_declarations(css: str) -> tuple[Declaration, ...]:
    """Return the declarations of a style attribute."""
    return tuple(_of_block(_block(css), ""))


def faults(css: str) -> list[tuple[int, str]]:
    """Return the lines of a style sheet that are malformed, each with what is wrong."""
    return sorted({*_unclosed(css), *_malformed(_rules(css))})


def _rules(css: Any) -> list[Any]:
    """The rules of a style sheet, or of what stands in an @-rule."""
    import tinycss2  # slow to import, and only who checks needs it

    nodes: list[Any] = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return nodes


def _block(css: Any) -> list[Any]:
    """The declarations of a rule, or of a style attribute."""
    import tinycss2

    nodes: list[Any] = tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True)
    return nodes


def _written(nodes: list[Any]) -> str:
    import tinycss2

    return str(tinycss2.serialize(nodes)).strip()


def _is_condition(node: Any) -> bool:
    return node.type == "at-rule" and node.lower_at_keyword in ("media", "supports")


def _of_rules(nodes: list[Any], media: str) -> Iterator[Declaration]:
    for node in nodes:
        if node.type == "qualified-rule":
            yield from _of_block(_block(node.content), media)
        elif _is_condition(node):
            yield from _of_rules(_rules(node.content or []), _written(node.prelude) or "all")
        elif node.type == "at-rule":
            yield Declaration(f"@{node.lower_at_keyword}", "", node.source_line, media)


def _of_block(nodes: list[Any], media: str) -> Iterator[Declaration]:
    for node in nodes:
        if node.type == "declaration":
            yield Declaration(node.lower_name, _written(node.value), node.source_line, media)


def _malformed(nodes: list[Any]) -> Iterator[tuple[int, str]]:
    for node in nodes:
        if node.type == "error":
            yield node.source_line, _said(node.message)
        elif node.type == "qualified-rule":
            yield from _block_faults(_block(node.content))
        elif _is_condition(node):
            yield from _malformed(_rules(node.content or []))


_COLOUR = re.compile(r"#[\w-]+")
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")
_COLOURED = ("color", "background", "background-color", "border-color", "outline-color")


def _block_faults(nodes: list[Any]) -> Iterator[tuple[int, str]]:
    for node in nodes:
        if node.type == "error":
            yield node.source_line, _said(node.message)
        elif node.type == "qualified-rule":
            yield node.source_line, "a rule begins within a rule: is there a } missing before it?"
        elif node.type == "declaration":
            value = _written(node.value)
            if not value:
                yield node.source_line, f"{node.name} has no value"
            for colour in _COLOUR.findall(value) if node.lower_name in _COLOURED else ():
                if not _HEX.fullmatch(colour):
                    yield node.source_line, f"{colour} is no colour"


def _unclosed(css: str) -> Iterator[tuple[int, str]]:
    """Braces that do not pair: what follows one is lost, and the parser closes it in silence."""
    opened: list[int] = []
    for number, line in enumerate(_bare(css).split("\n"), 1):
        for sign in line:
            if sign == "{":
                opened.append(number)
            elif sign == "}" and opened:
                opened.pop()
    if opened:
        yield opened[-1], "a { that nothing closes"
    if css.rfind("/*") > css.rfind("*/"):
        yield css.count("\n", 0, css.rfind("/*")) + 1, "a comment that nothing closes"


_QUOTED = re.compile(r"/\*.*?(?:\*/|\Z)|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.DOTALL)


def _bare(css: str) -> str:
    """A style sheet without comments and texts; its lines stay where they are."""
    return _QUOTED.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), css)


def _said(message: str) -> str:
    """The parser's words for people who do not write parsers."""
    if "EOF" in message:
        return "a rule that ends with the file: selectors want { … } after them"
    if "expected" in message.lower():
        return "a declaration that is none: a property, a colon and its value are wanted"
    return message.lower()
