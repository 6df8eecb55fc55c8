"""What a page hides by its own style sheet, and by the styles of its elements (CSS 2.2).

A sheet counts where it hides by one class or id alone, and nothing else shows what has it: no rule
of it, be it for one width of a window or while a mouse is over it, and no script that names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec

BY_SHEET = "style"
"""The value of `hidden` that stands for a sheet's word."""

_MAY_HIDE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|-\d{3}", re.IGNORECASE)
_SHEET = re.compile(r"<style\b([^>]{0,300})>((?:(?!</style).)*+)", re.IGNORECASE | re.DOTALL)
_SCRIPT = re.compile(r"<script\b[^>]{0,300}>((?:(?!</script).)*+)", re.IGNORECASE | re.DOTALL)
_MEDIA = re.compile(r"\bmedia\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_PASSIVE = re.compile(  # a sheet may stand in a comment of its own, for browsers of 1996
    r"(<style\b(?:(?!</style).)*+)|<!--.*?(?:-->|\Z)|<noscript\b(?:(?!</noscript).)*+",
    re.IGNORECASE | re.DOTALL,
)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_VALUES = {
    "display": "none", "visibility": "hidden", "mso-hide": "all", "content-visibility": "hidden",
}  # fmt: skip
_BY_PLACE = frozenset(
    "position left top right bottom text-indent clip overflow height max-height width".split()
)
_STATES = frozenset(("target", "checked", "focus-within", "has", "is", "where"))
_FAR = re.compile(r"-(?:[5-9]\d\d|\d{4,})(?:\.\d+)?(?:px|r?em|pt|vw|%)")
_NOTHING = re.compile(r"0(?:\.0+)?(?:px|r?em|pt|%)?")
_A_DOT = re.compile(rf"(?:1px|{_NOTHING.pattern})")
_WORD = re.compile(r"[\w-]+")
_CLIPPED = re.compile(r"rect\((?:\s*(?:0|1)(?:px)?\s*,?){4}\)")


class Sheet(msgspec.Struct, frozen=True):
    """The selectors that hide: a tag or "", then `.class` or `#id`."""

    selectors: frozenset[tuple[str, str]] = frozenset()

    def hides(self, tag: str, classes: str, id: str) -> bool:
        """Return whether an element is hidden."""
        if not self.selectors:
            return False
        names = [f".{one}" for one in classes.split()] + ([f"#{id}"] if id else [])
        return any(one in self.selectors for name in names for one in (("", name), (tag, name)))


def of_markup(markup: str) -> Sheet:
    """Return what the sheets within HTML hide."""
    if "<style" not in markup.lower():
        return Sheet()
    markup = _PASSIVE.sub(lambda found: found[1] or "", markup)
    sheets = (css for told, css in _SHEET.findall(markup) if _is_always(told))
    return _sheet("\n".join(sheets), _SCRIPT.findall(markup))


def mark(root: Any) -> None:
    """Give `hidden` to what a parsed page (lxml) hides by its sheets, for they stand elsewhere."""
    sheets = [one for one in root.iter("style") if one.text]
    css = "\n".join(
        one.text
        for one in sheets
        if _is_of_screens(one.get("media") or "")
        and next(one.iterancestors("noscript"), None) is None
    )
    sheet = _sheet(css, (one.text for one in root.iter("script") if one.text))
    if not sheet.selectors:
        return
    for one in root.iter():
        if isinstance(one.tag, str) and sheet.hides(
            one.tag, one.get("class") or "", one.get("id") or ""
        ):
            one.set("hidden", BY_SHEET)


def _is_always(told: str) -> bool:
    """Whether a sheet with some attributes holds on all screens."""
    found = _MEDIA.search(told)
    return found is None or _is_of_screens(found[1] or found[2] or found[3] or "")


def _is_of_screens(media: str) -> bool:
    """Whether a sheet's `media` are all screens, of whatever width."""
    return media.strip().lower() in ("", "all", "screen")


def hides(style: str) -> bool:
    """Return whether a style attribute hides its element; of several values the last counts.

    >>> hides("color: red; display:none"), hides("display:none;display:block")
    (True, False)
    >>> hides("height:0;overflow:hidden"), hides("height:0;overflow:hidden;padding-top:56%")
    (True, False)
    """
    return bool(style) and _hides(declared(style))


def declared(style: str) -> Mapping[str, str]:
    """Return the declarations of a style attribute, in lower case."""
    said = {}
    for declaration in _COMMENT.sub("", style.lower()).split(";"):
        name, _, value = declaration.partition(":")
        said[name.strip()] = value.replace("!important", "").strip()
    return said


def is_sizeless(style: str) -> bool:
    """Return whether letters have no size: what is within may have a style of its own."""
    return "font-size" in style.lower() and bool(
        _NOTHING.fullmatch(declared(style).get("font-size", ""))
    )


def _hides(said: Mapping[str, str]) -> bool:
    return _is_out_of_sight(said) or _is_out_of_place(said)


def _is_out_of_sight(said: Mapping[str, str]) -> bool:
    return any(said.get(name) == value for name, value in _VALUES.items())


def _is_out_of_place(said: Mapping[str, str]) -> bool:
    if _FAR.fullmatch(said.get("text-indent", "")):
        return True
    if said.get("position") in ("absolute", "fixed"):
        sides = (said.get(side, "") for side in ("left", "top", "right", "bottom"))
        if _CLIPPED.fullmatch(said.get("clip", "")) or any(map(_FAR.fullmatch, sides)):
            return True
    return said.get("overflow") == "hidden" and _is_without_size(said)


def _is_without_size(said: Mapping[str, str]) -> bool:
    """Whether nothing of an element is to be seen: padding is the height of many a film."""
    if any(name.startswith("padding") and not _NOTHING.match(said[name]) for name in said):
        return False
    if any(_NOTHING.fullmatch(said.get(name, "")) for name in ("height", "max-height")):
        return True
    return all(_A_DOT.fullmatch(said.get(name, "")) for name in ("height", "width"))


def _sheet(css: str, scripts: Iterable[str]) -> Sheet:
    if not _MAY_HIDE.search(css):
        return Sheet()
    hidden = _hidden_by(css)
    if not hidden:
        return Sheet()
    words = {word for script in scripts for word in _WORD.findall(script)}
    return Sheet(frozenset(one for one in hidden if one[1][1:] not in words))


@lru_cache(maxsize=16)  # the pages of a site have one in common
def _hidden_by(css: str) -> frozenset[tuple[str, str]]:
    hidden: set[tuple[bool, str, str]] = set()  # whether out of sight, else out of place
    shown: set[tuple[bool, str]] = set()
    for selectors, said, is_always in _rules(css):
        if _hides(said):
            way = _is_out_of_sight(said)
            hidden |= {(way, *one) for one in map(_simple, selectors) if one and is_always}
            continue
        ways = {
            is_sight
            for is_sight, names in ((True, _VALUES.keys()), (False, _BY_PLACE))
            if not names.isdisjoint(said)
        }
        for tokens in selectors if ways else ():
            if True in ways and _is_of_any(tokens):
                return frozenset()  # a fold or a tab, whatever its class
            shown |= {(way, name) for way in ways for name in _names(tokens)}
    return frozenset((tag, name) for way, tag, name in hidden if (way, name) not in shown)


def _is_of_any(tokens: list[Any]) -> bool:
    """Whether a selector is of elements in some state, whatever their class: `[open] > div`."""
    last: list[Any] = []
    for token in tokens:
        if token.type == "whitespace" or (token.type == "literal" and token.value in ">+~"):
            last = []
        else:
            last.append(token)
    if next(_names(last), None):
        return False
    states = (
        getattr(token, "lower_value", "") or getattr(token, "lower_name", "") for token in tokens
    )
    is_open = any(token.type == "[] block" and "open" in token.serialize() for token in tokens)
    return is_open or not _STATES.isdisjoint(states)


def _rules(css: str) -> Iterator[tuple[list[list[Any]], Mapping[str, str], bool]]:
    """The rules of a sheet: selectors as tokens, declarations, and whether they always hold."""
    import tinycss2  # slow to import, and few pages want it

    waiting = [(tinycss2.parse_stylesheet(css, skip_comments=True), True)]
    while waiting:
        nodes, is_always = waiting.pop()
        for node in nodes:
            if node.type == "qualified-rule":
                within = tinycss2.parse_blocks_contents(node.content, skip_comments=True)
                yield _parted(node.prelude), _said(within), is_always
                waiting.append(([one for one in within if one.type == "qualified-rule"], False))
            elif node.type == "at-rule" and node.content:
                waiting.append((tinycss2.parse_rule_list(node.content, skip_comments=True), False))


def _said(content: list[Any]) -> Mapping[str, str]:
    return {
        one.lower_name: " ".join(
            token.serialize().lower()
            for token in one.value
            if token.type in ("ident", "number", "dimension", "percentage")
        )
        for one in content
        if one.type == "declaration"
    }


def _parted(prelude: list[Any]) -> list[list[Any]]:
    """The selectors of a rule."""
    found: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            found.append([])
        elif token.type != "comment":
            found[-1].append(token)
    return found


def _simple(tokens: list[Any]) -> tuple[str, str] | None:
    """A selector of one class or id, with or without a tag; None for any other."""
    own = [token for token in tokens if token.type != "whitespace"]
    if len(own) < len(tokens) and _has_space_within(tokens):
        return None
    tag = own.pop(0).lower_value if own and own[0].type == "ident" else ""
    names = list(_names(own))
    return (tag, names[0]) if len(names) == 1 and len(own) == (names[0][0] == ".") + 1 else None


def _has_space_within(tokens: list[Any]) -> bool:
    kinds = "".join("_" if token.type == "whitespace" else "x" for token in tokens)
    return "_" in kinds.strip("_")


def _names(tokens: list[Any]) -> Iterator[str]:
    """The classes and ids of a selector."""
    before = ""
    for token in tokens:
        if token.type == "hash":
            yield f"#{token.value}"
        elif token.type == "ident" and before == ".":
            yield f".{token.value}"
        before = token.value if token.type == "literal" else ""
