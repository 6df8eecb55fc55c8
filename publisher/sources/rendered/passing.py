"""Pages of a rendered site that are no articles: told all at once, by what they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from publisher.errors import Problem

_RULE = "no-article"
_SHOWN = 3  # paths of each kind


class PassedOver(Exception):
    """A page that is no article; the text says what it is, in the same words for all alike."""


def passing_over(path: str, none: PassedOver) -> Problem:
    """Return what is kept of a page that is passed over."""
    return Problem(what=str(none), path=path, severity="note", rule=_RULE)


def passed_over(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield problems, those of pages that were passed over as one for each kind."""
    kinds: dict[str, list[str]] = {}
    for problem in problems:
        if problem.rule == _RULE:
            kinds.setdefault(problem.what, []).append(problem.path or "")
        else:
            yield problem
    for what, paths in sorted(kinds.items()):
        some = ", ".join(sorted(paths)[:_SHOWN])
        more = f" and {len(paths) - _SHOWN:,} more" if len(paths) > _SHOWN else ""
        yield Problem(
            what=f"passed over, for it is {what}: {some}{more}",
            path="",
            severity="note",
        )
