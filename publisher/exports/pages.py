"""HTML of exports, taken apart: what belongs to the system and not to the article is taken out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from publisher.errors import SourceError


def document(data: bytes, place: str) -> Any:
    """Return the tree of an HTML file; raise SourceError for one that holds nothing."""
    # The encoding is said, for a fragment has no <meta>; nothing is fetched, and depth is bounded.
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        root = lxml_html.document_fromstring(data.decode("utf-8", "replace").encode(), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise SourceError("it holds nothing", path=place) from None
    return root


def has_class(element: Any, name: str) -> bool:
    """Whether an element has a class of that name."""
    return isinstance(element.tag, str) and name in element.get("class", "").split()


def first(root: Any, wanted: Callable[[Any], bool]) -> Any:
    """Return the first element that is wanted, None where there is none."""
    return next((one for one in root.iter(etree.Element) if wanted(one)), None)


def without(root: Any, unwanted: Callable[[Any], bool]) -> None:
    """Take elements out of a tree, and leave the text behind them."""
    for element in [one for one in root.iter(etree.Element) if unwanted(one)]:
        above = element.getparent()
        if above is None:
            continue
        if element.tail:
            previous = element.getprevious()
            if previous is not None:
                previous.tail = (previous.tail or "") + element.tail
            else:
                above.text = (above.text or "") + element.tail
        above.remove(element)


def inner(element: Any) -> str:
    """Return the HTML in an element."""
    whole: str = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    return whole[whole.index(">") + 1 : whole.rindex("</")].strip() if "</" in whole else ""


def words(element: Any) -> str:
    """Return the words in an element, "" where there is none."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""
