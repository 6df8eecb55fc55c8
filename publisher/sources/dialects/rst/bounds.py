"""reStructuredText that costs docutils more than it is long, found before it is read.

docutils looks for the end of each mark to the end of its paragraph, and reads what is indented once
for each level. benchmarks/growing.py measures them.
"""

from __future__ import annotations

import re
from collections import Counter

from docutils import nodes

from publisher.errors import SourceError

_MOST_EXPANDED = 1_000_000  # characters and nodes that all substitutions stand for
_MOST_STEPS = 20_000_000  # marks × characters of their paragraph
_MOST_OF = {"class": 200, "contents": 20, "sectnum": 20, "title": 20, "target-notes": 5}
_MOST_DIRECTIVES = 1000
_MOST_CHARACTERS = 500_000
_BLANK = re.compile(r"\n[ \t]*\n")
_DIRECTIVE = re.compile(r"^[ \t]*\.\. (?:\|[^|\n]*\| )?([a-zA-Z][\w.:+-]*?)[ ]?::", re.MULTILINE)
_MARKS = re.compile(r"[*`|_\[]")


def too_deep() -> SourceError:
    """Return the error for lists and quotations too deep within each other."""
    return SourceError("lists and quotations are nested too deeply")


def check(text: str, first_line: int) -> None:
    """Raise SourceError, with the line, for too many directives, or marks of one paragraph."""
    if len(text) > _MOST_CHARACTERS:
        raise SourceError(
            f"reStructuredText of more than {_MOST_CHARACTERS:,} characters",
            why="docutils would take a minute for it.",
            todo="Make several articles of it.",
        )
    count: Counter[str] = Counter()
    for number, found in enumerate(_DIRECTIVE.finditer(text), 1):
        name = found[1].lower()
        count[name] += 1
        if number > _MOST_DIRECTIVES or count[name] > _MOST_OF.get(name, _MOST_DIRECTIVES):
            most = min(_MOST_DIRECTIVES, _MOST_OF.get(name, _MOST_DIRECTIVES))
            what = name if most < _MOST_DIRECTIVES else "of whatever kind"
            raise SourceError(
                f"more than {most} directives {what}",
                line=text.count("\n", 0, found.start()) + first_line,
                todo="Make several articles of it.",
            )
    at = 0
    for block in _BLANK.split(text):
        if len(block) > 20_000 and len(_MARKS.findall(block)) * len(block) > _MOST_STEPS:
            line = text.count("\n", 0, text.find(block, at)) + first_line
            raise SourceError(
                "a paragraph of too many marks",
                line=line,
                why="It would take minutes to find out what is meant.",
                todo="Part it with blank lines.",
            )
        at += len(block)


def check_substitutions(document: nodes.document) -> None:
    """Raise SourceError where substitutions stand for too much: each of two of the one before."""
    known: dict[str, int] = {}

    def weight(name: str) -> int:
        name = document.substitution_names.get(name.lower(), name)
        definition = document.substitution_defs.get(name)
        if definition is None:
            return 1
        if name not in known:
            known[name] = 1  # a circle is docutils' own to tell
            inner = definition.findall(nodes.substitution_reference)
            own = len(definition.astext()) + len(definition.children)
            known[name] = min(
                own + sum(weight(str(one["refname"])) for one in inner), _MOST_EXPANDED + 1
            )
        return known[name]

    total = 0
    for one in document.findall(nodes.substitution_reference):
        total += weight(str(one["refname"]))
        if total > _MOST_EXPANDED:
            raise SourceError("its substitutions stand for too much")
