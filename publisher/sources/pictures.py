"""Pictures as pages name them → the one address that a mail or a feed can show."""

from __future__ import annotations

import re

from publisher.model.elements import Element

_LATER = ("data-src", "data-lazy-src", "data-original", "data-lazy", "data-actualsrc")
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_PLACEHOLDER = re.compile(
    r"(?:^|[/_.-])(?:blank|placeholder|spacer|transparent|lazy(?:load)?|loading|1x1|pixel|gr[ae]y)"
    r"[\w.-]*\.(?:gif|png|svg|jpe?g|webp)(?:\?|$)",
    re.IGNORECASE,
)
_IS_ADDRESS = re.compile(
    r"\s*(?:https?:|/|\.{0,2}/|[^\s:{]+\.[a-z]{3,4}\b|[^\s:{]+$)", re.IGNORECASE
)
_NOT_OF_THE_WEB = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_WIDEST = 1200  # of a set's pictures: enough for two dots a pixel of a mail
_IN_STYLE = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*(\d{1,5})(?:\.\d+)?px")


def real_source(image: Element) -> str:
    """Return the address of the picture itself, "" where there is none."""
    for name in _LATER:
        if (later := image.get(name).strip()) and _is_address(later):
            return later
    source = image.get("src").strip()
    sets = next((image.get(name) for name in _SETS if image.get(name)), "")
    is_real = bool(source) and not _NOT_OF_THE_WEB.match(source)
    if is_real and not (sets and _PLACEHOLDER.search(source)):
        return source
    return best_of(sets)


def best_of(srcset: str) -> str:
    """Return the address of a `srcset` that fits a mail: the widest up to 1,200 pixels."""
    found: list[tuple[float, str]] = []
    for one in re.split(r",\s+|,(?=https?:|/)", srcset):
        address, _, size = one.strip().partition(" ")
        number = re.match(r"\s*(\d+(?:\.\d+)?)([wx])", size)
        width = 1.0 if number is None else float(number[1]) * (600 if number[2] == "x" else 1)
        if address and _is_address(address):
            found.append((width, address))
    fitting = [one for one in found if one[0] <= _WIDEST]
    if fitting:
        return max(fitting, key=lambda one: one[0])[1]
    return min(found, key=lambda one: one[0])[1] if found else ""


def _is_address(text: str) -> bool:
    return not text.startswith(("data:", "blob:", "javascript:")) and bool(_IS_ADDRESS.match(text))


def sizes(image: Element) -> dict[str, str]:
    """Return the size that a picture's style gives it in pixels, where no attribute does."""
    styled = dict(_IN_STYLE.findall(image.get("style").lower()))
    return {name: size for name, size in styled.items() if not image.get(name)}


def counts_readers(image: Element) -> bool:
    """Whether a picture is there to be loaded, not to be seen."""
    width, height = image.get("width"), image.get("height")
    return width in ("0", "1") and height in ("0", "1")


def words_of_drawing(drawing: Element) -> str:
    """Return what an SVG drawing says: its title, or all text in it."""
    title = " ".join(_text(one) for one in drawing.children if _is(one, "title"))
    texts = " ".join(_text(one) for one in drawing.iter("text"))
    label = drawing.get("aria-label") or title
    words = f"{label}: {texts}" if label and texts else label or texts
    return " ".join(words.split())


def _is(node: Element | str, tag: str) -> bool:
    return isinstance(node, Element) and node.tag == tag


def _text(node: Element | str) -> str:
    if isinstance(node, str):
        return node
    return "".join(_text(child) for child in node.children)
