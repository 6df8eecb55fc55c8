"""Which generator made a site, by the files that it must have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec.structs import replace

from publisher.adoption import (
    astro,
    docusaurus,
    eleventy,
    hugo,
    jekyll,
    nikola,
    pelican,
    texts,
    zola,
)
from publisher.adoption.folders import SiteFolder
from publisher.adoption.site import Site
from publisher.errors import UnknownName, UsageError


class _Reader(msgspec.Struct, frozen=True):
    """How a generator's site is known and read, and the file that people know it by."""

    is_one: Callable[[SiteFolder], bool]
    read: Callable[[SiteFolder], Site]
    file: str


READERS = {
    "hugo": _Reader(hugo.is_one, hugo.read, "hugo.toml, config/_default"),
    "jekyll": _Reader(jekyll.is_one, jekyll.read, "_config.yml"),
    "pelican": _Reader(pelican.is_one, pelican.read, "pelicanconf.py"),
    "nikola": _Reader(nikola.is_one, nikola.read, "conf.py with BLOG_TITLE"),
    "eleventy": _Reader(eleventy.is_one, eleventy.read, ".eleventy.js, eleventy.config.js"),
    "zola": _Reader(zola.is_one, zola.read, "config.toml with base_url"),
    "astro": _Reader(astro.is_one, astro.read, "astro.config.mjs"),
    "docusaurus": _Reader(docusaurus.is_one, docusaurus.read, "docusaurus.config.js"),
}
"""By generator: a new one is a module, and a line here."""


def read_site(path: Path, generator: str = "") -> Site:
    """Read the configuration of the site in a folder, or in the one folder of it that holds one.

    Where none is known, a folder of posts is a site without a generator.

    Raises UsageError where there is no site, or more than one; UnknownName for a generator that is
    not known; SourceError, with path and line, for a configuration that cannot be read.
    """
    if generator and generator not in READERS:
        raise UnknownName("generator", generator, READERS)
    if not path.is_dir():
        raise UsageError(f"there is no folder {path}", todo="Name the folder of the site.")
    if generator and not _is(READERS[generator], SiteFolder(path)):
        return _below(path, [generator])
    found = [generator] if generator else _known(SiteFolder(path), list(READERS))
    if len(found) > 1:
        raise UsageError(
            f"{path} may be a site of {' or of '.join(found)}",
            todo=f"Say which: --generator {found[0]}",
        )
    if found:
        return READERS[found[0]].read(SiteFolder(path))
    return _below(path, list(READERS))


def _below(path: Path, among: list[str]) -> Site:
    """A site in a folder of the folder, as in repositories that hold more than the site."""
    top = SiteFolder(path)
    names = [name for name in top.names() if not name.startswith(".") and top.has_folder(name)]
    found = {name: known for name in names if (known := _known(top.below(name), among))}
    if len(found) == 1:
        name, known = found.popitem()
        if len(known) == 1:
            return replace(READERS[known[0]].read(top.below(name)), folder=name)
    if found:
        raise UsageError(
            f"there are sites in several folders of {path}: {', '.join(sorted(found))}",
            todo=f"Name the one that is meant: {path / min(found)}",
        )
    if among == list(READERS) and (site := texts.read(top)):
        return site
    looked = "; ".join(f"{READERS[one].file} ({one})" for one in among)
    raise UsageError(
        f"no known generator made {path}",
        why=f"Looked for, there and in its folders: {looked}.",
        todo="With its rendered HTML: publisher adopt FOLDER --from-html. By hand: publisher init, "
        "then name the folder of the articles in publisher.toml (`articles`).",
    )


def _known(folder: SiteFolder, among: list[str]) -> list[str]:
    return [name for name in among if _is(READERS[name], folder)]


def _is(reader: _Reader, folder: SiteFolder) -> bool:
    return reader.is_one(folder)
