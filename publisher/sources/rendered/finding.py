"""Where a page's article is, and its text without what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from publisher.model import fold

_TEXT = re.compile(
    r"(?:e-content|entry-content|post-content|post-body|post__content|post__body|post-text|"
    r"article-content|article-body|article__body|article__content|articleBody|article-text|"
    r"blog-content|blog-post-content|blog-body|story-body|story-content|content-body|markdown-body|"
    r"page-content|gh-content|kg-content|available-content|single-content|body-content|prose)"
)
_HOLDER = re.compile(
    r"(?:h-entry|hentry|post|blog-post|single-post|article|story|entry|post-single|postcontent|"
    r"content|main-content|main|primary|page)"
)
_COMMENTS = re.compile(
    r"comments?(?:-(?:area|section|list|wrapper|container|thread|form|block|box))?|disqus(?:_thread)?"
    r"|respond|giscus|utterances|remark42|isso-thread|commento|webmentions?|cusdis_thread|fb-comments"
)
_AROUND = re.compile(
    r"(?:.*[-_])?(?:shar(?:e|ing)(?:-?(?:bar|links?|buttons?|this|tools|icons))?|share-?this|"
    r"sharedaddy|addtoany.*|a2a_kit|addthis.*|jp-relatedposts|yarpp.*|social(?:-?(?:share|links|icons|"
    r"media|buttons|bar))?|related(?:-?(?:posts?|articles?|content|stories|reading|links|entries))?|"
    r"read-?(?:next|more-?posts)|recommended(?:-posts)?|more-(?:posts|stories|articles)|similar-posts|"
    r"you-may-also-like|prev-?next|next-?prev|post-?nav(?:igation|i)?|pagination|paginator|pager|"
    r"nav-?links|navigation|breadcrumbs?|newsletter(?:-?(?:form|box|signup|cta|subscribe))?|"
    r"subscribe(?:-?(?:form|box|cta|wrap|widget))?|subscription(?:-?widget.*)?|sign-?up(?:-?form)?|"
    r"mailing-?list|mc_embed_signup|sidebar|side-bar|widget(?:s|-area)?|toc|table-?of-?contents|"
    r"tableofcontents|author-?(?:bio|box|card|info|block|profile|footer)|about-?(?:the-)?author|"
    r"post-?(?:meta|info|header|footer|tags|date|author|details|share|byline|categories|data)|"
    r"entry-?(?:meta|footer|header|utility|date|categories|tags)|article-?(?:meta|info|footer|header|"
    r"tags|details)|footer|meta-?(?:data|info|bar)|byline|dateline|meta|tag-?(?:list|cloud|links|s-list)|tags|"
    r"tagcloud|reading-?time|read-?time|cookie.*|consent|promo(?:-box)?|advert.*|adsbygoogle|"
    r"ad-(?:slot|container|unit)|banner-ad|sponsor(?:s|ed)?-?(?:box|block)?|donate(?:-box)?|"
    r"edit-(?:this-)?(?:page|link)|edit-on-github|sourceline|sourcelink|view-source|print-?(?:link|"
    r"button)|back-?(?:to-?top|link)|scroll-?(?:to-?)?top|skip-?(?:link|nav|to-content)|screen-reader-"
    r"(?:text|shortcut)|noprint|site-?(?:header|footer|nav)|copy-?(?:button|btn|code)|translations?-"
    r"(?:list|links|switcher)|language-?(?:switcher|selector|picker)|page-?(?:navigation|nav|actions)|"
    r"feedback(?:-form|-widget)?|rating(?:s|-widget)?|likes?-?(?:button|widget)|metadata|commentline)",
    re.IGNORECASE,
)
_ANCHORS = re.compile(
    r"(?:headerlink|header-?anchor|heading-?(?:anchor|link)|anchor(?:js)?(?:-link|-icon)?|hanchor|"
    r"direct-link|permalink|hash-link|section-link|td-heading-self-link|zola-anchor|deep-?link)"
)
_SIGNS = re.compile(r"[\s#¶§🔗⚓∞\ufe0f]*(?:link|permalink|anchor)?\s*", re.IGNORECASE)
_TAGS_AROUND = ("nav", "button", "select", "dialog", "form", "noscript", "template")
_BESIDE = frozenset(
    "banner complementary contentinfo navigation search dialog toolbar menu".split()
)
_HEADINGS = ("h1", "h2", "h3", "h4")
_ENTRIES = frozenset(("h-entry", "hentry"))
_SILENT = frozenset(("script", "style", "template", "noscript"))
_OF_TEXT = frozenset("pre code table li blockquote figure img math svg body".split())
_NOTES = re.compile(r"footnote|endnote", re.IGNORECASE)
_LEAST = 0.4
_LINE = 200  # characters of a paragraph that may be a line of dates and names


def words_of(element: Any) -> str:
    """Return an element's words on one line, without what scripts and styles hold."""
    return " ".join(" ".join(_texts(element)).split())


def _texts(element: Any) -> Iterator[str]:
    for event, one in etree.iterwalk(element, events=("start", "end")):
        if event == "start" and one.tag not in _SILENT and isinstance(one.tag, str):
            yield one.text or ""
        elif event == "end" and one is not element:
            yield one.tail or ""


def lengths_in(element: Any) -> dict[Any, int]:
    """Return how many characters of words each element within one has, its own included."""
    found: dict[Any, int] = {}
    for _, one in etree.iterwalk(element, events=("end",)):
        inner = sum(found[child] + _length(child.tail) for child in one if child in found)
        found[one] = 0 if one.tag in _SILENT else inner + _length(one.text)
    return found


def _length(text: str | None) -> int:
    return len(" ".join(text.split())) if text else 0


def outermost_of(elements: list[Any]) -> list[Any]:
    """Return those that lie in no other one of them."""
    all_of_them = set(elements)
    return [one for one in elements if all_of_them.isdisjoint(one.iterancestors())]


def names_of(element: Any) -> list[str]:
    """Return the classes and the id of an element."""
    return [*(element.get("class") or "").split(), *filter(None, [element.get("id")])]


def scope_of(root: Any) -> Any:
    """Return the element that holds a page's story with its title and byline; None for no page."""
    body = root.find("body")
    if body is None:
        return None
    main = _main(body)
    sizes = lengths_in(body)
    whole = sizes[main] or 1
    marked = outermost(main, "article") or outermost_of(_with_class(main, _ENTRIES))
    titled = [one for one in marked if next(one.iter("h1"), None) is not None]
    if len(marked) == 1 or len(titled) == 1:
        found = (titled or marked)[0]
        is_enough = sizes[found] >= _LEAST * whole or titled or _holds_text(found)
        return found if is_enough else main
    longest = max(marked, key=lambda one: sizes[one], default=None)
    if longest is not None and sizes[longest] > 0.5 * whole:
        return longest
    return main if main is not body or marked else _holder(body, sizes)


def _elements(scope: Any) -> Iterator[Any]:
    return (one for one in scope.iter() if isinstance(one.tag, str))


def _with_class(scope: Any, classes: frozenset[str]) -> list[Any]:
    return [one for one in _elements(scope) if not classes.isdisjoint(names_of(one))]


def _holds_text(element: Any) -> bool:
    return any(_is_text(one) for one in _elements(element))


def _is_text(element: Any) -> bool:
    is_marked = "articleBody" in (element.get("itemprop") or "").split()
    return is_marked or any(map(_TEXT.fullmatch, names_of(element)))


def _main(body: Any) -> Any:
    found = [one for one in _elements(body) if one.tag == "main" or one.get("role") == "main"]
    outer = outermost_of(found)
    return outer[0] if len(outer) == 1 else body


def outermost(scope: Any, tag: str) -> list[Any]:
    """Return elements of a kind that lie in no other one of it."""
    return [scope] if scope.tag == tag else outermost_of(list(scope.iter(tag)))


def _holder(body: Any, sizes: dict[Any, int]) -> Any:
    """Of a page that marks nothing: the smallest holder by name that has most of its words."""
    whole = sizes[body] or 1
    best, size = body, whole + 1
    for one in body.iter("div", "section", "td"):
        is_named = any(_HOLDER.fullmatch(name.lower()) for name in names_of(one)) or _is_text(one)
        if is_named and 0.5 * whole <= sizes[one] < size:
            best, size = one, sizes[one]
    return best


def text_of(scope: Any) -> Any:
    """Return the element of the story's text alone, where one is marked; else `scope`."""
    sizes = lengths_in(scope)
    found = [one for one in _elements(scope) if one is not scope and _is_text(one)]
    outer = outermost_of(found)
    if len(outer) != 1:
        return scope
    inner = [one for one in found if sizes[one] >= 0.9 * sizes[outer[0]]]
    chosen = inner[-1] if inner else outer[0]
    return chosen if sizes[chosen] >= 0.3 * (sizes[scope] or 1) else scope


def cleaned(element: Any, title: str) -> None:
    """Take out of a story what is not its text: menus, bylines, buttons, lists of others."""
    _without_title(element, title)
    sizes = lengths_in(element)
    whole = sizes[element] or 1
    # To those who colour code, `comment`, `meta` and `tag` are parts of it.
    coloured = {part for code in element.iter("pre", "code") for part in code.iter()}
    for one in list(_elements(element)):
        if one is element or one.getparent() is None or one in coloured:
            continue
        if _is_around(one, sizes.get(one, 0), whole) or (one.tag == "a" and _is_anchor(one)):
            remove(one)


def _without_title(element: Any, title: str) -> None:
    for one in list(element.iter(*_HEADINGS)):
        if fold(words_of(without_anchors(one))) == fold(title):
            remove(one)
            return


def without_anchors(heading: Any) -> Any:
    """Return a heading without the sign that links to it."""
    for one in list(heading.iter("a", "span", "button")):
        if one is not heading and one.getparent() is not None and _is_anchor(one):
            remove(one)
    return heading


def _is_anchor(element: Any) -> bool:
    text = words_of(element)
    if element.tag == "a" and (element.get("href") or "").startswith("#"):
        above = element.getparent()
        is_in_heading = above is not None and re.fullmatch(r"h[1-6]", str(above.tag))
        is_named = any(map(_ANCHORS.fullmatch, names_of(element)))
        has_picture = next(element.iter("img"), None) is not None
        return bool((is_in_heading or is_named) and _SIGNS.fullmatch(text) and not has_picture)
    return bool(
        any(map(_ANCHORS.fullmatch, names_of(element))) and len(text) < 3 and element.tag != "a"
    )


def _is_around(element: Any, size: int, whole: int) -> bool:
    names = names_of(element)
    if any(_NOTES.search(name) for name in names):
        return False
    if element.tag in _TAGS_AROUND:
        return True
    if element.tag in _OF_TEXT or (element.tag == "p" and size > _LINE):
        return False
    if any(_COMMENTS.fullmatch(name.lower()) for name in names):
        return True
    if size > _LEAST * whole:
        return False
    is_beside = element.get("role") in _BESIDE or element.tag in ("footer", "header")
    if is_beside and not is_quoted(element):
        return True
    if any(_AROUND.fullmatch(name) for name in names):
        return True
    return element.tag == "aside" and _is_of_links(element)


def is_quoted(element: Any) -> bool:
    """Return whether an element is part of a quotation or a figure."""
    return any(above.tag in ("blockquote", "figure") for above in element.iterancestors())


def _is_of_links(element: Any) -> bool:
    linked = sum(len(words_of(link)) for link in element.iter("a"))
    return linked > 0.5 * (len(words_of(element)) or 1)


def remove(element: Any) -> None:
    """Take an element out of its tree; the text behind it stays."""
    parent, previous = element.getparent(), element.getprevious()
    tail = element.tail or ""
    if previous is not None:
        previous.tail = (previous.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
