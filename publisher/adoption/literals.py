"""Configuration in Python (Pelican, Nikola), of which nothing is run.

The file is parsed, and of its assignments those are evaluated that are plain values: texts,
numbers, lists and tables, other such names, `+`, f-strings, `os.path.join`. What is more is known
by name and line as unread. Imports lead nowhere, but `from pelicanconf import *` to that file
beside it; conditions, loops and functions are passed over.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from publisher.adoption.documents import Document
from publisher.adoption.folders import SiteFolder
from publisher.errors import SourceError

_MOST_VALUES = 10_000
_LONGEST = 100_000  # characters of a text
_DEEPEST = 50  # of an expression: more is no configuration
_IMPORTS = 3  # files that import each other


class _NoLiteral(Exception):
    """What stands there is no plain value."""


class _Names(msgspec.Struct):
    """What is known so far: values by name with how many values each holds, and lines."""

    values: dict[str, tuple[Any, int]] = msgspec.field(default_factory=dict)
    places: dict[str, tuple[str, int | None, str]] = msgspec.field(default_factory=dict)
    unread: dict[str, tuple[str, int]] = msgspec.field(default_factory=dict)


class Script(msgspec.Struct, frozen=True):
    """A script's plain values as a document, and by name where the others stand."""

    document: Document
    unread: Mapping[str, tuple[str, int]]


def read_script(folder: SiteFolder, name: str) -> Script:
    """Read a Python file's plain values; raise SourceError where it is no Python."""
    known = _Names()
    _read(folder, name, known, 0)
    values = {key: value for key, (value, _) in known.values.items()}
    places = {key.lower(): place for key, place in known.places.items()}
    return Script(Document(values, places), known.unread)


def _read(folder: SiteFolder, name: str, known: _Names, depth: int) -> None:
    try:
        tree = ast.parse(folder.text(name), filename=name)
    except SyntaxError as error:
        raise SourceError(f"not Python: {error.msg}", path=name, line=error.lineno) from None
    except (ValueError, RecursionError, MemoryError):
        raise SourceError("nested too deeply, or no text", path=name) from None
    for statement in tree.body:
        _take(folder, name, statement, known, depth)


def _take(folder: SiteFolder, path: str, statement: ast.stmt, known: _Names, depth: int) -> None:
    if isinstance(statement, ast.ImportFrom):
        other = (statement.module or "").rpartition(".")[2]
        if statement.names[0].name == "*" and depth < _IMPORTS and folder.has_file(f"{other}.py"):
            _read(folder, f"{other}.py", known, depth + 1)
        return
    target: ast.expr | None
    if isinstance(statement, ast.Assign):
        targets, value = statement.targets, statement.value
    elif isinstance(statement, ast.AnnAssign) and statement.value:
        targets, value = [statement.target], statement.value
    elif isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add):
        targets = [statement.target]
        value = ast.BinOp(statement.target, ast.Add(), statement.value)
    else:
        return
    for target in targets:
        if isinstance(target, ast.Name):
            _assign(path, target.id, statement.lineno, value, known)


def _assign(path: str, name: str, line: int, value: ast.expr, known: _Names) -> None:
    known.unread.pop(name, None)
    try:
        known.values[name] = _value(value, known, 0)
        known.places[name] = (path, line, name)
    except _NoLiteral:
        known.values.pop(name, None)
        known.unread[name] = (path, line)


_Valued = tuple[Any, int]
"""A value, and how many values it holds: names double with each line that joins them."""


def _value(node: ast.expr, known: _Names, depth: int) -> _Valued:
    reader = _READERS.get(type(node))
    if reader is None or depth > _DEEPEST:
        raise _NoLiteral
    value, weight = reader(node, known, depth + 1)
    if weight > _MOST_VALUES or (isinstance(value, str) and len(value) > _LONGEST):
        raise _NoLiteral
    return value, weight


def _constant(node: ast.Constant, _known: _Names, _depth: int) -> _Valued:
    if isinstance(node.value, str | int | float | bool | None):
        return node.value, 1
    raise _NoLiteral


def _name(node: ast.Name, known: _Names, _depth: int) -> _Valued:
    if node.id not in known.values:
        raise _NoLiteral
    return known.values[node.id]


def _list(node: ast.List | ast.Tuple | ast.Set, known: _Names, depth: int) -> _Valued:
    found, weight = [], 1
    for item in node.elts:
        try:
            value, more = _value(item, known, depth)
        except _NoLiteral:  # one entry that calls something does not lose the others
            value, more = None, 1
        weight += more
        if weight > _MOST_VALUES:
            raise _NoLiteral
        found.append(value)
    return found, weight


def _table(node: ast.Dict, known: _Names, depth: int) -> _Valued:
    found: dict[str, Any] = {}
    weight = 1
    for key, item in zip(node.keys, node.values, strict=True):
        if key is None:
            raise _NoLiteral
        try:
            name, value = _value(key, known, depth)[0], _value(item, known, depth)
        except _NoLiteral:
            continue
        weight += value[1]
        if weight > _MOST_VALUES:
            raise _NoLiteral
        found[str(name)] = value[0]
    return found, weight


def _joined(node: ast.BinOp, known: _Names, depth: int) -> _Valued:
    if not isinstance(node.op, ast.Add):
        raise _NoLiteral
    (left, more), (right, most) = (_value(one, known, depth) for one in (node.left, node.right))
    if type(left) is not type(right) or not isinstance(left, str | list):
        raise _NoLiteral
    return left + right, more + most


def _text(node: ast.JoinedStr, known: _Names, depth: int) -> _Valued:
    parts = []
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            if part.format_spec is not None or part.conversion != -1:
                raise _NoLiteral
            part = part.value
        value = _value(part, known, depth)[0]
        if not isinstance(value, str | int):
            raise _NoLiteral
        parts.append(str(value)[:_LONGEST])
    return "".join(parts), 1


def _signed(node: ast.UnaryOp, known: _Names, depth: int) -> _Valued:
    value, weight = _value(node.operand, known, depth)
    if isinstance(node.op, ast.USub) and isinstance(value, int | float):
        return -value, weight
    if isinstance(node.op, ast.Not):
        return not value, weight
    raise _NoLiteral


def _call(node: ast.Call, known: _Names, depth: int) -> _Valued:
    """The few calls that only write a value otherwise; anything else is not made."""
    called = ast.unparse(node.func) if _is_dotted(node.func) else ""
    if node.keywords or called not in _CALLS:
        raise _NoLiteral
    given = [_value(one, known, depth)[0] for one in node.args]
    if not all(isinstance(one, str) for one in given) or (not given and called != "OrderedDict"):
        raise _NoLiteral
    return _CALLS[called](given), 1


def _is_dotted(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


_CALLS: dict[str, Callable[[list[str]], Any]] = {
    "os.path.join": lambda parts: posixpath.join(*parts),
    "path.join": lambda parts: posixpath.join(*parts),
    "join": lambda parts: posixpath.join(*parts),
    "Path": lambda parts: posixpath.join(*parts),
    "pathlib.Path": lambda parts: posixpath.join(*parts),
    "str": lambda parts: parts[0],
    "OrderedDict": lambda _: {},
}

_READERS: dict[type, Callable[[Any, _Names, int], _Valued]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.List: _list,
    ast.Tuple: _list,
    ast.Set: _list,
    ast.Dict: _table,
    ast.BinOp: _joined,
    ast.JoinedStr: _text,
    ast.UnaryOp: _signed,
    ast.Call: _call,
}
