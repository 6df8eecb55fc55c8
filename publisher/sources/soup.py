"""Markdown and HTML that cost a parser more than they are long, found before they are parsed.

comrak takes the square of the addresses on a line, of a table's width and of the lists that a line
opens; html5ever that of a tag's attributes, of what stands in a table outside of its cells, and of
a text with many characters that it escapes. benchmarks/growing.py measures them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.errors import SourceError

_AT_SIGNS = 1000  # on one line: each may be an address
_CELLS = 100_000  # of one table
_CONTAINERS = 200  # lists and quotations that one line opens
_MANY_CONTAINERS = re.compile(
    rf"^(?![-*\t ]+$)(?:[ \t]*+(?:>|[-+*][ \t]|\d{{1,9}}[.)][ \t])){{{_CONTAINERS}}}",
    re.ASCII | re.MULTILINE,
)
_DELIMITER = re.compile(r"^[ \t>]*+\|?[ \t]*+:?-[-:| \t]*+$", re.ASCII | re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[ \t>]*+(?:\n|\Z)")

_SHORT = 50_000  # characters: nothing within them costs much
_MAY_BE_LONG = re.compile(r"<[^<>]{2000}")
_ATTRIBUTES = 1000  # of one tag
_OUT_OF_CELLS = 1000  # elements and texts
_ESCAPED = 1000  # characters of a tag of more than `_LONG_TAG`
_LONG_TAG = 50_000
# html5ever's serialiser stops at `&`, and at what begins with the byte of a no-break space.
_STOP = re.compile("[&\x80-\xbf]")
_TEXT = 20_000  # characters of text, after which it is parted

_TOKEN = re.compile(
    r"<(?:(/?)([a-zA-Z][^\s/>]*+)((?:[\s/]*+=?+[^\s/>=]++"
    r"(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?+)?+)*+[\s/]*+)>"
    r"|!--(?:-?>|.*?--!?>|.*)"  # a comment that is never closed goes on to the end
    r"|[!?][^>]*+>?|/(?![a-zA-Z])[^>]++>?|/>"
    r"|/?[a-zA-Z].*)",  # as does a tag
    re.ASCII | re.DOTALL,
)
_REFERENCE = re.compile(r"&#?\w*;?", re.ASCII)
_VALUE = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_END_OF = {  # of elements that hold text alone
    name: re.compile(rf"</{name}[\s/>]", re.ASCII | re.IGNORECASE)
    for name in "iframe noembed noframes script style textarea title xmp".split()
}
_ROWS = frozenset("tbody thead tfoot tr".split())
_CELL = frozenset("caption td th".split())
_AMONG_ROWS = frozenset("col colgroup form input script style template".split())


def check_markdown(text: str) -> None:
    """Raise SourceError, with the line, for Markdown that comrak takes too long for, or dies of."""
    if text.count("@") > _AT_SIGNS:
        for number, line in enumerate(text.split("\n"), 1):
            if line.count("@") > _AT_SIGNS:
                raise SourceError(f"more than {_AT_SIGNS} @ on one line", line=number)
    signs = sum(map(text.count, ">-+*.)"))  # each container has one
    if signs >= _CONTAINERS and (found := _MANY_CONTAINERS.search(text)):
        what = f"more than {_CONTAINERS} lists and quotations begin on one line"
        raise SourceError(what, line=text.count("\n", 0, found.start()) + 1)
    if "|" in text:
        _check_tables(text)


def _check_tables(text: str) -> None:
    """A row that is too short is filled up: a wide table of short rows grows beyond measure."""
    at = 0
    while found := _DELIMITER.search(text, at):
        end = _BLANK_LINE.search(text, found.end())
        at = end.start() if end else len(text)
        columns = len(re.findall(r"-+", found[0])) if "|" in found[0] else 0
        if columns * text.count("\n", found.end(), at) > _CELLS:
            raise SourceError(
                f"a table of more than {_CELLS} cells",
                line=text.count("\n", 0, found.start()) + 1,
                why="A row that has too few is filled up with empty ones.",
            )


def parted(markup: str) -> str:
    """Return HTML that a parser reads in time that grows with it; raise SourceError for any other.

    It means the same: in long texts stand comments, which the sanitiser takes away.
    """
    if len(markup) <= _SHORT:
        return markup
    has_stops = len(_STOP.findall(markup)) > _ESCAPED
    if not (has_stops or "<table" in markup.lower() or _MAY_BE_LONG.search(markup)):
        return markup
    texts = list(_checked(markup))
    if not has_stops:
        return markup
    pieces, at, room = [], 0, _TEXT
    for start, end in texts:
        place = start
        while end - place > room:
            place = _out_of_reference(markup, place, place + room)
            pieces += [markup[at:place], "<!---->"]
            at, room = place, _TEXT
        room -= end - place
    return "".join([*pieces, markup[at:]])


def _out_of_reference(markup: str, least: int, place: int) -> int:
    """A place near another that is in no character reference (`&amp;`)."""
    begin = markup.rfind("&", max(place - 40, least), place)
    found = _REFERENCE.match(markup, begin) if begin >= 0 else None
    return max(found.end(), place) if found else place


def _checked(markup: str) -> Iterator[tuple[int, int]]:
    """The places of the texts of HTML in which no tag, and no table, is beyond measure."""
    tables = _Tables()
    at = 0
    for tag, name, after in _tags(markup):
        start, end = tag.span()
        if at < start:
            yield at, start
            if tables.in_rows and not markup[at:start].isspace():
                tables.count()
        at = after
        if end - start > _ATTRIBUTES:
            _check_tag(tag, name)
        tables.see(name, bool(tag[1]))
    yield at, len(markup)


def _tags(markup: str) -> Iterator[tuple[re.Match[str], str, int]]:
    """What stands between texts, as HTML §13.2.5 parts them: tags, and comments as "".

    With each comes where the next text begins: after the whole of a script, a style and the like.
    """
    at = 0
    while (at := markup.find("<", at)) >= 0:
        found = _TOKEN.match(markup, at)
        if found:
            name, at = (found[2] or "").lower(), found.end()
            if name in _END_OF and not found[1]:
                end = _END_OF[name].search(markup, at)
                at = end.start() if end else len(markup)
            yield found, name, at
        else:  # a sign like any other
            at += 1


def _check_tag(tag: re.Match[str], name: str) -> None:
    written = _VALUE.sub("", tag[3] or "").replace("/", " ")
    if len(written.split()) > _ATTRIBUTES:
        raise SourceError(f"a tag <{name}> with more than {_ATTRIBUTES} attributes")
    if name and len(tag[0]) > _LONG_TAG and len(_STOP.findall(tag[0])) > _ESCAPED:
        raise SourceError(f"a tag <{name}> of more than {_LONG_TAG} characters")


class _Tables:
    """Counts what stands in tables outside of their cells (HTML §13.2.6.1, foster parenting)."""

    def __init__(self) -> None:
        self.in_rows = False
        self._out_of_cells = 0
        self._within: list[bool] = []  # for each open table whether a cell of it is open

    def see(self, name: str, ends: bool) -> None:
        """Follow a tag."""
        if name == "table":
            if self._within and (ends or self.in_rows):  # a table among rows ends the one around it
                self._within.pop()
            if not ends:
                self._within.append(False)
        elif not self._within:
            return
        elif name in _CELL:
            self._within[-1] = not ends
        elif name in _ROWS:
            self._within[-1] = False
        elif name and self.in_rows and not ends and name not in _AMONG_ROWS:
            self.count()
        self.in_rows = bool(self._within) and not self._within[-1]

    def count(self) -> None:
        """Count an element or a text that is in no cell."""
        self._out_of_cells += 1
        if self._out_of_cells > _OUT_OF_CELLS:
            raise SourceError(
                f"more than {_OUT_OF_CELLS} elements and texts in a table that are in no cell",
                why="A parser moves each of them before the table.",
                todo="Look for a table that is never closed, or has no <td>.",
            )
