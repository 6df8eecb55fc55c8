"""Hugo: `hugo.toml`, `config.toml` and their like, `config/_default/*`, `config/production/*`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from publisher.adoption import patterns
from publisher.adoption.documents import ENDINGS, Document, front_page, merged, read_document
from publisher.adoption.folders import SiteFolder
from publisher.adoption.look import colour, logo, social
from publisher.adoption.site import THERE, Content, Found, Site, Tongue, habit
from publisher.errors import Problem

ROOTS = tuple(f"{name}.{end}" for name in ("hugo", "config") for end in ENDINGS)
"""Files of the configuration in a site's folder; Hugo takes the first."""

_ITS_OWN = re.compile(
    r"(?m)^[\s\[{\"]*(?:baseurl|languagecode|defaultcontentlanguage|contentdir|languages|params"
    r"|permalinks|taxonomies|markup|menus?|theme)\b"
)
_ROOT_KEYS = {"hugo", "config"}
_PLAIN = "{folder}/{slug}/"


def is_one(folder: SiteFolder) -> bool:
    """Whether a site is Hugo's; Zola has a config.toml as well, of other keys."""
    if folder.first(*ROOTS[: len(ENDINGS)]) or _environment(folder, "_default"):
        return True
    name = folder.first(*ROOTS[len(ENDINGS) :])
    if not name or not (folder.has_folder("content") or folder.has_folder("layouts")):
        return False
    text = folder.text(name).lower()
    return bool(_ITS_OWN.search(text)) and not re.search(r"(?m)^\s*base_url\b", text)


def read(folder: SiteFolder) -> Site:
    """Read a site of Hugo's as `hugo` for production would."""
    own = _configuration(folder)
    content = own.text("contentDir") or habit("content", "Hugo's habit")
    static = own.get("staticDir")
    first = (
        static.value[0] if static and isinstance(static.value, list) else static and static.value
    )
    notes: list[Problem] = []
    languages = tuple(_languages(own))
    default = own.text("defaultContentLanguage")
    usual = str(default.value).lower() if default else "en"
    main = next((one for one in languages if one.tag == usual), None)
    return Site(
        generator="hugo",
        title=own.text("title")
        or (main and own.text(f"languages.{main.tag}.title"))
        or front_page(folder, str(content.value), "title"),
        base_url=own.text("baseURL"),
        description=own.text("params.description", "description")
        or (own.text(f"languages.{main.tag}.description") if main else None),
        language=own.text("locale", "languageCode") or default or habit("en", "Hugo's habit"),
        languages=languages,
        zone=own.text("timeZone"),
        author=own.text("params.author.name", "params.author", "author.name", "author"),
        contents=tuple(_contents(own, folder, content, languages)),
        ignored=tuple(_ignored(own, notes)),
        posts=own.get("mainSections", "params.mainSections"),
        address=_plain_address(own),
        addresses=dict(_addresses(own, notes)),
        taxonomies=tuple(found for _, found in own.items("taxonomies")),
        static=_folder_of(static, str(first or "static"), folder),
        feeds=(habit("index.xml", "Hugo's habit"),),
        social=social(own),
        logo=logo(own, folder, str(first or "static")),
        colour=colour(own),
        author_tables=tuple(
            name
            for name in ("data/authors", "content/authors", "content/author")
            if folder.has_folder(name)
        ),
        notes=tuple(notes),
    )


def _configuration(folder: SiteFolder) -> Document:
    """The root's file, then the folder's files: `params.toml` holds what is below `params`."""
    name = folder.first(*ROOTS)
    found = [read_document(folder, name)] if name else []
    for environment in ("_default", "production"):
        found += [
            read_document(folder, path, under=key)
            for path, key in _environment(folder, environment)
        ]
    return merged(found)


def _environment(folder: SiteFolder, name: str) -> list[tuple[str, str]]:
    """(file, key that its values are below) of an environment's folder."""
    found = []
    for file in folder.names(f"config/{name}"):
        stem, _, end = file.rpartition(".")
        if end.lower() in ENDINGS and stem:
            key = "" if stem.lower() in _ROOT_KEYS else stem
            found.append((f"config/{name}/{file}", key))
    return sorted(found, key=lambda one: (one[1] != "", one))


def _contents(
    own: Document, folder: SiteFolder, content: Found, languages: tuple[Tongue, ...]
) -> Iterator[Content]:
    """The folder of content, and those of languages and mounts that do not lie in it."""
    own_folders = (
        Found(one.folder, one.found.path, one.found.line, one.found.key)
        for one in languages
        if one.folder
    )
    places = [content, *own_folders]
    mounts = own.get("module.mounts")
    for mount in mounts.value if mounts and isinstance(mounts.value, list) else ():
        source = mount.get("source") if isinstance(mount, Mapping) else None
        if mounts and isinstance(source, str) and str(mount.get("target")).startswith("content"):
            places.append(Found(source, mounts.path, mounts.line, mounts.key))
    seen: list[str] = []
    for place in places:
        path = str(place.value).strip("/").removeprefix("./")
        if not any(f"{path}/".startswith(f"{one}/") for one in seen):
            seen.append(path)
            found = Found(path, place.path, place.line, place.key)
            yield Content(found=found, files=folder.count(path))


def _languages(own: Document) -> Iterator[Tongue]:
    for tag, found in own.items("languages"):
        if isinstance(found.value, Mapping):
            title = own.text(f"languages.{tag}.label", f"languages.{tag}.languageName")
            folder = own.text(f"languages.{tag}.contentDir")
            yield Tongue(
                tag=tag.lower(),
                title=str(title.value) if title else "",
                folder=str(folder.value).strip("/") if folder else "",
                found=found,
            )


def _addresses(own: Document, notes: list[Problem]) -> Iterator[tuple[str, Found]]:
    """Permalinks by section; those of pages also where they are told apart from sections."""
    table = {**dict(own.items("permalinks")), **dict(own.items("permalinks.page"))}
    for section, found in table.items():
        if not isinstance(found.value, str):
            continue
        name = section.strip("/")
        if ours := patterns.colons(found.value, patterns.HUGO):
            ours = _as_file(ours) if _is_ugly(own, name) else ours
            yield name, Found(ours, found.path, found.line, f"permalinks.{section}")
        else:
            notes.append(_unknown_pattern(found))
    for section, found in own.items("uglyURLs"):
        if found.value is True and section not in table:
            yield section.strip("/"), Found(_as_file(_PLAIN), found.path, found.line, found.key)


def _plain_address(own: Document) -> Found | None:
    """Where an article stands of which no permalink says more."""
    ugly = own.get("uglyURLs")
    if ugly and ugly.value is True:
        return Found(_as_file(_PLAIN), ugly.path, ugly.line, ugly.key)
    return habit(_PLAIN, "Hugo's habit")


def _is_ugly(own: Document, section: str) -> bool:
    """Whether pages of a section are files `name.html` rather than folders."""
    ugly = own.get("uglyURLs")
    if ugly and isinstance(ugly.value, Mapping):
        return ugly.value.get(section) is True
    return ugly is not None and ugly.value is True


def _as_file(pattern: str) -> str:
    return f"{pattern.rstrip('/')}.html" if pattern.endswith("/") else pattern


def _ignored(own: Document, notes: list[Problem]) -> Iterator[Found]:
    """`ignoreFiles` holds regular expressions; those that end a name are taken as globs."""
    found = own.get("ignoreFiles")
    for pattern in found.value if found and isinstance(found.value, list) else ():
        ending = re.fullmatch(r"(?:\\\.|[\w-]|_)+\$?", str(pattern))
        if found and ending:
            plain = str(pattern).replace("\\", "").removesuffix("$")
            glob = f"*{plain}" if str(pattern).endswith("$") else f"*{plain}*"
            yield Found(glob, found.path, found.line, found.key)
        elif found:
            notes.append(
                Problem(
                    what=f"ignoreFiles {str(pattern)[:60]!r} is not taken over",
                    todo="Write it as a glob into `ignore` of publisher.toml, if it leaves out "
                    "articles.",
                    path=found.path,
                    line=found.line,
                    severity="note",
                )
            )


def _folder_of(found: Found | None, name: str, folder: SiteFolder) -> Found | None:
    if not folder.has_folder(name):
        return None
    return Found(name, found.path, found.line, found.key) if found else habit(name, THERE)


def _unknown_pattern(found: Found) -> Problem:
    return Problem(
        what=f"the permalink {str(found.value)[:80]!r} has words that are not known here",
        why="The addresses of these articles would not be those of the live site.",
        todo="Write them yourself: [sources.addresses] in publisher.toml.",
        path=found.path,
        line=found.line,
        severity="warning",
    )
