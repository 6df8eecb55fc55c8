"""The articles folder → the files in it that may be articles, with their stats."""

from __future__ import annotations

import contextlib
import fnmatch
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from publisher import files
from publisher.errors import Problem
from publisher.model import Publication
from publisher.sources import unread
from publisher.sources.inherited import DATA
from publisher.sources.kinds import KINDS

Stat = tuple[int, int, int, int]
"""Size, times of change of its bytes and of its entry in ns, number of a file."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_FRONT_PAGES = {
    f"{name}{suffix}" for name in ("index", "404") for suffix in (".md", ".mdx", ".rst", ".html")
}
_BUNDLES = ("index.md", "index.mdx")
_HIDING = ("astro", "docusaurus")  # to which every name that begins with `_` hides


class Listing:
    """Walks the folder once; `problems` are what it finds on its way."""

    def __init__(
        self, folder: Path, publication: Publication, see: Callable[[str], object]
    ) -> None:
        """`see` is told of files that say something of the articles beside and below them."""
        self._folder, self._inside, self._see = folder, folder.resolve(), see
        self._is_rendered = publication.sources.rendered
        self._folders = sorted({one.strip("/") for one in publication.sources.folders})
        hides_all = publication.sources.generator in _HIDING
        self._underscored = {"_drafts"} if hides_all else {"_drafts", "_posts"}
        self._ignored = re.compile("|".join(map(fnmatch.translate, publication.ignore)) or "(?!)")
        self.problems: list[Problem] = []

    def files(self) -> Iterator[tuple[str, Stat]]:
        """Every article file with its stat; names starting with `.` or `_` are not articles."""
        stack = list(self._beginnings())
        while stack:
            below = stack.pop()
            try:
                entries = list(os.scandir(self._folder / below))
            except OSError as error:
                what = f"the folder cannot be read: {error.strerror}"
                self.problems.append(Problem(what=what, path=below))
                continue
            is_bundle = below != "" and any(entry.name in _BUNDLES for entry in entries)
            while entries:  # each remembers its stat: 100,000 of them are 90 MB
                entry = entries.pop()
                name, path = entry.name, f"{below}{entry.name}"
                is_text = _is_text(path)
                if name.endswith(DATA) and is_text and entry.is_file():
                    self._see(path)
                if name.startswith((".", "_")) and name not in self._underscored:
                    continue
                if not is_text:
                    self.problems.append(_bad_name(path))
                elif entry.is_symlink() and (problem := self._fault(entry, path)):
                    self.problems.append(problem)
                elif entry.is_dir(follow_symlinks=False):
                    stack.append(f"{path}/")
                elif is_bundle and not name.endswith((".md", ".mdx")):
                    continue  # Hugo's page bundle: what lies beside its index.md belongs to it
                elif self._is_article(name, path) and (found := self._regular(entry, path)):
                    yield path, found

    def _fault(self, link: os.DirEntry[str], path: str) -> Problem | None:
        """Why a link is not followed; None where it is."""
        if not leads_inside(Path(link.path), self._inside):
            return _outside(path)
        return _linked_folder(path) if link.is_dir() else None

    def _beginnings(self) -> Iterator[str]:
        """Where articles lie: all of the folder, or some folders of it; what is above them says."""
        if not self._folders:
            yield ""
        for above in {above for one in self._folders for above in Path(one).parents}:
            self._see_data(above)
        for one in self._folders:
            if leads_inside(self._folder / one, self._inside):
                yield f"{one}/"
            else:
                self.problems.append(_outside(one))

    def _see_data(self, above: Path) -> None:
        """What says something of the articles in all folders below it."""
        with contextlib.suppress(OSError):  # what cannot be read is told where articles are
            for one in sorted((self._folder / above).iterdir()):
                path = (above / one.name).as_posix()
                if one.name.endswith(DATA) and _is_text(path) and one.is_file():
                    self._see(path)

    def _regular(self, entry: os.DirEntry[str], path: str) -> Stat | None:
        """The stat of an article's file; None for a pipe, a device or a link to nowhere."""
        try:
            found = entry.stat()
        except OSError as error:
            self.problems.append(Problem(what=f"cannot be read: {error.strerror}", path=path))
            return None
        if not stat.S_ISREG(found.st_mode):
            self.problems.append(_no_file(path, files.kind_of(found.st_mode)))
            return None
        return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino

    def _is_article(self, name: str, path: str) -> bool:
        if self._ignored.match(name) or path in _FRONT_PAGES:
            return False
        if path != name and self._ignored.match(path):
            return False
        dot = name.rfind(".")
        suffix = name[dot:].lower() if dot > 0 else ""
        if self._is_rendered:
            return suffix in (".html", ".htm")
        if suffix in unread.COMMANDS:
            self.problems.append(unread.problem(path, suffix))
        return suffix in KINDS


def _is_text(path: str) -> bool:
    return path.isascii() or not _SURROGATE.search(path)  # what is no UTF-8 came as surrogates


def _bad_name(path: str) -> Problem:
    shown = path.encode("utf-8", "backslashreplace").decode()
    return Problem(what="its name is not UTF-8 text", todo="Rename the file.", path=shown)


def _linked_folder(path: str) -> Problem:
    return Problem(
        what="a link to a folder is not followed",
        path=path,
        severity="warning",
        why="What lies there could be read twice, or without end.",
        todo="Put the folder itself there, or name it in publisher.toml: [publication] articles.",
    )


def leads_inside(link: Path, folder: Path) -> bool:
    """Whether a path lies in a folder, wherever links lead."""
    try:
        return link.resolve().is_relative_to(folder)
    except (OSError, ValueError, RuntimeError):  # a link to itself, a name that no file has
        return False


def _no_file(path: str, kind: str) -> Problem:
    return Problem(
        what=f"it is {kind}: it is passed over",
        why="Reading it could wait for ever.",
        todo="Put a file there, or remove it.",
        path=path,
    )


def _outside(path: str) -> Problem:
    return Problem(
        what="a link that leads out of the articles folder",
        why="It is not followed: a copied folder would publish something else.",
        todo="Put the file itself there.",
        path=path,
    )
