"""A site's folder, read without trusting it: no link out of it, no endless file, no deep tree."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from publisher import files
from publisher.errors import SourceError
from publisher.sources.listing import leads_inside

MOST = 1_000_000
"""Bytes of a file of configuration."""

KINDS = (".md", ".markdown", ".mdx", ".html", ".htm", ".rst", ".txt", ".org", ".adoc", ".ipynb")
"""How files end that may be articles, whether we read them or not."""

_MOST_FILES = 200_000
_DEEPEST = 30  # folders within each other
_NO_CONTENT = {"node_modules", "vendor", "public", "_site", "output", "dist", "build"}


class SiteFolder:
    """The folder of a site; every path is from it on, with `/`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._inside = root.resolve()

    def below(self, name: str) -> SiteFolder:
        """Return a folder of it as a site of its own."""
        return SiteFolder(self.root / name)

    def has_file(self, name: str) -> bool:
        """Whether there is such a file, wherever a link of that name may lead."""
        return _is(Path.is_file, self.root / name)

    def has_folder(self, name: str) -> bool:
        """Whether there is such a folder, in the site itself."""
        path = self.root / name
        return _is(Path.is_dir, path) and self._is_inside(path)

    def first(self, *names: str) -> str:
        """Return the first of some files that is there, "" where none is."""
        return next((name for name in names if self.has_file(name)), "")

    def names(self, folder: str = "") -> list[str]:
        """Return the names in a folder, in order; none where it cannot be read."""
        path = self.root / folder
        try:
            return sorted(one.name for one in path.iterdir()) if self._is_inside(path) else []
        except OSError:
            return []

    def text(self, name: str) -> str:
        """Return the text of a file of configuration; raise SourceError naming it."""
        path = self.root / name
        if not self._is_inside(path):
            raise SourceError(
                "a link that leads out of the site's folder",
                why="It is not followed: it may lead to anything on this machine.",
                todo="Put the file itself there.",
                path=name,
            )
        try:
            text = files.read(path, MOST).decode("utf-8-sig")
        except OSError as error:
            raise SourceError(f"cannot be read: {error.strerror}", path=name) from None
        except UnicodeDecodeError as error:
            raise SourceError(f"byte {error.start} is not UTF-8", path=name) from None
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def count(self, folder: str, kinds: Collection[str] = KINDS) -> int:
        """Return how many files with one of these endings lie in a folder, at any depth."""
        return sum(1 for _ in self.articles(folder, kinds))

    def articles(self, folder: str, kinds: Collection[str] = KINDS) -> Iterator[str]:
        """Paths of the files with one of these endings in a folder; names with `_` and `.` not."""
        for path, _ in self._walked(folder):
            name = path.rpartition("/")[2]
            if not name.startswith(("_", ".")) and name.lower().endswith(tuple(kinds)):
                yield path

    def folders_called(self, wanted: str) -> list[str]:
        """Return every folder of that name in the site, in order."""
        return sorted(
            path
            for path, is_folder in self._walked("", True)
            if is_folder and (path.rpartition("/")[2] == wanted)
        )

    def _walked(self, folder: str, hidden: bool = False) -> Iterator[tuple[str, bool]]:
        """Files, and with `hidden` folders, at any depth; links are not followed."""
        stack, seen = [(folder.strip("/"), 0)], 0
        while stack:
            below, depth = stack.pop()
            for name in self.names(below):
                path = f"{below}/{name}" if below else name
                seen += 1
                if seen > _MOST_FILES:
                    return
                if (self.root / path).is_symlink():
                    continue
                if not (self.root / path).is_dir():
                    yield path, False
                elif name == "node_modules":
                    continue
                elif not (hidden and name in _NO_CONTENT) and not name.startswith("."):
                    if hidden:
                        yield path, True
                    if depth < _DEEPEST and (hidden or not name.startswith("_")):
                        stack.append((path, depth + 1))

    def _is_inside(self, path: Path) -> bool:
        return leads_inside(path, self._inside)


def _is(kind: Callable[[Path], bool], path: Path) -> bool:
    """Whether there is such a file, or folder; nothing has a name that is too long."""
    try:
        return kind(path)
    except OSError:
        return False
