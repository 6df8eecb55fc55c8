"""Docusaurus: `docusaurus.config.js` or `.ts`, of which the plain values are read."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from publisher.adoption.documents import Document
from publisher.adoption.folders import SiteFolder
from publisher.adoption.javascript import ending, ending_text, read_data
from publisher.adoption.look import colour, logo
from publisher.adoption.site import THERE, Content, Found, Site, Tongue, habit

NAMES = tuple(f"docusaurus.config.{end}" for end in ("js", "ts", "mjs", "cjs", "mts", "cts"))
_TEXTS = (".md", ".mdx")
_PLUGIN = "@docusaurus/plugin-content-blog"


def is_one(folder: SiteFolder) -> bool:
    """Whether a site is Docusaurus'."""
    return bool(folder.first(*NAMES))


def read(folder: SiteFolder) -> Site:
    """Read the blogs of a site of Docusaurus'; its documentation is no news."""
    own = read_data(folder, folder.first(*NAMES))
    contents = tuple(_blogs(own, folder))
    route = ending_text(own, "blog.routeBasePath")
    below = str(route.value).strip("/") if route else "blog"
    slash = ending(own, "trailingSlash")
    end = "/" if slash and slash.value is True else ""
    address = f"{below}/{{year}}/{{month}}/{{day}}/{{slug}}{end}".lstrip("/")
    return Site(
        generator="docusaurus",
        title=_top(own, "title"),
        base_url=_base_url(own),
        description=_top(own, "tagline"),
        language=ending_text(own, "i18n.defaultLocale") or habit("en", "Docusaurus' habit"),
        languages=tuple(_languages(own)),
        contents=contents,
        address=habit(address, "Docusaurus' habit, of files with a day in their name"),
        taxonomies=(habit("tags", "Docusaurus' habit"),),
        static=habit("static", THERE) if folder.has_folder("static") else None,
        feeds=(habit(f"{below}/rss.xml".lstrip("/"), "Docusaurus' habit"),),
        logo=logo(own, folder, "static"),
        colour=colour(own),
        author_tables=tuple(
            path for one in contents if folder.has_file(path := f"{one.path}/authors.yml")
        ),
    )


def _top(own: Document, name: str) -> Found | None:
    """A key of the configuration itself, not of what is within it."""
    for key in own.values:
        if key.rpartition(".")[2] == name and key.count(".") <= 1:
            return ending_text(own, key)
    return None


def _base_url(own: Document) -> Found | None:
    host, below = _top(own, "url"), _top(own, "baseUrl")
    if not host:
        return None
    path = str(below.value).strip("/") if below else ""
    value = str(host.value).rstrip("/") + (f"/{path}" if path else "")
    return Found(value, host.path, host.line, "url, baseUrl" if path else "url")


def _blogs(own: Document, folder: SiteFolder) -> Iterator[Content]:
    """The preset's blog, then those of plugins."""
    off = ending(own, "blog")
    given = ending_text(own, "blog.path")
    found = given or habit("blog", "Docusaurus' habit")
    places = [] if off and off.value is False else [found]
    for key, value in own.values.items():
        if value == _PLUGIN and key.endswith(".0"):
            path = ending_text(own, f"{key.removesuffix('.0')}.1.path")
            places += [path] if path else []
    for one in places:
        path_ = posixpath.normpath(str(one.value).strip("/"))
        if folder.has_folder(path_):
            place = Found(path_, one.path, one.line, one.key)
            yield Content(found=place, files=folder.count(path_, _TEXTS))


def _languages(own: Document) -> Iterator[Tongue]:
    for key, value in own.values.items():
        if ".locales." in f".{key}" and key.rpartition(".")[2].isdigit() and isinstance(value, str):
            path, line, _ = own.places[key.lower()]
            yield Tongue(tag=value, found=Found(value, path, line, "i18n.locales"))
