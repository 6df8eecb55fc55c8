"""A whole HTML page → the part of it that is the article: no menus, no footers."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from lxml import etree

from publisher.model import fold
from publisher.sources.rendered import finding

_BESIDE = "nav header footer aside"
_ROLES = frozenset("banner complementary contentinfo navigation search".split())
_SKIPS = re.compile(r"\bskip", re.IGNORECASE)
_NAMED = re.compile(
    r"comments?-?(?:area|section|list|wrapper|container|thread|form)?|disqus(?:_thread)?|respond|giscus"
    r"|(?:.*[-_])?(?:shar(?:e|ing)-?(?:bar|links?|buttons?|this|tools|icons)|sharedaddy|addtoany.*"
    r"|social-?(?:share|links|icons|media|buttons|bar)|jp-relatedposts|related-?(?:posts?|articles?"
    r"|stories)|sidebar|side-bar|widget-area|breadcrumbs?|pagination|post-?nav(?:igation)?|nav-?menu"
    r"|newsletter-?(?:form|box|signup)|cookie-?(?:banner|notice|bar)|masthead"
    r"|site-?(?:header|footer|nav|branding)|page-?footer)",
    re.IGNORECASE,
)
_OF_LINKS = re.compile(  # where most of its words lead elsewhere
    r"(?:.*[-_])?(?:nav(?:bar|igation)?|main-?menu|menu|pager|related|share|footer)", re.IGNORECASE
)
_SEPARATOR = re.compile(r"\s+[|·•–—:»«/\-]+\s+|:\s+")


def article_of(root: Any) -> str:
    """Return the markup of a parsed page's article; all of its body where none is marked as one."""
    body = root.find("body")
    if body is None:
        return ""
    scope = _main(body)
    found = _article(scope)
    chosen = scope if found is None else found
    if chosen is body:  # what holds the story may have the name of that
        chosen = finding.scope_of(root)
    whole = _inner(chosen)
    _without(chosen, _BESIDE.split() if chosen is body else ["nav", "footer"])
    _without_named(chosen)
    return _inner(chosen) if chosen is not body or _words(body) else whole


def title_of(title: str, heading: str) -> str:
    """Return a page's title without the name of its site, which many add to it.

    >>> title_of("Harbour opens | The Letter", "Harbour opens"), title_of("A: b", "c")
    ('Harbour opens', 'A: b')
    """
    parts = [fold(part) for part in _SEPARATOR.split(title)]
    is_part = len(parts) > 1 and fold(heading) in (parts[0], parts[-1])
    return heading if heading and is_part else title


def _main(body: Any) -> Any:
    found = [one for one in body.iter() if one.tag == "main" or one.get("role") == "main"]
    return found[0] if len(found) == 1 else body


def _article(scope: Any) -> Any:
    """The one article; of several, the one with the only h1, or with most of the words."""
    if scope.tag == "article":
        return scope
    articles = [one for one in scope.iter("article") if not _is_within(one, "article", scope)]
    titled = [one for one in articles if next(one.iter("h1"), None) is not None]
    if len(articles) == 1 or len(titled) == 1:
        return (titled if len(titled) == 1 else articles)[0]
    whole = len(_words(scope))
    return next((one for one in articles if len(_words(one)) > whole / 2), None)


def _is_within(element: Any, tag: str, scope: Any) -> bool:
    parent = element.getparent()
    while parent is not None and parent is not scope:
        if parent.tag == tag:
            return True
        parent = parent.getparent()
    return False


def _without(element: Any, tags: list[str]) -> None:
    """Take out what leads elsewhere; a quotation's source and footnotes are the article's own."""
    marked = [one for one in element.iter() if one.get("role") in _ROLES or _skips(one)]
    for one in [*element.iter(*tags), *marked]:
        parent = one.getparent()
        if parent is None or one is element or not _is_page_furniture(one):
            continue
        previous = one.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + (one.tail or "")
        else:
            parent.text = (parent.text or "") + (one.tail or "")
        parent.remove(one)


def _without_named(chosen: Any) -> None:
    """Take out menus, comments and lists of other stories that only their names tell."""
    sizes, linked = finding.lengths_in(chosen), Counter[Any]()
    for link in chosen.iter("a"):
        for above in link.iterancestors():  # lxml lets 255 be within each other at most
            linked[above] += sizes.get(link, 0)
    coloured = {part for code in chosen.iter("pre", "code") for part in code.iter()}
    found = finding.outermost_of(
        [
            one
            for one in chosen.iter("div", "section", "aside", "ul", "ol", "form")
            if one is not chosen
            and one not in coloured
            and _is_named_furniture(one, chosen, linked[one] > 0.5 * sizes[one])
        ]
    )
    if sum(sizes[one] for one in found) < sizes[chosen]:  # else it is the story after all
        for one in found:
            finding.remove(one)


def _is_named_furniture(element: Any, chosen: Any, is_of_links: bool) -> bool:
    names = finding.names_of(element)
    if element.get("id") and _is_section(element):  # of a story, called as its heading is
        names = names[:-1]
    is_named = any(map(_NAMED.fullmatch, names)) or (
        is_of_links and any(map(_OF_LINKS.fullmatch, names))
    )
    is_last = chosen.tag == "body" and not {"footer", "colophon"}.isdisjoint(names)
    return (is_named or is_last) and not (_has_title(element) or finding.is_quoted(element))


def _is_section(element: Any) -> bool:
    """Whether Pandoc, Sphinx or docutils made an element of a heading and what stands below it."""
    return element.tag == "section" or "section" in (element.get("class") or "").split()


def _has_title(element: Any) -> bool:
    return next(element.iter("h1"), None) is not None


def _skips(element: Any) -> bool:
    """Whether an element is the link over a page's menu, for those who listen."""
    if element.tag != "a" or not element.get("href", "").startswith("#"):
        return False
    above = element.getparent()
    classes = f"{element.get('class', '')} {above.get('class', '') if above is not None else ''}"
    return bool(_SKIPS.search(classes))


def _is_page_furniture(element: Any) -> bool:
    if any(note in element.get("class", "") for note in ("footnote", "endnote")):
        return False
    above = element.getparent()
    while above is not None and element.tag != "nav":
        if above.tag in ("blockquote", "figure"):
            return False
        if above.tag in ("article", "main"):
            is_marked = element.get("role") in ("contentinfo", "navigation", "search")
            return bool(element.tag == "footer" or is_marked or _skips(element))
        above = above.getparent()
    return True


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _inner(element: Any) -> str:
    whole: str = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    return whole[whole.index(">") + 1 : whole.rindex("</")]
