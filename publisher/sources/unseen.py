"""What a page itself does not show, and what stands in it twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.model import prose
from publisher.model.elements import Element
from publisher.sources import pictures, stylesheets

_UNSEEN_CLASSES = frozenset(
    "sr-only visually-hidden visuallyhidden screen-reader-text screen-reader-only is-hidden "
    "MathJax_Preview".split()
)
_OF_DOCUTILS = frozenset(("docutils", "container"))  # classes that reST gives to boxes
_CONTROLS = re.compile(
    r"kg-(?:audio|video)-(?:player|hide|overlay)|kg-video-player-container"
    r"|kg-(?:toggle|file)-card-icon|kg-bookmark-icon|kg-signup-card-(?:success|error|button-loading)"
    r"|plyr__(?:controls?|menu|captions|poster)|mejs(?:-|__)(?:controls|layers|offscreen|overlay).*"
    r"|vjs-(?:control|menu|modal|loading|big-play|text-track|error|poster|hidden).*"
    r"|(?:.*[-_])?(?:control-?bar|player-controls|media-controls)"
)


def is_unseen(element: Element) -> bool:
    """Return whether the page itself does not show an element."""
    if element.tag == "dialog" and "open" not in element.attributes:
        return True
    if "hidden" in element.attributes and element.get("hidden").lower() != "until-found":
        return True
    style = element.get("style")
    if style and (stylesheets.hides(style) or _is_sizeless(element)):
        return True
    classes = element.get("class").split()
    own = [one for one in classes if one not in _OF_DOCUTILS]
    if not _UNSEEN_CLASSES.isdisjoint(classes) or own in (["hidden"], ["d-none"]):
        return True
    if any(map(_CONTROLS.fullmatch, classes)):
        return True
    return element.get("aria-hidden").lower() == "true" and not _is_decoration(element)


def _is_sizeless(element: Element) -> bool:
    """Whether its words have no size; pictures do, and so may what has a style of its own."""
    return stylesheets.is_sizeless(element.get("style")) and not any(
        one.tag == "img" or one.get("style") or one.get("class") for one in element.iter()
    )


def _is_decoration(element: Element) -> bool:
    """Whether what is kept from those who listen is to be seen: a picture, an emoji."""
    if element.tag in ("svg", "a", "button"):
        return False
    if element.tag == "img" or any(True for _ in element.iter("img")):
        return True
    return not any(c.isalnum() for c in prose.words(element))


def without_doubles(nodes: list[Element | str]) -> Iterator[Element | str]:
    """Yield nodes without a lazy picture or frame, or its double for those without scripts."""
    at = 0
    while at < len(nodes):
        node = nodes[at]
        after = at + 1
        while after < len(nodes) and _is_blank(nodes[after]):
            after += 1
        spare = _only(nodes[after], node) if after < len(nodes) else None
        if spare is None:
            yield node
            at += 1
        else:
            has_its_own = isinstance(node, Element) and bool(pictures.real_source(node))
            yield node if has_its_own else spare
            at = after + 1


def _is_blank(node: Element | str) -> bool:
    return isinstance(node, str) and not node.strip()


def _only(node: Element | str, like: Element | str) -> Element | None:
    """The one picture or frame in a `<noscript>`, if it stands for one before it."""
    if isinstance(like, str) or like.tag not in ("img", "iframe"):
        return None
    if isinstance(node, str) or node.tag != "x-noscript":
        return None
    found = list(node.iter(like.tag))
    return found[0] if len(found) == 1 and not prose.words(node) else None
