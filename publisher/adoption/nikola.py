"""Nikola: `conf.py`, whose `POSTS` say where articles lie and where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from publisher.adoption.documents import Document
from publisher.adoption.folders import SiteFolder
from publisher.adoption.literals import read_script
from publisher.adoption.look import colour, logo
from publisher.adoption.pelican import unread
from publisher.adoption.site import THERE, Content, Found, Site, Tongue, habit

NAME = "conf.py"
_WANTED = {
    "BLOG_TITLE": "title", "SITE_URL": "base_url", "BASE_URL": "base_url", "POSTS": "articles",
    "TIMEZONE": "zone", "DEFAULT_LANG": "language", "BLOG_AUTHOR": "author",
}  # fmt: skip


def is_one(folder: SiteFolder) -> bool:
    """Whether a site is Nikola's; Sphinx has a conf.py as well."""
    if not folder.has_file(NAME) or folder.has_file("index.rst"):
        return False
    text = folder.text(NAME)
    return "BLOG_TITLE" in text or ("POSTS" in text and "nikola" in text.lower())


def read(folder: SiteFolder) -> Site:
    """Read a site of Nikola's; nothing of it is run."""
    script = read_script(folder, NAME)
    own = script.document
    posts = list(_posts(own, folder))
    pretty = own.get("PRETTY_URLS")
    ending = ".html" if pretty and pretty.value is False else "/"
    target = str(posts[0][1]).strip("/") if posts else "posts"
    if posts and _is_nested(folder, posts[0][0].path):
        target += "/{folder}"
    places = {content.path: content for content, _ in posts}
    return Site(
        generator="nikola",
        title=_in_main(own, "BLOG_TITLE"),
        base_url=own.text("BASE_URL", "SITE_URL"),
        description=_in_main(own, "BLOG_DESCRIPTION"),
        language=own.text("DEFAULT_LANG") or habit("en", "Nikola's habit"),
        languages=tuple(_languages(own)),
        zone=own.text("TIMEZONE"),
        author=_in_main(own, "BLOG_AUTHOR"),
        contents=tuple(places.values()),
        address=Found(
            f"{target}/{{slug}}{ending}".lstrip("/"),
            NAME,
            posts[0][0].found.line if posts else None,
            "POSTS, PRETTY_URLS" if pretty else "POSTS",
        ),
        taxonomies=(habit("category", "Nikola's habit"), habit("tags", "Nikola's habit")),
        static=habit("files", THERE) if folder.has_folder("files") else None,
        feeds=(_feed(own),),
        logo=logo(own, folder, "files"),
        colour=colour(own),
        notes=tuple(unread(script, _WANTED)),
    )


def _is_nested(folder: SiteFolder, path: str) -> bool:
    return any("/" in one.removeprefix(f"{path}/") for one in folder.articles(path))


def _in_main(own: Document, key: str) -> Found | None:
    """A text, or that of the main language where there is one for each."""
    main = own.text("DEFAULT_LANG")
    return own.text(key) or own.text(f"{key}.{main.value if main else 'en'}")


def _posts(own: Document, folder: SiteFolder) -> Iterator[tuple[Content, str]]:
    """(folder, where its articles stand) of each entry of POSTS: ("posts/*.rst", "posts", …)."""
    found = own.get("POSTS") or habit([["posts/*", "posts"]], "Nikola's habit")
    for one in found.value if isinstance(found.value, list) else ():
        if not isinstance(one, list) or len(one) < 2 or not isinstance(one[0], str):
            continue
        path = one[0].partition("*")[0].rpartition("/")[0]
        if path and folder.has_folder(path):
            place = Found(path, found.path, found.line, found.key)
            yield Content(found=place, files=folder.count(path)), str(one[1] or "")


def _languages(own: Document) -> Iterator[Tongue]:
    found = own.get("TRANSLATIONS")
    for tag in found.value if found and isinstance(found.value, Mapping) else ():
        if found:
            yield Tongue(tag=str(tag), found=found)


def _feed(own: Document) -> Found:
    path = own.text("RSS_PATH")
    name = f"{str(path.value).strip('/')}/rss.xml" if path else "rss.xml"
    return Found(name, path.path, path.line, path.key) if path else habit(name, "Nikola's habit")
