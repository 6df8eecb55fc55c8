"""Well-formed HTML, as the sanitiser writes it → a tree. Nothing here forgives or protects."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape, unescape

import msgspec

BLOCKS = frozenset(
    "address article aside blockquote center dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre "
    "section summary table caption tbody td tfoot th thead tr ul video audio".split()
)
"""Elements that begin and end a line."""

_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_DEEPEST = 100  # elements within each other; deeper ones count as their parent's own words
_TAG = re.compile(
    r"""<!--.*?-->|<(/?)([a-zA-Z][^\s/>"']*)((?:\s+[^\s=>"']+(?:="[^"]*"|='[^']*')?)*)\s*/?>""",
    re.DOTALL,
)
_ID = re.compile(r' id="[^"]*"')
_ATTRIBUTE = re.compile(r"""([^\s=>"']+)(?:="([^"]*)"|='([^']*)')?""")


class Element(msgspec.Struct):
    """An element: its tag and attributes in lower case, and what stands in it, in order.

    `blocks` tells whether one of `BLOCKS` is somewhere in it.
    """

    tag: str
    attributes: dict[str, str] = msgspec.field(default_factory=dict)
    children: list[Element | str] = msgspec.field(default_factory=list)
    blocks: bool = False

    def get(self, name: str) -> str:
        """Return an attribute, "" where it is missing."""
        return self.attributes.get(name, "")

    def iter(self, *tags: str) -> Iterator[Element]:
        """Every element below this one with one of `tags`, in order; all without any."""
        for child in self.children:
            if isinstance(child, Element):
                if not tags or child.tag in tags:
                    yield child
                yield from child.iter(*tags)


def parse(markup: str) -> Element:
    """Return the tree of well-formed HTML, below a root without a tag."""
    root = Element("")
    for _ in _grown(root, markup):
        pass
    return root


def parts(markup: str) -> Iterator[Element]:
    """Yield the tree of well-formed HTML in parts as it is read, each below a root without a tag.

    A part ends where one of the outermost elements of `BLOCKS` does: who has enough reads no more.
    """
    root = Element("")
    for _ in _grown(root, markup):
        last = root.children[-1] if root.children else ""
        if isinstance(last, Element) and (last.tag in BLOCKS or last.blocks):
            yield Element("", children=list(root.children))
            root.children.clear()
    if root.children:
        yield root


def _grown(root: Element, markup: str) -> Iterator[None]:
    """Let the tree of well-formed HTML grow; yield where an outermost element ends."""
    stack = [root]
    at = 0
    for found in _TAG.finditer(markup):
        if found.start() > at:
            stack[-1].children.append(unescape(markup[at : found.start()]))
        at = found.end()
        if found[1]:
            _close(stack, found[2].lower())
            if len(stack) == 1:
                yield
        elif found[2]:
            _open(stack, found[2].lower(), found[3])
    if at < len(markup):
        stack[-1].children.append(unescape(markup[at:]))


def without_ids(markup: str) -> str:
    """Return well-formed HTML without the ids that only a page of its own has a use for.

    >>> without_ids('<h2 id="a">id="a"</h2>')
    '<h2>id="a"</h2>'
    """
    return with_ids(markup, lambda _: "")


def with_ids(markup: str, change: Callable[[str], str]) -> str:
    """Return well-formed HTML with every id changed; one that becomes "" is taken away."""
    if ' id="' not in markup:
        return markup

    def changed(found: re.Match[str]) -> str:
        name = change(unescape(found[0][5:-1]))
        return f' id="{escape(name)}"' if name else ""

    return _TAG.sub(lambda found: _ID.sub(changed, found[0]), markup)


def end_of(markup: str, start: int) -> int | None:
    """Return where the end tag of the element stands that begins at `start`; None without one.

    >>> end_of("<li>a<ul><li>b</li></ul></li>", 0)
    24
    """
    tag, depth = "", 0
    for found in _TAG.finditer(markup, start):
        tag = tag or found[2]
        if found[2] == tag:
            depth += -1 if found[1] else 1
            if depth == 0:
                return found.start()
    return None


def with_tags(markup: str, change: Callable[[str, bool], str]) -> str:
    """Return well-formed HTML with each tag's name changed; `change` learns whether it closes.

    >>> with_tags('<p title="<p>">a</p>', lambda tag, closes: "div")
    '<div title="<p>">a</div>'
    """

    def changed(found: re.Match[str]) -> str:
        name = found[2]
        if not name:  # a comment
            return found[0]
        other = change(name, bool(found[1]))
        if other == name:  # nearly always
            return found[0]
        start = f"<{found[1]}"
        return f"{start}{other}{found[0][len(start) + len(name) :]}"

    return _TAG.sub(changed, markup)


def _open(stack: list[Element], tag: str, attributes: str) -> None:
    element = Element(tag, _attributes(attributes) if attributes else {})
    if tag in BLOCKS:
        for above in reversed(stack):
            if above.blocks:
                break
            above.blocks = True
    if len(stack) > _DEEPEST:
        if tag not in _VOID:
            stack.append(stack[-1])
        return
    stack[-1].children.append(element)
    if tag not in _VOID:
        stack.append(element)


def _close(stack: list[Element], tag: str) -> None:
    if len(stack) > 1 and (stack[-1].tag == tag or stack[-1] is stack[-2]):
        stack.pop()


def _attributes(text: str) -> dict[str, str]:
    return {
        found[1].lower(): unescape(found[2] or found[3] or "")
        for found in _ATTRIBUTE.finditer(text.strip())
    }
