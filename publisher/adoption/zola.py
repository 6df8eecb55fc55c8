"""Zola: `config.toml` with `base_url`, articles in `content`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from publisher.adoption.documents import Document, front_page, read_document
from publisher.adoption.folders import SiteFolder
from publisher.adoption.look import colour, logo, social
from publisher.adoption.site import THERE, Content, Found, Site, Tongue, habit

NAMES = ("zola.toml", "config.toml")


def is_one(folder: SiteFolder) -> bool:
    """Whether a site is Zola's: `base_url` is its one required key."""
    name = folder.first(*NAMES)
    if not name or not folder.has_folder("content"):  # else it may be anything's
        return False
    return name == "zola.toml" or any(
        line.split("=")[0].strip() == "base_url" for line in folder.text(name).split("\n")
    )


def read(folder: SiteFolder) -> Site:
    """Read a site of Zola's."""
    own = read_document(folder, folder.first(*NAMES))
    return Site(
        generator="zola",
        title=own.text("title") or front_page(folder, "content", "title"),
        base_url=own.text("base_url"),
        description=own.text("description") or front_page(folder, "content", "description"),
        language=own.text("default_language") or habit("en", "Zola's habit"),
        languages=tuple(_languages(own)),
        author=own.text("author"),
        contents=(Content(found=habit("content", "Zola's habit"), files=folder.count("content")),),
        ignored=tuple(_ignored(own)),
        address=habit("{folder}/{slug}/", "Zola's habit"),
        taxonomies=tuple(_taxonomies(own)),
        static=habit("static", THERE) if folder.has_folder("static") else None,
        feeds=tuple(_feeds(own)),
        social=social(own),
        logo=logo(own, folder, "static"),
        colour=colour(own),
        slugify=_slugify(own),
    )


def _slugify(own: Document) -> Found | None:
    """How addresses keep the names of files, where they do; Zola had a switch for it once."""
    found = own.get("slugify.paths", "slugify_paths")
    if found is None or found.value not in ("safe", "off", False):
        return None
    return Found(found.value or "safe", found.path, found.line, found.key)


def _ignored(own: Document) -> Iterator[Found]:
    found = own.get("ignored_content")
    for one in found.value if found and isinstance(found.value, list) else ():
        if found:
            yield Found(str(one), found.path, found.line, found.key)


def _languages(own: Document) -> Iterator[Tongue]:
    for tag, found in own.items("languages"):
        if isinstance(found.value, Mapping):
            title = own.text(f"languages.{tag}.title")
            yield Tongue(tag=tag, title=str(title.value) if title else "", found=found)


def _taxonomies(own: Document) -> Iterator[Found]:
    found = own.get("taxonomies")
    for one in found.value if found and isinstance(found.value, list) else ():
        if found and isinstance(one, Mapping) and isinstance(one.get("name"), str):
            yield Found(one["name"], found.path, found.line, found.key)


def _feeds(own: Document) -> Iterator[Found]:
    made = own.get("generate_feeds", "generate_feed")
    if not made or made.value is not True:
        return
    names = own.get("feed_filenames", "feed_filename")
    given = names.value if names else ["atom.xml"]
    for name in given if isinstance(given, list) else [given]:
        where = names or made
        yield Found(str(name), where.path, where.line, where.key)
