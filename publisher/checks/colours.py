"""The colours in which words of a mail are seen: in light, in the dark, and inverted."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterator
from typing import Literal

import css_inline
import msgspec

from publisher.checks.css import Declaration, declarations, inline_declarations
from publisher.checks.mail import Element, Mail, is_hidden
from publisher.rendering.colours import contrast

Scheme = Literal["light", "dark", "inverted"]

_NAMES = {
    "white": "#ffffff",
    "black": "#000000",
    "red": "#ff0000",
    "green": "#008000",
    "blue": "#0000ff",
    "yellow": "#ffff00",
    "gray": "#808080",
    "grey": "#808080",
    "silver": "#c0c0c0",
    "navy": "#000080",
    "orange": "#ffa500",
    "purple": "#800080",
}
_SHORT = re.compile(r"#([0-9a-f])([0-9a-f])([0-9a-f])")
_RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)px")
_LINK = "#0000ee"  # of one that no style colours


class Seen(msgspec.Struct, frozen=True):
    """Words in their colour on their ground; they are large from 24 pixels on, or 19 if bold."""

    words: str
    colour: str
    ground: str
    is_large: bool

    @property
    def contrast(self) -> float:
        """Their contrast, 1 to 21 (WCAG 2.2)."""
        return contrast(self.colour, self.ground)


def six_digits(colour: str) -> str | None:
    """Return a colour as #rrggbb, None for what cannot be told (transparent, inherit, rgba)."""
    colour = colour.strip().lower()
    if re.fullmatch(r"#[0-9a-f]{6}", colour):
        return colour
    if found := _SHORT.fullmatch(colour):
        return "#" + "".join(digit * 2 for digit in found.groups())
    if found := _RGB.fullmatch(colour):
        return "#" + "".join(f"{min(int(part), 255):02x}" for part in found.groups())
    return _NAMES.get(colour)


def seen(mail: Mail, scheme: Scheme) -> list[Seen]:
    """Return the words of a mail as they are painted; none where it has no dark scheme of its own.

    "inverted" is what some programs make of a mail in the dark: each colour as bright as it was
    dark.
    """
    dark = _dark(mail.html) if scheme == "dark" else ""
    if not mail.html or (scheme == "dark" and not dark):
        return []
    styled = css_inline.inline(mail.html, load_remote_stylesheets=False, extra_css=dark or None)
    from lxml import html as lxml_html

    root = lxml_html.document_fromstring(styled)
    body = root.find("body")
    if body is None:
        return []
    first = ("#ffffff", "#000000") if scheme == "dark" else ("#000000", "#ffffff")
    found = list(dict.fromkeys(_painted(body, first)))
    if scheme == "inverted":
        return [
            Seen(one.words, inverted(one.colour), inverted(one.ground), one.is_large)
            for one in found
        ]
    return found


def inverted(colour: str) -> str:
    """Return a colour of the same hue, as bright as this one is dark."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(*parts)
    turned = colorsys.hls_to_rgb(hue, 1 - lightness, saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in turned)


def _dark(html: str) -> str:
    """The rules for programs in the dark, without the condition around them."""
    found = re.findall(
        r"@media[^{]*prefers-color-scheme:\s*dark[^{]*\{((?:[^{}]*\{[^{}]*\})*)", html
    )
    return "\n".join(found)


def _painted(body: Element, first: tuple[str, str]) -> Iterator[Seen]:
    """Every piece of text with what it inherits; iterative, for bodies nest deeply."""
    waiting: list[tuple[Element, str, str, float, bool]] = [(body, *first, 16.0, False)]
    while waiting:
        one, colour, ground, size, is_bold = waiting.pop()
        if not isinstance(one.tag, str) or one.tag in ("style", "script") or is_hidden(one):
            continue
        style = {each.name: each.value for each in inline_declarations(one.get("style") or "")}
        has_own = "color" in style or one.get("color")
        colour = _colour(style.get("color") or one.get("color") or "", colour)
        if one.tag == "a" and one.get("href") and not has_own:
            colour = _LINK
        ground = _ground(style, one, ground)
        size = _size(style.get("font-size", ""), size)
        weight = style.get("font-weight", "bold" if one.tag in ("b", "strong", "h1", "h2") else "")
        is_bold = weight in ("bold", "bolder", "600", "700", "800", "900") or (
            is_bold and not weight
        )
        is_large = size >= 24 or (size >= 18.66 and is_bold)
        texts = [one.text or "", *(child.tail or "" for child in one)]
        if words := " ".join(" ".join(texts).split()).strip("·|-–— \u00a0\u200c\u034f"):
            yield Seen(words, colour, ground, is_large)
        waiting += [(child, colour, ground, size, is_bold) for child in reversed(one)]


def _colour(value: str, inherited: str) -> str:
    return six_digits(value.removesuffix("!important")) or inherited


def _ground(style: dict[str, str], element: Element, inherited: str) -> str:
    for value in (style.get("background-color"), style.get("background"), element.get("bgcolor")):
        if value:
            words = value.replace("!important", "").split()
            if found := next((each for one in words if (each := six_digits(one))), None):
                return found
    return inherited


def _size(value: str, inherited: float) -> float:
    found = _SIZE.match(value)
    return float(found[1]) if found else inherited


def declared(mail: Mail) -> list[Declaration]:
    """Return each declaration of a mail once: of its style attributes and its style sheets."""
    found: dict[tuple[str, str, str], Declaration] = {}
    for element in mail.root.iter():
        if not isinstance(element.tag, str):
            continue
        several = declarations(element.text or "") if element.tag == "style" else ()
        for one in (*several, *inline_declarations(element.get("style") or "")):
            found.setdefault((one.name, one.value, one.media), one)
    return list(found.values())
