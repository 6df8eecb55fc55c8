"""What is wrong with template code, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from publisher.errors import Problem, suggestion

_TABLE = "[sources.shortcodes] in publisher.toml"


def unknown(name: str, count: int, line: int | None, known: Iterable[str]) -> Problem:
    """A shortcode or tag that nobody told us the meaning of."""
    often = f" ({count} times)" if count > 1 else ""
    near = suggestion(name, known)
    return Problem(
        what=f"what the shortcode {name} stands for is not known{often}",
        why=near if near.startswith("Did") else "Readers would see its code.",
        todo=f'Write it into {_TABLE}: "{name}" = "…", an empty text leaves it out.',
        line=line,
        shortcode=name,
    )


def wrong(what: str, line: int | None, *, why: str = "", todo: str = "", name: str = "") -> Problem:
    """Template code that cannot be expanded; `name` where a template of the owner's would help."""
    return Problem(what=what, why=why, todo=todo, line=line, shortcode=name)


def left_out(name: str, count: int, line: int | None) -> Problem:
    """A shortcode whose template is empty."""
    often = f" ({count} times)" if count > 1 else ""
    return Problem(
        what=f"left out: the shortcode {name}{often}",
        why=f"Its template in {_TABLE} is empty.",
        line=line,
        severity="note",
    )


def summary(problems: Iterable[Problem]) -> Problem | None:
    """One line for all articles that shortcodes leave out, None where there are none."""
    pairs = {(one.shortcode, one.path) for one in problems if one.shortcode}
    if not pairs:
        return None
    counts = Counter(name for name, _ in pairs)
    articles = len({path for _, path in pairs})
    most = ", ".join(f"{name} {count:,}" for name, count in ranked(counts)[:_NAMED])
    rest = f", … ({len(counts) - _NAMED} more)" if len(counts) > _NAMED else ""
    return Problem(
        what=f"{articles:,} {'article is' if articles == 1 else 'articles are'} left out for "
        f"{len(counts):,} shortcode{'s' if len(counts) > 1 else ''}: {most}{rest}",
        why="Nobody knows what they stand for: readers would see code.",
        todo=f'Write what they stand for in {_TABLE}, such as: "{ranked(counts)[0][0]}" = '
        '"<aside>{{ inner }}</aside>"; an empty text leaves one out.',
    )


_NAMED = 12


def ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    """Names by count, the most frequent first, equals by name."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
