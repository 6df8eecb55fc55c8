"""Configuration that is data: TOML, YAML and JSON, with the line of each key."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import yaml

from publisher.adoption.folders import SiteFolder
from publisher.adoption.site import Found
from publisher.config import toml_lines
from publisher.errors import SourceError
from publisher.sources import expansion, frontmatter, typed

_JSON_KEY = re.compile(r'[ \t]*"([^"\n]{1,200})"[ \t]*:')
_DEEP = 20


class Document(msgspec.Struct, frozen=True):
    """Values by key and, by dotted key in lower case, where each stands.

    The place of a key is (file, line, key as it is written).
    """

    values: Mapping[str, Any] = msgspec.field(default_factory=dict)
    places: Mapping[str, tuple[str, int | None, str]] = msgspec.field(default_factory=dict)

    def get(self, *keys: str) -> Found | None:
        """Return the first of some dotted keys that holds anything; letters' case is not asked."""
        for key in keys:
            value = _within(self.values, key.split("."))
            if value is not None and value not in ("", [], {}):
                path, line, written = self._place(key)
                return Found(value, path, line, written)
        return None

    def text(self, *keys: str) -> Found | None:
        """Return the first of some keys that holds a text, without the spaces around it."""
        for key in keys:
            found = self.get(key)
            if found and isinstance(found.value, str) and found.value.strip():
                value = " ".join(found.value.split())
                return Found(value, found.path, found.line, found.key)
        return None

    def table(self, *keys: str) -> Mapping[str, Any]:
        """Return the first of some keys that holds a table, an empty one where none does."""
        for key in keys:
            found = self.get(key)
            if found and isinstance(found.value, Mapping):
                return found.value
        return {}

    def items(self, key: str) -> Iterator[tuple[str, Found]]:
        """Each key of a table, with its value and place."""
        for name in self.table(key):
            if found := self.get(f"{key}.{name}"):
                yield name, found

    def _place(self, key: str) -> tuple[str, int | None, str]:
        """Where a key stands, or the nearest table around it."""
        written, near = key, key.lower()
        while near not in self.places and "." in near:
            near = near.rpartition(".")[0]
        path, line, name = self.places.get(near, ("", None, key))
        return path, line, name if near == key.lower() else written


def _within(values: Any, keys: list[str]) -> Any:
    """The value at a path of keys; a key of its own may hold dots (`languages.en-us`)."""
    for at, key in enumerate(keys):
        if not isinstance(values, Mapping):
            return None
        rest = ".".join(keys[at:]).lower()
        for name, value in values.items():
            if str(name).lower() == rest:
                return value
        values = next((v for k, v in values.items() if str(k).lower() == key.lower()), None)
    return values


def read_document(folder: SiteFolder, name: str, *, under: str = "") -> Document:
    """Read a file by its ending, its values below the dotted key `under`.

    Raises SourceError, with path and line, for a file that is no such document, or is more than it
    looks: aliases of aliases, nesting without end.
    """
    text = folder.text(name)
    try:
        read = _READERS[name.rpartition(".")[2].lower()]
        values, lines = read(text)
        values = frontmatter.plain(values)
    except SourceError as error:
        told = error.problem
        what = told.what.replace("the front matter", "the configuration")
        raise SourceError(what, why=told.why, todo=told.todo, path=name, line=told.line) from None
    except RecursionError:
        raise SourceError("nested too deeply", path=name) from None
    prefix = f"{under.lower()}." if under else ""
    places: dict[str, tuple[str, int | None, str]] = {}
    if under:
        places[under.lower()] = (name, 1, under)
    for key, line in lines.items():
        places.setdefault(prefix + key.lower(), (name, line, key))
    for part in reversed(under.split(".") if under else []):
        values = {part: values}
    return Document(values, places)


def front_matter(folder: SiteFolder, path: str) -> Document:
    """Return the front matter of a text, an empty one where it cannot be read."""
    try:
        head = frontmatter.split(folder.text(path))
    except SourceError:  # it is no configuration: what is wrong with it, `check` says
        return Document()
    return Document(
        head.values, {key.lower(): (path, head.lines.get(key), key) for key in head.values}
    )


def front_page(folder: SiteFolder, content: str, key: str) -> Found | None:
    """Return what the front matter of a site's first page says, where it can be read."""
    path = f"{content}/_index.md"
    return front_matter(folder, path).text(key) if folder.has_file(path) else None


def merged(documents: list[Document]) -> Document:
    """Return several as one: a later one goes before, tables are joined key by key."""
    values: dict[str, Any] = {}
    places: dict[str, tuple[str, int | None, str]] = {}
    for document in documents:
        values = _joined(values, document.values, 0)
        places |= document.places
    return Document(values, places)


def _joined(below: Mapping[str, Any], above: Mapping[str, Any], depth: int) -> dict[str, Any]:
    found = dict(below)
    names = {key.lower(): key for key in found}
    for key, value in above.items():
        own = names.get(key.lower(), key)
        old = found.get(own)
        if isinstance(old, Mapping) and isinstance(value, Mapping) and depth < _DEEP:
            found[own] = _joined(old, value, depth + 1)
        else:
            found[own] = value
    return found


_Read = tuple[Any, dict[str, int]]


def _toml(text: str) -> _Read:
    try:
        expansion.check_toml(text)
        return tomllib.loads(text), toml_lines(text)
    except SourceError as error:  # counted from the line after a `+++`
        raise SourceError(error.problem.what, line=(error.problem.line or 2) - 1) from None
    except ValueError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise SourceError(f"not TOML: {error}", line=int(line[1]) if line else None) from None


def _yaml(text: str) -> _Read:
    try:
        node, value = typed.yaml_node(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise SourceError(f"not YAML: {error.problem}", line=line) from None
    except (ValueError, yaml.YAMLError) as error:
        raise SourceError(f"not YAML: {error}") from None
    if node is None:
        return {}, {}
    if not isinstance(node, yaml.MappingNode):
        raise SourceError("the configuration is no list of `key: value` lines", line=1)
    return value, dict(_yaml_lines(node, "", 0))


def _yaml_lines(node: yaml.MappingNode, prefix: str, depth: int) -> Iterator[tuple[str, int]]:
    for key, value in node.value:
        name = f"{prefix}{key.value}"
        yield name, key.start_mark.line + 1
        if isinstance(value, yaml.MappingNode) and depth < 3:
            yield from _yaml_lines(value, f"{name}.", depth + 1)


def _json(text: str) -> _Read:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise SourceError(f"not JSON: {error.msg}", line=error.lineno) from None
    except ValueError as error:
        raise SourceError(f"not JSON: {error}") from None
    if not isinstance(found, dict):
        raise SourceError("the configuration is no table of keys", line=1)
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        for key in _JSON_KEY.findall(line):
            lines.setdefault(key, number)
    return found, lines


_READERS = {"toml": _toml, "yaml": _yaml, "yml": _yaml, "json": _json}

ENDINGS = tuple(_READERS)
"""Of the files that `read_document` reads."""
