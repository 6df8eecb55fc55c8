"""Imports and exports of MDX: where they end, and what they say in plain values, not run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from publisher.sources.dialects.jsx import literal

_MODULE = re.compile(
    r"(?:import\s*(?:[\w$]+\s*(?:,\s*[{*]|from\s*[\"'])|[{*]|[\"'])"
    r"|export\s+(?:const|let|var|function|async|class|default|type|interface|[{*]))"
)
_IMPORTED = re.compile(r"import\s+([\w$]+)\s+from\s+[\"']([^\"'\n]+)[\"']")
_FILE = re.compile(r".+\.(?:png|jpe?g|gif|webp|avif|svg|mp4|webm|mp3)", re.IGNORECASE)
_MOST_LINES = 2000  # of one export
_EXPORTED = re.compile(
    r"export\s+(?:const|let|var)\s+([\w$]+)\s*(?::[^=\n]{1,200})?=(?!=)\s*(.+)\Z", re.DOTALL
)
_STATEMENTS = re.compile(r"^(?=export\s)", re.MULTILINE)
_PIECE = re.compile(
    r"\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\]|\\.)*+`|-?[\w$][\w$.]*+|[^\s\w$]"
)


def of_front_matter(front: Mapping[str, object]) -> dict[str, str]:
    """What Docusaurus (`frontMatter.title`), Astro and Gatsby let a text say of itself."""
    told = {key: str(one) for key, one in front.items() if isinstance(one, str | int | float)}
    names = ("frontMatter", "frontmatter", "props.frontmatter", "metadata")
    return {f"{name}.{key}": one for name in names for key, one in told.items()}


def without(
    lines: list[tuple[str, bool]], known: dict[str, str], values: dict[str, str]
) -> Iterator[tuple[str, bool]]:
    """The lines but those of imports and exports, which end with a blank line outside of braces.

    What they say plainly is `known`, or among the `values`.
    """
    at, budget = 0, 4 * len(lines) + _MOST_LINES
    while at < len(lines):
        line, is_code = lines[at]
        if is_code or not _MODULE.match(line):
            yield line, is_code
            at += 1
            continue
        found = _IMPORTED.match(line)
        if found and _FILE.fullmatch(found[2]):
            known[found[1]] = found[2]
        end = _end_of_module(lines, at, budget)
        budget -= 0 if end > 0 else _MOST_LINES
        values |= of_module("\n".join(one for one, _ in lines[at : abs(end)]))
        at = abs(end)


def _end_of_module(lines: list[tuple[str, bool]], at: int, budget: int) -> int:
    """Where an import or export ends; negative, where its first lines end, if it never does."""
    depth, blank = 0, 0
    for place in range(at, min(at + _MOST_LINES, len(lines))):
        line = lines[place][0]
        depth += sum(map(line.count, "{[(")) - sum(map(line.count, "}])"))
        if depth <= 0 and (not line.strip() or line.rstrip().endswith(";")):
            return place + 1
        if not line.strip() and not blank:
            blank = place
        if budget <= 0 and depth > 0:
            break
    if blank == 0 and depth <= 0:
        return len(lines)
    return -(blank or at + 1)  # what never ends is no program: only its first lines are


def of_module(text: str) -> dict[str, str]:
    """Return the texts and numbers that an export names, by what an expression calls them.

    >>> of_module("export const a = 'b';")
    {'a': 'b'}
    >>> of_module("export const meta = {title: 'T', more: {x: 1}, n: 2, f: g(3)}")
    {'meta.title': 'T', 'meta.n': '2'}
    """
    values: dict[str, str] = {}
    for found in filter(None, map(_EXPORTED.match, _STATEMENTS.split(text))):
        name, value = found[1], found[2].rstrip("; \t\r\n")
        if value.startswith("{"):
            values |= {f"{name}.{key}": said for key, said in _members(value).items()}
        elif (said := literal(value)) is not None:
            values[name] = said
    return values


def _members(table: str) -> dict[str, str]:
    """The members of an object that are texts or numbers; what stands deeper is another's."""
    pieces = _PIECE.findall(table)
    members: dict[str, str] = {}
    depth = 0
    for at, piece in enumerate(pieces):
        depth += (piece in "{[(") - (piece in "}])")
        is_member = depth == 1 and piece == ":" and pieces[at - 2] in ("{", ",")
        if is_member and pieces[at + 2 : at + 3] in ([","], ["}"]):
            said = literal(pieces[at + 1])
            key = literal(pieces[at - 1]) or pieces[at - 1]
            if said is not None:
                members[key] = said
    return members
