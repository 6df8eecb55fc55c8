"""A text in reStructuredText → its title, its fields and its HTML.

docutils is told to include no file, to load nothing and to end on nothing; raw HTML is taken, for
the whole is sanitised after. What it has to say becomes problems with their lines.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from docutils import frontend, nodes, utils
from docutils.parsers.rst import Parser
from docutils.readers import standalone
from docutils.transforms import Transform
from docutils.writers import html5_polyglot

from publisher.errors import Problem
from publisher.sources.dialects.rst import bounds, extras
from publisher.sources.dialects.rst.html import MORE, Writer, complete_addresses, number_notes

_MOST_TOLD = 10  # messages of one article
_UNKNOWN = re.compile(r'Unknown directive type "([^"]*)"')

_READS_FILES = re.compile(r'"([^"]*)" directive disabled')


@dataclass(frozen=True, slots=True)
class Document:
    """A text taken apart: what its fields say, with their lines, and its title, "" for none."""

    title: str
    values: Mapping[str, Any]
    lines: Mapping[str, int]
    problems: tuple[Problem, ...]
    _tree: nodes.document = field(repr=False)

    def html(self, language: str, *, with_title: bool = False) -> tuple[str, str]:
        """Return the HTML, not sanitised, and of it what stands before the teaser's end."""
        try:
            writer = Writer(self._tree, language, with_title)
            self._tree.walkabout(writer)
        except RecursionError:
            raise bounds.too_deep() from None
        before, found, after = "".join(writer.body).partition(MORE)
        return before + after, before if found else ""


def parse(text: str, first_line: int = 1) -> Document:
    """Take a text apart; `first_line` is where in its file it begins.

    A heading that everything stands under is its title. Raises SourceError, with the line, for what
    cannot be read in time that grows with it.
    """
    bounds.check(text, first_line)
    extras.register()
    settings = copy.copy(_settings())
    settings.told = Counter()
    settings.post = {}  # what ABlog's directive says
    document = utils.new_document("article", settings)
    unknown: Counter[str] = Counter()
    parser = Parser(inliner=extras.inliner(unknown))
    try:
        parser.parse(text, document)
        reader = _Reader(parser)
        document.transformer.populate_from_components((reader, parser))
        document.transformer.apply_transforms()
        number_notes(document)
        complete_addresses(document)
    except RecursionError:
        raise bounds.too_deep() from None
    values, lines = _fields(document)
    return Document(
        title=_title(document),
        values=values,
        lines={name: line + first_line - 1 for name, line in lines.items()},
        problems=tuple(_problems(document, unknown, first_line)),
        _tree=document,
    )


@cache
def _settings() -> Any:
    settings = frontend.get_default_settings(Parser, standalone.Reader, html5_polyglot.Writer)
    vars(settings).update(
        file_insertion_enabled=False,
        raw_enabled=True,
        halt_level=5,
        report_level=5,
        warning_stream=False,
        syntax_highlight="none",
        smart_quotes=False,
        doctitle_xform=True,
        docinfo_xform=True,
        sectsubtitle_xform=False,
        embed_stylesheet=False,
        stylesheet=None,
        stylesheet_path="",
        math_output="LaTeX",
        line_length_limit=1_000_000,
        auto_id_prefix="id",
        toc_backlinks=False,
        record_dependencies=None,
    )
    return settings


class _Bounded(Transform):
    """Substitutions that stand for too much, before they are put in (docutils' own is at 220)."""

    default_priority = 219

    def apply(self) -> None:
        """Raise SourceError for them."""
        bounds.check_substitutions(self.document)


class _FieldsOnTop(Transform):
    """Fields before the title, as Sphinx has them: they go behind it, before docutils looks."""

    default_priority = 310

    def apply(self) -> None:
        """Move them where docutils looks for them."""
        found = [one for one in self.document.children if not isinstance(one, nodes.comment)]
        if len(found) != 2:
            return
        fields, section = found
        if isinstance(fields, nodes.field_list) and isinstance(section, nodes.section):
            self.document.remove(fields)
            section.insert(1, fields)


class _Reader(standalone.Reader):  # type: ignore[type-arg]
    def get_transforms(self) -> list[Any]:
        return [*super().get_transforms(), _Bounded, _FieldsOnTop]


def _title(document: nodes.document) -> str:
    first = next((one for one in document.children if isinstance(one, nodes.title)), None)
    return " ".join(first.astext().split()) if first is not None else ""


def _fields(document: nodes.document) -> tuple[dict[str, Any], dict[str, int]]:
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for info in document.findall(nodes.docinfo):
        for one in info.children:
            if isinstance(one, nodes.field):
                name, said = one[0].astext().strip().lower(), one[1].astext().strip()
            else:
                assert isinstance(one, nodes.Element)
                name, said = one.tagname, one.astext().strip()
            is_list = isinstance(one, nodes.authors)
            name = name.replace(" ", "_")
            values.setdefault(
                name, [author.astext() for author in one.children] if is_list else said
            )
            lines.setdefault(name, one.line or 1)
    for name, said in document.settings.post.items():
        values.setdefault(name, said)
    return values, lines


def _problems(
    document: nodes.document, unknown: Counter[str], first_line: int
) -> Iterator[Problem]:
    messages = [*document.findall(nodes.system_message)]
    seen = {id(one) for one in messages}
    messages += [
        one
        for one in (*document.parse_messages, *document.transform_messages)
        if id(one) not in seen
    ]
    told: dict[tuple[int | None, str], Problem] = {}
    for one in messages:
        if one["level"] >= 2:
            line = one.get("line")
            problem = _told(one, line and line + first_line - 1)
            told.setdefault((problem.line, problem.what), problem)
    ordered = sorted(told.values(), key=lambda one: (one.line or 0, one.what))
    yield from ordered[:_MOST_TOLD]
    if len(ordered) > _MOST_TOLD:
        yield Problem(what=f"reST: {len(ordered) - _MOST_TOLD} more of these", severity="warning")
    for name, count in document.settings.told.items():
        yield _left_out(name, count)
    for name, count in unknown.items():
        times = f" ({count} times)" if count > 1 else ""
        yield Problem(
            what=f"reST: the role {name!r} is not known: what it names stands as code{times}",
            severity="note",
        )


def _told(message: nodes.system_message, line: int | None) -> Problem:
    said = " ".join(message[0].astext().split()) if message.children else ""
    if found := _UNKNOWN.match(said) or _READS_FILES.match(said):
        return _left_out(found[1], 1, line)
    return Problem(
        what=f"reST: {said[:200].rstrip('.')}",
        why="It is shown as it was typed, or left out.",
        line=line,
        severity="warning",
    )


def _left_out(name: str, count: int, line: int | None = None) -> Problem:
    times = f" ({count} times)" if count > 1 else ""
    return Problem(
        what=f"left out: the directive .. {name}::{times}",
        why="Only the site's own generator knows what it shows.",
        todo="Write what it tells, or lead to a page that shows it.",
        line=line,
        severity="warning",
    )
