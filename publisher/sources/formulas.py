"""MathML → a line of text: as its author typed it (TeX), or read off its elements."""

from __future__ import annotations

import re

from publisher.model.elements import Element
from publisher.model.indices import lowered, raised

TAGS = frozenset(
    "math semantics annotation annotation-xml mrow mi mn mo mtext ms mspace mfrac msqrt mroot msup "
    "msub msubsup munder mover munderover mtable mtr mtd mfenced mstyle mpadded mphantom menclose "
    "merror".split()
)
_UNSEEN = frozenset(("annotation", "annotation-xml", "mphantom"))


def typed(math: Element) -> str:
    """Return the formula as it was typed: its annotation in TeX, or its `alttext`."""
    for one in math.iter("annotation"):
        if "tex" in one.get("encoding").lower():
            return " ".join(_text(one).split())
    return " ".join(math.get("alttext").split())


def linear(math: Element) -> str:
    """Return the formula on a line: 1/2, x², √(a+b).

    >>> from publisher.model.elements import parse
    >>> linear(parse("<mfrac><mn>1</mn><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow></mfrac>"))
    '1/(a+b)'
    """
    return re.sub(r"\s+", " ", _line(math)).strip()


def _line(element: Element) -> str:
    tag = element.tag
    if tag in _UNSEEN:
        return ""
    # Each but once: a formula of a hundred levels, read twice at each, would never end.
    told = [one if isinstance(one, str) else _line(one) for one in element.children]
    lines = [line for one, line in zip(element.children, told, strict=True) if _is_part(one)]
    if tag == "mfrac" and len(lines) == 2:
        return f"{_whole(lines[0])}/{_whole(lines[1])}"
    if tag == "msqrt":
        return f"√{_whole(''.join(lines))}"
    if tag == "mroot" and len(lines) == 2:
        return f"{raised(lines[1])}√{_whole(lines[0])}"
    if tag in ("msup", "mover") and len(lines) == 2:
        return _base(lines[0]) + raised(lines[1])
    if tag in ("msub", "munder") and len(lines) == 2:
        return _base(lines[0]) + lowered(lines[1])
    if tag in ("msubsup", "munderover") and len(lines) == 3:
        return _base(lines[0]) + lowered(lines[1]) + raised(lines[2])
    if tag == "mtable":
        return "(" + "; ".join(lines) + ")"
    if tag == "mtr":
        return ", ".join(lines)
    if tag == "mfenced":
        return "(" + ", ".join(lines) + ")"
    if tag == "mspace":
        return " "
    if tag in ("mtext", "ms"):
        return "".join(told)
    return "".join(
        line.strip() if isinstance(one, str) else line
        for one, line in zip(element.children, told, strict=True)
    )


def _is_part(node: Element | str) -> bool:
    return isinstance(node, Element) and node.tag not in _UNSEEN


def _whole(line: str) -> str:
    return line if re.fullmatch(r"[\w.,⁰-₎²³¹]*", line) else f"({line})"


def _base(line: str) -> str:
    return line if re.fullmatch(r"[\w.,]*|[(\[|].*[)\]|]|\W", line) else f"({line})"


def _text(node: Element | str) -> str:
    if isinstance(node, str):
        return node
    return "".join(_text(child) for child in node.children)
