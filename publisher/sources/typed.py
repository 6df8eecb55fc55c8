"""Values of front matter, and the text that each was typed as.

PyYAML reads YAML 1.1: `20:30` is 1230, `010` is 8, `2024_01` is 202401, `no` is False. A key that
is a text has the text as it stands in the file. Elsewhere numbers are those of YAML 1.2's core
schema (§10.3.2), less those that begin with a zero; `yes` and `no` stay true and false for flags.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from publisher.model import legal
from publisher.sources import expansion

_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_VALUE = "tag:yaml.org,2002:value"  # a lone `=`, in YAML 1.1 alone
_NULL = "tag:yaml.org,2002:null"


class _Loader(yaml.CSafeLoader):
    """PyYAML's, with the numbers of YAML 1.2."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if tag not in (*_NUMBERS, _VALUE)]
    for first, known in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    _NUMBERS[0], re.compile(r"^(?:[-+]?(?:0|[1-9][0-9]*)|0x[0-9a-fA-F]+)$"), list("-+0123456789")
)
_Loader.add_implicit_resolver(
    _NUMBERS[1],
    re.compile(
        r"^(?:[-+]?(?:0|[1-9][0-9]*)?(?:\.[0-9]*)?(?<=[0-9.])(?<!^\.)(?<!^[-+]\.)(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
    ),
    list("-+0123456789."),
)


def _as_text(_loader: yaml.Loader, node: yaml.Node) -> str:
    """Where it is no key, `<<` is a text like any other."""
    assert isinstance(node, yaml.ScalarNode)
    return str(node.value)


_Loader.add_constructor("tag:yaml.org,2002:merge", _as_text)


def _as_date(loader: _Loader, node: yaml.ScalarNode) -> Any:
    """A day that there is not, such as 2021-02-29, is a text: who reads the key names it."""
    try:
        return loader.construct_yaml_timestamp(node)
    except (ValueError, OverflowError):
        return str(node.value)


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _as_date)


class Decimal(float):
    """A number that knows how it was typed."""

    typed: str

    def __new__(cls, typed: str) -> Decimal:
        """Parse what stands in the file."""
        number = super().__new__(cls, typed.replace("_", ""))
        number.typed = typed
        return number


class Whole(int):
    """A whole number that knows how it was typed."""

    typed: str

    def __new__(cls, typed: str) -> Whole:
        """Parse what stands in the file."""
        number = super().__new__(cls, typed)
        number.typed = typed
        return number


def repeated(pairs: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """Yield the keys, in lower case, that stand there again with another value.

    >>> list(repeated([("draft", "true"), ("Draft", "false"), ("id", "1"), ("id", "1")]))
    ['draft']
    """
    first: dict[str, Any] = {}
    return (key for one, item in pairs if first.setdefault(key := one.lower(), item) != item)


def yaml_node(text: str, again: set[str] | None = None) -> tuple[yaml.Node | None, Any]:
    """Return the root of a YAML document and its value; raise what PyYAML raises.

    `again` is told the root's `repeated` keys: YAML forbids them (1.2.2 §3.2.1.1), PyYAML does not.
    SourceError where it stands for far more than it looks.
    """
    expansion.check_yaml(text)
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None, None
        expansion.check_node(node)
        if again is not None and isinstance(node, yaml.MappingNode):  # nothing is merged into yet
            again.update(repeated((str(key.value), _compared(item)) for key, item in node.value))
        return node, loader.construct_document(node)
    finally:
        loader.dispose()


def _compared(node: yaml.Node) -> Any:
    """What tells whether two values are the same: two tables or lists never are."""
    return node.value if isinstance(node, yaml.ScalarNode) else node


def yaml_texts(node: yaml.Node) -> Any:
    """Return a node with every scalar as it was typed, None for null.

    The node must be one of `yaml_node`, which is known to be small.
    """
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag == _NULL else legal(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [yaml_texts(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {legal(str(key.value)): yaml_texts(value) for key, value in node.value}
    return None


_DATE_IN_TOML = re.compile(
    r"([ \t]*[\w.\"' -]+=[ \t]*)"
    r"(\d{4}-\d{1,2}-\d{1,2}(?:[Tt ][\d:.]+)?[ \t]?(?:[Zz]|[-+][\d:]+)?)([ \t]*(?:#.*)?)",
    re.ASCII,
)
_MOST_DATES = 20  # bad ones of one front matter: each costs another reading


def toml(text: str) -> dict[str, Any]:
    """Return a TOML document whose decimal numbers know how they were typed.

    A date that TOML does not know, such as 2021-02-29 or 2026-1-5, is a text.
    """
    for _ in range(_MOST_DATES):
        try:
            return tomllib.loads(text, parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            text = _with_date_as_text(text, error)
    return tomllib.loads(text, parse_float=Decimal)


def _with_date_as_text(text: str, error: tomllib.TOMLDecodeError) -> str:
    """The document with quotes around the date on the line of an error, which else is raised."""
    told = re.search(r"at line (\d+)", str(error))
    lines = text.split("\n")
    at = int(told[1]) - 1 if told else len(lines) - 1
    found = _DATE_IN_TOML.fullmatch(lines[at]) if at < len(lines) else None
    if found is None:
        raise error
    lines[at] = f'{found[1]}"{found[2].strip()}"{found[3]}'
    return "\n".join(lines)


JSON = json.JSONDecoder(parse_float=Decimal, parse_int=Whole)
"""Reads JSON whose numbers know how they were typed."""


def json_object(text: str, again: set[str]) -> tuple[Any, int]:
    """Return the JSON that a text begins with, and its end; `again` is told `repeated` keys."""

    def told(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        again.clear()  # the outermost object comes last
        again.update(repeated(pairs))
        return dict(pairs)

    decoder = json.JSONDecoder(parse_float=Decimal, parse_int=Whole, object_pairs_hook=told)
    return decoder.raw_decode(text)


def texts(value: Any) -> Any:
    """Return a TOML or JSON value with every scalar as it was typed, None for null."""
    if isinstance(value, dict):
        return {key: texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [texts(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or isinstance(value, str):
        return value
    return str(getattr(value, "typed", value))


def misread_ids(typed: str) -> Iterable[str]:
    """Return what YAML 1.1 made of an id that was typed as a number: we once minted it."""
    if len(typed) > 60 or not re.fullmatch(r"[-+]?[0-9][0-9_:.xa-fA-F]*", typed):
        return ()
    try:
        value = yaml.safe_load(typed)
    except (yaml.YAMLError, ValueError):
        return ()
    return () if isinstance(value, str) or str(value) == typed else (str(value),)
