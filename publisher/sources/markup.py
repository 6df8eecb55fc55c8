"""Markdown and HTML bodies → sanitised HTML with absolute links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

import comrak
import nh3

from publisher.model import fold, legal, prose
from publisher.sources import nesting
from publisher.sources.weblinks import mended

_TAGS = frozenset(
    "a abbr audio b blockquote br caption cite code col colgroup dd del details dfn div dl dt em "
    "figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt ruby s "
    "samp small source span strong sub summary sup table tbody td tfoot th thead time tr u ul var "
    "video".split()
)
_ATTRIBUTES = {
    "a": {"href", "title", "hreflang"},
    "abbr": {"title"},
    "audio": {"src", "controls"},
    "blockquote": {"cite"},
    "code": {"class"},
    "col": {"span"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start", "reversed"},
    "q": {"cite"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "time": {"datetime"},
    "video": {"src", "controls", "poster", "width", "height"},
    "*": {"lang", "dir"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
_CONTENT_TOO = {"script", "style", "template", "noscript", "iframe", "object", "form"}

_EXTENSIONS = ("table", "autolink", "strikethrough", "tasklist", "footnotes")

_CODE = re.compile(r"<(pre|code)\b[^>]*>.*?</\1>", re.DOTALL)
_TEMPLATE = re.compile(
    r"(\{\{|\{%|%7B%7B|%7B%25)(?:[^<>]{0,60}?(?:\}\}|%\}|%7D%7D|%25%7D)|[^<>]{0,40})"
)
_FOOTNOTE_LINK = re.compile(r"<a href=\"#fn[^>]*data-footnote-ref>(\d+)</a>")
_TASK = re.compile(r'<input type="checkbox"[^>]*>')
_FOOTNOTE_BACK = re.compile(
    r"\s?<a href=\"#fnref[^>]*data-footnote-backref[^>]*>.*?</a>", re.DOTALL
)
_ATTRIBUTE_SYNTAX = re.compile(r"<p>\{:[^{}<>]*\}</p>\n?| {0,4}\{:? ?[#.][^{}<>]*\}(?=</h[1-6]>)")
_H1 = re.compile(r"\s*<h1[^>]*>(.*?)</h1>\s*", re.DOTALL)


def markdown(text: str) -> str:
    """Render CommonMark with GFM tables, strikethrough, task lists, autolinks and footnotes.

    The result is not sanitised. Quotation marks stay as they were typed. Footnotes are numbers
    without links, for neither a mail nor a feed is a page that one can jump about in. What other
    generators read as attributes (`{#id}`, `{: .class}`) is dropped.
    """
    extensions, rendering = comrak.ExtensionOptions(), comrak.RenderOptions()
    for name in _EXTENSIONS:
        setattr(extensions, name, True)
    extensions.cjk_friendly_emphasis = True
    rendering.unsafe_ = True  # raw HTML is kept here, and sanitised with the rest
    rendered = comrak.render_markdown(text, extension_options=extensions, render_options=rendering)
    if "<input" in rendered:
        rendered = _TASK.sub(lambda found: "☑" if "checked" in found[0] else "☐", rendered)
    if "footnote" in rendered:
        rendered = _FOOTNOTE_LINK.sub(r"[\1]", _FOOTNOTE_BACK.sub("", rendered))
    if not rendered.isascii():
        rendered = mended(rendered, text)
    return _ATTRIBUTE_SYNTAX.sub("", rendered) if "{" in rendered else rendered


def sanitised(markup: str, base: str) -> str:
    """Return only harmless HTML, every address absolute below `base`, without controls.

    Headings begin at h2, for the title is the h1. Raises SourceError for a tree that is too deep,
    or too large, for what comes behind us.
    """
    tree = nesting.plain(markup)
    if tree:
        nesting.check(tree)
    else:
        for head in nesting.heads(markup):
            nesting.check(nesting.measured(_cleaned(head, base)))
    clean = _cleaned(markup, base)
    nesting.check(nesting.measured(clean))
    return legal(_demoted(clean)).strip()


def _cleaned(markup: str, base: str) -> str:
    return nh3.clean(
        markup,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        clean_content_tags=_CONTENT_TOO,
        url_schemes=_SCHEMES,
        url_relative=lambda url: absolute(url, base),
        link_rel=None,
    )


def absolute(url: str, base: str) -> str | None:
    """Return `url` resolved against `base`, or None for what is no web, mail or phone address."""
    try:
        whole = urljoin(base, url.strip())
        scheme = urlsplit(whole).scheme
    except ValueError:
        return None
    return whole if scheme in _SCHEMES else None


def _demoted(clean: str) -> str:
    if "<h1" not in clean:
        return clean
    return re.sub(r"(</?h)([1-6])\b", lambda found: f"{found[1]}{min(int(found[2]) + 1, 6)}", clean)


@dataclass(frozen=True, slots=True)
class Page:
    """What an HTML file says in its head, and its body's markup."""

    title: str
    meta: dict[str, str]
    body: str

    @property
    def values(self) -> dict[str, str]:
        """What its head says, under the names of front matter."""
        titled = {**self.meta, **({"title": self.title} if self.title else {})}
        return {("tags" if key == "keywords" else key): item for key, item in titled.items()}


def page(text: str) -> Page:
    """Take a whole HTML document apart; a fragment is all body (Pelican's HTML reader)."""
    if not re.search(r"<(html|head|body)\b", text, re.IGNORECASE):
        return Page("", {}, text)
    from lxml import html as lxml_html

    # lxml refuses a text that says how it was encoded.
    root = lxml_html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    meta: dict[str, str] = {}
    for element in root.iterfind(".//meta"):
        name, content = element.get("name"), element.get("content")
        if name and content:
            meta[name.lower()] = content
    language = root.get("lang")
    if language:
        meta.setdefault("language", language)
    body = root.find("body")
    inner = "" if body is None else _inner(body)
    return Page(" ".join((root.findtext(".//title") or "").split()), meta, inner)


def _inner(element: object) -> str:
    from lxml import etree

    whole: str = etree.tostring(element, encoding="unicode", method="html", with_tail=False)  # type: ignore[call-overload]
    return whole[whole.index(">") + 1 : whole.rindex("</")]


def leading_title(markup: str, title: str) -> tuple[str, str]:
    """Return the title and the markup without a leading h1 that is the title.

    Where `title` is empty, the h1 is taken for it.
    """
    found = _H1.match(markup)
    if not found:
        return title, markup
    heading = prose.words(sanitised(found[1], "https://localhost/"))
    if title and fold(title) != fold(heading):
        return title, markup
    return title or heading, markup[found.end() :]


def template_code(clean: str) -> str:
    """Return the first unexpanded template code that stands outside code, "" if there is none."""
    if not _TEMPLATE.search(clean):
        return ""
    found = _TEMPLATE.search(_CODE.sub("", clean))
    return unescape(unquote(found[0])).split("\n")[0].strip('" ') if found else ""
