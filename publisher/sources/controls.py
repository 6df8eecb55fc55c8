"""Buttons and fields of a page: what a reader sees in them, and which are the page's own."""

from __future__ import annotations

import re

from publisher.model import prose
from publisher.model.elements import Element

ALL = frozenset("button input select textarea datalist option".split())
"""Elements that are worked on."""

FIELDS = ALL - {"option"}
"""Those that stand by themselves."""

# What copies a piece of code, or opens a menu, is the page's own, and nothing that is told.
_WORKS_ON_THE_PAGE = re.compile(
    r"\b(?:copy|clip(?:board)?|toggle|close|dismiss|menu|nav|share|theme|wrap|print)", re.IGNORECASE
)


def is_of_the_page(element: Element) -> bool:
    """Whether a control works on the page it stands on, by what that says of it to programs."""
    told = (element.get(one) for one in ("class", "id", "aria-label", "title"))
    return _WORKS_ON_THE_PAGE.search(" ".join(told).replace("_", "-")) is not None


def words_of(element: Element) -> str:
    """Return what a reader sees in a field: its value, or what there is to choose from."""
    if element.tag == "select":
        options = (prose.words(one) or one.get("label") for one in element.iter("option"))
        return " / ".join(filter(None, options))
    if element.tag == "textarea":
        return prose.words(element)
    return " ".join((element.get("value") or element.get("alt")).split())
