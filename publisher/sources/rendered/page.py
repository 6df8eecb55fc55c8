"""One page of rendered HTML → what it says under the names of front matter, and its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urljoin, urlsplit
from zoneinfo import ZoneInfo

import msgspec
from lxml import etree
from lxml import html as lxml_html

from publisher.model import fold, one_line
from publisher.sources import soup, stylesheets
from publisher.sources.rendered import dating, finding, judging
from publisher.sources.rendered.passing import PassedOver
from publisher.sources.rendered.saying import Said, address_in, names_in, said_by
from publisher.sources.rendered.survey import Site

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,2}")
_NOBODY = re.compile(
    r"https?://|[@/\\]|\A(?:admin|author|by|posted by|unknown|staff)\Z", re.IGNORECASE
)
_BY = re.compile(
    r"\A(?:(?:written|posted|published)\s+)?(?:by|von|par|por|di|door|av)[\s:]+", re.IGNORECASE
)
_SIGNED_BY = re.compile(
    r"(?:\A|[·|•,–—]\s*)(?i:(?:written|posted|published)\s+)?(?:By|by|BY|Von|von|Par|par|Por|por)[\s:]+"
    r"([^\W\d_][^·|•—–\d]{1,250}?)\s*(?:[·|•—–]|\bon\b|\Z|,?\s+(?:\d|[A-Z][a-z]{2,8}\.? \d))"
)
_MOST_NAMES = 20
_SIGNED = frozenset(("p-author", "byline-name", "author-name", "post-author", "entry-author", "fn"))
_NAME = frozenset(("name", "fn", "p-name"))
_WHOLE = re.compile(r"<(?:!doctype|html|head|body|meta|title)\b", re.IGNORECASE)


class RenderedPage(msgspec.Struct, frozen=True):
    """An article's page: `values` under the names of front matter, its `body`, and the `base` of
    its relative addresses.
    """

    title: str
    values: Mapping[str, Any] = msgspec.field(default_factory=dict)
    body: str = ""
    base: str = ""


def page_of(text: str, path: str, base_url: str, zone: str, site: Site) -> RenderedPage:
    """Return the article that a page is; raise PassedOver. `path` is its file's, in the site."""
    root = _parsed(text)
    if judging.moved(root):
        raise PassedOver("a page that leads elsewhere")
    stylesheets.mark(root)
    said = said_by(root)
    scope = finding.scope_of(root)
    if scope is None:
        raise PassedOver("no page")
    here = urljoin(base_url, quote(_served(path)))
    canonical = _canonical(root, said, here)
    if why := judging.why_none(said, scope, path, canonical or here):
        raise PassedOver(why)
    own = ZoneInfo(zone)
    day = dating.published(said, root, scope, path, own)
    if not day:
        raise PassedOver("a page without a date")
    title = _title(root, said, scope, site)
    values = {
        "date": day,
        "lastmod": dating.changed(said, own),
        "canonical": canonical,
        "authors": list(_authors(said, root, scope))[:_MOST_NAMES],
        "tags": list(_tags(said, scope, site))[:_MOST_NAMES],
        "language": _language(root, said),
        "description": _described(said, site),
        "image": _picture(said, site, canonical or here),
        "section": said.meta("article:section"),
        "title": title,
    }
    if not canonical:
        values["url"] = _served(path)
    element = finding.text_of(scope)
    finding.cleaned(element, title)
    base = next(filter(None, (one.get("href") for one in root.iter("base"))), "")
    return RenderedPage(
        title=title,
        values={key: value for key, value in values.items() if value},
        body=_inner(element),
        base=urljoin(_root_of(canonical, path), base or quote(path)) if canonical else base,
    )


def _parsed(text: str) -> Any:
    if not _WHOLE.search(text):
        raise PassedOver("a piece of a page")
    try:
        # lxml refuses a text that says how it was encoded.
        return lxml_html.document_fromstring(soup.parted(re.sub(r"\A\s*<\?xml[^>]*>", "", text)))
    except (etree.ParserError, ValueError):
        raise PassedOver("an empty page") from None


def _served(path: str) -> str:
    """Where a file of a site is found: `/a/index.html` as `/a/`."""
    return "/" + re.sub(r"(?:\A|(?<=/))index\.html?\Z", "", path)


def _canonical(root: Any, said: Said, here: str) -> str:
    """The address that a page says is its own; a whole one, of a site that is on the web."""
    links = [
        one.get("href") or "" for one in root.iter("link")
        if "canonical" in (one.get("rel") or "").lower().split()
    ]  # fmt: skip
    for written in (*links, said.meta("og:url"), address_in(said.story.get("url"))):
        try:
            whole = urljoin(here, written.strip()) if written.strip() else ""
            parts = urlsplit(whole)
            host = parts.hostname or ""
        except ValueError:
            continue
        is_web = parts.scheme in ("http", "https") and "." in host and not host.startswith("127.")
        if is_web and (parts.path.strip("/") or urlsplit(here).path == "/"):
            return whole
    return ""


def _root_of(canonical: str, path: str) -> str:
    """Where a site begins, by an address of one of its pages and that page's path."""
    parts = urlsplit(canonical)
    place = re.sub(r"(?:/?index)?\.html?\Z", "", quote(path)).strip("/")
    found = re.sub(r"(?:/?index)?(?:\.html?)?/*\Z", "", parts.path)
    above = found[: -len(place)] if place and found.endswith(place) else "/"
    return f"{parts.scheme}://{parts.netloc}{above or '/'}"


def _title(root: Any, said: Said, scope: Any, site: Site) -> str:
    """The story's title: its heading, where the page's other titles agree; else those's best."""
    others = [
        *names_in(said.story.get("headline") or said.story.get("name")),
        site.without_name(said.meta("og:title", "twitter:title")),
        site.without_name(one_line(root.findtext(".//title") or "")),
    ]
    others = [one for one in others if one]
    headings = [finding.words_of(finding.without_anchors(one)) for one in scope.iter("h1")]
    if not headings:
        headings = [finding.words_of(finding.without_anchors(one)) for one in root.iter("h1")]
    headings = [one for one in headings if one]
    folded = [fold(one) for one in others]
    for heading in headings:
        if fold(heading) in folded or any(one.startswith(fold(heading)) for one in folded):
            return heading
    if len(headings) == 1 and fold(headings[0]) not in site.names and _is_within(root, scope):
        return headings[0]
    return others[0] if others else next(iter(headings), "")


def _is_within(root: Any, scope: Any) -> bool:
    """Whether the only heading of the first level stands in the story."""
    return len(list(root.iter("h1"))) == len(list(scope.iter("h1"))) == 1


def _authors(said: Said, root: Any, scope: Any) -> Iterator[str]:
    seen = set()
    headed = scope if next(scope.iter("h1"), None) is not None else root  # where a byline may be
    for group in (
        names_in(said.story.get("author") or said.story.get("creator")),
        list(_signed(scope)),
        list(_byline(headed)),
        [said.metas[k] for k in ("author", "article:author", "dc.creator", "parsely-author",
                                 "twitter:creator") if k in said.metas],
    ):  # fmt: skip
        for name in group:
            plain = _BY.sub("", one_line(name)).strip(" ,;·|")
            if plain and len(plain) < 100 and not _NOBODY.search(plain) and plain not in seen:
                seen.add(plain)
                yield plain
        if seen:
            return


def _signed(scope: Any) -> Iterator[str]:
    """Names that microdata, microformats or `rel` mark as the author's, outermost first."""
    taken: set[Any] = set()
    for one in scope.iter():
        if not isinstance(one.tag, str) or not taken.isdisjoint(one.iterancestors()):
            continue
        marks = _marks(one)
        is_author = "author" in (one.get("rel") or "").split() or "author" in marks
        if is_author or not _SIGNED.isdisjoint(marks):
            inner = (two for two in one.iterdescendants() if not _NAME.isdisjoint(_marks(two)))
            named = next(inner, one)
            name = named.get("content") or finding.words_of(named)
            if name and len(name) < 100:
                taken.add(one)
                yield name


def _marks(element: Any) -> set[str]:
    return {*(element.get("class") or "").split(), *(element.get("itemprop") or "").split()}


def _byline(scope: Any) -> Iterator[str]:
    """Names in what is called a byline or the like: `By Ana Berg · 24 November`, or their links."""
    for one in scope.iter("p", "div", "span", "small", "address", "header"):
        names = finding.names_of(one)
        if not any("byline" in name or "meta" in name or "author" in name for name in names):
            continue
        words = finding.words_of(one)
        found = _SIGNED_BY.search(words) if len(words) < 400 else None
        if found:
            linked = [finding.words_of(link) for link in one.iter("a")]
            named = [name for name in linked if name and name in found[1]]
            yield from named if len(named) > 1 else re.split(r"\s+,\s+", found[1])
            return


def _tags(said: Said, scope: Any, site: Site) -> Iterator[str]:
    words = said.story.get("keywords")
    keywords = words.split(",") if isinstance(words, str) else names_in(words)
    links = [
        one
        for one in scope.iter("a")
        if "tag" in (one.get("rel") or "").split() or "p-category" in _marks(one)
    ]
    linked = [finding.words_of(one) for one in links]
    written = said.meta("keywords")
    other = [] if site.is_shared("keywords", written) else written.split(",")
    for group in (said.tags, keywords, linked, other):
        names = dict.fromkeys(one_line(name).lstrip("#") for name in group)
        found = [name for name in names if 0 < len(name) < 60]
        if found:
            yield from found
            return


def _language(root: Any, said: Said) -> str:
    for written in (root.get("lang"), said.meta("og:locale", "language", "content-language")):
        if written and _LANGUAGE.fullmatch(written.strip()):
            return str(written.strip().replace("_", "-"))
    return ""


def _described(said: Said, site: Site) -> str:
    story = said.story.get("description")
    for key in ("og:description", "description", "twitter:description"):
        value = said.meta(key)
        if value and not site.is_shared(key, value):
            return value
    return one_line(story) if isinstance(story, str) else ""


def _picture(said: Said, site: Site, here: str) -> str:
    for key in ("og:image", "og:image:url", "twitter:image", "twitter:image:src"):
        value = said.meta(key)
        if value and not site.is_shared(key, value):
            return urljoin(here, value)
    return "" if said.meta("og:image") else urljoin(here, address_in(said.story.get("image")))


def _inner(element: Any) -> str:
    whole: str = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    return whole[whole.index(">") + 1 : whole.rindex("</")].strip() if "</" in whole else ""
