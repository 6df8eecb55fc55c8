"""MJML → HTML through mrml, with the traps of docs/explanation/architecture.md kept shut."""

from __future__ import annotations

import re

from lxml import etree
from mjml import mjml2html

from publisher.errors import TemplateError, suggestion
from publisher.model import legal
from publisher.rendering.theme import Theme

_TAGS = frozenset(
    "mjml mj-head mj-attributes mj-all mj-class mj-breakpoint mj-font mj-html-attributes "
    "mj-selector mj-html-attribute mj-preview mj-style mj-title mj-raw mj-body mj-accordion "
    "mj-accordion-element mj-accordion-title mj-accordion-text mj-button mj-carousel "
    "mj-carousel-image mj-column mj-divider mj-group mj-hero mj-image mj-navbar mj-navbar-link "
    "mj-section mj-social mj-social-element mj-spacer mj-table mj-text mj-wrapper".split()
)
_REFERENCE = re.compile(r"&#([0-9]+);")


def compiled(source: str, theme: Theme) -> str:
    """Compile MJML; raise TemplateError naming the template and line where it is not well-formed.

    mrml writes attributes in a debug format that spoils every character it thinks unprintable
    (NBSP, joined emoji, Hindi): it is given ASCII with references, which are resolved after.
    """
    source = legal(source)
    lines = source.split("\n")
    ascii_source = source.encode("ascii", "xmlcharrefreplace").decode()
    _check(ascii_source, lines, theme)
    try:
        # No web fonts: each would tell a third party who opens the mail.
        html: str = mjml2html(ascii_source, fonts={}, disable_comments=True)
    except ValueError as error:
        raise TemplateError(f"not MJML: {error}", path="templates/mail") from None
    return _REFERENCE.sub(_character, html) + "\n"


def _check(source: str, lines: list[str], theme: Theme) -> None:
    """Refuse what mrml rejects without a line, or lets pass in silence."""
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        raise _error(f"not well-formed MJML: {error.msg}", error.lineno, lines, theme) from None
    for element in root.iter():
        tag = element.tag
        if isinstance(tag, str) and tag.startswith("mj") and tag not in _TAGS:
            number = element.sourceline if isinstance(element.sourceline, int) else None
            why = suggestion(tag, _TAGS)
            raise _error(f"unknown MJML element <{tag}>", number, lines, theme, why)


def _error(
    what: str, number: int | None, lines: list[str], theme: Theme, why: str = ""
) -> TemplateError:
    """Name the template's line for a line of its output."""
    text = lines[number - 1] if number and number <= len(lines) else ""
    path, line = theme.locate(text)
    return TemplateError(what, why=why, path=path or "templates/mail", line=line)


def _character(found: re.Match[str]) -> str:
    point = int(found[1])
    return chr(point) if point > 127 else found[0]
