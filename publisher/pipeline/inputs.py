"""All that a build may read, and how it stands: looked at before anything is read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from publisher import files, packaged
from publisher.stamps import RACY, Stand, stand

if TYPE_CHECKING:
    from publisher.pipeline.workspace import Workspace

_MOST = 1_000_000_000  # bytes of a file that is read
_MANY = 1_000  # files changed just now, which are read each time


class Inputs:
    """Folders and what is in them, as they stand when they are first asked for."""

    def __init__(self, space: Workspace, begun: int) -> None:
        """`begun` is the machine's clock (ns) before anything was looked at."""
        self._space, self._begun = space, begun

    def look(self) -> bool:
        """Look at all of them now; return whether they can be told from others by how they stand.

        Not so where a link leads to a folder at which nobody looks, and where too many files may
        change again within their timestamp.
        """
        links = (Path(link) for one in self._stands.values() for link in one.linked)
        is_known = self.hold(links) and len(self._changed) <= _MANY
        if is_known:
            self._read()
        return is_known

    def hold(self, paths: Iterable[Path]) -> bool:
        """Whether all of these lie in a folder that is looked at, wherever links lead."""
        return all(
            any(path.resolve().is_relative_to(folder) for folder in self._stands) for path in paths
        )

    def _read(self) -> None:
        """Read what how they stand does not tell: later it may be another."""
        _ = self.recent, self.history

    @property
    def digests(self) -> dict[str, str]:
        """How each folder stands."""
        return {path: one.digest for path, one in self._stands.items()}

    @cached_property
    def recent(self) -> dict[str, str]:
        """Digests of the files that may change again within their timestamp, by path."""
        return {path: digest(Path(path)) for path in self._changed}

    @cached_property
    def history(self) -> str:
        """What git calls the newest commit, where dates come from there."""
        own = self._space.publication
        if not own.sources.history:
            return ""
        from publisher.sources.history import head

        return head(self._space.root / own.articles)

    @cached_property
    def _stands(self) -> Mapping[str, Stand]:
        apart = _apart(self._space)
        return {
            path: stand(Path(path), self._begun - RACY, apart) for path in _folders(self._space)
        }

    @property
    def _changed(self) -> list[str]:
        return [path for one in self._stands.values() for path in one.recent]


def _folders(space: Workspace) -> list[str]:
    """The publication's folder and every other that a build may read, none within another."""
    own, root = space.publication, space.root
    named = [root / place for place in (own.articles, own.sources.site, own.web.static)]
    named += [root / "templates", packaged.templates()]
    named += [root / own.related.model] if own.related.model else []
    found: list[Path] = []
    for one in sorted({one.resolve() for one in (root, *named)}, key=lambda path: len(path.parts)):
        if not any(one.is_relative_to(above) for above in found):
            found.append(one)
    return sorted(map(str, found))


def _apart(space: Workspace) -> set[str]:
    """Folders in which nothing is read: what we make ourselves, and what git keeps."""
    root, site = space.root.resolve(), (space.root / space.publication.sources.site).resolve()
    ours = (space.outbox.folder.resolve(), space.state.resolve(), root / ".publisher")
    return {str(one) for one in (*ours, root / ".git", site / ".git")}


def digest(path: Path) -> str:
    """Return a digest of a file's bytes, and why there is none where it cannot be read."""
    try:
        return hashlib.sha256(files.read(path, _MOST)).hexdigest()
    except OSError as error:
        return f"{error.errno}"
