"""Shortcodes as they are typed: Hugo's and Nikola's `{{< name … >}}`, Zola's `{{ name(…) }}`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec


class Tag(msgspec.Struct, frozen=True, kw_only=True):
    """One tag: where it stands, what it is called, and what it is given.

    `is_markdown` where what it makes is Markdown still. `literal` is what an escaped one shows,
    `fault` what is wrong with one that cannot be read.
    """

    start: int
    end: int
    name: str = ""
    kind: Literal["open", "close", "whole"] = "open"
    args: tuple[str, ...] = ()
    params: Mapping[str, str] = msgspec.field(default_factory=dict)
    is_markdown: bool = False
    literal: str | None = None
    fault: str = ""


_NAME = re.compile(r"\s*(/?)\s*([\w./-]*[\w.-])")
_GIVEN = re.compile(
    r"""\s*+(?:(?P<key>[\w.-]+)\s*=\s*)?"""
    r"""(?:"(?P<double>(?:[^"\\]|\\.){0,20000}+)"|`(?P<raw>[^`]{0,50000}+)`"""
    r"""|'(?P<single>[^'\n]{0,5000}+)'|(?P<bare>(?:(?!\s|/?\s{0,9}[>%]\}\}|["`]|\{\{[<%]).){1,2000}+))""",
    re.DOTALL,
)
_ESCAPED = re.compile(r'\\(["\\])')


def hugo(text: str, marks: str = "<%", *, escapes: bool = True) -> Iterator[Tag]:
    """Yield the shortcodes of Hugo in a text, or those of Nikola, whose marks are `%` alone."""
    begin = re.compile(rf"\{{\{{([{marks}])(/\*)?")
    at = faults = 0
    while found := begin.search(text, at):
        end = {"<": ">}}", "%": "%}}"}[found[1]]
        if found[2] and escapes:
            tag = _escaped(text, found.start(), found.end(), found[1], end)
        else:
            tag = _tag(text, found.start(), found.start() + 3, end)
        yield tag
        at = tag.end
        faults += bool(tag.fault)
        if faults >= _MOST_FAULTS:  # nobody reads a hundred of them, and each costs a search
            return


_MOST_FAULTS = 100


def _escaped(text: str, start: int, inside: int, mark: str, end: str) -> Tag:
    """`{{</* name */>}}` shows `{{< name >}}`."""
    closing = text.find(f"*/{end}", inside)
    if closing < 0:
        return Tag(start=start, end=inside, fault="a comment in a shortcode is never closed")
    whole = closing + 2 + len(end)
    return Tag(start=start, end=whole, literal=f"{{{{{mark}{text[inside:closing]}{end}")


def _tag(text: str, start: int, inside: int, end: str) -> Tag:
    named = _NAME.match(text, inside)
    if not named:
        return Tag(start=start, end=inside, fault="a shortcode without a name")
    args: list[str] = []
    params: dict[str, str] = {}
    at, name, stop = named.end(), named[2], re.compile(rf"\s*+(/?)\s*+{re.escape(end)}")
    while not (stopped := stop.match(text, at)):
        given = _GIVEN.match(text, at)
        if not given or len(args) + len(params) >= _MOST_GIVEN:
            fault = f"the shortcode {name} is never closed, or what it is given cannot be read"
            return Tag(start=start, end=inside, name=name, fault=fault)
        value = _value(given)
        if given["key"]:
            params[given["key"]] = value
        else:
            args.append(value)
        at = given.end()
    closes = bool(named[1])
    return Tag(
        start=start,
        end=stopped.end(),
        name=name,
        kind="close" if closes else "whole" if stopped[1] else "open",
        args=tuple(args),
        params=params,
        is_markdown=end[0] == "%",
    )


_MOST_GIVEN = 100


def _value(given: re.Match[str]) -> str:
    if given["double"] is not None:
        return _ESCAPED.sub(r"\1", given["double"])
    return next(given[key] for key in ("raw", "single", "bare") if given[key] is not None)


_ZOLA = re.compile(
    r"(?P<open>\{\{|\{%)-?\s*(?:(?P<escape>/\*)|(?P<end>end\s*-?%\})"
    r"|(?P<name>[A-Za-z_]\w*(?:::\w+)*)\s*\()"
)
_ZOLA_GIVEN = re.compile(
    r"""\s*+(?P<key>[A-Za-z_]\w*)\s*=\s*(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'"""
    r"""|`(?P<raw>[^`]*+)`|(?P<list>\[[^\]]{0,2000}+\])|(?P<bare>[\w.+-]++))\s*+(?:,|(?=\)))"""
)


def zola(text: str) -> Iterator[Tag]:
    """Yield the shortcodes of Zola in a text; what does not look like one is text (its rule)."""
    at = 0
    names: list[str] = []
    open_escapes: set[str] = set()  # of which no end follows: looked for once
    while found := _ZOLA.search(text, at):
        at = found.end()
        is_body = found["open"] == "{%"
        closing = "%}" if is_body else "}}"
        if found["escape"]:
            end = -1 if closing in open_escapes else text.find(f"*/{closing}", at)
            if end < 0:
                open_escapes.add(closing)
            else:
                literal = f"{found['open']}{text[at:end]}{closing}"
                at = end + 2 + len(closing)
                yield Tag(start=found.start(), end=at, literal=literal)
        elif found["end"]:
            if is_body:
                name = names.pop() if names else "end"
                yield Tag(start=found.start(), end=at, name=name, kind="close")
        elif tag := _zola_tag(text, found, closing):
            if is_body:
                names.append(tag.name)
            at = tag.end
            yield tag


def _zola_tag(text: str, found: re.Match[str], closing: str) -> Tag | None:
    at = found.end()
    params: dict[str, str] = {}
    while given := _ZOLA_GIVEN.match(text, at):
        keys = ("double", "single", "raw", "list", "bare")
        params[given["key"]] = next(given[key] for key in keys if given[key] is not None)
        at = given.end()
    ended = re.compile(rf"\s*+\)\s*+-?{re.escape(closing)}").match(text, at)
    if not ended:
        return None
    kind: Literal["open", "whole"] = "open" if closing == "%}" else "whole"
    return Tag(start=found.start(), end=ended.end(), name=found["name"], kind=kind, params=params)
