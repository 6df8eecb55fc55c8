"""One shortcode with what it is given, and the HTML that built-in ones make of it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping
from html import escape
from urllib.parse import quote

import msgspec

from publisher.sources import markup
from publisher.sources.templating.site import Page, Site


class Fault(Exception):
    """Template code that cannot be expanded: what is wrong, what to do, and where it is known.

    `shortcode` is the name of one that an owner's template would make known.
    """

    def __init__(
        self, what: str, todo: str = "", *, line: int | None = None, shortcode: str = ""
    ) -> None:
        self.what, self.todo, self.line, self.shortcode = what, todo, line, shortcode
        super().__init__(what)


class Html(str):
    """What a shortcode makes, as HTML; a plain text stands in the article as if it were typed."""

    __slots__ = ()


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """One shortcode: `inner` is what it encloses as typed, `html` turns that into HTML."""

    name: str
    args: tuple[str, ...] = ()
    params: Mapping[str, str] = msgspec.field(default_factory=dict)
    inner: str = ""
    html: Callable[[str], str] = str
    site: Site = msgspec.field(default_factory=Site)
    page: Page = msgspec.field(default_factory=Page)

    def get(self, *names: str | int, default: str = "") -> str:
        """The first that is given of some names and places."""
        for name in names:
            if isinstance(name, int):
                if name < len(self.args):
                    return self.args[name]
            elif name in self.params:
                return self.params[name]
        return default

    def needed(self, *names: str | int) -> str:
        """The same, or Fault where none is given."""
        if found := self.get(*names).strip():
            return found
        raise Fault(f"the shortcode {self.name} wants {names[-1]!r}, and was given none")


Builtin = Callable[[Code], str]
_NAME = re.compile(r"[\w.:-]{1,80}", re.ASCII)


def named(code: Code, *names: str | int) -> str:
    """What a shortcode names at a place elsewhere: a film, a post; Fault for anything odd."""
    found = code.needed(*names)
    if not _NAME.fullmatch(found):
        raise Fault(f"the shortcode {code.name} names what cannot be a name: {found[:60]!r}")
    return quote(found, safe="")


def element(tag: str, attributes: Mapping[str, str], inner: str = "") -> str:
    """An element with the attributes that have a value."""
    given = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items() if value)
    return f"<{tag}{given}>" if tag == "img" else f"<{tag}{given}>{inner}</{tag}>"


def text(words: str) -> Html:
    """Words as HTML."""
    return Html(escape(words, quote=False))


def frame(address: str, title: str = "") -> Html:
    """A film: what the fallbacks make a link with a still of."""
    return Html(element("iframe", {"src": address, "title": title}))


def post(address: str) -> Html:
    """A post of another site, which its script would fill: the fallbacks make a link of it."""
    return Html(element("blockquote", {"cite": address}))


def nothing(_code: Code) -> Html:
    """What editors tell each other."""
    return Html("")


def article(reference: str) -> str:
    """The internal address of another article, resolved once all are known."""
    path, mark, fragment = reference.strip().partition("#")
    return f"article:{quote(path, safe='/@')}{mark}{quote(fragment, safe='')}"


def lines_of_code(code: str, language: str) -> Html:
    """A block of code."""
    name = language if _NAME.fullmatch(language) else ""
    inner = escape(code.strip("\n"), quote=False)
    return Html(f"<pre>{element('code', {'class': name and f'language-{name}'}, inner)}</pre>\n")


_PARAGRAPH = re.compile(r"\s*<p>((?:(?!</?p\b).)*+)</p>\s*", re.DOTALL)


def markdown(typed: str, language: str, *, typeset: bool, is_block: bool = False) -> str:
    """Markdown as HTML; one paragraph alone is its words (Hugo's `markdownify`)."""
    made = markup.markdown(textwrap.dedent(typed), language, typeset=typeset)
    alone = None if is_block else _PARAGRAPH.fullmatch(made)
    return alone[1] if alone else made


def parted(inner: str) -> str:
    """Markdown of several lines, so that HTML around it does not take it in (CommonMark §4.6)."""
    return "\n\n" + inner.strip("\n") + "\n\n" if "\n" in inner else inner
