"""MJML → HTML through mrml, with the traps of docs/explanation/architecture.md kept shut."""

from __future__ import annotations

import re

from lxml import etree
from mjml import mjml2html

from publisher.errors import Problem, TemplateError
from publisher.model import legal
from publisher.rendering.mjml_check import Mistake, mistakes, shape
from publisher.rendering.theme import Theme

_REFERENCE = re.compile(r"&#([0-9]+);")
_MOST = 50  # mistakes that are told
_LINES = re.compile(r",? line [0-9]+(?:, column [0-9]+)?")


def compiled(source: str, theme: Theme, name: str = "") -> tuple[str, tuple[Problem, ...]]:
    """Compile MJML; return the HTML, and what is wrong with the templates all the same.

    `name` is the template that was rendered. Raises TemplateError naming the template and line
    of what no mail can be made of.

    mrml writes attributes in a debug format that spoils every character it thinks unprintable
    (NBSP, joined emoji, Hindi): it is given ASCII with references, which are resolved after.
    """
    source = legal(source)
    ascii_source = source.encode("ascii", "xmlcharrefreplace").decode()
    lines = _Lines(source.split("\n"), theme, f"templates/{name or 'mail'}")
    found = _check(ascii_source, lines)
    try:
        # No web fonts: each would tell a third party who opens the mail.
        html: str = mjml2html(ascii_source, fonts={}, disable_comments=True)
    except ValueError as error:
        if found:  # it says no line: what is wrong is one of these
            first = found[0]
            raise TemplateError(
                first.what, why=first.why, todo=first.todo, path=first.path, line=first.line
            ) from None
        raise TemplateError(f"not MJML: {error}", path=lines.main) from None
    return _REFERENCE.sub(_character, html) + "\n", found


class _Lines:
    """The lines of composed MJML; `main` is the template that they were composed from."""

    def __init__(self, lines: list[str], theme: Theme, main: str) -> None:
        self.lines, self.theme, self.main = lines, theme, main
        self._places: dict[str, tuple[str, int | None]] = {}

    def text(self, number: int | None) -> str:
        return self.lines[number - 1] if number and number <= len(self.lines) else ""

    def place(self, number: int | None) -> tuple[str, int | None]:
        """The template, and the line of it, that a line came from."""
        text = self.text(number)
        kind = shape(text)
        if kind not in self._places:
            path, line = self.theme.locate(text)
            self._places[kind] = (path or self.main, line)
        return self._places[kind]


def _check(source: str, lines: _Lines) -> tuple[Problem, ...]:
    """Refuse what mrml rejects without a line; return what it lets pass in silence."""
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        path, line = lines.place(error.lineno)
        what = _LINES.sub("", error.msg or "")  # of what the templates made, which nobody has seen
        raise TemplateError(f"not well-formed MJML: {what}", path=path, line=line) from None
    told: dict[tuple[str, str], Mistake] = {}
    for mistake in mistakes(root):
        if mistake.is_fatal:
            path, line = lines.place(mistake.line)
            raise TemplateError(
                mistake.what, why=mistake.why, todo=mistake.todo, path=path, line=line
            )
        if len(told) < _MOST:  # a template's line makes many lines of an edition
            told.setdefault((mistake.what, shape(lines.text(mistake.line))), mistake)
    return tuple(_problem(mistake, lines) for mistake in told.values())


def _problem(mistake: Mistake, lines: _Lines) -> Problem:
    path, line = lines.place(mistake.line)
    return Problem(
        what=mistake.what,
        why=mistake.why,
        todo=mistake.todo,
        path=path,
        line=line,
        severity="warning",
        rule="mjml",
    )


def _character(found: re.Match[str]) -> str:
    point = int(found[1])
    return chr(point) if point > 127 else found[0]
