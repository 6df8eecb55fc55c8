"""Who an author's id stands for, by the tables that sites keep of their people.

Docusaurus' `authors.yml`, Jekyll's `_data/authors.yml`, Eleventy's data, Hugo's `data/authors/` and
`content/authors/ID/_index.md`, collections of Zola and Astro: data, of which nothing is run.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from publisher import files
from publisher.errors import Problem, SourceError
from publisher.sources import expansion, frontmatter, people, typed

_WORDS = ("authors", "author", "people", "team", "members", "contributors")
_FOLDERS = ("_data", "data", "src/_data", "src/data", "blog", "src/content", "content")
_DATA = (".yml", ".yaml", ".json", ".toml")
_PAGES = (".md", ".markdown", ".mdx")
_INDEXES = ("_index", "index")
_INDEX_FILES = frozenset(f"{index}{end}" for index in _INDEXES for end in (*_PAGES, *_DATA))
_PICTURES = ("static", "public", "assets", "src/assets", "src", "images", ".")  # of a site's files
_PICTURE_KEYS = (
    "picture", "image", "imageurl", "avatar", "avatarurl", "photo", "profilephoto", "portrait",
    "headshot", "thumbnail",
)  # fmt: skip
_MOST_BYTES = 2_000_000
_MOST_FILES = 5_000


class AuthorTables:
    """The tables of a site, found when it is made and read when a name is first asked for.

    `digest` tells whether one of them was touched, "" where there are none. `named` are files and
    folders from the site's folder on; without them those in the usual folders are taken, and
    `authors.yml` beside the `articles`.
    """

    def __init__(
        self,
        site: Path,
        named: Sequence[str] = (),
        *,
        articles: str = ".",
        is_usual: bool = True,
    ) -> None:
        self._site = site
        self.problems: list[Problem] = []
        self._files = list(self._named(named) if named or not is_usual else self._usual(articles))[
            :_MOST_FILES
        ]
        told = [f"{path} {stat.st_size} {stat.st_mtime_ns}" for path, stat in self._stats()]
        self.digest = hashlib.sha256("\n".join(told).encode()).hexdigest()[:16] if told else ""

    def name_of(self, who: str) -> str:
        """Return the name of whom an id stands for, "" where no table knows it."""
        if not self._files or not who:
            return ""
        return self._names.get(who) or self._names.get(who.casefold()) or ""

    def _named(self, named: Sequence[str]) -> Iterator[Path]:
        for name in named:
            path = self._site / name
            if path.is_dir():
                yield from _within(path)
            elif path.is_file():
                yield path
            else:
                self.problems.append(_missing(name))

    def _usual(self, articles: str) -> Iterator[Path]:
        for folder in dict.fromkeys((*_FOLDERS, ".", articles)):
            is_known = folder in _FOLDERS
            for word in _WORDS if is_known else _WORDS[:1]:
                place = self._site / folder / word
                yield from (one for end in _DATA if (one := place.with_suffix(end)).is_file())
                if is_known and place.is_dir():
                    yield from _within(place)

    def _stats(self) -> Iterator[tuple[Path, os.stat_result]]:
        for path in self._files:
            try:
                yield path, path.stat()
            except OSError:
                continue

    def pictures(self) -> dict[str, Path]:
        """Return the files of people's pictures by name: those that lie in the site's folder."""
        found: dict[str, Path] = {}
        for path, _, (name, written) in self._people:
            if name not in found and (place := self._file(written, path)):
                found[name] = place
        return found

    def _file(self, written: str, table: Path) -> Path | None:
        if not written or "://" in written or written.startswith("//"):
            return None  # another's server would know who reads
        site = self._site.resolve()
        for folder in (table.parent, *(self._site / one for one in _PICTURES)):
            place = (folder / written.lstrip("/")).resolve()
            if place.is_relative_to(site) and place.is_file():
                return place
        return None

    @cached_property
    def _names(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for _, who, (name, _) in self._people:
            found.setdefault(who, name)
            found.setdefault(who.casefold(), name)
        return found

    @cached_property
    def _people(self) -> list[tuple[Path, str, _Person]]:
        return [(path, who, person) for path in self._files for who, person in self._told(path)]

    def _told(self, path: Path) -> Iterator[tuple[str, _Person]]:
        own = path.parent.name if path.stem in _INDEXES else path.stem
        try:
            value = _read(path)
        except (SourceError, OSError, ValueError, RecursionError, yaml.YAMLError) as error:
            self.problems.append(_unread(path, self._site, error))
            return
        if isinstance(value, dict) and own not in _WORDS and (name := people.name_in(value)):
            person = (name, _picture_of(value))
            yield from ((who, person) for who in dict.fromkeys((own, *people.ids_in(value))))
        else:
            yield from _of_table(value)


_Person = tuple[str, str]
"""A name, and the picture as it was written, "" for none."""


def _picture_of(person: Any) -> str:
    """The picture of a table of a person, the file alone."""
    if not isinstance(person, dict):
        return ""
    folded = {re.sub("[-_ ]", "", str(key).casefold()): value for key, value in person.items()}
    found = (folded.get(key) for key in _PICTURE_KEYS)
    return next((one for one in found if isinstance(one, str) and "." in one), "")


def _of_table(value: Any) -> Iterator[tuple[str, _Person]]:
    """Ids and names of a table by id, or of a list of people who each have one."""
    if isinstance(value, dict):
        inner = next((value[word] for word in _WORDS if isinstance(value.get(word), list)), None)
        if inner is not None:
            yield from _of_table(inner)
            return
        for who, person in value.items():
            name = people.name_in(person) if isinstance(person, dict) else person
            if isinstance(name, str) and name.strip():
                yield str(who), (people.plain(name), _picture_of(person))
    elif isinstance(value, list):
        for person in value:
            if isinstance(person, dict) and (name := people.name_in(person)):
                yield from ((who, (name, _picture_of(person))) for who in people.ids_in(person))


def _within(folder: Path) -> Iterator[Path]:
    """Data and pages of a folder, and `_index.md` of the folders in it, in order of name."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)[:_MOST_FILES]
    except OSError:
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            with contextlib.suppress(OSError):
                yield from sorted(one for one in path.iterdir() if one.name in _INDEX_FILES)
        elif path.suffix.lower() in (*_DATA, *_PAGES) and path.stem not in _INDEXES:
            yield path


def _read(path: Path) -> Any:
    text = frontmatter.decode(files.read(path, _MOST_BYTES))
    suffix = path.suffix.lower()
    if suffix in _PAGES:
        head = frontmatter.split(text)
        return {**head.values, **{key: one for key, one in head.texts.items() if one is not None}}
    if suffix == ".json":
        return frontmatter.plain(json.loads(text))
    if suffix == ".toml":
        expansion.check_toml(text)
        return frontmatter.plain(typed.toml(text))
    node, _ = typed.yaml_node(text)
    return typed.yaml_texts(node) if node else {}


def _missing(name: str) -> Problem:
    return Problem(
        what=f"sources.authors: there is no {name}",
        why="Ids of authors stay as they stand in the articles.",
        path="publisher.toml",
        severity="warning",
    )


def _unread(path: Path, site: Path, error: Exception) -> Problem:
    told = error.problem.what if isinstance(error, SourceError) else str(error)
    return Problem(
        what=f"{path.relative_to(site)}: a table of authors that cannot be read: {told}"[:300],
        why="Ids of authors that stand in it alone stay as they are.",
        severity="warning",
    )
