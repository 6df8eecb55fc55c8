"""A body's HTML → plain text as people write it in mails."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from lxml import html as lxml_html

WIDTH = 72
_BLOCKS = frozenset(
    "p h1 h2 h3 h4 h5 h6 blockquote ul ol pre table figure div section details summary dl dt dd "
    "figcaption hr".split()
)


def plain(body: str) -> str:
    """Return sanitised HTML as text: paragraphs wrapped at 72, addresses after their words."""
    if not body.strip():
        return ""
    root = lxml_html.fragment_fromstring(body, create_parent="div")
    return "\n\n".join(_blocks(root, ""))


def wrap(text: str, indent: str = "", hanging: str | None = None) -> str:
    """Wrap a paragraph; long words (addresses) are never broken."""
    return "\n".join(
        textwrap.fill(
            line,
            WIDTH,
            initial_indent=indent,
            subsequent_indent=indent if hanging is None else hanging,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.split("\n")
    )


def _blocks(parent: lxml_html.HtmlElement, indent: str) -> Iterator[str]:
    """The blocks of an element; text between them is a paragraph of its own."""
    loose = [parent.text or ""]
    for child in parent:
        if not isinstance(child.tag, str):
            loose.append(child.tail or "")
            continue
        if child.tag not in _BLOCKS:
            loose.append(_inline(child) + (child.tail or ""))
            continue
        yield from _paragraph("".join(loose), indent)
        yield from _block(child, indent)
        loose = [child.tail or ""]
    yield from _paragraph("".join(loose), indent)


def _paragraph(text: str, indent: str) -> Iterator[str]:
    lines = [" ".join(line.split()) for line in text.split("\v")]
    whole = "\n".join(lines).strip()
    if whole:
        yield wrap(whole, indent)


def _block(element: lxml_html.HtmlElement, indent: str) -> Iterator[str]:
    tag = element.tag
    if tag in ("ul", "ol"):
        yield "\n".join(_items(element, indent))
    elif tag == "blockquote":
        yield from (
            "\n".join(f"> {line}" for line in block.split("\n")) for block in _blocks(element, "")
        )
    elif tag == "pre":
        lines = element.text_content().strip("\n").split("\n")
        yield "\n".join(f"{indent}    {line}" for line in lines)
    elif tag == "table":
        yield "\n".join(
            indent + " | ".join(" ".join(_inner(cell).split()) for cell in row)
            for row in element.iter("tr")
        )
    elif tag == "hr":
        yield indent + "* * *"
    elif tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        heading = " ".join(_inner(element).split())
        yield wrap(heading.upper() if tag == "h2" else heading, indent)
    else:
        yield from _blocks(element, indent)


def _items(parent: lxml_html.HtmlElement, indent: str) -> Iterator[str]:
    start = parent.get("start") or ""
    number = int(start) if start.isascii() and start.isdigit() and len(start) < 10 else 1
    for item in parent.iterchildren("li"):
        mark = f"{number}. " if parent.tag == "ol" else "- "
        number += 1
        blocks = list(_blocks(item, indent + " " * len(mark)))
        yield "\n".join([f"{indent}{mark}{blocks[0].lstrip()}", *blocks[1:]]) if blocks else mark


def _inner(element: lxml_html.HtmlElement) -> str:
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            parts.append(_inline(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _inline(element: lxml_html.HtmlElement) -> str:
    text = _inner(element)
    if element.tag == "br":
        return "\v"  # kept through the folding of white space
    if element.tag == "img":
        return f"[{element.get('alt')}]" if element.get("alt") else ""
    if element.tag in ("video", "audio"):
        return f"<{element.get('src')}>" if element.get("src") else text
    href = element.get("href") if element.tag == "a" else None
    if not href:
        return text
    if href.removeprefix("mailto:") == text.strip():
        # Without spaces around it, as in Japanese, programs would take what follows for its end.
        return text if (element.tail or " ")[0].isascii() else f"<{text.strip()}>"
    return f"{text} <{href}>"
