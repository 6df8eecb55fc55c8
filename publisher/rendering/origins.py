"""Which line of which template made what stands at a place of a text that templates made."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Any

import msgspec
from jinja2 import nodes

from publisher.sandbox import Sandbox

# Of the private use area: whoever writes them gets a wrong line told, and no more.
_OPEN, _CLOSE = "\U000f5e00", "\U000f5e01"
_MARK = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")


class Origin(msgspec.Struct, frozen=True):
    """A line of a template, by the name or the file that Jinja knows it by."""

    template: str
    line: int


class Origins:
    """Where a text is from: `at` answers by the number of a character."""

    def __init__(self, starts: list[int], origins: list[Origin]) -> None:
        self._starts, self._origins = starts, origins

    def at(self, offset: int) -> Origin | None:
        """Return what made the character at an offset, None where nothing is known of it."""
        found = bisect_right(self._starts, offset) - 1
        return self._origins[found] if found >= 0 else None


class Tracer:
    """Notes the lines of templates in what they make; a text that is wrong is made once more."""

    def __init__(self) -> None:
        self._origins: list[Origin] = []

    def marked(self, tree: nodes.Template, template: str) -> nodes.Template:
        """Return a parsed template with a mark before each line of its own words."""
        for data in tree.find_all(nodes.TemplateData):
            lines = data.data.split("\n")
            data.data = "\n".join(
                self._mark(template, data.lineno + number) + line
                for number, line in enumerate(lines)
            )
        return tree

    def _mark(self, template: str, line: int) -> str:
        self._origins.append(Origin(template, line))
        return f"{_OPEN}{len(self._origins) - 1}{_CLOSE}"

    def origins(self, made: str, written: Callable[[str], str]) -> tuple[str, Origins]:
        """Return what is `written` of a text that was made with marks, and where it is from."""
        parts, at, last = [], 0, 0
        starts: list[int] = []
        origins: list[Origin] = []
        for found in _MARK.finditer(made):
            parts.append(written(made[last : found.start()]))
            at, last = at + len(parts[-1]), found.end()
            if int(found[1]) < len(self._origins):
                starts.append(at)
                origins.append(self._origins[int(found[1])])
        parts.append(written(made[last:]))
        return "".join(parts), Origins(starts, origins)


class Traced(Sandbox):
    """Templates that note, by a tracer, where their words are from."""

    def __init__(self, tracer: Tracer, **options: Any) -> None:
        super().__init__(**options)
        self._tracer = tracer

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        marked = self._tracer.marked(source, filename or name or "")
        return super()._generate(marked, name, filename, defer_init)
