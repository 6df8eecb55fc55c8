"""Front matter that is more than it looks: aliases, merges, nesting, endless keys and numbers.

What costs the parsers behind us (libyaml, tomllib) more than its length is found before they build
values of it.
"""

from __future__ import annotations

import re

import yaml

from publisher.errors import SourceError

MOST_VALUES = 10_000
"""Values of one front matter; a "billion laughs" of YAML aliases stops here."""

_DEEP = 100  # lists and tables within each other
_MAY_BE_DEEP = re.compile(r"(?:[-?:][ \t]){60}|^ {300}", re.MULTILINE)
_LONGEST_NUMBER = 100  # characters: more digits are a text, and slow to read as a number
# Of dotted keys, tomllib takes the square of their parts.
_LONG_KEY = re.compile(
    r"""(?:^|[\[{,])[ \t]*(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){50}""",
    re.ASCII | re.MULTILINE,
)


def too_many() -> SourceError:
    """Return the error for front matter of too many values."""
    return SourceError("the front matter holds too many values", line=1)


def too_deep() -> SourceError:
    """Return the error for front matter of lists and tables too deep within each other."""
    return SourceError("the front matter is nested too deeply", line=1)


def check_yaml(text: str) -> None:
    """Raise SourceError where lists and tables are nested too deeply.

    libyaml's own parser does not recurse, what makes values of its events does, and would take the
    whole process with it.
    """
    if text.count("[") + text.count("{") <= _DEEP and not _MAY_BE_DEEP.search(text):
        return
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEP:
                raise too_deep()
    except yaml.YAMLError as error:
        if "nesting depth" in str(error):  # libyaml's own limit, met while it looks ahead
            raise too_deep() from None
        raise


def check_node(node: yaml.Node) -> None:
    """Raise SourceError where a document stands for too many values; long numbers become texts.

    To be asked before values are made of it: a merge key (`<<`) doubles with each level before
    there is any value to count.
    """
    if _count(node, {}) > MOST_VALUES:
        raise too_many()


def _count(node: yaml.Node, known: dict[int, int]) -> int:
    """How many values a node stands for, those of its aliases as often as they stand there."""
    if isinstance(node, yaml.ScalarNode):
        if len(node.value) > _LONGEST_NUMBER and node.tag.endswith((":int", ":float")):
            node.tag = "tag:yaml.org,2002:str"
        return 1
    if id(node) in known:
        return known[id(node)]
    known[id(node)] = MOST_VALUES + 1  # what holds itself never ends
    pairs = node.value if isinstance(node, yaml.MappingNode) else [(one,) for one in node.value]
    found = 1
    for part in (part for pair in pairs for part in pair):
        found = min(found + _count(part, known), MOST_VALUES + 1)
    known[id(node)] = found
    return found


def check_toml(text: str) -> None:
    """Raise SourceError for a key of too many parts, `a.a.a…`."""
    if found := _LONG_KEY.search(text):
        line = text.count("\n", 0, found.start() + 1) + 2
        raise SourceError("the front matter holds a key of more than 50 parts", line=line)
