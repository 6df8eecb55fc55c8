"""Marks: words that stand in a text for HTML while Markdown is read, which leaves words alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

from publisher.errors import SourceError
from publisher.model.elements import BLOCKS

_BLOCK = re.compile(rf"\s*<(?:{'|'.join(sorted({*BLOCKS, 'iframe', 'details', 'script'}))})\b")


class Pieces:
    """HTML by its marks. No mark stands in any of the texts that it is made for."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._name = "tplx"
        whole = "\n".join(texts)
        while self._name in whole:
            self._name += "x"
        self._html: list[str] = []
        self._mark = re.compile(rf"{self._name}q(\d{{1,9}})q")
        self._alone = re.compile(rf"<p>\s*{self._name}q(\d{{1,9}})q\s*</p>")

    def put(self, html: str) -> str:
        """Return the mark of some HTML."""
        self._html.append(html)
        return f"{self._name}q{len(self._html) - 1}q"

    def numbers(self, html: str) -> set[int]:
        """Return which marks stand in a text."""
        return {int(found[1]) for found in self._mark.finditer(html)}

    def filled(self, html: str, most: int) -> str:
        """Put HTML in the place of marks; raise SourceError for more than `most` characters."""
        made = 0
        for _ in range(100):
            if self._name not in html:
                return html
            made += sum(len(self._known(found[1])) for found in self._mark.finditer(html))
            if made > most:
                break
            html = self._alone.sub(self._without_paragraph, html)
            html = self._mark.sub(lambda found: self._known(found[1]), html)
        raise too_much(most)

    def _without_paragraph(self, found: re.Match[str]) -> str:
        """Blocks stand in no paragraph (as Hugo has it); words do."""
        inner = self._known(found[1])
        return inner if not inner.strip() or _BLOCK.match(inner) else f"<p>{inner}</p>"

    def _known(self, number: str) -> str:
        at = int(number)
        return self._html[at] if at < len(self._html) else ""


def too_much(most: int) -> SourceError:
    """Return the error for template code that makes more than `most` characters."""
    return SourceError(
        f"its template code makes more than {most:,} characters",
        todo="Look for what includes itself, or repeats again and again.",
    )
