"""Directives and roles that docutils does not have, and people's posts do.

What only the site's own generator can fill (charts, lists of posts, listings of files) is left out
and told. Nothing here reads a file or asks a server.
"""

from __future__ import annotations

import re
from collections import Counter
from html import escape
from typing import Any, ClassVar
from urllib.parse import quote

from docutils import nodes
from docutils.parsers.rst import Directive, directives, roles, states
from docutils.parsers.rst.directives.admonitions import BaseAdmonition
from docutils.parsers.rst.directives.body import CodeBlock
from docutils.parsers.rst.directives.images import Figure, Image
from docutils.statemachine import StringList

_ID = re.compile(r"[\w-]{1,60}")
_FILMS = {
    "youtube": "https://www.youtube.com/embed/",
    "vimeo": "https://player.vimeo.com/video/",
    "soundcloud": "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/",
}
_OF_POSTS = ("tags", "author", "category", "language", "title")  # options of ABlog's `post`
_LEFT_OUT = (
    "chart gist graphviz include-page listing literalinclude media post-list post_list plantuml "
    "mermaid packages slides soundcloud_playlist tags video gallery carousel toctree autoclass "
    "automodule autofunction header footer todo todolist date"  # which would be that of today
).split()
_KEPT = "hlist glossary tabs tab-set grid grid-item card-body quote".split()
_TITLED = "centered tab tab-item group-tab card grid-item-card".split()
_UNSEEN = "highlight index meta-data more tabularcolumns default-domain currentmodule".split()
_OF_HTML = frozenset("html format_html builder_html dirhtml builder_dirhtml".split())
_OF_OTHER_FORMATS = re.compile(r"(?:latex|pdf|text|man|epub|texinfo|not html|builder_latex)")
_OTHER_ROLES = frozenset("ref term numref any keyword download".split())
_CODE_ROLES = frozenset("kbd samp file command option envvar guilabel".split())
INLINE = {
    **dict.fromkeys("strike strikethrough del deleted s line-through".split(), "s"),
    **dict.fromkeys("mark marked highlight".split(), "mark"),
    **dict.fromkeys("u underline underlined".split(), "u"),
    "ins": "ins",
    "small": "small",
    "q": "q",
    "b": "b",
    "bold": "b",
    "i": "i",
    "italic": "i",
}
"""Roles, and classes of a text's own, that are elements of HTML."""
_TITLE = re.compile(r"(.+?)\s*<([^<>]+)>", re.DOTALL)


class _Any(Directive):
    """What takes any arguments, options and content."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True


class _Options(dict[str, object]):
    """Every option is known, and is a text."""

    def __missing__(self, _: str) -> object:
        return directives.unchanged

    def __bool__(self) -> bool:
        return True


class LeftOut(_Any):
    """What a generator fills, and this program cannot: it is told."""

    option_spec: ClassVar[Any] = _Options()

    def run(self) -> list[nodes.Node]:
        """Return nothing, and tell."""
        told = self.state.document.settings.told
        told[self.name] += 1
        return []


class Unseen(_Any):
    """What shows nothing."""

    option_spec: ClassVar[Any] = _Options()

    def run(self) -> list[nodes.Node]:
        """Return nothing."""
        return []


class Film(_Any):
    """`.. youtube:: ID` and its like: a frame, which becomes a link with a still."""

    required_arguments = 1
    optional_arguments = 0
    option_spec: ClassVar[Any] = _Options()

    def run(self) -> list[nodes.Node]:
        """Return the frame."""
        place = self.arguments[0].strip()
        if not _ID.fullmatch(place):
            raise self.error(f"{place[:60]!r} is no id of a film")
        source = escape(_FILMS[self.name] + quote(place))
        return [nodes.raw("", f'<iframe src="{source}"></iframe>', format="html")]


class Code(CodeBlock):
    """`.. code-block::` of Sphinx, Pelican and Nikola: options of theirs are known."""

    option_spec: ClassVar[Any] = _Options()

    def run(self) -> list[nodes.Node]:
        """Return the block with its caption, without the options that are for looks."""
        said = str(self.options.get("caption") or "").strip()
        caption = [nodes.paragraph("", "", nodes.strong("", said))] if said else []
        self.options = {}
        return [*caption, *super().run()]  # type: ignore[no-untyped-call]


class Picture(Image):
    """An image whatever its options are."""

    option_spec: ClassVar[Any] = _Options(Image.option_spec or {})


class Framed(Figure):
    """A figure whatever its options are; Nikola's `thumbnail` is one that can be enlarged."""

    option_spec: ClassVar[Any] = _Options(Figure.option_spec or {})


class Kept(_Any):
    """A frame of another program whose content stays."""

    option_spec: ClassVar[Any] = _Options()

    def run(self) -> list[nodes.Node]:
        """Return what stands in it."""
        inner = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, inner)
        return [inner]


class Only(Kept):
    """Sphinx' `only`: what is for pages stays, what is for drafts or the like does not."""

    def run(self) -> list[nodes.Node]:
        """Return what stands in it where HTML is meant; tell what is for no other format."""
        expression = " ".join(self.arguments).lower()
        if _holds(expression):
            return super().run()
        if not _OF_OTHER_FORMATS.fullmatch(expression):
            self.state.document.settings.told[self.name] += 1
        return []


def _holds(expression: str) -> bool:
    """Whether a condition of Sphinx' tags is met by a page; one that cannot be read is not."""
    if not re.fullmatch(r"[\w\s()-]{1,200}", expression):
        return False
    words = re.findall(r"[()]|[\w-]+", expression)[::-1]
    try:
        found = _any_of(words)
    except IndexError:
        return False
    return found and not words


def _any_of(words: list[str]) -> bool:
    """Take conditions parted by `or`; the words that are left come last first."""
    found = _all_of(words)
    while words[-1:] == ["or"]:
        words.pop()
        found = _all_of(words) or found
    return found


def _all_of(words: list[str]) -> bool:
    found = _one_of(words)
    while words[-1:] == ["and"]:
        words.pop()
        found = _one_of(words) and found
    return found


def _one_of(words: list[str]) -> bool:
    word = words.pop()
    if word == "not":
        return not _one_of(words)
    if word == "(":
        found = _any_of(words)
        words.pop()  # the bracket that closes it
        return found
    return word in _OF_HTML


class Titled(_Any):
    """A frame with a title: a tab, a card, a line in the middle."""

    option_spec: ClassVar[Any] = _Options()

    def run(self) -> list[nodes.Node]:
        """Return its title in bold, and what stands in it."""
        inner = nodes.container()
        if self.arguments:
            inner += nodes.paragraph("", "", nodes.strong("", self.arguments[0]))
        self.state.nested_parse(self.content, self.content_offset, inner)
        return [inner]


class Folded(_Any):
    """What opens on a page: `details`, `dropdown`, `toggle`."""

    option_spec: ClassVar[Any] = _Options()

    def run(self) -> list[nodes.Node]:
        """Return it as HTML's own."""
        inner = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, inner)
        said = escape(" ".join(self.arguments), quote=False)
        summary = f"<summary>{said}</summary>" if said else ""
        begin = nodes.raw("", f"<details>{summary}\n", format="html")
        return [begin, *inner.children, nodes.raw("", "</details>\n", format="html")]


class SeeAlso(BaseAdmonition):
    """Sphinx' `seealso`."""

    node_class = nodes.admonition
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[Any] = _Options()

    def run(self) -> list[nodes.Node]:
        """Return an admonition that has its name as class; the title is put in when written."""
        found = nodes.admonition(classes=[self.name])
        said = StringList("\n".join(self.arguments).split("\n"), "article")
        for part in (said, self.content):
            self.state.nested_parse(part, self.content_offset, found)
        return [found]


class Changed(_Any):
    """Sphinx' `versionadded` and its like: a paragraph that says which version."""

    option_spec: ClassVar[Any] = _Options()

    def run(self) -> list[nodes.Node]:
        """Return what stands in it, with the version before."""
        inner = nodes.container()
        if self.arguments:
            said = self.name.removeprefix("version")
            version = nodes.emphasis("", f"{said.capitalize()}: ")
            inner += nodes.paragraph("", "", version, nodes.Text(self.arguments[0]))
        self.state.nested_parse(self.content, self.content_offset, inner)
        return [inner]


class Post(_Any):
    """ABlog's `post`: the front matter of a text of Sphinx; one without a day is a draft."""

    option_spec: ClassVar[Any] = _Options()

    def run(self) -> list[nodes.Node]:
        """Keep what it says for the document; readers see nothing of it."""
        found = {
            name: str(value).strip()
            for name, value in self.options.items()
            if name in _OF_POSTS and str(value or "").strip()
        }
        day = " ".join(self.arguments).strip()
        self.state.document.settings.post = {**found, **({"date": day} if day else {"draft": True})}
        return []


def register() -> None:
    """Make them known to docutils; doing it again changes nothing."""
    known: dict[str, type[Directive]] = {
        **dict.fromkeys(_LEFT_OUT, LeftOut),
        **dict.fromkeys(_UNSEEN, Unseen),
        **dict.fromkeys(_FILMS, Film),
        **dict.fromkeys(("code", "code-block", "sourcecode", "highlight-block"), Code),
        **dict.fromkeys(_KEPT, Kept),
        "only": Only,
        **dict.fromkeys(_TITLED, Titled),
        **dict.fromkeys(("details", "dropdown", "toggle", "collapse"), Folded),
        **dict.fromkeys(("versionadded", "versionchanged", "deprecated"), Changed),
        **dict.fromkeys(("seealso", "info"), SeeAlso),
        "figure": Framed,
        "post": Post,
        "image": Picture,
        "thumbnail": Framed,
    }
    for name, made in known.items():
        directives.register_directive(name, made)


def inliner(unknown: Counter[str]) -> states.Inliner:
    """docutils' own, to which no role is unknown: what one names is shown as code, and counted.

    It looks for its patterns in its own class alone, so that it cannot be a subclass.
    """
    made = states.Inliner()
    known = made.interpreted

    def interpreted(
        rawsource: str, text: str, role: str, lineno: int
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        if role == "doc":  # Nikola's and Sphinx' link to another article
            return [_link(text)], []
        if role in _OTHER_ROLES:
            return [nodes.inline("", _shown(text))], []
        if role in _CODE_ROLES:
            return [nodes.literal("", text)], []
        if role == "abbr":
            found = re.fullmatch(r"(.+?)\s*\(([^()]*)\)", text, re.DOTALL)
            return [nodes.abbreviation("", found[1] if found else text)], []
        silent: Any = _Silent()
        is_known = role and roles.role(role, made.language, lineno, silent)[0] is not None
        if role in INLINE and not is_known:
            return [nodes.inline("", text, classes=[role])], []
        if role and not is_known:
            unknown[role] += 1
            return [nodes.literal("", _shown(text).lstrip("~!"))], []
        return known(rawsource, text, role, lineno)

    made.interpreted = interpreted  # type: ignore[method-assign]
    return made


class _Silent:
    """A reporter that tells nothing: what is not known is no fault."""

    def info(self, *_: object, **__: object) -> None:
        return None

    error = warning = info


def _shown(text: str) -> str:
    found = _TITLE.fullmatch(text)
    return found[1] if found else text


def _link(text: str) -> nodes.Node:
    found = _TITLE.fullmatch(text)
    title, place = (found[1], found[2]) if found else (text, text)
    page, _, fragment = place.partition("#")
    address = "article:" + quote(page.strip()) + (f"#{quote(fragment)}" if fragment else "")
    return nodes.reference("", title, refuri=address)
