"""The pictures of authors: articles carry them to what shows them, as they carry their own."""

from __future__ import annotations

from pathlib import Path

from publisher.model import Article, Picture, names
from publisher.pipeline.pages.logo import file_at
from publisher.pipeline.workspace import Workspace
from publisher.sources import Archive


class Portraits:
    """Makes the pictures of authors, where any template shows them below a folder of templates."""

    def __init__(self, space: Workspace, below: str = "") -> None:
        self._gallery = space.gallery
        self._files: dict[str, Path] = {}
        if space.gallery.is_open and space.theme.mentions("portrait(", below):
            for one in space.publication.authors:
                if one.picture and (found := file_at(space, one.picture)):
                    self._files[names.portrait_key(one.name)] = found[1]
            self._add(space.archive)

    def _add(self, archive: Archive) -> None:
        """Those that the site's own tables name, of authors who have written."""
        if known := archive.portraits():
            for name in {name for article in archive.articles for name in article.authors}:
                if name in known:
                    self._files.setdefault(names.portrait_key(name), known[name])

    def __bool__(self) -> bool:
        return bool(self._files)

    def of(self, article: Article, *, mailed: bool) -> Article:
        """Return an article with small pictures of its authors."""
        found: dict[str, Picture] = {}
        for name in article.authors if self._files else ():
            path = self._files.get(names.portrait_key(name))
            small = self._gallery.portrait(path, mailed=mailed) if path else None
            if small:
                found[names.portrait_key(name)] = Picture(
                    width=0, height=0, length=0, thumbnail=small
                )
        return article.but(pictures={**article.pictures, **found}) if found else article

    def keys(self) -> set[str]:
        """Return the names, without their ends, of what pages may show."""
        made = (self._gallery.portrait(path, mailed=False) for path in self._files.values())
        return {one.url.rpartition("/")[2].partition(".")[0] for one in made if one}
