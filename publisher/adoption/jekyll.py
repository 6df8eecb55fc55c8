"""Jekyll: `_config.yml`, posts in `_posts` and collections in folders that begin with `_`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from publisher.adoption import patterns
from publisher.adoption.documents import Document, merged, read_document
from publisher.adoption.folders import SiteFolder
from publisher.adoption.look import colour, logo, social
from publisher.adoption.site import THERE, Content, Found, Site, Tongue, habit
from publisher.errors import Problem
from publisher.sources.templating import hexo

NAMES = ("_config.yml", "_config.yaml", "_config.toml")
_MORE = ("_config.production.yml", "_config.prod.yml", "_config_production.yml", "_config_prod.yml")


def is_one(folder: SiteFolder) -> bool:
    """Whether a site is Jekyll's."""
    return bool(folder.first(*NAMES))


def read(folder: SiteFolder) -> Site:
    """Read a site of Jekyll's, as it is made for production."""
    names = [folder.first(*NAMES), *(name for name in _MORE if folder.has_file(name))]
    own = merged([read_document(folder, name) for name in names])
    is_hexo = any(own.get(key) for key in hexo.KEYS)
    notes: list[Problem] = [_read_as_jekyll()] if is_hexo else []
    return Site(
        generator="jekyll",
        title=own.text("title", "name"),
        base_url=_base_url(own),
        description=own.text("description", "tagline"),
        language=own.text("lang", "locale", "language"),
        languages=tuple(_languages(own)),
        zone=own.text("timezone"),
        author=own.text("author.name", "author"),
        contents=tuple(_contents(own, folder)),
        address=_address(own, notes, is_hexo=is_hexo),
        taxonomies=(habit("categories", "Jekyll's habit"), habit("tags", "Jekyll's habit")),
        static=habit("assets", THERE) if folder.has_folder("assets") else None,
        feeds=(
            own.text("feed.path") or habit("atom.xml", "Hexo's habit")
            if is_hexo
            else habit("feed.xml", "Jekyll's habit"),
        ),
        social=social(own),
        logo=logo(own, folder),
        colour=colour(own),
        author_tables=tuple(
            name
            for name in (
                "_data/authors.yml",
                "_data/authors.yaml",
                "_data/authors.json",
                "_authors",
            )
            if folder.has_file(name) or folder.has_folder(name)
        ),
        notes=tuple(notes),
    )


def _read_as_jekyll() -> Problem:
    return Problem(
        what="it is a site of Hexo's, which is read as one of Jekyll's: most of both is alike",
        why="Ids in its feed are addresses; tags of themes, such as note, are not known.",
        todo="Look at `article_url` and `[sources.shortcodes]` in publisher.toml, and take the ids "
        "of its feed over: publisher feeds adopt",
        severity="warning",
    )


def _base_url(own: Document) -> Found | None:
    """`url` is the host, `baseurl` the path below it."""
    host, below = own.text("url"), own.text("baseurl")
    if not host:
        return None
    path = str(below.value).strip("/") if below else ""
    value = str(host.value).rstrip("/") + (f"/{path}" if path else "")
    return Found(value, host.path, host.line, "url, baseurl" if path else "url")


def _contents(own: Document, folder: SiteFolder) -> Iterator[Content]:
    """`_posts` at the top or below categories, then collections that are shown."""
    within = own.text("collections_dir")
    prefix = f"{str(within.value).strip('/')}/" if within else ""
    folders = [path for path in folder.folders_called("_posts") if "_drafts" not in path]
    for path in folders:
        yield Content(found=habit(path, THERE), files=folder.count(path))
    for name, found in own.items("collections"):
        path = f"{prefix}_{name}"
        is_shown = isinstance(found.value, Mapping) and found.value.get("output") is True
        if name != "posts" and is_shown and folder.has_folder(path):
            place = Found(path, found.path, found.line, f"collections.{name}")
            yield Content(found=place, files=folder.count(path))


def _address(own: Document, notes: list[Problem], *, is_hexo: bool) -> Found | None:
    """The permalink of posts: of the defaults for them, of the site, or the generator's own."""
    words = patterns.HEXO if is_hexo else patterns.JEKYLL
    found = _of_defaults(own) or own.text("collections.posts.permalink", "permalink")
    if found is None:
        usual = ":year/:month/:day/:title/" if is_hexo else patterns.STYLES["date"]
        whose = "Hexo's habit" if is_hexo else "Jekyll's habit"
        return habit(patterns.colons(usual, words), whose)
    written = str(found.value)
    if ours := patterns.colons(patterns.STYLES.get(written, written), words):
        return Found(ours, found.path, found.line, found.key)
    notes.append(
        Problem(
            what=f"the permalink {written[:80]!r} has words that are not known here",
            why="The addresses of these articles would not be those of the live site.",
            todo="Write it yourself: `article_url` in publisher.toml.",
            path=found.path,
            line=found.line,
            severity="warning",
        )
    )
    return None


def _of_defaults(own: Document) -> Found | None:
    found = own.get("defaults")
    for one in found.value if found and isinstance(found.value, list) else ():
        scope: Any = one.get("scope") if isinstance(one, Mapping) else None
        values: Any = one.get("values") if isinstance(one, Mapping) else None
        if not isinstance(scope, Mapping) or not isinstance(values, Mapping):
            continue
        is_for_posts = scope.get("type") == "posts" or str(scope.get("path", "")) == "_posts"
        if found and is_for_posts and isinstance(values.get("permalink"), str):
            return Found(values["permalink"], found.path, found.line, "defaults permalink")
    return None


def _languages(own: Document) -> Iterator[Tongue]:
    """jekyll-polyglot's list of tags, or tables with a code and a name."""
    found = own.get("languages")
    for one in found.value if found and isinstance(found.value, list) else ():
        tag = one.get("code", one.get("lang")) if isinstance(one, Mapping) else one
        title = one.get("name", one.get("title", "")) if isinstance(one, Mapping) else ""
        if found and isinstance(tag, str):
            yield Tongue(tag=tag, title=str(title), found=found)
