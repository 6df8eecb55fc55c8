"""The head of a source file: YAML, TOML, JSON or `Key: value` lines, and what follows it.

YAML between `---` lines (Jekyll), TOML between `+++` lines and a leading JSON object (Hugo), any of
them after `---toml` (Eleventy, Gatsby), JSON between `;;;` lines and YAML that only ends in `---`
(Hexo), header lines up to the first empty one (Pelican), and `.. key: value` lines, bare or in an
HTML comment (Nikola).
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Callable, Mapping, Set
from datetime import date, datetime, time
from typing import Any

import msgspec
import yaml
from msgspec.structs import replace

from publisher.config import toml_lines
from publisher.errors import SourceError
from publisher.model import SourceSettings, legal
from publisher.sources import expansion, typed

_LIMITS = SourceSettings()  # no article is longer, and one that is would stall every build
_JSON_KEY = re.compile(r'[ \t]*"([^"]+)"[ \t]*:')

_NAMED = re.compile(r"---[ \t]*([A-Za-z]{2,12})$")  # the language of gray-matter's front matter
_PROGRAMS = frozenset(("js", "javascript", "ts", "coffee", "coffeescript", "cson"))
_HEADER = re.compile(r"([A-Za-z][A-Za-z_-]{1,30}):(?!//)[ \t]*(.*)$")
# Not `.. image::`, a directive of reST, nor `.. _name:`, a target of it.
_NIKOLA = re.compile(r"\.\. ([A-Za-z][\w-]*):(?!:)[ \t]*(.*)$")
_HEADER_MARK = {"title", "date", "slug", "tags", "category", "author", "authors", "status"}


class Head(msgspec.Struct, frozen=True):
    """Front matter: values by key, the line each key stands on, and where the body begins.

    `texts` are the values as they were typed: `20:30` may be a number, and is a title. `repeated`
    are keys, in lower case, that stand there again with another value.
    """

    values: Mapping[str, Any] = msgspec.field(default_factory=dict)
    lines: Mapping[str, int] = msgspec.field(default_factory=dict)
    body: str = ""
    body_line: int = 1
    texts: Mapping[str, Any] = msgspec.field(default_factory=dict)
    is_nikola: bool = False
    repeated: Set[str] = frozenset()


def decode(data: bytes, limits: SourceSettings = _LIMITS) -> str:
    """Return the text of a file, line ends as LF and without a byte order mark.

    Raises SourceError for an empty, too large or binary file, for bytes that are not UTF-8, and
    for a line that is too long.
    """
    if len(data) > limits.article_bytes:
        raise too_large(limits.article_bytes)
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"the file is not UTF-8 (byte 0x{data[error.start]:02x})",
            line=data.count(b"\n", 0, error.start) + 1,
            todo="Convert it, for example: iconv -f WINDOWS-1252 -t UTF-8",
        ) from None
    if "\0" in text:
        raise SourceError(
            "the file holds NUL bytes: it is no text", todo="Move it out of the articles folder."
        )
    if not text.strip():
        raise SourceError("the file is empty", todo="Write the article, or remove the file.")
    text = legal(text.replace("\r\n", "\n").replace("\r", "\n"))
    _check_lines(text, limits.line_characters)
    return text


def too_large(most: int) -> SourceError:
    """Return the error for a file of more bytes than an article may have."""
    return SourceError(
        f"the file has more than {most} bytes",
        todo="Split it, or move pictures and data out of it; or raise the limit: [sources] "
        "article_bytes in publisher.toml.",
    )


def _check_lines(text: str, most: int) -> None:
    if len(text) <= most:
        return
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > most:
            raise SourceError(
                f"the line has {len(line)} characters, the limit is {most}",
                line=number,
                todo="Part it; or raise the limit: [sources] line_characters in publisher.toml.",
            )


def split(text: str, limits: SourceSettings = _LIMITS) -> Head:
    """Return the front matter and body of a file's text; raise SourceError with its line."""
    head = _head(text, limits.front_matter_characters)
    _check_head(len(text) - len(head.body), limits.front_matter_characters)
    return head


def _check_head(length: int, most: int) -> None:
    if length > most:
        raise SourceError(
            f"the front matter has more than {most} characters",
            line=1,
            todo="Move what is data into a file of its own; or raise the limit: [sources] "
            "front_matter_characters in publisher.toml.",
        )


def _head(text: str, most: int) -> Head:
    blank = re.match(r"(?:[ \t]*\n)+(?=---|\+\+\+)", text)
    if blank:
        return _lowered(text[blank.end() :], blank[0].count("\n"), most)
    first = text.partition("\n")[0].rstrip()
    if first == "---":
        return _fenced(text, "---", ("---", "..."), _yaml, most)
    if first == "+++":
        return _fenced(text, "+++", ("+++",), _toml, most)
    if first == ";;;":
        return _fenced(text, ";;;", (";;;",), _members, most)
    if (named := _NAMED.match(first)) and (read := _reader(named[1].lower())):
        return _fenced(text, "---", ("---",), read, most)
    if first.startswith("{") and not first.startswith(("{{", "{%")):
        return _json(text, most)
    if first.startswith(".. ") or first.strip() == "<!--":
        return _nikola(text)
    return _ended(text, most) or _headers(text)


def _reader(language: str) -> Callable[[str], _Parts] | None:
    """What reads front matter whose first line names its language; None for no such language."""
    if language in _PROGRAMS:
        raise SourceError(
            f"its front matter is a program ({language}), and none is run",
            line=1,
            todo="Write what it says as YAML, between two lines of `---`.",
        )
    readers = {"yaml": _yaml, "yml": _yaml, "toml": _toml, "json": _members}
    return readers.get(language)


def _ended(text: str, most: int) -> Head | None:
    """YAML that begins on the first line and ends in `---` (Hexo); None for what is none."""
    head, fence, body = text.partition("\n---\n")
    known = _HEADER.match(head.partition("\n")[0])
    if not (fence and known) or len(head) > most or "\n\n" in head:
        return None
    try:
        values, texts, lines, again = _yaml(head)
    except SourceError:
        return None  # lines of headers, which end in the same way
    if not _HEADER_MARK & {key.lower() for key in values}:
        return None
    count = head.count("\n") + 1
    where = {key: line - 1 for key, line in lines.items()}
    return Head(values, where, body, count + 2, texts, repeated=again)


def _lowered(text: str, by: int, most: int) -> Head:
    """Split a text that stands `by` lines further down in its file."""
    try:
        head = _head(text, most)
    except SourceError as error:
        told = error.problem
        line = None if told.line is None else told.line + by
        raise SourceError(told.what, why=told.why, todo=told.todo, line=line) from None
    lines = {key: line + by for key, line in head.lines.items()}
    return replace(head, lines=lines, body_line=head.body_line + by)


def _fenced(text: str, fence: str, ends: tuple[str, ...], read: Any, most: int) -> Head:
    lines = text.split("\n")
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() in ends:
            inner = "\n".join(lines[1:number])
            _check_head(len(inner), most)
            values, texts, where, again = read(inner)
            body = "\n".join(lines[number + 1 :])
            return Head(values, where, body, number + 2, texts, repeated=again)
    raise SourceError(
        f"the front matter opened by {fence} is never closed",
        line=1,
        todo=f"End it with a line that holds {fence} alone.",
    )


_Parts = tuple[dict[str, Any], dict[str, Any], dict[str, int], Set[str]]
"""Values, the same as texts, the line of each key, and the keys that are repeated."""


def _yaml(text: str) -> _Parts:
    again: set[str] = set()
    try:
        node, value = typed.yaml_node(text, again)
        if node is None:
            return {}, {}, {}, again
        if not isinstance(node, yaml.MappingNode):
            raise SourceError("the front matter is no list of `key: value` lines", line=2)
        values = plain(value)
        texts = typed.yaml_texts(node)
    except yaml.MarkedYAMLError as error:
        raise _yaml_error(error, text) from None
    except RecursionError:
        raise expansion.too_deep() from None
    except (ValueError, yaml.YAMLError) as error:
        raise SourceError(f"the front matter is not YAML: {error}", line=1) from None
    lines = {str(key.value): key.start_mark.line + 2 for key, _ in node.value}
    return values, texts, lines, again


def _yaml_error(error: yaml.MarkedYAMLError, text: str) -> SourceError:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 2 if mark else 1
    lines = text.split("\n")
    if mark and mark.line < len(lines) and "\t" in lines[mark.line][: mark.column + 1]:
        return SourceError(
            "a tab in the YAML front matter",
            line=line,
            why="YAML forbids tabs as indentation (YAML 1.2 §6.1).",
            todo="Replace it with spaces.",
        )
    return SourceError(
        f"the front matter is not YAML: {error.problem}",
        line=line,
        todo='A value that holds ": " or begins with a special character wants quotes.',
    )


def _toml(text: str) -> _Parts:
    expansion.check_toml(text)
    try:
        read = typed.toml(text)
        values = plain(read)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        raise SourceError(
            f"the front matter is not TOML: {error}", line=int(found[1]) + 1 if found else 1
        ) from None
    except RecursionError:
        raise expansion.too_deep() from None
    except ValueError as error:
        raise SourceError(f"the front matter is not TOML: {error}", line=1) from None
    texts = typed.texts(read)
    lines = {key: line + 1 for key, line in toml_lines(text).items()}
    return values, texts, lines, set(typed.repeated(texts.items()))


def _members(text: str) -> _Parts:
    """JSON between two fences; Hexo's leaves out its braces."""
    inner = text if text.lstrip().startswith("{") else f"{{{text}}}"
    try:
        head = _json(inner, len(inner) + len("false") + 1)
    except SourceError as error:
        told = error.problem
        line = None if told.line is None else told.line + 1
        raise SourceError(told.what, why=told.why, todo=told.todo, line=line) from None
    lines = {key: at + 1 for key, at in head.lines.items()}
    return dict(head.values), dict(head.texts), lines, head.repeated


def _json(text: str, most: int) -> Head:
    again: set[str] = set()
    try:
        read, end = typed.json_object(text[:most], again)
        values = plain(read)
    except json.JSONDecodeError as error:
        if error.pos >= most - len("false") or error.msg.startswith("Unterminated"):
            _check_head(len(text), most)  # it was cut there
        raise SourceError(f"the front matter is not JSON: {error.msg}", line=error.lineno) from None
    except RecursionError:
        raise expansion.too_deep() from None
    except ValueError as error:
        raise SourceError(f"the front matter is not JSON: {error}", line=1) from None
    lines: dict[str, int] = {}
    for number, line in enumerate(text[:end].split("\n"), 1):
        if key := _JSON_KEY.match(line):
            lines.setdefault(key[1], number)
    body = text[end:].lstrip("\n")
    begins = text.count("\n", 0, len(text) - len(body)) + 1
    return Head(values, lines, body, begins, typed.texts(read), repeated=again)


def _headers(text: str) -> Head:
    """Pelican's lines; they count as front matter only if one of them is a well-known key."""
    values: dict[str, list[str]] = {}
    lines: dict[str, int] = {}
    told: list[tuple[str, str]] = []
    key = ""
    rest = text.split("\n")
    for number, line in enumerate(rest):
        if found := _HEADER.match(line):
            key = found[1].lower()
            values[key], lines[key] = [(found[2] or "").strip()], number + 1
            told.append((key, values[key][0]))
        elif key and line[:1] in (" ", "\t") and line.strip():
            values[key].append(line.strip())
        else:
            break
    else:
        number += 1
    if not _HEADER_MARK & values.keys():
        return Head(body=text)
    # Text right after the headers is the body (Python-Markdown's habit); were it all body, a
    # `Status: draft` would go out with it.
    number += number < len(rest) and rest[number].strip() in ("", "---")
    joined = {key: " ".join(parts) for key, parts in values.items()}
    body, again = "\n".join(rest[number:]), set(typed.repeated(told))
    return Head(joined, lines, body, number + 1, joined, repeated=again)


def _nikola(text: str) -> Head:
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    told: list[tuple[str, str]] = []
    rest = text.split("\n")
    commented = rest[0].strip() == "<!--"
    for number, line in enumerate(rest[commented:], commented):
        if found := _NIKOLA.match(line.strip()):
            values[found[1]], lines[found[1]] = found[2].strip(), number + 1
            told.append((found[1], found[2].strip()))
        elif line.strip() not in ("", "-->") or (not commented and not line.strip()):
            break
        elif line.strip() == "-->":
            number += 1
            break
    if not values:
        return Head(body=text)
    body, again = "\n".join(rest[number:]), set(typed.repeated(told))
    return Head(values, lines, body, number + 1, values, is_nikola=True, repeated=again)


def plain(value: Any) -> Any:
    """Return `value` as JSON could hold it, dates as they are; raise SourceError if it is huge."""
    budget = [expansion.MOST_VALUES]

    def walk(item: Any, depth: int) -> Any:
        budget[0] -= 1
        if budget[0] < 0 or depth > 20:
            raise expansion.too_many()
        if isinstance(item, dict):
            return {legal(str(key)): walk(inner, depth + 1) for key, inner in item.items()}
        if isinstance(item, set):
            item = sorted(item, key=str)  # a set's own order differs from run to run
        if isinstance(item, list | tuple):
            return [walk(inner, depth + 1) for inner in item]
        if isinstance(item, str):
            return legal(item)
        if isinstance(item, float) and not math.isfinite(item):
            return str(item)  # JSON has no such number
        if isinstance(item, typed.Decimal):
            return float(item)
        if isinstance(item, int) and abs(item) >= 2**63:
            return str(item)[:40]
        if isinstance(item, typed.Whole):
            return int(item)
        if item is None or isinstance(item, bool | int | float | date | datetime):
            return item
        return item.isoformat() if isinstance(item, time) else legal(str(item))

    return walk(value, 0)
