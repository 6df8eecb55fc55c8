"""Ids that articles have in a feed that is live: `ids.toml`, beside publisher.toml.

An article's own front matter goes before it; it goes before what the ledger remembers, so that a
publication whose ledger is lost, or another checkout of it, has the same ids.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

from publisher import files
from publisher.errors import Problem
from publisher.model import no_controls, one_line

NAME = "ids.toml"
_MOST = 20_000_000  # bytes
_LONGEST = 2_000  # characters of an id
_HEAD = """\
# Ids of articles as feed readers know them from {source}.
# Written by `publisher feeds adopt`: paths from the articles folder on. Keep this file in git.
"""


def read(root: Path) -> tuple[Mapping[str, str], list[Problem]]:
    """Return the ids by the article's path, and what is wrong; nothing where there is no file."""
    path = root / NAME
    if not path.exists():
        return {}, []
    try:
        table = tomllib.loads(files.read(path, _MOST).decode())
    except OSError as error:
        return {}, [_problem(f"it cannot be read: {error.strerror}")]
    except (ValueError, RecursionError) as error:
        return {}, [_problem(f"it is not TOML: {error}")]
    found, problems = {}, []
    for place, name in table.items():
        if isinstance(name, str) and name.strip() and len(name) <= _LONGEST:
            found[place] = one_line(name)
        else:
            problems.append(
                _problem(f"the id of {place} must be a text of 1 to {_LONGEST} letters")
            )
    return found, problems


def written(ids: Mapping[str, str], source: str) -> str:
    """Return the text of such a file; `source` says where the ids come from."""
    lines = [f"{_quoted(path)} = {_quoted(ids[path])}\n" for path in sorted(ids)]
    return _HEAD.format(source=no_controls(one_line(source))) + "".join(lines)


def _quoted(text: str) -> str:
    """A basic string (TOML 1.0, Strings), which differs from JSON's in one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _problem(what: str) -> Problem:
    return Problem(
        what=what,
        why="Articles that have an id in it would get another one, and readers all of them again.",
        todo="Mend it, or make it again: publisher feeds adopt FEED",
        path=NAME,
    )
