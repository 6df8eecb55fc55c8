"""MJML → HTML through mrml, with the traps of docs/explanation/architecture.md kept shut."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from itertools import accumulate
from typing import Any

from lxml import etree
from mjml import mjml2html

from publisher.errors import Problem, TemplateError
from publisher.model import legal
from publisher.rendering.mjml_check import Mistake, mistakes, shape
from publisher.rendering.origins import Origins
from publisher.rendering.theme import Theme

_REFERENCE = re.compile(r"&#([0-9]+);")
_MOST = 50  # mistakes that are told
_MISMATCH = re.compile(r"tag mismatch: (\S+) line ([0-9]+) and ([^\s,]+)")
_USUAL = "Mend it there: MJML is XML, in which each element is closed and each value quoted."
_ADVICE = (  # what the XML library says, by its beginning → what to do
    ("Attribute ", "Write each attribute once."),
    ("AttValue", 'Write quotation marks around each value: name="value".'),
    ("attributes construct", 'Close the quotation marks of each value: name="value".'),
    ("Unescaped '<'", 'Close the quotation marks of each value; write &lt; for a "<" in one.'),
    ("xmlParseEntityRef", "Write &amp; for an & that stands for itself."),
    ("EntityRef", "Write &amp; for an & that stands for itself."),
    ("Entity ", "Write the character itself, or its number such as &#160;."),
    ("StartTag", 'Write &lt; for a "<" that begins no element.'),
    ("Comment", "Write --> where the comment ends, and no -- within it."),
    ("Specification mandates", 'Write a value for it: name="value".'),
)
_LINES = re.compile(r",? line [0-9]+(?:, column [0-9]+)?")


def compiled(
    source: str,
    theme: Theme,
    name: str = "",
    context: Mapping[str, Any] | None = None,
    *,
    is_told: bool = True,
) -> tuple[str, tuple[Problem, ...]]:
    """Compile MJML; return the HTML, and what is wrong with the templates all the same.

    `name` is the template that was rendered, `context` what it was told: a mistake is looked for
    in what it makes once more, unless nobody `is_told` of it. Raises TemplateError naming the
    template and line of what no mail can be made of.

    mrml writes attributes in a debug format that spoils every character it thinks unprintable
    (NBSP, joined emoji, Hindi): it is given ASCII with references, which are resolved after.
    """
    ascii_source = _written(source)
    places = _Places(ascii_source, theme, name)
    try:
        found = _check(ascii_source, places)
    except TemplateError as error:
        raise _traced(theme, name, context)[0] or error from None
    if found and is_told:
        found = _traced(theme, name, context)[1] or found
    try:
        # No web fonts: each would tell a third party who opens the mail.
        html: str = mjml2html(ascii_source, fonts={}, disable_comments=True)
    except ValueError as error:
        if found:  # it says no line: what is wrong is one of these
            first = found[0]
            raise TemplateError(
                first.what, why=first.why, todo=first.todo, path=first.path, line=first.line
            ) from None
        raise TemplateError(f"not MJML: {error}", path=places.main) from None
    return _REFERENCE.sub(_character, html) + "\n", found


def _written(source: str) -> str:
    return legal(source).encode("ascii", "xmlcharrefreplace").decode()


def _traced(
    theme: Theme, name: str, context: Mapping[str, Any] | None
) -> tuple[TemplateError | None, tuple[Problem, ...]]:
    """What is wrong, and where, of what the templates make once more with marks of their lines.

    Nothing where they make something else then: a template may measure its words.
    """
    if context is None:
        return None, ()
    try:
        made, tracer = theme.traced(name, context)
    except TemplateError:
        return None, ()
    source, origins = tracer.origins(made, _written)
    try:
        return None, _check(source, _Places(source, theme, name, origins))
    except TemplateError as error:
        return error, ()


class _Places:
    """Where composed MJML is from; `main` is the template that it was composed from."""

    def __init__(
        self, source: str, theme: Theme, name: str, origins: Origins | None = None
    ) -> None:
        self.source, self.theme, self.main = source, theme, f"templates/{name or 'mail'}"
        self._origins = origins
        self._alike: dict[str, tuple[str, int | None]] = {}

    @cached_property
    def lines(self) -> list[str]:
        return self.source.split("\n")

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate(len(line) + 1 for line in self.lines)]

    def is_own(self, path: str) -> bool:
        return self.theme.is_own(path.removeprefix("templates/"))

    def text(self, number: int | None) -> str:
        return self.lines[number - 1] if number and number <= len(self.lines) else ""

    def place(self, number: int | None, column: int | None = None) -> tuple[str, int | None]:
        """The template, and the line of it, that a line came from, or one character of it."""
        text = self.text(number)
        if number is None or number > len(self.lines):
            return self.main, None
        indent = len(text) - len(text.lstrip())
        at = self._starts[number - 1] + (indent if column is None else column - 1)
        origin = self._origins and self._origins.at(at)
        if origin:
            return self.theme.shown(self.theme.named(origin.template) or self.main), origin.line
        kind = shape(text)
        if kind not in self._alike:
            path, line = self.theme.locate(text)
            self._alike[kind] = (path or self.main, line)
        return self._alike[kind]


def _check(source: str, places: _Places) -> tuple[Problem, ...]:
    """Refuse what mrml rejects without a line; return what it lets pass in silence."""
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        raise _malformed(error, places) from None
    told: dict[tuple[str, str], Mistake] = {}
    for mistake in mistakes(root):
        if mistake.is_fatal:
            path, line = places.place(mistake.line)
            raise TemplateError(
                mistake.what, why=mistake.why, todo=mistake.todo, path=path, line=line
            )
        if len(told) < _MOST:  # a template's line makes many lines of an edition
            told.setdefault((mistake.what, shape(places.text(mistake.line))), mistake)
    return tuple(_problem(mistake, places) for mistake in told.values())


def _malformed(error: etree.XMLSyntaxError, places: _Places) -> TemplateError:
    """What is no XML, at its place in a template: of what these made nobody has seen the lines."""
    said, (number, column) = error.msg or "", error.position
    if mismatch := _MISMATCH.search(said):
        return _mismatched(mismatch, places.place(number, column), places)
    if said.startswith("Comment not terminated"):  # told at the end of it all
        before = places.source.rpartition("<!--")[0]
        number, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    path, line = places.place(number, column)
    return TemplateError(
        f"not well-formed MJML: {_LINES.sub('', said)}",
        todo=next((todo for start, todo in _ADVICE if said.startswith(start)), _USUAL),
        path=path,
        line=line,
    )


def _mismatched(
    found: re.Match[str], closed: tuple[str, int | None], places: _Places
) -> TemplateError:
    """Two tags that are no pair: an owner's own template is blamed before one of ours."""
    opening, closing = found[1], found[3]
    opened = places.place(int(found[2]))
    is_ours = not places.is_own(opened[0]) and places.is_own(closed[0])
    path, line = closed if is_ours else opened
    where = "" if opened == closed else f" ({':'.join(str(one) for one in closed if one)})"
    if is_ours:
        where = f" (opened at {':'.join(str(one) for one in opened if one)})"
    return TemplateError(
        f"not well-formed MJML: <{opening}> is not closed where </{closing}> stands{where}",
        todo=f"Write </{opening}> before it, or take </{closing}> out.",
        path=path,
        line=line,
    )


def _problem(mistake: Mistake, places: _Places) -> Problem:
    path, line = places.place(mistake.line)
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
