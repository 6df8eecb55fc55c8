"""Rules silenced in place, or in publisher.toml, always with a reason.

In an article or a template a comment silences a rule for that file:

    <!-- check: off link-words: the poem is called “Click here” -->
    {# check: off contrast: decoration #}

In publisher.toml, for everything: `[check] off = ["link-words: we like it so"]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from publisher.errors import Problem, suggestion

NAME = "silence"
"""The rule about silencing itself."""

_COMMENT = re.compile(
    r"(?:<!--|\{#|/\*|#)[ \t]*check:[ \t]*off[ \t]+([\w-]+)[ \t]*(?::[ \t]*(.*?))?[ \t]*"
    r"(?:-->|#\}|\*/|$)",
    re.MULTILINE,
)


class Silence:
    """Which rules are off, where: for whole files by path, and for everything."""

    def __init__(
        self, files: Mapping[str, str], off: Iterable[str], known: Iterable[str] = ()
    ) -> None:
        """`off` are lines such as "link-words: why"; `known` the names there are."""
        self._known, self._faults = list(known), list[Problem]()
        self._everywhere = {name for name, _ in self._read("publisher.toml", None, off)}
        self._in_files: dict[str, set[str]] = {}
        for path, text in files.items():
            if "check:" in text:
                self._in_files[path] = set(self._comments(path, text))

    def faults(self) -> list[Problem]:
        """Return what is wrong with the silences themselves."""
        return self._faults

    def wanted(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Return the problems that nobody silenced."""
        for problem in problems:
            if problem.rule in self._everywhere:
                continue
            if problem.rule not in self._in_files.get(problem.path or "", ()):
                yield problem

    def _comments(self, path: str, text: str) -> Iterator[str]:
        for found in _COMMENT.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            for name, _ in self._read(path, line, [f"{found[1]}: {found[2] or ''}"]):
                yield name

    def _read(self, path: str, line: int | None, lines: Iterable[str]) -> Iterator[tuple[str, str]]:
        for one in lines:
            name, _, reason = (part.strip() for part in one.partition(":"))
            if name not in self._known:
                self._fault(path, line, f"there is no rule {name!r}", suggestion(name, self._known))
            elif not reason:
                what = f"{name} is silenced without a reason"
                self._fault(path, line, what, "Whoever reads it later must know whether it holds.")
            else:
                yield name, reason

    def _fault(self, path: str, line: int | None, what: str, why: str) -> None:
        self._faults.append(
            Problem(
                what=what,
                why=why,
                todo="Write it so: check: off NAME: reason",
                path=path,
                line=line,
                severity="warning",
                rule=NAME,
            )
        )
