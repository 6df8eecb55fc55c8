"""Footnotes of an article's page: each number leads to its note, and the note back.

As DPUB-ARIA 1.1 has it: `doc-noteref`, `doc-backlink`, `doc-endnotes`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from publisher.errors import TemplateError
from publisher.model import elements
from publisher.model.footnotes import NOTE, REFERENCE
from publisher.rendering.sayings import said

_REFERENCE = re.compile(rf'<sup id="({REFERENCE})">(\[[^\[\]<>]+\])</sup>')
_NOTE = re.compile(rf'<(?:li|p) id="({NOTE})">')
_IDS = re.compile(r' id="([^"]*)"')
_LIST = re.compile(rf'<hr>\s*(<ol>)\s*<li id="{NOTE}">')
_UP = "↑"  # ↩ is an emoji to telephones, and points the wrong way in Arabic


class _Edit(NamedTuple):
    """What stands from a place to another in place of what is there."""

    start: int
    end: int
    text: str


def with_footnotes(html: str, words: Mapping[str, str]) -> str:
    """Return a sanitised body with the links of its footnotes.

    `words` are those of the page's language. A number stays a number where there is no note for it,
    or several, as in a body of parts that were rendered each by itself.
    Raises TemplateError for words with places that nobody fills.
    """
    if ' id="footnote-ref-' not in html:
        return html
    times = Counter(_IDS.findall(html))
    notes = {found[2]: found for found in _NOTE.finditer(html) if times[found[1]] == 1}
    references: defaultdict[str, list[re.Match[str]]] = defaultdict(list)
    for found in _REFERENCE.finditer(html):
        if found[2] in notes and times[found[1]] == 1:
            references[found[2]].append(found)
    edits: list[_Edit] = []
    for place, leading in references.items():
        edits += (_leading(found, notes[place][1]) for found in leading)
        edits += _leading_back(html, notes[place], leading, words)
    edits += _named(html, words) if edits else ()
    return _edited(html, edits)


def _leading(found: re.Match[str], note: str) -> _Edit:
    """A number as a link."""
    link = f'<a href="#{note}" role="doc-noteref">{found[3]}</a>'
    return _Edit(found.start(3), found.end(3), link)


def _leading_back(
    html: str, note: re.Match[str], leading: list[re.Match[str]], words: Mapping[str, str]
) -> Iterator[_Edit]:
    """The links at the end of a note, one to each number that leads there."""
    end = elements.end_of(html, note.start())
    if end is None:
        return
    inner = html[note.end() : end].rstrip()
    at = note.end() + len(inner.removesuffix("</p>"))
    links = []
    for nth, one in enumerate(leading, 1):
        label = one[3].strip("[]") + (f"-{nth}" if nth > 1 else "")
        told = _said(words, "footnote_back", number=label)
        shown = _UP if nth == 1 else f"{_UP}<sup>{nth}</sup>"
        links.append(f' <a href="#{one[1]}" role="doc-backlink" aria-label="{told}">{shown}</a>')
    yield _Edit(at, at, "".join(links))


def _named(html: str, words: Mapping[str, str]) -> Iterator[_Edit]:
    """What says of the list at the end what it is."""
    for found in _LIST.finditer(html):
        end = elements.end_of(html, found.start(1))
        if end is not None:
            end += len("</ol>")
            opened = f'<section role="doc-endnotes" aria-label="{_said(words, "footnotes")}">\n'
            yield _Edit(found.start(), found.start(), opened)
            yield _Edit(end, end, "\n</section>")


def _said(words: Mapping[str, str], key: str, **values: str) -> str:
    try:
        return said(words, key, values, is_html=True)
    except LookupError as error:
        raise TemplateError(error.args[0], path="templates/words") from None


def _edited(html: str, edits: list[_Edit]) -> str:
    pieces, at = [], 0
    for one in sorted(edits):
        pieces += [html[at : one.start], one.text]
        at = one.end
    return "".join([*pieces, html[at:]])
