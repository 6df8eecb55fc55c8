"""Pelican: `pelicanconf.py`, and what `publishconf.py` says for the live site."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.adoption import patterns
from publisher.adoption.documents import Document
from publisher.adoption.folders import SiteFolder
from publisher.adoption.literals import Script, read_script
from publisher.adoption.look import colour, listed, logo
from publisher.adoption.site import Content, Found, Site, Tongue, habit
from publisher.errors import Problem

NAMES = ("publishconf.py", "pelicanconf.py")
_WANTED = {
    "SITENAME": "title", "SITEURL": "base_url", "PATH": "articles", "TIMEZONE": "zone",
    "DEFAULT_LANG": "language", "AUTHOR": "author", "ARTICLE_URL": "article_url",
    "ARTICLE_PATHS": "articles", "ARTICLE_EXCLUDES": "ignore",
}  # fmt: skip


def is_one(folder: SiteFolder) -> bool:
    """Whether a site is Pelican's."""
    return bool(folder.first(*NAMES))


def read(folder: SiteFolder) -> Site:
    """Read a site of Pelican's as it is made for the web; nothing of it is run."""
    script = read_script(folder, folder.first(*NAMES))
    if not script.document.get("SITENAME", "PATH") and folder.has_file("pelicanconf.py"):
        script = _both(read_script(folder, "pelicanconf.py"), script)
    own = script.document
    notes = list(unread(script, _WANTED))
    content = own.text("PATH") or habit("content", "Pelican's habit")
    path = str(content.value).strip("/").removeprefix("./")
    contents = _contents(own, folder, path, content)
    address = own.text("ARTICLE_URL")
    ours = _ours(address, own) if address else ""
    if address and not ours:
        notes.append(_unknown(address))
    return Site(
        generator="pelican",
        title=own.text("SITENAME"),
        base_url=own.text("SITEURL"),
        description=own.text("SITESUBTITLE"),
        language=own.text("DEFAULT_LANG") or habit("en", "Pelican's habit"),
        languages=tuple(_languages(own)),
        zone=own.text("TIMEZONE"),
        author=own.text("AUTHOR"),
        contents=contents,
        ignored=tuple(_ignored(own)),
        address=Found(ours, address.path, address.line, address.key)
        if address and ours
        else (None if address else habit("{slug}.html", "Pelican's habit")),
        taxonomies=(habit("category", "Pelican's habit"), habit("tags", "Pelican's habit")),
        feeds=tuple(_feeds(own)),
        social=listed(social.value, social) if (social := own.get("SOCIAL")) else {},
        logo=logo(own, folder, path),
        colour=colour(own),
        notes=tuple(notes),
    )


def _ours(address: Found, own: Document) -> str:
    """Its pattern as one of ours: months have the names of the first `LOCALE`, where one is set."""
    found = own.get("LOCALE")
    names = found.value if found and _is_list(found) else [found.value] if found else []
    name = str(names[0]) if names else ""
    is_english = name.lower().startswith(("en", "c.", "posix")) or name in ("", "C")
    return patterns.braces(str(address.value), is_english=is_english)


def unread(script: Script, wanted: dict[str, str]) -> Iterator[Problem]:
    """Name the values that are wanted and are computed."""
    for name, (path, line) in script.unread.items():
        if name in wanted:
            yield Problem(
                what=f"{name} is computed: it is not known, for nothing of the site is run",
                todo=f"Write it into publisher.toml yourself: {wanted[name]}.",
                path=path,
                line=line,
                severity="warning",
            )


def _both(below: Script, above: Script) -> Script:
    document = Document(
        {**below.document.values, **above.document.values},
        {**below.document.places, **above.document.places},
    )
    return Script(document, {**below.unread, **above.unread})


def _contents(own: Document, folder: SiteFolder, path: str, content: Found) -> tuple[Content, ...]:
    """`ARTICLE_PATHS` are below `PATH`; without them all of it holds articles, but for pages."""
    found = own.get("ARTICLE_PATHS")
    below = [str(one).strip("/") for one in found.value] if found and _is_list(found) else [""]
    inside = [f"{path}/{one}".strip("/") for one in below if one not in ("", ".")]
    there = [one for one in inside if folder.has_folder(one)]
    if found and there:
        places = [Found(one, found.path, found.line, found.key) for one in there]
    else:
        places = [Found(path, content.path, content.line, content.key)]
    return tuple(Content(found=one, files=folder.count(str(one.value))) for one in places)


def _is_list(found: Found) -> bool:
    return isinstance(found.value, list)


def _ignored(own: Document) -> Iterator[Found]:
    """Pages and static files lie among the articles, and are none."""
    for name, usual in (("PAGE_PATHS", ["pages"]), ("STATIC_PATHS", ["images"])):
        found = own.get(name) or habit(usual, "Pelican's habit")
        for one in found.value if _is_list(found) else ():
            bare = str(one).strip("/").removeprefix("./")
            if bare and bare != "." and "{" not in bare:
                yield Found(f"{bare}/*", found.path, found.line, found.key)
    excluded = own.get("ARTICLE_EXCLUDES")
    for one in excluded.value if excluded and _is_list(excluded) else ():
        if excluded and str(one).strip("/"):
            yield Found(f"{str(one).strip('/')}/*", excluded.path, excluded.line, excluded.key)


def _languages(own: Document) -> Iterator[Tongue]:
    """The plugin i18n_subsites names languages as tables."""
    for tag, found in own.items("I18N_SUBSITES"):
        yield Tongue(tag=tag, found=found)


def _feeds(own: Document) -> Iterator[Found]:
    for name in ("FEED_ALL_ATOM", "FEED_ALL_RSS", "FEED_ATOM", "FEED_RSS"):
        if found := own.text(name):
            yield found
    if not any(own.get(name) for name in ("FEED_ALL_ATOM", "FEED_ALL_RSS")):
        yield habit("feeds/all.atom.xml", "Pelican's habit")


def _unknown(found: Found) -> Problem:
    return Problem(
        what=f"{found.key} {str(found.value)[:80]!r} has words that are not known here",
        why="The addresses of these articles would not be those of the live site.",
        todo="Write it yourself: `article_url` in publisher.toml.",
        path=found.path,
        line=found.line,
        severity="warning",
    )
