"""What the sanitiser would take away, and a reader would miss → what can stand in its place.

Films and frames become links, formulas and drawings their words, lazy pictures their real source;
what the page itself hides stays hidden. The result is not sanitised.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from html import escape

import msgspec
import nh3

from publisher.model import prose
from publisher.model.elements import BLOCKS, Element, parse
from publisher.sources import controls, films, formulas, mending, office, pictures, stylesheets
from publisher.sources.stylesheets import Sheet
from publisher.sources.unseen import is_unseen, without_doubles

_PARTING = "address article aside center fieldset footer header hgroup legend main nav section"
_OTHER_NAMES = {
    "acronym": "abbr", "dialog": "div", "strike": "s", "dir": "ul", "menu": "ul", "listing": "pre",
    "xmp": "pre", "tt": "code",
}  # fmt: skip
_INSTEAD = {**dict.fromkeys(_PARTING.split(), "div"), **_OTHER_NAMES}
_FRAMES = "iframe embed object portal amp-iframe amp-youtube lite-youtube lite-vimeo youtube-video"
_FRAMED = frozenset(_FRAMES.split())
_BOXES = _FRAMED | controls.FIELDS  # what a page shows in a box of its own, in a line
_UNWRAPPED = frozenset(
    "amp-img big blink canvas font form label map marquee meter o:p optgroup output progress "
    "x-noscript".split()
)
_VOID = frozenset("br col hr img source wbr".split())
_KEPT = frozenset(
    "a abbr audio b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl "
    "dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt "
    "ruby s samp small source span strong sub summary sup table tbody td tfoot th thead time tr u "
    "ul var video".split()
)
_ALL = frozenset(
    {*_KEPT, *_INSTEAD, *_FRAMES.split(), *controls.ALL, *_UNWRAPPED, *formulas.TAGS, "svg",
     "title", "desc", "text", "tspan", "track", "param", "x-tex", "amp-video", "amp-audio", "area"}
)  # fmt: skip
_ATTRIBUTES = {
    "*": set(
        "alt alttext align aria-hidden aria-label checked cite class colspan content controls "
        "data data-src data-lazy-src data-original data-lazy data-srcset data-lazy-srcset "
        "data-actualsrc data-instgrm-permalink data-videoid datetime dir display encoding "
        "height hidden href hreflang id kind label lang name open poster reversed role rowspan "
        "scope span src srcset start style title type value videoid viewbox viewBox width".split()
    )
}
_WANTED = (_ALL - _KEPT) | {"noscript", "picture", "video", "audio"}
_IN_PARTS = tuple(one for one in _WANTED if not one.isalnum())  # amp-img
_FIRST_PARTS = frozenset(re.split(r"\W", one)[0] for one in _IN_PARTS)
_WANTED_IN_PARTS = re.compile(rf"<(?:{'|'.join(_IN_PARTS)})\b")
_NAME = re.compile(r"<(\w+)")
_HINTS = tuple("hidden style srcset data- data: class name width height math/tex".split())
_SAYS_UNSEEN = r"(?:sr-only|hidden|screen-reader|d-none|mso|headerlink|anchor|permalink|hash-link)"
_ATTRIBUTED = re.compile(r"<[a-z][a-z0-9:-]*\s[^<]*")  # where `_WANTING` looks
_WANTING = re.compile(
    r"<[a-z][a-z0-9:-]*\s[^<]*?(?:"
    r"\bhidden\b|\baria-hidden\b|\bstyle\s*=|\bdata-[a-z-]{0,30}s(?:rc|et)"
    r"|\bdata-(?:original|lazy|instgrm-permalink)\b"
    r"|\bsrcset|\b(?:width|height)\s*=\s*[\"']?[01](?:px)?[\"'\s/>]|\bname\s*="
    r"|\btype\s*=\s*[\"']math/tex"
    rf"|\bclass\s*=\s*(?:\"[^\"]*?{_SAYS_UNSEEN}|'[^']*?{_SAYS_UNSEEN}|[^\"'\s>]{{0,100}}?{_SAYS_UNSEEN}))"
)
_ODD_SOURCE = re.compile(r"\bsrc\s*=\s*[\"']?\s*(?!https?:)[a-z][a-z0-9+.-]{0,30}:")
_ODD_LINK = re.compile(
    r"href\s*=\s*[\"']?\s*(?!(?:https?|mailto|tel|sms|article):)[a-z][a-z0-9+.-]{0,30}:"
)
_SCRIPT = re.compile(
    r"""<script\b[^>]{0,300}\bsrc\s*=\s*["']?(https://(?:gist\.github\.com/[\w-]+/[0-9a-f]+"""
    r"""|asciinema\.org/a/\w+))\.js[^>]{0,300}>\s*</script>""",
    re.IGNORECASE,
)
_ANY_SCRIPT = re.compile(r"<script\b(?![^>]{0,300}(?:ld\+json|math/tex))")
_TEX = re.compile(
    r"<script\b[^>]{0,200}math/tex[^>]{0,100}>(.{0,5000}?)</script>", re.IGNORECASE | re.DOTALL
)
_NOSCRIPT = re.compile(r"<(/?)noscript\b", re.IGNORECASE)
_UNCLOSED = re.compile(r"<!--(?!-?>)(?:(?!--!?>).)*+\Z", re.DOTALL)
_NOTHING = re.compile(r"<p[^>]*>\s*</p>")
_ANCHOR = re.compile(r"headerlink|anchor|permalink|hash-link")
_ANY_SCHEME = re.compile(
    r"\b(?:href|src|data)\s*=\s*[\"']?\s*([a-z][a-z0-9+.-]{0,30}):", re.IGNORECASE
)
_SCHEME = re.compile(r"\s*([a-zA-Z][a-zA-Z0-9+.-]*):")
_SCHEMES = frozenset(("http", "https", "mailto", "tel", "sms", "article"))
_SCRIPTED = frozenset(("javascript", "vbscript", "data", "blob", "file"))


class Told(msgspec.Struct):
    """What became of things that a sanitiser takes away, and what is lost; each with how often."""

    became: Counter[str] = msgspec.field(default_factory=Counter)
    lost: Counter[str] = msgspec.field(default_factory=Counter)


def salvaged(markup: str, told: Told) -> str:
    """Return markup in which everything has its fallback, and tell; most wants none.

    The caller has looked at what the markup costs to parse: see `mending`.
    """
    if "<script" in (lowered := markup.lower()):
        scripts = len(_ANY_SCRIPT.findall(lowered)) - len(_SCRIPT.findall(markup))
        told.became.update(
            {"a script is left out: mails and feeds run none": scripts} if scripts > 0 else {}
        )
    if "<!--" in markup and _UNCLOSED.match(markup, markup.rfind("<!--")):
        told.lost["what follows a comment that is never closed (<!--)"] += 1
    if not _wants_one(lowered):
        return markup
    framed = _SCRIPT.sub(r'<iframe src="\1"></iframe>', markup)
    readable = _NOSCRIPT.sub(r"<\1x-noscript", _TEX.sub(_tex, framed))
    if readable != markup:
        mending.check(readable, _tidied)
    tidy = _tidied(readable)
    sheet = stylesheets.of_markup(markup)
    return _Salvage(told, "<x-noscript" in tidy, sheet).children(parse(tidy))


def _tidied(readable: str) -> str:
    return nh3.clean(
        readable,
        tags=set(_ALL),
        attributes=_ATTRIBUTES,
        clean_content_tags={"script", "style", "template", "noembed", "noframes"},
        url_schemes={scheme.lower() for scheme in _ANY_SCHEME.findall(readable)} | _SCHEMES,
        link_rel=None,
    )


def _wants_one(lowered: str) -> bool:
    """Whether anything in markup may want a fallback; asked of every article, and quick."""
    names = set(_NAME.findall(lowered))
    if not _WANTED.isdisjoint(names) or ("src" in lowered and _ODD_SOURCE.search(lowered)):
        return True
    if "href" in lowered and _ODD_LINK.search(lowered):
        return True
    if not _FIRST_PARTS.isdisjoint(names) and _WANTED_IN_PARTS.search(lowered):
        return True
    if "<script" in lowered and _SCRIPT.search(lowered):
        return True
    if "<style" in lowered or "<noembed" in lowered or "<noframes" in lowered:
        return True
    told = "".join(_ATTRIBUTED.findall(lowered))  # of most articles a few links
    return any(hint in told for hint in _HINTS) and bool(_WANTING.search(lowered))


def _tex(found: re.Match[str]) -> str:
    return f"<x-tex>{escape(found[1])}</x-tex>"


class _Salvage:
    def __init__(self, told: Told, is_divided: bool, sheet: Sheet) -> None:
        """`is_divided`: paragraphs were parted by what was no paragraph's to hold."""
        self.told, self.is_divided, self.sheet = told, is_divided, sheet
        self.forms = 0  # that are open
        self.rules: Mapping[str, Callable[[Element], str]] = {
            **dict.fromkeys(_FRAMES.split(), self.frame),
            **dict.fromkeys(controls.ALL, self.control),
            **dict.fromkeys(("amp-video", "amp-audio", "video", "audio"), self.player),
            "a": self.link, "amp-img": self.picture, "area": self.area, "b": self.bold,
            "blockquote": self.quotation, "canvas": self.canvas, "form": self.form,
            "img": self.picture, "math": self.formula, "p": self.paragraph,
            "picture": self.pictures, "span": self.span, "svg": self.drawing, "x-tex": self.tex,
        }  # fmt: skip

    def children(self, parent: Element) -> str:
        nodes = office.with_lists(list(without_doubles(parent.children)))
        pieces: list[str] = []
        was_frame = is_open = was_line = False
        for node in nodes:
            piece = self.node(node)
            is_frame = isinstance(node, Element) and node.tag in _BOXES
            is_line = isinstance(node, Element) and _is_line(node)
            is_inline = isinstance(node, str) or not (node.tag in _BREAKS or node.blocks)
            if is_open and is_inline and (is_line or was_line) and piece.strip():
                pieces.append("<br>")
            is_beside = piece and pieces and (is_frame or was_frame)
            if is_beside and not (pieces[-1][-1].isspace() or piece[0].isspace()):
                pieces.append(" ")  # what was a box of its own must not be glued to words
            if piece:
                pieces.append(piece)
                was_frame = is_frame
            if piece.strip():
                is_open, was_line = is_inline, is_line
        return "".join(pieces)

    def node(self, node: Element | str) -> str:
        if isinstance(node, str):
            return escape(node, quote=False)
        if self.is_hidden(node):
            return ""
        if node.tag != "span" and _STRUCK.search(node.get("style")):
            _strike(node)
        rule = self.rules.get(node.tag)
        if rule:
            return rule(node)
        if node.tag in _UNWRAPPED or node.tag not in _KEPT | _INSTEAD.keys():
            return self.children(node)
        return self.plain(node)

    def is_hidden(self, element: Element) -> bool:
        """Whether the page itself does not show an element; what its style sheet hides is told."""
        by_sheet = element.get("hidden") == stylesheets.BY_SHEET or self.sheet.hides(
            element.tag, element.get("class"), element.get("id")
        )
        if by_sheet:
            self.told.became["what the page's own style sheet hides is left out"] += 1
        return by_sheet or element.tag == "title" or is_unseen(element)

    def plain(self, element: Element, tag: str = "") -> str:
        """An element as it is, or as another one; what only parts its words where it must."""
        tag = tag or _INSTEAD.get(element.tag, element.tag)
        inner = self.children(element)
        if tag == "div" and element.tag != "div" and not _has_words_of_its_own(element):
            return inner
        attributes = _written(element.attributes)
        if tag in _VOID:
            return f"<{tag}{attributes}>"
        # A parser takes the first line end of preformatted lines for none of them.
        return f"<{tag}{attributes}>{chr(10) if tag == 'pre' else ''}{inner}</{tag}>"

    # Links

    def link(self, element: Element) -> str:
        if element.get("name") and not element.get("id"):
            element.attributes["id"] = element.get("name")
        words = prose.words(element)
        classes = element.get("class")
        if len(words) < 3 and not any(c.isalnum() for c in words) and _ANCHOR.search(classes):
            return ""  # the mark beside a heading that links to itself
        found = _SCHEME.match(element.get("href"))
        scheme = found[1].lower() if found else "http"
        if scheme in _SCHEMES:
            return self.plain(element)
        inner = self.children(element)
        if scheme in _SCRIPTED:
            self.told.lost[f"a link that only works in a browser ({scheme}:)"] += 1
            return inner
        self.told.became[f"a link to {scheme}: stands as text"] += 1
        address = element.get("href").strip()
        return inner if address in words else f"{inner} ({escape(address, quote=False)})"

    def area(self, element: Element) -> str:
        """A part of a picture that leads somewhere: a link of its own behind the picture."""
        words = " ".join((element.get("alt") or element.get("title")).split())
        if not words or not element.get("href"):
            return ""
        self.told.became["a part of a picture became a link beside it"] += 1
        return f" <a{_written({'href': element.get('href')})}>{escape(words, quote=False)}</a> "

    # Films, frames, players

    def frame(self, element: Element) -> str:
        inner = self.children(element) if element.tag == "object" else ""
        if prose.words(parse(inner)):
            self.told.became["an <object> became what it holds for those who cannot see it"] += 1
            return inner
        source = element.get("src") or element.get("data-src") or element.get("data-lazy-src")
        source = source or element.get("data") or films.address_of_player(element)
        if not source or source.startswith(("data:", "javascript:", "about:")):
            self.told.lost[f"an <{element.tag}>"] += 1
            return inner
        found = films.film(source)
        title = element.get("title") or element.get("aria-label") or found.name
        self.told.became[f"an <{element.tag}> became a link to {found.address}"] += 1
        return films.link(found, " ".join(title.split()))

    def player(self, element: Element) -> str:
        """A player of the page itself: mails show a link to it."""
        tag = element.tag.removeprefix("amp-")
        element.attributes.setdefault("controls", "")
        kept = [one for one in element.children if not _is(one, "track")]
        if not element.get("src") and not any(_is(one, "source") for one in kept):
            self.told.lost[f"a <{tag}> without a file"] += 1
            return ""
        self.told.became[f"a <{tag}>: mails show a link to it"] += 1
        element.children = kept
        return self.plain(element, tag)

    def quotation(self, element: Element) -> str:
        """A post of another site that only its script fills: a link to it."""
        source = element.get("data-instgrm-permalink") or element.get("cite")
        if prose.words(element) or not source.startswith(("http://", "https://")):
            return self.plain(element)
        found = films.film(source)
        self.told.became[f"a post became a link to {found.address}"] += 1
        return f"<p>{films.link(found, found.name)}</p>"

    def canvas(self, element: Element) -> str:
        inner = self.children(element)
        if not prose.words(parse(inner)):
            self.told.lost["a <canvas>"] += 1
        return inner

    # Pictures

    def picture(self, element: Element) -> str:
        if pictures.counts_readers(element):
            return ""
        source = pictures.real_source(element)
        alt = " ".join(element.get("alt").split())
        if not source:
            self.told.lost[f"a picture {_place_of(element.get('src'))}"] += 1
            return escape(f"[{alt}]", quote=False) if alt else ""
        if element.get("src") != source:
            self.told.became["a picture that loads later has its real address"] += 1
        given = {**element.attributes, "src": source, **pictures.sizes(element)}
        return f"<img{_written(given)}>"

    def pictures(self, element: Element) -> str:
        """`<picture>`: one source for all, since mail programs know no other."""
        sources = [one for one in element.iter("source") if one.get("srcset")]
        for image in element.iter("img"):
            if not pictures.real_source(image) and sources:
                image.attributes["src"] = pictures.best_of(sources[-1].get("srcset"))
        return "".join(self.node(one) for one in element.children if not _is(one, "source"))

    def drawing(self, element: Element) -> str:
        words = pictures.words_of_drawing(element)
        if not words:
            self.told.lost["a drawing (SVG)"] += 1
            return ""
        self.told.became["a drawing (SVG) became its words"] += 1
        return escape(f"[{words}]", quote=False)

    # Words

    def formula(self, element: Element) -> str:
        self.told.became["a formula (MathML) became text"] += 1
        typed = formulas.typed(element)
        if typed:
            return f"<code>{escape(typed, quote=False)}</code>"
        return escape(formulas.linear(element), quote=False)

    def tex(self, element: Element) -> str:
        self.told.became["a formula (TeX) became text"] += 1
        return f"<code>{escape(prose.words(element), quote=False)}</code>"

    def form(self, element: Element) -> str:
        self.told.lost["a form: its words stay, its fields do not"] += 1
        words = [
            one
            for one in element.children
            if isinstance(one, str) or one.tag not in controls.FIELDS
        ]
        self.forms += 1
        whole = self.plain(Element("section", {}, words, element.blocks))
        self.forms -= 1
        return whole

    def control(self, element: Element) -> str:
        """A button or a field: its words stand as text, but for those of a form."""
        tag, kind = element.tag, element.get("type").lower()
        if tag == "input" and kind == "checkbox":
            return "☑ " if "checked" in element.attributes else "☐ "
        if tag == "input" and kind == "radio":
            return "◉ " if "checked" in element.attributes else "○ "
        is_seen = tag not in ("datalist", "option") and kind != "hidden"
        if self.forms or not is_seen or controls.is_of_the_page(element):
            return ""
        inner = (
            self.children(element)
            if tag == "button"
            else escape(controls.words_of(element), quote=False)
        )
        if not prose.words(parse(inner)) and "<img" not in inner:
            self.told.lost[f"{'an' if tag == 'input' else 'a'} <{tag}>"] += 1
            return ""
        self.told.became[f"{'an' if tag == 'input' else 'a'} <{tag}> became its words"] += 1
        return inner

    def paragraph(self, element: Element) -> str:
        if office.is_empty(element):
            return ""
        whole = self.plain(element, office.tag_of(element))
        return "" if self.is_divided and _NOTHING.fullmatch(whole) else whole

    def bold(self, element: Element) -> str:
        """Google Docs wraps a whole text into a `<b>` that is not bold."""
        is_plain = re.search(r"font-weight\s*:\s*(?:normal|400)", element.get("style"))
        return self.children(element) if is_plain else self.plain(element)

    def span(self, element: Element) -> str:
        """What only a style tells and the meaning hangs on: raised, lowered, struck."""
        inner = self.plain(element)
        style = element.get("style").lower()
        for pattern, tag in _STYLES:
            if pattern.search(style):
                inner = f"<{tag}>{inner}</{tag}>"
        return inner


_STRUCK = re.compile(r"(?:^|;)\s*text-decoration[a-z-]*\s*:[^;]*line-through", re.IGNORECASE)
_STYLES = (
    (re.compile(r"vertical-align\s*:\s*super"), "sup"),
    (re.compile(r"vertical-align\s*:\s*sub\b"), "sub"),
    (_STRUCK, "s"),
)


def _strike(element: Element) -> None:
    """Put what a style strikes out within an element for it, in each part that holds words."""
    if element.tag in BLOCKS and not element.blocks and element.tag not in _HOLD_NO_WORDS:
        element.children = [Element("s", {}, element.children)]
        return
    for at, child in enumerate(element.children):
        if isinstance(child, Element) and (child.tag in BLOCKS or child.blocks):
            _strike(child)
        elif not isinstance(child, str) or child.strip():
            element.children[at] = Element("s", {}, [child])


_HOLD_NO_WORDS = frozenset("dl menu ol table tbody tfoot thead tr ul".split())


_BREAKS = BLOCKS | {"br"}
_LINE = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)\b")


def _is_line(element: Element) -> bool:
    """Whether a page shows a part of a line as a line of its own."""
    return element.tag in ("span", "a", "b", "em", "i", "strong", "small") and bool(
        _LINE.search(element.get("style").lower())
    )


def _place_of(source: str) -> str:
    """Where a picture lies that no reader can load."""
    scheme = _SCHEME.match(source)
    if scheme is None:
        return "without address"
    name = scheme[1].lower()
    return "whose data stands in the text (data:)" if name == "data" else f"at {name}:"


def _is(node: Element | str, tag: str) -> bool:
    return isinstance(node, Element) and node.tag == tag


def _written(attributes: Mapping[str, str]) -> str:
    return "".join(
        f' {name}="{escape(value)}"' for name, value in attributes.items() if name != "style"
    )


def _has_words_of_its_own(element: Element) -> bool:
    """Whether words stand in an element beside its blocks: unwrapped, they would be glued."""
    return any(
        child.strip() if isinstance(child, str) else _is_shown_in_a_line(child)
        for child in element.children
    )


def _is_shown_in_a_line(element: Element) -> bool:
    if element.tag in BLOCKS or element.blocks or element.tag in ("input", "select", "datalist"):
        return False
    return element.tag == "img" or bool(prose.words(element)) or any(element.iter("img"))
