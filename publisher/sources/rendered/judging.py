"""Which pages of a site are articles: not lists, front pages, redirects, nor what has no date."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from publisher.model.languages import is_written
from publisher.sources.rendered.finding import names_of, outermost, words_of
from publisher.sources.rendered.saying import Said

_OF_THE_SITE = re.compile(
    r"(?:40\d|50\d|not-?found|error|search|offline|sitemap|thank-?you|thanks|subscribe|unsubscribe|"
    r"cookies?|privacy(?:-policy)?|imprint|impressum|login|newsletter)(?:-\w+)?"
)
_LISTS = re.compile(
    r"(?:tags?|categor(?:y|ies)|topics?|authors?|archives?|series|keywords?|labels?|taxonomy|page|"
    r"people|contributors?)"
)
_PART = re.compile(r"(?:.*/)?(?:page/\d+|(?:page|index)-?\d+)(?:/index)?")
_DATED = re.compile(r"(?:^|/)(?:19|20)\d\d[/-]\d\d[/-]")
_OF_A_TIME = re.compile(r"(?:.*/)?(?:19|20)\d\d(?:/\d{1,2}){0,2}(?:/index)?")
_HEADINGS = ("h1", "h2", "h3", "h4")


def moved(root: Any) -> bool:
    """Whether a page only leads elsewhere."""
    return any((one.get("http-equiv") or "").lower() == "refresh" for one in root.iter("meta"))


def why_none(said: Said, scope: Any, path: str, address: str) -> str:
    """Return why a page is no article whatever its date is, "" where it may be one.

    `scope` is the element that may hold its story, `address` where the page is.
    """
    pure = PurePosixPath(path.lower())
    name = pure.parent.name if pure.stem == "index" else pure.stem
    if _OF_THE_SITE.fullmatch(name) and not said.story and not _DATED.search(path):
        return "a page of the site itself"
    is_front = len(pure.parts) == 1 or (len(pure.parts) == 2 and is_written(pure.parts[0]))
    if pure.stem == "index" and is_front:
        return "a front page"
    parts = [*pure.parent.parts, pure.stem]
    bare = str(pure.with_suffix(""))
    if _PART.fullmatch(bare):
        return "a part of a list"
    if _OF_A_TIME.fullmatch(bare):
        return "a list of a time"
    if said.lists and not said.story:
        return "a list, by its own word"
    if said.story:
        return ""
    if _shows_another(scope, address):
        return "a list of stories"
    folders = [part for part in parts if part != "index"]
    if any(_LISTS.fullmatch(part) for part in folders[-2:]) and not said.is_article:
        return "a list of what has a tag, an author or the like"
    if not said.is_article and _is_list(scope, address):
        return "a list of stories"
    return ""


def _shows_another(scope: Any, address: str) -> bool:
    """Whether the story's own title leads to another page: it is one of a list of one."""
    if scope.tag != "article" and not {"h-entry", "hentry"} & set(names_of(scope)):
        return False
    heading = next(scope.iter(*_HEADINGS), None)
    return heading is not None and _leads_elsewhere(heading, address)


def _is_list(scope: Any, address: str) -> bool:
    """Whether several stories are shown, by elements or by headings that lead elsewhere."""
    articles = [one for one in outermost(scope, "article") if one is not scope]
    headings = [one for one in scope.iter(*_HEADINGS) if _leads_elsewhere(one, address)]
    if len(articles) > 1 and len(headings) > 1:
        return True
    words = len(words_of(scope)) or 1
    linked = sum(len(words_of(one)) for one in scope.iter("a"))
    return len(headings) > 3 or linked > 0.6 * words


def _leads_elsewhere(heading: Any, address: str) -> bool:
    """Whether a heading is a link to another page of the site."""
    links = [
        one
        for one in (*heading.iter("a"), heading.getparent())
        if one is not None and one.tag == "a"
    ]
    if len(links) != 1 or len(words_of(links[0])) < 0.7 * len(words_of(heading)):
        return False
    target = links[0].get("href") or ""
    if target.startswith("#"):
        return False
    try:
        there, here = urlsplit(urljoin(address, target)), urlsplit(address)
    except ValueError:
        return False
    is_here = there.netloc in ("", here.netloc)
    return is_here and _plain(there.path) != _plain(here.path)


def _plain(path: str) -> str:
    return re.sub(r"(?:/index)?(?:\.html?)?/?\Z", "", unquote(path)).lower()
