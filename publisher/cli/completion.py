"""completion: what a shell completes, newsletters, articles, editions and schedules included."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem, get_completion_class

if TYPE_CHECKING:
    from publisher.pipeline.workspace import Workspace

    Text = click.ParamType[str]
else:
    Text = click.ParamType  # older ones are no generic

SHELLS = ("bash", "zsh", "fish")
_VARIABLE = "_PUBLISHER_COMPLETE"

# Bash breaks words at @, which every edition's id holds.
_BREAKS = "COMP_WORDBREAKS=${COMP_WORDBREAKS//@/}\n"


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS), required=False)
def completion_(shell: str | None) -> None:
    """Print what makes SHELL complete verbs, newsletters, articles, editions and schedules.

    The shell you are in by default. For bash: source <(publisher completion bash), in ~/.bashrc.
    """
    from publisher.errors import UsageError

    shell = shell or Path(os.environ.get("SHELL", "")).name
    kind = get_completion_class(shell) if shell in SHELLS else None
    if kind is None:
        raise UsageError("for which shell?", todo="Name it: publisher completion bash, zsh or fish")
    root = click.get_current_context().find_root().command
    source = kind(root, {}, "publisher", _VARIABLE).source()
    click.echo((_BREAKS if shell == "bash" else "") + source, nl=False)


class Name(Text):
    """A name that the publication knows, and that a shell can complete; any text is taken."""

    def __init__(self, kind: str, find: Callable[[Workspace], Iterable[str]]) -> None:
        self.name, self._find = kind, find

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """Return the names that begin so; none where the publication cannot be read."""
        space = None
        try:
            space = _opened(ctx)
            found = sorted({name for name in self._find(space) if name.startswith(incomplete)})
        except Exception:  # whoever presses Tab must not get a traceback
            return []
        finally:
            if space is not None:
                space.close()
        return [CompletionItem(name) for name in found]


def _opened(ctx: click.Context) -> Workspace:
    """The publication that the line means, read only. The clock is the one that `run` gave."""
    from publisher import config
    from publisher.pipeline.workspace import Workspace

    root = ctx.find_root()
    started = root.obj
    now = started() if callable(started) else started.now()
    return Workspace(config.find(Path(root.params.get("folder") or ".")), now)


def _newsletters(space: Workspace) -> list[str]:
    return [one.name for one in space.publication.newsletters]


def _editions(space: Workspace) -> list[str]:
    return [*_newsletters(space), *space.outbox.ids()]


def _coming(space: Workspace) -> list[str]:
    """Editions, and those of the next slots: what can be held or cancelled."""
    from publisher.model import EditionId

    slots = (
        EditionId.of(name, slot)
        for name in _newsletters(space)
        for slot in space.timetable.upcoming(name, space.now, 5)
    )
    return [*_editions(space), *slots]


def _schedules(space: Workspace) -> list[str]:
    return [*(one.name for one in space.timetable.all()), *_newsletters(space)]


def _articles(space: Workspace) -> list[str]:
    return [article.slug for article in space.archive.articles]


def _pinned(space: Workspace) -> list[str]:
    """What may stand first after `pin`: a newsletter or, where there is one alone, an article."""
    return [*_newsletters(space), *_articles(space)]


def _segments(space: Workspace) -> list[str]:
    return [one.name for one in space.publication.segments]


def _templates(space: Workspace) -> list[str]:
    return [file.name for file in space.theme.files()]


NEWSLETTER = Name("newsletter", _newsletters)
EDITION = Name("edition", _editions)
COMING = Name("edition", _coming)
ARTICLE = Name("article", _articles)
PINNED = Name("newsletter", _pinned)
SCHEDULE = Name("schedule", _schedules)
SEGMENT = Name("segment", _segments)
TEMPLATE = Name("template", _templates)

_BY_NAME: Mapping[str, Name] = {
    "newsletter": NEWSLETTER, "newsletters": NEWSLETTER, "edition": EDITION, "article": ARTICLE,
    "other": ARTICLE, "segment": SEGMENT,
}  # fmt: skip

_BY_VERB: Mapping[tuple[str, str], Name] = {
    ("preview", "name"): EDITION, ("hold", "edition"): COMING, ("cancel", "edition"): COMING,
    ("pin", "newsletter"): PINNED, ("exclude", "newsletter"): PINNED,
    ("templates eject", "name"): TEMPLATE, ("schedule explain", "name"): SCHEDULE,
    ("schedule pause", "name"): SCHEDULE, ("schedule resume", "name"): SCHEDULE,
    ("schedule remove", "name"): SCHEDULE, ("schedule edit", "name"): SCHEDULE,
}  # fmt: skip


def completed(command: click.Command, path: str) -> None:
    """Give a command's arguments and options the types whose names a shell completes."""
    for param in command.params:
        found: Any = _BY_VERB.get((path, param.name or "")) or _BY_NAME.get(param.name or "")
        if found is not None and param.type is click.STRING:
            param.type = found
