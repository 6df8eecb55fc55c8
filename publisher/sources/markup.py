"""Markdown and HTML bodies → sanitised HTML with absolute links."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Collection
from html import escape, unescape
from urllib.parse import unquote, urljoin, urlsplit

import comrak
import msgspec
import nh3

from publisher.model import fold, legal, prose
from publisher.model.footnotes import note_id, reference_id
from publisher.model.languages import WIDE, WIDE_MARKS
from publisher.sources import (
    attributes,
    fallbacks,
    mending,
    nesting,
    resolving,
    soup,
    tildes,
    typography,
)
from publisher.sources.fallbacks import Told
from publisher.sources.weblinks import OTHER_HOST, encoded, mended

Locate = Callable[[str], str | None]
"""A relative address → the whole one that it stands for; None for what a browser makes of it."""

_TAGS = frozenset(
    "a abbr audio b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl "
    "dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt "
    "ruby s samp small source span strong sub summary sup table tbody td tfoot th thead time tr u "
    "ul var video".split()
)
_ATTRIBUTES = {
    "a": {"href", "title", "hreflang"},
    "abbr": {"title"},
    "audio": {"src", "controls"},
    "blockquote": {"cite"},
    "code": {"class"},
    "col": {"span"},
    "img": {"src", "alt", "title", "width", "height"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "q": {"cite"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "time": {"datetime"},
    "video": {"src", "controls", "poster", "width", "height"},
    "*": {"lang", "dir", "id"},
}
_SCHEMES = {"http", "https", "mailto", "tel", "sms"}
_CONTENT_TOO = frozenset(
    "script style template noscript noembed noframes iframe object form".split()
)

_EXTENSIONS = ("table", "autolink", "strikethrough", "tasklist", "footnotes")

_CODE = re.compile(r"<(pre|code)\b[^<>]*>")
_CODE_IN_LINE = re.compile(r"<(code|kbd|samp)\b(?![^<>]*\bdir=)([^<>]*)>")
_TEMPLATE = re.compile(
    r"(\{\{|\{%|%7B%7B|%7B%25)(?:[^<>]{0,60}?(?:\}\}|%\}|%7D%7D|%25%7D)|[^<>]{0,40})"
)
_FOOTNOTE_LINK = re.compile(
    r'<sup class="footnote-ref"><a href="#fn[^<>]*data-footnote-ref>(\d+)</a></sup>'
)
_FOOTNOTES = '<section class="footnotes" data-footnotes>'
_FOOTNOTE_ITEM = re.compile(r'<li id="fn-[^"<>]*">')
_TASK = re.compile(r'<input type="checkbox"[^<>]*>')
_FOOTNOTE_BACK = re.compile(
    r"\s?<a href=\"#fnref[^<>]*data-footnote-backref[^<>]*>[^<]*(?:<sup[^<>]*>[^<]*</sup>)?</a>"
)
_ADDRESSED = re.compile(r"<(?:a|img|source|video|audio|blockquote|q)\b[^>]*>")
_ADDRESS = re.compile(r'(\b(?:href|src|poster|cite)=")([^"]*)"')
_CITED = re.compile(r"\bcite\s*=", re.IGNORECASE)
_ADDRESSES = ("href", "src", "poster", "cite")
_IRI = re.compile(
    r"[^\"]*(?:[^\x21-\x7e]|[\\^`{|}]|%(?![0-9A-Fa-f]{2})|&[lg]t;)|" + OTHER_HOST.pattern
)
_PRE = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL)
_WITHIN = r"(?:</?(?:a|abbr|b|cite|code|del|em|i|ins|mark|q|s|small|span|strong|u)\b[^>]*>)*"
_PARTED = re.compile(
    f"([{WIDE}{WIDE_MARKS}]{_WITHIN})[ \\t]*\n[ \\t]*({_WITHIN}(?=[{WIDE}{WIDE_MARKS}]))"
)
_H1 = re.compile(r"<(?:h1|p(?=[^<>]{0,300}\bMsoTitle\b))\b[^<>]*>")  # Word's title is a paragraph
_WHOLE = re.compile(
    # Atomic: whatever comments there are, they are passed over once.
    r"<(?:html|head|body)\b|\A(?>\s+|<!--(?>.*?-->))*+<(?:!doctype\s+html|title|meta|link|base)\b",
    re.IGNORECASE | re.DOTALL,
)
"""What a whole document has: HTML lets its author leave out nearly all of its frame."""


def markdown(
    text: str, language: str = "", *, typeset: bool = False, more: Collection[str] = ()
) -> str:
    """Render CommonMark with GFM tables, strikethrough, task lists, autolinks and footnotes.

    `more` are further extensions of comrak.

    The result is not sanitised. A tilde between two words is no mark (`9~18`). Quotation marks and
    dashes stay as they were typed, or are `typeset` as the language has them. Footnotes are numbers
    without links, for neither a mail nor a feed is a page that one can jump about in; ids say where
    each leads (`model/footnotes`), and a rule parts them from a list at the end of the text. What
    other generators read as attributes (`{#id}`, `{: .class}`) is dropped, but for ids of headings.
    Raises SourceError, with the line, for what cannot be rendered in time that grows with it.
    """
    soup.check_markdown(text)
    extensions, rendering = comrak.ExtensionOptions(), comrak.RenderOptions()
    for name in (*_EXTENSIONS, *more):
        setattr(extensions, name, True)
    extensions.cjk_friendly_emphasis = True
    rendering.unsafe_ = True  # raw HTML is kept here, and sanitised with the rest
    typeset = typeset and typography.applies(text, language)
    parsing = comrak.ParseOptions()
    parsing.smart = typeset
    plain = tildes.put_aside(text)
    rendered = comrak.render_markdown(
        typography.put_aside(plain) if typeset else plain,
        extension_options=extensions,
        parse_options=parsing,
        render_options=rendering,
    )
    rendered = tildes.put_back(rendered, text)
    if typeset and typography.is_wanted(rendered, text):
        rendered = typography.dressed(rendered, language, text)
    if "<input" in rendered:
        rendered = _TASK.sub(lambda found: "☑" if "checked" in found[0] else "☐", rendered)
    if _FOOTNOTES in rendered:
        rendered = _noted(rendered)
    if not rendered.isascii() or "&amp;amp;" in rendered:
        rendered = mended(rendered, text)
    if "[" in rendered:
        rendered = attributes.named(rendered, language)
    return attributes.dropped(rendered) if "{" in rendered else rendered


def _noted(rendered: str) -> str:
    """Footnotes as comrak writes them, whose ids hold words of their author → as ours."""
    text, mark, notes = _FOOTNOTE_BACK.sub("", rendered).rpartition(_FOOTNOTES)
    places, seen = itertools.count(1), Counter[str]()
    notes = _FOOTNOTE_ITEM.sub(lambda _: f'<li id="{note_id(next(places))}">', notes)

    def number(found: re.Match[str]) -> str:
        seen[found[1]] += 1
        return f'<sup id="{reference_id(int(found[1]), seen[found[1]])}">[{found[1]}]</sup>'

    return _FOOTNOTE_LINK.sub(number, f"{text}<hr>\n{mark}{notes}")


def sanitised(
    markup: str, base: str, told: Told | None = None, *, locate: Locate | None = None
) -> str:
    """Return only harmless HTML, every address absolute below `base`, without controls.

    With `locate`, a relative address becomes what that says; links between articles (`article:…`,
    see `resolving`) stay, and those to source texts become such.

    Headings begin at h2, for the title is the h1. What a reader would miss has its fallback, and
    is told. Raises SourceError for a tree that is too deep, or too large, for what comes behind
    us, and for what a parser would take too long for.
    """
    tree = nesting.plain(markup)
    if tree:
        nesting.check(tree)
    else:
        mending.check(markup, lambda head: _cleaned(head, base))
    readable = fallbacks.salvaged(soup.parted(markup), Told() if told is None else told)
    clean = _cleaned(readable, base, locate)
    nesting.check(nesting.measured(clean))
    return legal(_demoted(_unparted(_with_uris(clean)))).strip()


def isolated(clean: str) -> str:
    """Return a body that runs from right to left, in which code in a line runs the other way.

    Else brackets and what stands before `=` come to the wrong side of it. A `pre` has a style.
    """
    return _CODE_IN_LINE.sub(r'<\1 dir="ltr"\2>', clean)


def _cleaned(markup: str, base: str, locate: Locate | None = None) -> str:
    def cited(_tag: str, name: str, value: str) -> str | None:
        return absolute(value, base) if name == "cite" else value

    def located(url: str) -> str | None:
        own = locate and (resolving.as_reference(url) or locate(url))
        return own or absolute(url, base)

    clean = nh3.clean(
        soup.parted(markup),
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        clean_content_tags=set(_CONTENT_TOO),
        url_schemes={*_SCHEMES, "article"} if locate else _SCHEMES,
        url_relative=located,
        # To nh3 a `cite` is no address: any scheme would stay. Asking for each attribute costs.
        attribute_filter=cited if "cite" in markup.lower() and _CITED.search(markup) else None,
        link_rel=None,
    )
    return resolving.only_in_links(clean) if locate and resolving.SCHEME in clean else clean


def _with_uris(clean: str) -> str:
    """Encode addresses that hold letters or spaces as they were typed."""
    if not _has_iri(clean):
        return clean
    return _ADDRESSED.sub(
        lambda tag: _ADDRESS.sub(
            lambda found: found[1] + escape(encoded(unescape(found[2])), quote=True) + '"', tag[0]
        ),
        clean,
    )


def _has_iri(clean: str) -> bool:
    """Whether an address holds letters, spaces or a host as they were typed; nearly never."""
    at = clean.find('="')
    while at >= 0:
        if clean.endswith(_ADDRESSES, 0, at) and _IRI.match(clean, at + 2):
            return True
        at = clean.find('="', at + 2)
    return False


def _unparted(clean: str) -> str:
    """Take out line ends that part a word of Chinese or Japanese; a browser shows a space there."""
    if "\n" not in clean or clean.isascii():
        return clean
    return "".join(
        part if part.startswith("<pre") else _PARTED.sub(r"\1\2", part)
        for part in _PRE.split(clean)
    )


def absolute(url: str, base: str) -> str | None:
    """Return `url` resolved against `base`, or None for what is no web, mail or phone address."""
    try:
        whole = urljoin(base, url.strip())
        scheme = urlsplit(whole).scheme
    except ValueError:
        return None
    return encoded(whole) if scheme in _SCHEMES else None


def _demoted(clean: str) -> str:
    if "<h1" not in clean:
        return clean
    return re.sub(r"(</?h)([1-6])\b", lambda found: f"{found[1]}{min(int(found[2]) + 1, 6)}", clean)


class Page(msgspec.Struct, frozen=True):
    """What an HTML file says in its head, and its body's markup; `base` is for addresses."""

    title: str
    meta: dict[str, str]
    body: str
    base: str = ""

    @property
    def values(self) -> dict[str, str]:
        """What its head says, under the names of front matter."""
        titled = {**self.meta, **({"title": self.title} if self.title else {})}
        return {("tags" if key == "keywords" else key): item for key, item in titled.items()}


def page(text: str) -> Page:
    """Take a whole HTML document apart; a fragment is all body (Pelican's HTML reader)."""
    if not _WHOLE.search(text):
        return Page("", {}, text)
    from lxml import etree
    from lxml import html as lxml_html

    from publisher.sources import documents, page_dates, stylesheets

    # lxml refuses a text that says how it was encoded; to HTML `<?` begins a comment.
    text = soup.parted(re.sub(r"\A\s*<\?xml[^>]*>", "", text))
    try:
        root = lxml_html.document_fromstring(text)
    except etree.ParserError:  # it holds nothing
        return Page("", {}, "")
    stylesheets.mark(root)
    meta: dict[str, str] = {}
    for element in root.iterfind(".//meta"):
        name, content = element.get("name"), element.get("content")
        if name and content:
            meta[name.lower()] = content
    meta |= page_dates.dates_of(root)
    language = root.get("lang")
    if language:
        meta.setdefault("language", language)
    base = next(filter(None, (found.get("href") for found in root.iter("base"))), "")
    title = " ".join((root.findtext(".//title") or "").split())
    inner = documents.article_of(root)
    if found := _first_heading(inner):
        title = documents.title_of(title, _heading(inner[found.inner]))
    return Page(title, meta, inner, base)


def leading_title(markup: str, title: str) -> tuple[str, str]:
    """Return the title, and the markup without the h1 that is the title.

    Where `title` is empty, an h1 that everything begins with is taken for it.
    """
    found = _first_heading(markup)
    if not found or not (title or found.is_first):
        return title, markup
    heading = _heading(markup[found.inner])
    if title and fold(title) != fold(heading):
        return title, markup
    return title or heading, found.before + found.after


def only_title(markup: str) -> tuple[str, str]:
    """Return the one h1 as the title, and the markup without it; "" where there are more or none.

    A picture, a notice or a list of contents may come before it.
    """
    found = _first_heading(markup)
    if not found or _first_heading(found.after):
        return "", markup
    return _heading(markup[found.inner]), f"{found.before}\n{found.after}"


class _Heading(msgspec.Struct, frozen=True):
    """Where the inside of an h1 stands, and what stands around it."""

    inner: slice
    before: str
    after: str

    @property
    def is_first(self) -> bool:
        return not self.before


def _first_heading(markup: str) -> _Heading | None:
    begin = _H1.search(markup)
    closing = "</p>" if begin and begin[0].startswith("<p") else "</h1>"
    end = markup.find(closing, begin.end()) if begin else -1
    if begin is None or end < 0:
        return None
    before, after = markup[: begin.start()].rstrip(), markup[end + len(closing) :].lstrip()
    return _Heading(slice(begin.end(), end), before, after)


def _heading(inner: str) -> str:
    return prose.words(sanitised(inner, "https://localhost/"))


def without_code(html: str) -> str:
    """Return HTML without what stands in `pre` and `code`.

    Where one is never closed nothing is looked for twice: what is asked may not be sanitised yet.
    """
    kept: list[str] = []
    at, unclosed = 0, set()
    for found in _CODE.finditer(html):
        tag = found[1]
        if found.start() < at or tag in unclosed:
            continue
        end = html.find(f"</{tag}>", found.end())
        if end < 0:
            unclosed.add(tag)
            continue
        kept.append(html[at : found.start()])
        at = end + len(f"</{tag}>")
    return "".join([*kept, html[at:]])


def template_code(clean: str) -> str:
    """Return the first unexpanded template code that stands outside code, "" if there is none."""
    if not ("{" in clean or "%7B" in clean) or not _TEMPLATE.search(clean):
        return ""
    found = _TEMPLATE.search(without_code(clean))
    return unescape(unquote(found[0])).split("\n")[0].strip('" ') if found else ""
