"""A generator's files besides the articles: its configuration, includes and data, read as data.

Nothing is run, and nothing outside of the site's folder is read. What an article's template code
read is remembered with it, so that it is read again once one of these files is another.
"""

from __future__ import annotations

import ast
import hashlib
import os
import re
import tomllib
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import yaml

from publisher import files
from publisher.errors import SourceError
from publisher.model import Publication, legal
from publisher.sources import expansion, frontmatter, typed
from publisher.sources.scripts import Object, exported
from publisher.sources.templating import Site

if TYPE_CHECKING:
    from publisher.sources.templating.run import Known

_MOST = 1_000_000  # bytes of one such file
_MOST_KEPT = 100_000_000  # characters of all that are kept in memory
_MOST_FILES = 2_000  # of a folder of data
_MARKS = {
    "_config.yml": "jekyll",
    ".eleventy.js": "eleventy",
    "eleventy.config.js": "eleventy",
    "eleventy.config.mjs": "eleventy",
    "eleventy.config.cjs": "eleventy",
}
"""Files that one generator alone has."""

_SCRIPTS = (".js", ".mjs", ".cjs")  # of which what is written out is known
_TEXTS = (".md", ".markdown", ".html")
_ENDS = ("toml", "yaml", "yml", "json")
_SETTINGS = {
    "hugo": [f"{place}{name}.{end}" for place in ("", "config/_default/") for name in
             ("hugo", "config") for end in _ENDS],
    "jekyll": ["_config.yml", "_config.toml"],
    "pelican": ["pelicanconf.py"],
    "nikola": ["conf.py"],
    "zola": ["zola.toml", "config.toml"],
}  # fmt: skip
_PARAMS = [f"config/_default/params.{end}" for end in _ENDS]  # Hugo's, in a file of its own


class SiteFiles:
    """The files of a site, each read once; `of` gives what an article's template code is told."""

    def __init__(self, root: Path, publication: Publication) -> None:
        """`root` is the folder of publisher.toml."""
        own = publication
        self._folder = root / own.sources.site
        self._own = own
        place = os.path.relpath(root / own.articles, self._folder)
        self._articles = None if place.startswith("..") else "" if place == "." else place
        self._shortcodes = {one.name: one.template for one in own.sources.shortcodes}
        self._texts: dict[str, str | None] = {}
        self._parsed: dict[tuple[str, str], Any] = {}
        self._folders: dict[str, list[str]] = {}
        self._kept = 0

    def digest(self, path: str) -> str:
        """What tells the content of a file, or (`path/`) of a folder, from another; "" for none."""
        if path.endswith("/**"):
            found = "\n".join(f"{one} {self.digest(one)}" for one in self.texts(path[:-3])) or None
        elif path.endswith("/"):
            names = list(self._names(path))
            found = "\n".join(f"{name} {self.digest(path + name)}" for name in names) or None
        else:
            found = self.text(path)
        return "" if found is None else hashlib.sha256(found.encode()).hexdigest()[:16]

    def of(self, used: dict[str, str]) -> Site:
        """Return the site as one article's code knows it, which notes in `used` what it reads."""
        reading = _Reading(self, used)
        generator = self._own.sources.generator or reading.guessed()
        return Site(
            generator=generator,
            is_guess=not self._own.sources.generator,
            base_url=self._own.base_url,
            articles=self._articles,
            language=self._own.language,
            typeset=self._own.typography,
            shortcodes=self._shortcodes,
            read=reading.read,
            values=lambda: reading.settings(generator),
            data=lambda: reading.data(generator),
            documents=reading.documents,
        )

    def text(self, path: str) -> str | None:
        """Return the text of a file, None where there is none."""
        if path not in self._texts:
            found = self._read(path)
            self._kept += len(found or "")
            if self._kept > _MOST_KEPT:
                return found
            self._texts[path] = found
        return self._texts[path]

    def _read(self, path: str) -> str | None:
        if not _is_safe(path):
            return None
        place = self._folder / path
        try:
            if not place.resolve().is_relative_to(self._folder.resolve()):
                return None
            data = files.read(place, _MOST)
            return legal(data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))
        except (OSError, ValueError, RuntimeError):
            return None

    def _names(self, folder: str) -> Iterator[str]:
        try:
            found = sorted(one.name for one in (self._folder / folder).iterdir())[:_MOST_FILES]
        except OSError:
            return
        for name in found:
            if name.endswith(
                (".yml", ".yaml", ".json", ".toml", *_SCRIPTS)
            ) and not name.startswith("."):
                yield name

    def texts(self, folder: str) -> list[str]:
        """Return the paths of all texts in a folder and below it."""
        if folder not in self._folders:
            found: list[str] = []
            for place, inner, names in os.walk(self._folder / folder):
                inner.sort()
                below = os.path.relpath(place, self._folder)
                found += [f"{below}/{one}" for one in sorted(names) if one.endswith(_TEXTS)]
                if len(found) > _MOST_FILES:
                    break
            self._folders[folder] = found[:_MOST_FILES]
        return self._folders[folder]

    def head(self, path: str) -> Mapping[str, Any]:
        """Return the front matter of a text, empty where it cannot be read."""
        key = (path, "head")
        if key not in self._parsed:
            try:
                self._parsed[key] = frontmatter.split(self.text(path) or " ").values
            except SourceError:
                self._parsed[key] = {}
        found: Mapping[str, Any] = self._parsed[key]
        return found

    def parsed(self, path: str) -> Any:
        """Return the plain values of a file of data, None where it is none."""
        key = (path, self.digest(path))
        if key not in self._parsed:
            text = self.text(path)
            self._parsed[key] = None if text is None else _values(path, text)
        return self._parsed[key]

    def names(self, folder: str) -> list[str]:
        """Return the names of the files of data in a folder."""
        return list(self._names(folder))


class _Reading:
    """What one article reads."""

    def __init__(self, site: SiteFiles, used: dict[str, str]) -> None:
        self._site, self._used = site, used

    def read(self, path: str) -> str | None:
        self._used[path] = self._site.digest(path)
        return self._site.text(path)

    def guessed(self) -> str:
        return next((one for name, one in _MARKS.items() if self.read(name) is not None), "")

    def settings(self, generator: str) -> Mapping[str, Any]:
        for path in _SETTINGS.get(generator, ()):
            if self.read(path) is not None:
                found = self._site.parsed(path)
                return self._with_params(found if isinstance(found, Mapping) else {}, generator)
        return {}

    def _with_params(self, found: Mapping[str, Any], generator: str) -> Mapping[str, Any]:
        if generator != "hugo":
            return found
        for path in _PARAMS:
            if self.read(path) is not None and isinstance(own := self._site.parsed(path), Mapping):
                return {**found, "params": own}
        return found

    def data(self, generator: str) -> Mapping[str, Any]:
        folder = self._folder_of_data(generator)
        self._used[folder] = self._site.digest(folder)
        found = {
            name.rpartition(".")[0]: self._site.parsed(folder + name)
            for name in self._site.names(folder)
        }
        return {name: value for name, value in found.items() if value is not None}

    def documents(self, folder: str) -> list[tuple[str, Mapping[str, Any]]]:
        if not _is_safe(folder):
            return []
        self._used[f"{folder}/**"] = self._site.digest(f"{folder}/**")
        return [(path, self._site.head(path)) for path in self._site.texts(folder)]

    def _folder_of_data(self, generator: str) -> str:
        if generator == "jekyll":
            named = self.settings(generator).get("data_dir")
            return f"{named if isinstance(named, str) and _is_safe(named) else '_data'}/"
        for name, one in _MARKS.items():
            if one == generator and (text := self.read(name)) is not None:
                place = re.search(r"""\bdata\s*:\s*["']([\w./-]+)["']""", text)
                start = re.search(r"""\binput\s*:\s*["']([\w./-]+)["']""", text)
                parts = (start[1] if start else "", place[1] if place else "_data")
                whole = "/".join(filter(None, (part.strip("./") for part in parts)))
                return f"{whole}/" if _is_safe(whole) else "_data/"
        return "_data/"


class _Nothing(SiteFiles):
    """No site at all: an article by itself."""

    def __init__(self) -> None:
        pass

    def digest(self, path: str) -> str:
        return ""

    def of(self, used: dict[str, str]) -> Site:
        return Site()


NO_SITE: SiteFiles = _Nothing()


def _is_safe(path: str) -> bool:
    pure = PurePosixPath(path)
    odd = "\0" in path or "\\" in path or len(path) > 1000
    return bool(path) and not odd and not pure.is_absolute() and ".." not in pure.parts


def _values(path: str, text: str) -> Any:
    try:
        if path.endswith(".toml"):
            expansion.check_toml(text)
            return frontmatter.plain(tomllib.loads(text))
        if path.endswith(".json"):
            return frontmatter.plain(typed.JSON.decode(text))
        if path.endswith(".py"):
            return frontmatter.plain(_literals(text))
        if path.endswith(_SCRIPTS):
            found = exported(text)
            return _known(PurePosixPath(path).stem, found) if found else None
        return frontmatter.plain(typed.yaml_node(text)[1])
    except (SyntaxError, ValueError, RecursionError, MemoryError, SourceError, yaml.YAMLError):
        return None


def _known(name: str, found: Object) -> Known:
    """An object of a script: what is computed is no hole in a text, but not known."""
    values = {
        key: _known(f"{name}.{key}", one) if isinstance(one, Object) else _without_objects(one)
        for key, one in found.values.items()
    }
    from publisher.sources.templating.run import Known  # with liquid: few sites have scripts

    return Known(name, values, found.computed, is_all=found.is_open)


def _without_objects(value: Any) -> Any:
    """A plain value; objects within a list are all known by name alone."""
    if isinstance(value, list):
        return [_known("", one) if isinstance(one, Object) else _without_objects(one)
                for one in value]  # fmt: skip
    return frontmatter.plain(value)


def _literals(text: str) -> dict[str, Any]:
    """The names of a Python file that stand for literal values; nothing of it is run."""
    found: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd escapes in another's strings
        body = ast.parse(text).body
    for line in body:
        if isinstance(line, ast.Assign) and len(line.targets) == 1:
            target = line.targets[0]
            if isinstance(target, ast.Name):
                try:
                    found[target.id] = ast.literal_eval(line.value)
                except (ValueError, TypeError, RecursionError):
                    continue
    return found
