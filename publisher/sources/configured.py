"""What a generator's own configuration says of its articles, read as data: nothing of it is run.

Hugo's `hugo.toml` and `config/_default/`, Zola's `config.toml`, Jekyll's `_config.yml`.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from publisher import files
from publisher.errors import Problem, SourceError
from publisher.model import Publication
from publisher.sources import expansion, frontmatter, typed
from publisher.sources.author_tables import AuthorTables
from publisher.sources.taxonomies import TOPICS

_MOST = 1_000_000  # bytes of a configuration
_ENDS = (".toml", ".yaml", ".yml", ".json")
_NAMES: Mapping[str, tuple[str, ...]] = {
    "hugo": ("hugo", "config"),
    "zola": ("config",),
    "jekyll": ("_config",),
}


class Configured:
    """The languages, taxonomies and defaults of a site, and the tables of its people.

    `digest` changes whenever one of the files that say so does. Without a generator there are the
    tables alone.
    """

    def __init__(self, root: Path, publication: Publication) -> None:
        own = publication.sources
        self.generator = own.generator
        self._site = root / own.site
        self.problems: list[Problem] = []
        self._values = self._read() if own.generator in _NAMES else {}
        self._within = _relative(root / publication.articles, self._site)
        self.people = AuthorTables(self._site, own.authors, articles=self._within or ".")
        self.languages, self.folders = self._languages()
        self.taxonomies = tuple(sorted(self._taxonomies()))
        self.terms = AuthorTables(self._site, list(self._terms()), is_usual=False)
        self._defaults = list(self._scopes())
        told = json.dumps(self._values, sort_keys=True, default=str) if self._values else ""
        tables = f"{self.people.digest}{self.terms.digest}"
        digest = hashlib.sha256(f"{told} {tables}".encode()).hexdigest()[:16]
        self.digest = digest if told or tables else ""

    @property
    def cascade(self) -> Any:
        """What Hugo's configuration hands down to all pages."""
        return self._values.get("cascade") if self.generator == "hugo" else None

    def defaults_of(self, path: str) -> dict[str, Any]:
        """Return Jekyll's defaults for a file, the narrowest scope last; `path` is an article's."""
        found: dict[str, Any] = {}
        place = f"{self._within}/{path}".lstrip("/")
        for scope, kind, values in self._defaults:
            if _is_in(place, scope) and kind in ("", _kind(place)):
                found |= values
        return found

    def section_above(self) -> tuple[str, ...]:
        """Return the folders above the articles that sort them: `blog` of `content/blog`."""
        parts = PurePosixPath(self._within).parts
        if self.generator in ("hugo", "zola") and parts[:1] == ("content",):
            return parts[1:]
        return ()

    def _read(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        names = _NAMES[self.generator]
        places = [self._site / f"{name}{end}" for name in names for end in _ENDS]
        for path in places:
            if path.is_file():
                found |= self._values_of(path)
        if self.generator == "hugo":
            for path in self._parts():
                inner = self._values_of(path)
                keys = path.stem.split(".") if path.stem not in names else []
                _put(found, keys, inner)
        return found

    def _parts(self) -> Iterator[Path]:
        folder = self._site / "config" / "_default"
        if folder.is_dir():
            yield from (
                one for one in sorted(folder.iterdir()) if one.suffix in _ENDS and one.is_file()
            )

    def _values_of(self, path: Path) -> dict[str, Any]:
        try:
            text = frontmatter.decode(files.read(path, _MOST))
            value = _parsed(text, path.suffix)
        except (SourceError, OSError, ValueError, RecursionError, yaml.YAMLError) as error:
            self.problems.append(_unread(path.relative_to(self._site), error))
            return {}
        return (
            {str(key).lower(): one for key, one in value.items()} if isinstance(value, dict) else {}
        )

    def _languages(self) -> tuple[set[str], dict[str, str]]:
        """The site's languages, and the folders below the articles that are one each."""
        table = self._values.get("languages")
        if not isinstance(table, Mapping):
            return set(), {}
        folders = {}
        for tag, one in table.items():
            inner = (
                {str(key).lower(): value for key, value in one.items()}
                if isinstance(one, dict)
                else {}
            )
            folder = inner.get("contentdir")
            if isinstance(folder, str) and (below := _below(folder, self._within)):
                code = str(inner.get("locale") or inner.get("languagecode") or tag)
                is_same = code.casefold().startswith(f"{str(tag).casefold()}-")
                folders[below] = str(tag) if is_same else code  # `en`, as addresses have it
        return {str(tag).lower() for tag in table}, folders

    def _taxonomies(self) -> Iterator[str]:
        """Names of taxonomies that are neither tags, categories nor authors."""
        table = self._values.get("taxonomies")
        if isinstance(table, Mapping):  # Hugo: singular = "plural"
            names = [str(one) for one in table.values()]
        else:
            names = [str(one.get("name")) for one in table or () if isinstance(one, Mapping)]
        usual = ("tags", "categories", "category", "authors", "author", "people")
        yield from (name.lower() for name in names if name.lower() not in usual)

    def _terms(self) -> Iterator[str]:
        """What says how a tag is called: Hugo's `content/topics/ID/_index.md`, `tags.yml`."""
        places: list[str] = []
        if self.generator == "hugo":
            places = [f"content/{name}" for name in ("tags", *TOPICS, *self.taxonomies)]
        elif self.generator == "docusaurus":
            places = [f"{self._within or '.'}/tags.yml", "blog/tags.yml"]
        yield from (one for one in dict.fromkeys(places) if (self._site / one).exists())

    def _scopes(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        table = self._values.get("defaults") if self.generator == "jekyll" else None
        found = []
        for one in table if isinstance(table, list) else ():
            scope, values = (
                (one.get("scope"), one.get("values")) if isinstance(one, dict) else (0, 0)
            )
            if isinstance(scope, dict) and isinstance(values, dict):
                path, kind = str(scope.get("path") or ""), str(scope.get("type") or "")
                found.append((path.strip("/"), kind, values))
        found.sort(key=lambda one: (one[0].count("/") + bool(one[0]), bool(one[1])))
        yield from found


def _parsed(text: str, suffix: str) -> Any:
    if suffix == ".toml":
        expansion.check_toml(text)
        return frontmatter.plain(typed.toml(text))
    if suffix == ".json":
        return frontmatter.plain(json.loads(text))
    return frontmatter.plain(typed.yaml_node(text)[1])


def _put(values: dict[str, Any], keys: list[str], inner: dict[str, Any]) -> None:
    """Merge the values of `languages.ko.toml` where Hugo has them."""
    for key in keys:
        below = values.setdefault(key.lower(), {})
        if not isinstance(below, dict):
            return
        values = below
    values |= inner


def _relative(folder: Path, site: Path) -> str:
    path = os.path.relpath(folder, site).replace(os.sep, "/")
    return "" if path == "." else path


def _below(folder: str, articles: str) -> str:
    """A folder of the site as it is called from the articles on; "" where it is not below."""
    place = os.path.normpath(folder).replace(os.sep, "/")
    if not articles:
        return place
    return place[len(articles) + 1 :] if place.startswith(f"{articles}/") else ""


def _is_in(place: str, scope: str) -> bool:
    if "*" in scope:
        return fnmatch.fnmatchcase(place, scope) or fnmatch.fnmatchcase(place, f"{scope}/*")
    return not scope or place == scope or place.startswith(f"{scope}/")


def _kind(place: str) -> str:
    """What Jekyll calls a file: posts, drafts, the name of its collection, else pages."""
    sorts = [part for part in place.split("/")[:-1] if part.startswith("_")]
    return sorts[-1].removeprefix("_") if sorts else "pages"


def _unread(path: Path, error: Exception) -> Problem:
    told = error.problem.what if isinstance(error, SourceError) else str(error)
    return Problem(
        what=f"the site's {path} cannot be read: {told}"[:300],
        why="What it says of languages, taxonomies and defaults is not known.",
        path="publisher.toml",
        severity="warning",
    )
