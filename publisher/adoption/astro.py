"""Astro: `astro.config.*`, the constants of its themes, and content collections."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from publisher.adoption.documents import Document
from publisher.adoption.folders import SiteFolder
from publisher.adoption.javascript import ending_text, read_data
from publisher.adoption.look import colour, listed, logo, social
from publisher.adoption.posts import TEXTS, is_called_posts, post_folders
from publisher.adoption.site import THERE, Content, Found, Site, Tongue, habit

NAMES = tuple(f"astro.config.{end}" for end in ("mjs", "ts", "js", "cjs", "mts"))
_CONSTANTS = (
    "src/config.ts", "src/consts.ts", "src/site.config.ts", "src/siteConfig.ts", "src/constants.ts",
    "src/site_config.ts", "src/data/site.ts", "src/data/config.ts", "src/config/site.ts",
    "src/config/index.ts", "src/config.js", "src/consts.js", "src/site.config.js", "src/config.mjs",
    "astro-paper.config.ts",
)  # fmt: skip
_COLLECTIONS = (
    "src/content.config.ts", "src/content/config.ts", "src/content.config.js",
    "src/content/config.js", "src/content.config.mjs",
)  # fmt: skip

_TITLES = (
    "SITE.title", "SITE_TITLE", "SITE.name", "siteConfig.title", "SITE_NAME", "site.title", "title",
)  # fmt: skip
_DESCRIPTIONS = (
    "SITE.desc", "SITE.description", "SITE_DESCRIPTION", "siteConfig.description",
    "site.description", "description",
)  # fmt: skip
_LANGUAGES = (
    "i18n.defaultLocale", "SITE.lang", "SITE.language", "LOCALE", "SITE.locale", "siteConfig.lang",
    "site.lang",
)  # fmt: skip
_ADDRESSES = ("SITE.website", "SITE_URL", "SITE.url", "siteConfig.url", "SITE.site", "site.url")
_AUTHORS = ("SITE.author", "SITE_AUTHOR", "AUTHOR", "siteConfig.author", "site.author")


def is_one(folder: SiteFolder) -> bool:
    """Whether a site is Astro's."""
    return bool(folder.first(*NAMES))


def read(folder: SiteFolder) -> Site:
    """Read a site of Astro's; nothing of it is run."""
    script = read_data(folder, folder.first(*NAMES))
    names = [one for one in (*_CONSTANTS, *_COLLECTIONS) if folder.has_file(one)]
    own = _joined([script, *(read_data(folder, one) for one in names)])
    contents = _posts_first(tuple(_contents(folder, own)))
    return Site(
        generator="astro",
        title=ending_text(own, *_TITLES),
        base_url=_base_url(script, own),
        description=ending_text(own, *_DESCRIPTIONS),
        language=ending_text(own, *_LANGUAGES),
        languages=tuple(_languages(script)),
        zone=ending_text(own, "SITE.timezone", "timezone"),
        author=ending_text(own, *_AUTHORS),
        contents=contents,
        address=_address(folder, contents),
        taxonomies=(habit("tags", "Astro's habit"),),
        static=habit("public", THERE) if folder.has_folder("public") else None,
        feeds=(habit("rss.xml", "Astro's starter"),),
        social=_social(own),
        logo=logo(own, folder, "public"),
        colour=colour(own),
        author_tables=tuple(
            one for one in ("src/content/authors", "src/data/authors") if folder.has_folder(one)
        ),
    )


def _joined(documents: list[Document]) -> Document:
    values: dict[str, object] = {}
    places: dict[str, tuple[str, int | None, str]] = {}
    for one in documents:
        values = {**one.values, **values}
        places = {**one.places, **places}
    return Document(values, places)


def _base_url(script: Document, own: Document) -> Found | None:
    host = ending_text(script, "site") or ending_text(own, *_ADDRESSES)
    below = ending_text(script, "base")
    if not host or not str(host.value).startswith(("https://", "http://")):
        return None
    path = str(below.value).strip("/") if below else ""
    value = str(host.value).rstrip("/") + (f"/{path}" if path else "")
    return Found(value, host.path, host.line, host.key)


def _contents(folder: SiteFolder, own: Document) -> Iterator[Content]:
    """Collections with a folder of their own, then the folders of `src/content` and `src/pages`."""
    seen: set[str] = set()
    for name in _COLLECTIONS:
        if not folder.has_file(name):
            continue
        data = read_data(folder, name)
        for key, value in data.values.items():
            if key.rpartition(".")[2] != "base" or not isinstance(value, str):
                continue
            path = posixpath.normpath(value.strip("/"))
            if folder.has_folder(path) and path not in seen:
                seen.add(path)
                place = data.places[key.lower()]
                yield Content(found=Found(path, *place), files=folder.count(path))
    given = ending_text(own, "BLOG_PATH")
    path = posixpath.normpath(str(given.value).strip("/")) if given else ""
    if given and path not in seen and folder.has_folder(path):
        seen.add(path)
        found = Found(path, given.path, given.line, given.key)
        yield Content(found=found, files=folder.count(path))
    for start in ("src/content", "src/data", "src/pages"):
        if seen or not folder.has_folder(start):
            continue
        for path, count in post_folders(folder, start):
            seen.add(path)
            yield Content(found=habit(path, THERE), files=count)


def _social(own: Document) -> dict[str, Found]:
    """Lists of places with `name` and `href`; those that share a page are none of the site's."""
    pairs: list[list[str]] = []
    at: Found | None = None
    for key, value in own.values.items():
        table, _, field = key.rpartition(".")
        name = own.values.get(f"{table}.name")
        if field in ("href", "url") and "social" in table.lower() and isinstance(value, str):
            at = at or Found(value, *own.places[key.lower()])
            pairs.append([str(name or ""), value])
    return {**social(own), **(listed(pairs, at) if at else {})}


def _posts_first(contents: tuple[Content, ...]) -> tuple[Content, ...]:
    """Collections that are called posts, the largest first; without such ones all."""
    ordered = sorted(contents, key=lambda one: -one.files)
    return tuple(one for one in ordered if is_called_posts(one.path)) or tuple(ordered)


def _address(folder: SiteFolder, contents: tuple[Content, ...]) -> Found | None:
    """Where the page that shows an article lies: `src/pages/blog/[...slug].astro`."""
    own = contents[0].path if contents else ""
    if own.startswith("src/pages/"):
        return Found(f"{own.removeprefix('src/pages/')}/{{slug}}/", own)
    routes = [
        path
        for path in _pages(folder)
        if path.rpartition("/")[2].startswith("[") and path.endswith(".astro") and "tag" not in path
    ]
    name = own.rpartition("/")[2]
    known = [one for one in routes if one.startswith(f"src/pages/{name}/")] or routes
    if not known:
        return None
    below = known[0].removeprefix("src/pages/").rpartition("/")[0]
    while "[" in below:
        below = below.rpartition("/")[0]
    is_rest = "[..." in known[0].rpartition("/")[2]
    is_nested = any("/" in one.removeprefix(f"{own}/") for one in folder.articles(own, TEXTS))
    middle = "{folder}/" if is_rest and is_nested else ""
    return Found(f"{below}/{middle}{{slug}}/".lstrip("/"), known[0])


def _pages(folder: SiteFolder) -> list[str]:
    return sorted(folder.articles("src/pages", (".astro",)))


def _languages(script: Document) -> Iterator[Tongue]:
    for key, value in script.values.items():
        if ".locales." in f".{key}" and key.rpartition(".")[2].isdigit() and isinstance(value, str):
            path, line, _ = script.places[key.lower()]
            yield Tongue(tag=value, found=Found(value, path, line, "i18n.locales"))
