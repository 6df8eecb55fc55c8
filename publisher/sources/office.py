"""What word processors write as HTML: Word's lists are paragraphs, its titles have classes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.model import prose
from publisher.model.elements import Element

_LEVEL = re.compile(r"mso-list\s*:[^;]*\blevel(\d)", re.IGNORECASE)
_IGNORED = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_NUMBER = re.compile(r"[([]?([0-9]{1,4}|[a-z]{1,4})[.)\]:]", re.IGNORECASE)


def is_empty(paragraph: Element) -> bool:
    """Whether a paragraph is one of Word's, with nothing in it but a space."""
    if not any(one.tag == "o:p" for one in paragraph.iter()):
        return False
    return not prose.words(paragraph).strip("\u00a0 ") and not any(paragraph.iter("img"))


def tag_of(paragraph: Element) -> str:
    """Return what a paragraph of Word is: its title is a heading."""
    return "h1" if "MsoTitle" in paragraph.get("class").split() else "p"


def with_lists(nodes: list[Element | str]) -> list[Element | str]:
    """Return nodes with the paragraphs that Word shows as lists made into lists."""
    if not any(isinstance(one, Element) and _level(one) for one in nodes):
        return nodes
    result: list[Element | str] = []
    run: list[tuple[int, str, Element]] = []
    for node in nodes:
        level = _level(node) if isinstance(node, Element) else 0
        if isinstance(node, Element) and level:
            run.append((level, _marker(node), node))
        elif isinstance(node, Element) or node.strip() or not run:
            result += _lists(run)
            run = []
            result.append(node)
    return [*result, *_lists(run)]


def _level(paragraph: Element) -> int:
    found = _LEVEL.search(paragraph.get("style")) if paragraph.tag in ("p", "li") else None
    return int(found[1]) if found and paragraph.tag == "p" else 0


def _marker(paragraph: Element) -> str:
    """Take the bullet or number out of a paragraph, which Word writes into its text."""
    for parent in (paragraph, *paragraph.iter()):
        for child in parent.children:
            if isinstance(child, Element) and _IGNORED.search(child.get("style")):
                parent.children.remove(child)
                return prose.words(child).strip("\u00a0 ")
    return ""


def _lists(run: list[tuple[int, str, Element]]) -> Iterator[Element]:
    """The items of a run as lists, deeper ones within the item above them."""
    stack: list[tuple[int, Element]] = []
    for level, marker, paragraph in run:
        item = Element("li", {}, paragraph.children, paragraph.blocks)
        while stack and stack[-1][0] > level:
            stack.pop()
        if not stack or stack[-1][0] < level:
            found = _new_list(marker)
            if stack:
                above = stack[-1][1].children[-1]
                assert isinstance(above, Element)
                above.children.append(found)
                above.blocks = True
            else:
                yield found
            stack.append((level, found))
        stack[-1][1].children.append(item)


def _new_list(marker: str) -> Element:
    number = _NUMBER.fullmatch(marker)
    if number is None:
        return Element("ul", {}, [], True)
    first = number[1]
    if first.isdigit():
        return Element("ol", {} if first == "1" else {"start": str(int(first))}, [], True)
    is_roman = re.fullmatch(r"[ivx]+", first, re.IGNORECASE)
    kind = ("i" if first.islower() else "I") if is_roman else ("a" if first.islower() else "A")
    return Element("ol", {"type": kind}, [], True)
