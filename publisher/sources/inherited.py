"""What files beside and above an article say of it, its site's configuration, and Nikola's `.meta`.

Hugo's `_index.md` hands `cascade` down to all pages below it, Eleventy's `FOLDER.json` and
`FOLDER.11tydata.json` hold for a folder, `NAME.json` for a file; Nikola keeps the front matter of
`NAME.md` in `NAME.meta`. Where no generator is named, only what hides an article is taken from
folders.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
from msgspec.structs import replace

from publisher import files
from publisher.errors import Problem, SourceError
from publisher.sources import frontmatter, hiding
from publisher.sources.configured import Configured
from publisher.sources.fields import Habits
from publisher.sources.keys import KEYS
from publisher.sources.rendered.survey import NO_SITE, Site
from publisher.sources.spoken import Spoken

_MOST = 1_000_000  # bytes of such a file
_TAKEN = hiding.KEYS | {"expirydate", "unpublishdate", "expires", "embargo"}
_OWN = frozenset((*KEYS["id"], *KEYS["title"], *KEYS["slug"]))
_HANDED_DOWN = _TAKEN | (frozenset(key for keys in KEYS.values() for key in keys) - _OWN)
_INDEXES = ("_index.md", "_index.markdown", "_index.html")
_LINES = ("title", "slug", "date", "tags", "link", "description")
_SCRIPTS = (".11tydata.js", ".11tydata.cjs", ".11tydata.mjs", ".11tydata.ts")
DATA = (*_INDEXES, *_SCRIPTS, ".meta", ".json")
"""How the names of such files end."""


class Inherited(msgspec.Struct, frozen=True):
    """Values below an article's own: from its folders, and (`meta`) from a file of its own.

    `language` is that of a folder, `place` its path without that, "" where no folder is one;
    `languages` are those of its site, `sorted_by` folders above all articles. `known` is the digest
    of the files of its site that say who is who, `committed` when its file came into git, `id`
    what a live feed calls it (`ids.toml`); `site` what all pages of a rendered site share.
    """

    values: Mapping[str, Any] = msgspec.field(default_factory=dict)
    meta: Mapping[str, Any] = msgspec.field(default_factory=dict)
    is_nikola: bool = False
    language: str = ""
    place: str = ""
    languages: frozenset[str] = frozenset()
    sorted_by: tuple[str, ...] = ()
    habits: Habits = Habits()
    known: str = ""
    committed: datetime | None = None
    id: str = ""
    site: Site = NO_SITE

    @property
    def digest(self) -> str:
        """What tells these values from others; "" where there are none."""
        own = (self.language, self.committed, self.id, self.site.digest)
        if not (self.values or self.meta or any(own)):
            return self.known
        more = (*own, self.known) if any(own) or self.known else ()
        told = json.dumps([dict(self.values), dict(self.meta), *more], sort_keys=True, default=str)
        return hashlib.sha256(told.encode()).hexdigest()[:16]


NOTHING = Inherited()


class Above:
    """Collects such files while the articles folder is listed, and reads them when it is asked."""

    def __init__(
        self,
        folder: Path,
        root: Path,
        site: Configured | None = None,
        commits: Mapping[str, datetime] = {},
        ids: Mapping[str, str] = {},
    ) -> None:
        """`folder` is that of the articles, `root` its name from the publication's folder on.

        `site` is what its generator's configuration says, `commits` when each file came into git,
        `ids` what a live feed calls each.
        """
        self._site, self._commits, self._ids = site, commits, ids
        self._spoken: Spoken | None = None
        self._taken = _HANDED_DOWN if site and site.generator else _TAKEN
        self._plain = _plain_of(site)
        self._plain_digest: str | None = None
        self._is_silent = False
        self._folder, self._root = folder, PurePosixPath(root.as_posix())
        self._indexes: dict[str, str] = {}  # folder → its `_index.md`
        self._data: dict[str, list[str]] = {}  # folder, or file without suffix → Eleventy's data
        self._metas: dict[str, str] = {}
        self._cascades: dict[str, list[Mapping[str, Any]]] = {}
        self._found: dict[str, Mapping[str, Any]] = {}
        self._told_by: dict[str, dict[str, Any]] = {}
        self.problems: list[Problem] = []
        self.site = NO_SITE

    def see(self, path: str) -> None:
        """Note a file, if it is one of them; `path` is relative to the articles folder."""
        folder, _, name = path.rpartition("/")
        own = PurePosixPath(folder).name or self._root.name
        if name in _INDEXES:
            self._indexes[folder] = path
        elif name.endswith(".meta"):
            self._metas[path.removesuffix(".meta")] = path
        elif name in (f"{own}.json", f"{own}.11tydata.json"):
            self._data.setdefault(f"{folder}/", []).append(path)
        elif name.endswith((".11tydata.json", ".json")):
            stem = path.removesuffix(".json").removesuffix(".11tydata")
            self._data.setdefault(stem, []).append(path)
        elif name.endswith(_SCRIPTS):
            self.problems.append(_script(path))

    def of(self, path: str) -> Inherited:
        """Return what the files that were seen say of an article."""
        found = self._of(path)
        return found if self.site is NO_SITE else replace(found, site=self.site)

    def digest_of(self, path: str) -> str:
        """Return the digest of that; of most files it is the same one."""
        silent = self._is_silent and self.site is NO_SITE
        found = self._plain if silent else self.of(path)
        if found is not self._plain:
            return found.digest
        if self._plain_digest is None:
            self._plain_digest = found.digest
        return self._plain_digest

    def _of(self, path: str) -> Inherited:
        stem = path.rpartition(".")[0]
        plain = self._placed(path)
        if not (self._indexes or self._data or self._told_by or self._metas or self._plain.known):
            return plain
        values: dict[str, Any] = self._of_the_site(path)
        for folder in _above(path):
            values |= self._cascaded(folder, path)
            values |= self._told(f"{folder}/")
        values |= self._told(stem)
        meta = self._meta(stem) if stem in self._metas else {}
        return (
            replace(plain, values=values, meta=meta, is_nikola=bool(meta))
            if values or meta
            else plain
        )

    def listed(self, paths: Iterable[str], main: str, used: Collection[str]) -> None:
        """Look for folders of languages among all articles; `main` is the publication's."""
        site, listed = self._site, list(paths)
        folders, more = (site.folders, site.languages) if site else ({}, set())
        self._spoken = Spoken(listed, main, {*used, *more}, folders)
        told = (self._indexes, self._data, self._metas, self._plain.known, self._commits, self._ids)
        # Then nothing is said of any article, and none is asked for.
        self._is_silent = not any(told) and not self._spoken.is_any_among(listed)

    def _placed(self, path: str) -> Inherited:
        """What an article's folders, and git, tell by themselves."""
        language, place = self._spoken.of(path) if self._spoken else ("", path)
        committed, known = self._commits.get(path), self._ids.get(path, "")
        if not language and committed is None and not known:
            return self._plain
        return replace(
            self._plain,
            language=language,
            place=place if language else "",
            committed=committed,
            id=known,
        )

    def _of_the_site(self, path: str) -> dict[str, Any]:
        """What the configuration of the site hands down to an article."""
        if self._site is None:
            return {}
        found = {
            key: one for key, one in self._site.defaults_of(path).items() if self._is_taken(key)
        }
        for one in self._parts_of(self._site.cascade):
            if self._is_meant(one.get("target") or one.get("_target"), path):
                found |= self._of_these(one)
        return found

    def _is_taken(self, key: str) -> bool:
        return str(key).lower() in self._taken or str(key).lower() in self._plain.habits.taxonomies

    def _of_these(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {str(key): value for key, value in values.items() if self._is_taken(str(key))}

    def _cascaded(self, folder: str, path: str) -> dict[str, Any]:
        if folder not in self._indexes:
            return {}
        if folder not in self._cascades:
            self._cascades[folder] = list(self._cascade(self._indexes[folder]))
        found: dict[str, Any] = {}
        for one in self._cascades[folder]:
            if self._is_meant(one.get("target") or one.get("_target"), path):
                found |= self._of_these(one)
        return found

    def _cascade(self, path: str) -> Iterator[Mapping[str, Any]]:
        values = {key.lower(): value for key, value in self._head(path).items()}
        if values.get("draft") is True and self._plain.habits.generator == "zola":
            yield {"draft": True}
        elif values.get("draft") is True:
            self.problems.append(_draft_of_a_section(path))
        yield from self._parts_of(values.get("cascade"))

    @staticmethod
    def _parts_of(cascade: Any) -> Iterator[Mapping[str, Any]]:
        """What a cascade hands down: one table, or a list of them for several targets."""
        for one in cascade if isinstance(cascade, list) else [cascade]:
            if isinstance(one, Mapping):
                own = {str(key).lower(): value for key, value in one.items()}
                params = own.get("params")
                yield {**(params if isinstance(params, Mapping) else {}), **own}

    def _is_meant(self, target: Any, path: str) -> bool:
        """Whether a cascade is for a page; where its place in the site is unclear, it is."""
        if not isinstance(target, Mapping):
            return True
        wanted = {str(key).lower(): str(value).lower() for key, value in target.items()}
        if wanted.get("kind", "page").strip("{}") not in ("page", "**", "*"):
            return False
        pattern = wanted.get("path")
        if pattern is None:
            return True
        parts = self._root.parts
        bare = path.lower().rpartition(".")[0].removesuffix("/index")
        places = ("/".join(("", *parts[at:], bare)) for at in range(len(parts) + 1))
        return any(fnmatch.fnmatchcase(place.lower(), pattern) for place in places)

    def _told(self, place: str) -> dict[str, Any]:
        """What Eleventy's data of a folder or a file says."""
        if place in self._data:
            paths = sorted(self._data.pop(place))
            self._told_by[place] = {
                k: v for path in paths for k, v in self._of_these(self._json(path)).items()
            }
        return self._told_by.get(place, {})

    def _json(self, path: str) -> Mapping[str, Any]:
        try:
            found = frontmatter.plain(json.loads(self._text(path)))
        except (ValueError, RecursionError, SourceError) as error:
            self.problems.append(_unread(path, str(error)))
            return {}
        return found if isinstance(found, Mapping) else {}

    def _head(self, path: str) -> Mapping[str, Any]:
        try:
            return frontmatter.split(self._text(path)).values
        except SourceError as error:
            self.problems.append(_unread(path, error.problem.what))
            return {}

    def _meta(self, stem: str) -> Mapping[str, Any]:
        if stem not in self._found:
            path = self._metas[stem]
            self._found[stem] = self._head(path) or self._by_lines(path)
        return self._found[stem]

    def _by_lines(self, path: str) -> Mapping[str, Any]:
        """Nikola's oldest form: values without keys, one a line in a fixed order."""
        try:
            lines = [line.strip() for line in self._text(path).split("\n")]
        except SourceError:  # it was told
            return {}
        return {key: value for key, value in zip(_LINES, lines, strict=False) if value}

    def _text(self, path: str) -> str:
        try:
            data = files.read(self._folder / path, _MOST)
        except OSError as error:
            raise SourceError(f"cannot be read: {error.strerror}") from None
        return frontmatter.decode(data)


def _above(path: str) -> Iterator[str]:
    """The folders that hold a file, the outermost first; it is ""."""
    yield ""
    at = path.find("/")
    while at >= 0:
        yield path[:at]
        at = path.find("/", at + 1)


def _plain_of(site: Configured | None) -> Inherited:
    """What holds for every article of a site."""
    if site is None:
        return NOTHING
    return Inherited(
        languages=frozenset(site.languages),
        sorted_by=site.section_above(),
        habits=Habits(site.generator, site.people.name_of, site.terms.name_of, site.taxonomies),
        known=site.digest,
    )


def _unread(path: str, why: str) -> Problem:
    return Problem(
        what="cannot be read, and may hide articles",
        why=why,
        todo="Mend it, or write `draft: true` into the articles that it is to hide.",
        path=path,
        severity="warning",
    )


def _script(path: str) -> Problem:
    return Problem(
        what="a script is not run: what it says of its articles is not known",
        todo="Write `draft: true` into articles that it hides, or the data as JSON.",
        path=path,
        severity="warning",
    )


def _draft_of_a_section(path: str) -> Problem:
    return Problem(
        what="the section is a draft, its articles are not",
        why="Hugo hides the section's page alone, Zola all that is below it.",
        todo="To hide the articles, write: cascade: {draft: true}",
        path=path,
        severity="warning",
    )
