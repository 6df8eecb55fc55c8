"""An article's body and its site → the body without template code, with what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import msgspec
from msgspec.structs import replace

from publisher.errors import Problem
from publisher.model import Publication
from publisher.sources import frontmatter
from publisher.sources.site_files import SiteFiles
from publisher.sources.templating import Expanded, Page
from publisher.sources.templating.expanding import expand

_SHORTCODE = re.compile(r"\{\{[<%]\s*/?\s*([\w./-]+)")
_MAY_BE_CODE = re.compile(
    r"\{\{|\{%|link://|[{|](?:filename|static|attach|author|category|tag|index)[}|]"
)


class Expansion(msgspec.Struct, frozen=True, kw_only=True):
    """A body without template code; `used` are the site's files it read, with their digests."""

    text: str
    made: Expanded
    problems: tuple[Problem, ...] = ()
    used: Mapping[str, str] = msgspec.field(default_factory=dict)

    @classmethod
    def none(cls, text: str) -> Expansion:
        """Return a body that holds no template code, whatever it looks like."""
        return cls(text=text, made=Expanded(text=text))

    @property
    def is_complete(self) -> bool:
        """Whether what looks like code in it is text."""
        return self.made.is_complete

    @property
    def whole(self) -> str:
        """The body of an HTML article with what its code stands for."""
        return self.made.filled(self.text)

    def filled(self, html: str) -> str:
        """Return the body's HTML with what its code stands for."""
        return self.made.filled(html)

    def line_of(self, line: int, typed: str) -> int | None:
        """The line of the body as it was typed that became a line, None where nobody knows."""
        if self.text == typed:
            return line
        old, new = typed.split("\n"), self.text.split("\n")
        if new[:line] == old[:line]:
            return line
        rest = new[line - 1 :]
        return len(old) - len(rest) + 1 if rest == old[len(old) - len(rest) :] else None


def _may_be_code(text: str) -> bool:
    """Whether anything looks like code; asked of every article, and quick."""
    return any(one in text for one in ("{", "|", "link://")) and bool(_MAY_BE_CODE.search(text))


def expanded(
    path: str,
    kind: str,
    head: frontmatter.Head,
    named: Mapping[str, str],
    publication: Publication,
    site: SiteFiles,
    address: Callable[[], str] = str,
) -> Expansion:
    """Return the body of an article (`kind` is one of `KINDS`) without template code.

    `named` is what its file's name says, `address` where it stands, from the base URL on. Braces of
    MDX are its own.
    """
    if kind in ("text", "mdx") or not _may_be_code(head.body):
        return Expansion.none(head.body)
    used: dict[str, str] = {}
    values = {**named, **head.values}
    own = values.get("lang") or values.get("language")
    page = Page(
        path=path,
        values=values,
        language=str(own or publication.language),
        is_html=kind == "html",
        address=address,
    )
    made = expand(head.body, site.of(used), page)
    problems = tuple(
        replace(one, path=path, line=one.line and one.line + head.body_line - 1)
        for one in made.problems
    )
    return Expansion(text=made.text, made=made, problems=problems, used=used)


def name_in(code: str) -> str:
    """Return the name of the shortcode that some template code begins with, "" where it is none."""
    found = _SHORTCODE.match(code.strip())
    return found[1] if found else ""
