"""preview: an edition on a page to look at."""

from __future__ import annotations

from pathlib import Path

from publisher.errors import Problem, UsageError
from publisher.model import Rendition
from publisher.outbox import put
from publisher.pipeline.building import composed, plan, rendered
from publisher.pipeline.workspace import Workspace
from publisher.rendering import findings, preview_page


def preview(space: Workspace, name: str | None) -> tuple[Path, list[Problem]]:
    """Write a page that shows an edition; return where it lies and what the checks found.

    `name` is a newsletter, whose next edition is shown as it would be now (the first newsletter
    by default), or an edition in the outbox, shown as it was sealed. Raises UsageError where the
    next edition would be skipped. Nothing is recorded and the outbox is not touched.
    """
    name = name or _first(space)
    edition, rendition = _sealed(space, name) if "@" in name else _coming(space, name)
    problems = findings(rendition, edition)
    page = preview_page(edition, rendition, problems, space.theme)
    path = space.state / "preview" / f"{edition}.html"
    put(path, page.encode())
    return path, problems


def _sealed(space: Workspace, name: str) -> tuple[str, Rendition]:
    edition = space.outbox.find(name)
    return edition, space.outbox.read(edition).rendition()


def _coming(space: Workspace, name: str) -> tuple[str, Rendition]:
    planned = plan(space, name)
    if planned.skipped:
        raise UsageError(
            f"{planned.id} would be skipped: {planned.skipped}",
            todo=f"See why: publisher plan {name}",
        )
    edition = composed(space, planned)
    return edition.id, rendered(space, edition)


def _first(space: Workspace) -> str:
    if not space.publication.newsletters:
        raise UsageError(
            "the publication has no newsletter",
            todo="Declare one in publisher.toml: [newsletters.NAME]",
        )
    return space.publication.newsletters[0].name
