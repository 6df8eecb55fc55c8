"""Shortcodes in a text → what they stand for: built-in ones, and those of the owner's table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice

import msgspec

from publisher.errors import Problem
from publisher.sources.templating import table, told
from publisher.sources.templating.code import Builtin, Code, Fault, Html, markdown, parted, text
from publisher.sources.templating.pieces import Pieces
from publisher.sources.templating.site import (
    DEEPEST,
    MOST_CHARACTERS,
    MOST_SHORTCODES,
    Lines,
    Page,
    Site,
)
from publisher.sources.templating.tags import Tag


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """How a generator reads shortcodes.

    Its own ones, those of them that must be closed, those whose inside is no code, and whether
    some make Markdown.
    """

    builtins: Mapping[str, Builtin]
    paired: Collection[str] = ()
    verbatim: Collection[str] = ()
    is_markdown: bool = True


class _Call(msgspec.Struct):
    """A tag with what it encloses; `children` is None where nothing is."""

    tag: Tag
    children: list[_Call | str] | None = None


def inside(tags: Iterable[Tag], verbatim: Collection[str]) -> Iterator[Tag]:
    """Leave out the tags within those whose inside is no code."""
    within = ""
    for tag in tags:
        if within and not (tag.kind == "close" and tag.name == within):
            continue
        within = tag.name if tag.kind == "open" and tag.name in verbatim else ""
        yield tag


class Expansion:
    """One text with its tags, and what was found wrong while they were expanded."""

    def __init__(self, text: str, rules: Rules, site: Site, page: Page, pieces: Pieces) -> None:
        self._text, self._rules, self._pieces = text, rules, pieces
        self._site, self._page = site, page
        self._problems: list[Problem] = []
        self._unknown: dict[str, list[int]] = {}
        self._left_out: dict[str, list[int]] = {}
        self._left = MOST_CHARACTERS
        self._lines = Lines(text)

    def expanded(self, tags: Iterable[Tag]) -> str:
        """Return the text with what its tags stand for."""
        found = list(islice(tags, MOST_SHORTCODES + 1))
        if len(found) > MOST_SHORTCODES:
            self._fault(found[0], f"it has more than {MOST_SHORTCODES:,} shortcodes")
            return self._text
        return self._all(self._tree(found), 0)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong, and what was left out."""
        known = [*self._rules.builtins, *self._site.shortcodes]
        unknown = [told.unknown(n, len(at), at[0], known) for n, at in self._unknown.items()]
        left_out = [told.left_out(n, len(at), at[0]) for n, at in self._left_out.items()]
        return (*self._problems, *unknown, *left_out)

    def _fault(self, tag: Tag, what: str, todo: str = "", name: str = "") -> None:
        line = self._lines.of(tag.start)
        self._problems.append(told.wrong(what, line, todo=todo, name=name))

    def _tree(self, tags: list[Tag]) -> list[_Call | str]:
        """Tags and the text between them, those that are closed with what they enclose."""
        pairs = _pairs(tags)
        root: list[_Call | str] = []
        stack = [(root, -1)]
        at = 0
        for number, tag in enumerate(tags):
            stack[-1][0].append(self._text[at : tag.start])
            at = tag.end
            if tag.kind == "close":
                if stack[-1][1] == pairs.get(number, -2):
                    stack.pop()
                else:
                    crossed = number in pairs
                    how = "is closed where another is open" if crossed else "is never opened"
                    self._fault(tag, f"the shortcode {tag.name} {how}")
                continue
            call = _Call(tag, [] if number in pairs else None)
            stack[-1][0].append(call)
            if call.children is not None:
                stack.append((call.children, number))
        stack[-1][0].append(self._text[at:])
        return root

    def _all(self, nodes: list[_Call | str], depth: int) -> str:
        return "".join(one if isinstance(one, str) else self._call(one, depth) for one in nodes)

    def _call(self, call: _Call, depth: int) -> str:
        tag = call.tag
        if tag.literal is not None:
            return self._pieces.put(text(tag.literal))
        try:
            if tag.fault:
                raise Fault(tag.fault)
            if depth >= DEEPEST:
                raise Fault(f"shortcodes are more than {DEEPEST} deep within each other")
            made = self._made(call, depth)
            self._left -= len(made)
            if self._left < 0:
                raise Fault(f"its shortcodes make more than {MOST_CHARACTERS:,} characters")
        except Fault as fault:
            self._fault(tag, fault.what, fault.todo)
            return ""
        return self._pieces.put(made) if isinstance(made, Html) else made

    def _made(self, call: _Call, depth: int) -> str:
        tag = call.tag
        template = self._site.shortcodes.get(tag.name)
        builtin = self._rules.builtins.get(tag.name)
        line = self._lines.of(tag.start)
        if template is None and builtin is None:
            self._unknown.setdefault(tag.name, []).append(line)
            self._all(call.children or [], depth + 1)  # whatever is wrong within is told as well
            return ""
        wanted = table.wants_inner(template) if template else tag.name in self._rules.paired
        if call.children is None and tag.kind == "open" and wanted:
            raise Fault(
                f"the shortcode {tag.name} is never closed", "Close it, or write `/` at its end."
            )
        if template == "":
            self._left_out.setdefault(tag.name, []).append(line)
            return Html("")
        inner = self._all(call.children or [], depth + 1)
        if template is not None:
            return self._by_table(template, tag, inner)
        assert builtin is not None
        code = Code(
            name=tag.name, args=tag.args, params=tag.params, inner=inner,
            html=lambda typed: self._html(typed, is_block=True), site=self._site, page=self._page,
        )  # fmt: skip
        return builtin(code)

    def _by_table(self, template: str, tag: Tag, inner: str) -> str:
        as_markdown = tag.is_markdown and self._rules.is_markdown and not self._page.is_html
        inner = parted(inner) if as_markdown else self._html(inner)
        given = table.Given(
            inner=inner, args=tag.args, params=tag.params, page=dict(self._page.values)
        )
        made = table.rendered(template, given, self._left, as_markdown=as_markdown)
        return made if as_markdown else Html(made)

    def _html(self, typed: str, *, is_block: bool = False) -> str:
        if self._page.is_html or not typed.strip():
            return typed.strip()
        made = markdown(typed, self._page.language, typeset=self._site.typeset, is_block=is_block)
        return self._pieces.filled(made, MOST_CHARACTERS)


def _pairs(tags: list[Tag]) -> dict[int, int]:
    """Which tags are closed: the number of an opening one by that of its closing one, and back."""
    opened: dict[str, list[int]] = {}
    pairs: dict[int, int] = {}
    for number, tag in enumerate(tags):
        if tag.kind == "open":
            opened.setdefault(tag.name, []).append(number)
        elif tag.kind == "close" and opened.get(tag.name):
            first = opened[tag.name].pop()
            pairs[number], pairs[first] = first, number
    return pairs
