"""themes: which there are, the values of one, and an edition in it to look at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from publisher.errors import UsageError
from publisher.model import Publication
from publisher.pipeline.editions.preview import preview
from publisher.pipeline.workspace import Workspace
from publisher.rendering import Theme, ThemeValues, theme_names


class ThemeEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A theme as it is offered: `used` is the publication's."""

    name: str
    character: str
    used: bool


class ThemeShown(msgspec.Struct, frozen=True, kw_only=True):
    """A theme's values in this publication, its own files, and a page to look at it, if any."""

    values: ThemeValues
    overridden: Sequence[str]
    files: Sequence[str]
    preview: Path | None


def themes(space: Workspace) -> list[ThemeEntry]:
    """Return every theme by name: ours, and those of the publication's `templates/themes/`."""
    used = space.publication.theme.name
    return [
        ThemeEntry(name=name, character=_themed(space, name).character, used=name == used)
        for name in theme_names(space.root / "templates")
    ]


def show_theme(space: Workspace, name: str) -> ThemeShown:
    """Return all of a theme; the newsletter's next edition is put into a page in it.

    Raises ConfigError where there is no such theme, or for a mistake in it.
    """
    name = name or space.publication.theme.name
    values = _themed(space, name)
    theme = Theme(space.root / "templates", name)
    said = space.publication.theme
    return ThemeShown(
        values=values,
        overridden=[one for one in said.__struct_fields__ if one != "name" and getattr(said, one)],
        files=[file.name for file in theme.files() if file.theme == name],
        preview=_preview(space, name),
    )


def in_theme(publication: Publication, name: str) -> Publication:
    """Return a publication as it would be in another theme."""
    return replace(publication, theme=replace(publication.theme, name=name))


def _themed(space: Workspace, name: str) -> ThemeValues:
    return Theme(space.root / "templates", name).values(in_theme(space.publication, name))


def _preview(space: Workspace, name: str) -> Path | None:
    other = Workspace(space.root, space.now)
    try:
        other.publication = in_theme(other.publication, name)
        return preview(other, "", "", suffix=f"-{name}")[0]
    except UsageError:  # there is no edition to show
        return None
    finally:
        other.close()
