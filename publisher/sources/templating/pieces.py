"""Marks: words that stand in a text for HTML while Markdown is read, which leaves words alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

from publisher.errors import SourceError
from publisher.model.elements import BLOCKS

_BLOCK = re.compile(rf"\s*<(?:{'|'.join(sorted({*BLOCKS, 'iframe', 'details', 'script'}))})\b")

_PLAYER = re.compile(r"\s*<(?:iframe|script|video|audio)\b")
_OPENS = re.compile(r"<(?!/|br\b|img\b|wbr\b)")
_PARAGRAPH = re.compile(r"<p>((?:[^<]|<(?!/?p>))*+)</p>")


def _parts(html: str, before: str) -> bool:
    """Whether HTML parts the paragraph that it stands in: no player does, nor any in an element."""
    return not _PLAYER.match(html) and len(_OPENS.findall(before)) == before.count("</")


class Pieces:
    """HTML by its marks. No mark stands in any of the texts that it is made for."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._name = "tplx"
        whole = "\n".join(texts)
        while self._name in whole:
            self._name += "x"
        self._html: list[str] = []
        self._mark = re.compile(rf"{self._name}q(\d{{1,9}})q")

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
            html = _PARAGRAPH.sub(self._parted, html)
            html = self._mark.sub(lambda found: self._known(found[1]), html)
        raise too_much(most)

    def _parted(self, found: re.Match[str]) -> str:
        """A paragraph of words; blocks stand in none (as Hugo has it), what is empty needs none."""
        if self._name not in found[1]:
            return found[0]
        parts, at = [""], 0
        for mark in self._mark.finditer(found[1]):
            parts[-1] += found[1][at : mark.start()]
            inner, at = self._known(mark[1]), mark.end()
            is_alone = mark[0] == found[1].strip()
            if _BLOCK.match(inner) and (is_alone or _parts(inner, parts[-1])):
                parts += [inner, ""]
            else:
                parts[-1] += inner
        parts[-1] += found[1][at:]
        return "".join(
            part if number % 2 or not part.strip() else f"<p>{part.strip()}</p>"
            for number, part in enumerate(parts)
        )

    def _known(self, number: str) -> str:
        at = int(number)
        return self._html[at] if at < len(self._html) else ""


def too_much(most: int) -> SourceError:
    """Return the error for template code that makes more than `most` characters."""
    return SourceError(
        f"its template code makes more than {most:,} characters",
        todo="Look for what includes itself, or repeats again and again.",
    )
