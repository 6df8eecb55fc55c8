"""Eleventy: `.eleventy.js`, of which the folders are read, and the data of `_data`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from publisher.adoption.documents import ENDINGS, Document, front_matter, read_document
from publisher.adoption.folders import SiteFolder
from publisher.adoption.javascript import ending_text, read_data
from publisher.adoption.look import colour, logo, social
from publisher.adoption.posts import TEXTS, post_folders
from publisher.adoption.site import THERE, Content, Found, Site, habit
from publisher.errors import Problem, SourceError
from publisher.sources.eleventy_permalinks import pattern_of

NAMES = (
    ".eleventy.js", "eleventy.config.js", "eleventy.config.mjs", "eleventy.config.cjs",
    "eleventy.config.ts", ".eleventy.cjs", ".eleventy.mjs",
)  # fmt: skip
_DATA = ("site", "metadata", "meta", "siteConfig", "config", "global")
_SCRIPTS = ("js", "mjs", "cjs", "ts")
_INPUT = re.compile(r"setInputDirectory\(\s*[\"']([^\"'\n]{1,200})[\"']")
_OWN_FILTER = re.compile(r"page\.date\s*\|\s*(\w+)(?=\s*-?\}\})")
_TO_FORMAT = re.compile(r"""\.toFormat\(\s*["']([^"'\n]{1,40})["']""")


def is_one(folder: SiteFolder) -> bool:
    """Whether a site is Eleventy's."""
    return bool(folder.first(*NAMES))


def read(folder: SiteFolder) -> Site:
    """Read a site of Eleventy's; its scripts are not run."""
    name = folder.first(*NAMES)
    script = read_data(folder, name)
    given = ending_text(script, "dir.input") or _called(folder, name)
    start = _clean(str(given.value)) if given else ""
    given = ending_text(script, "dir.data")
    data = posixpath.join(start, _clean(str(given.value)) if given else "_data")
    own = _data(folder, data)
    notes: list[Problem] = []
    contents = tuple(
        Content(found=habit(path, THERE), files=count)
        for path, count in post_folders(folder, start)
    )
    place = contents[0].path if contents else start
    return Site(
        generator="eleventy",
        title=ending_text(own, "title", "name"),
        base_url=_web(ending_text(own, "url", "baseUrl", "baseurl", "base_url", "siteUrl", "host")),
        description=ending_text(own, "description", "tagline"),
        language=ending_text(own, "language", "lang", "locale"),
        author=ending_text(own, "author.name", "author"),
        contents=contents,
        address=_address(folder, place, start, name, notes),
        taxonomies=(habit("tags", "Eleventy's habit"),),
        feeds=(habit("feed.xml", "Eleventy's starter"),),
        social=social(own),
        logo=logo(own, folder, start),
        colour=colour(own),
        author_tables=tuple(
            path
            for stem in ("authors", "team")
            for end in ENDINGS
            if folder.has_file(path := f"{data}/{stem}.{end}")
        ),
        notes=tuple(notes),
    )


def _called(folder: SiteFolder, name: str) -> Found | None:
    text = folder.text(name)
    if found := _INPUT.search(text):
        line = text.count("\n", 0, found.start()) + 1
        return Found(found[1], name, line, "setInputDirectory")
    return None


def _data(folder: SiteFolder, place: str) -> Document:
    """What is said of the site: the first of some files of the data folder that says its title."""
    fallback = Document()
    for stem in _DATA:
        for end in (*ENDINGS, *_SCRIPTS):
            path = f"{place}/{stem}.{end}"
            if not folder.has_file(path):
                continue
            found = _flat(folder, path) if end in ENDINGS else read_data(folder, path)
            if ending_text(found, "title", "name"):
                return found
            fallback = fallback if fallback.values else found
    return fallback


def _flat(folder: SiteFolder, path: str) -> Document:
    """A file of data with dotted keys, as a script's are."""
    try:
        found = read_document(folder, path)
    except SourceError as error:
        if "no table" in error.problem.what or "no list" in error.problem.what:
            return Document()
        raise
    values = dict(_dotted(found.values, "", 0))
    return Document(values, {key.lower(): _placed(found, path, key) for key in values})


def _placed(found: Document, path: str, key: str) -> tuple[str, int | None, str]:
    value = found.get(key)
    return (path, value.line if value else None, key)


def _dotted(values: object, prefix: str, depth: int) -> Iterator[tuple[str, object]]:
    if isinstance(values, dict) and depth < 5:
        for key, value in values.items():
            if isinstance(value, dict):
                yield from _dotted(value, f"{prefix}{key}.", depth + 1)
            else:
                yield f"{prefix}{key}", value


def _address(
    folder: SiteFolder, place: str, start: str, script: str, notes: list[Problem]
) -> Found | None:
    """The permalink of the folder's data or layout, or the folder and the file's own name."""
    if said := _permalink(folder, place) or _of_layout(folder, place, start):
        if ours := _ours(_with_own_filters(str(said.value), folder.text(script))):
            return Found(ours, said.path, said.line, said.key)
        notes.append(
            Problem(
                what=f"the permalink {str(said.value)[:80]!r} has words that are not known here",
                why="The addresses of these articles would not be those of the live site.",
                todo="Write it yourself: `article_url` in publisher.toml.",
                path=said.path,
                line=said.line,
                severity="warning",
            )
        )
        return None
    below = place.removeprefix(start).strip("/") if start else place
    is_nested = any("/" in path.removeprefix(f"{place}/") for path in folder.articles(place, TEXTS))
    middle = "{folder}/" if is_nested else ""
    return habit(f"{below}/{middle}{{slug}}/".lstrip("/"), "Eleventy's habit")


def _permalink(folder: SiteFolder, place: str) -> Found | None:
    """What the data of the articles' folder says of their address."""
    stem = f"{place}/{place.rpartition('/')[2]}"
    for end in ("json", "11tydata.json", *(f"11tydata.{one}" for one in _SCRIPTS)):
        path = f"{stem}.{end}"
        if folder.has_file(path):
            own = _flat(folder, path) if end.endswith("json") else read_data(folder, path)
            if found := ending_text(own, "permalink"):
                return found
    return None


def _of_layout(folder: SiteFolder, place: str, start: str) -> Found | None:
    """What the layout of an article says of its address, as of all that have that layout."""
    first = next(folder.articles(place, TEXTS), "")
    layout = front_matter(folder, first).text("layout") if first else None
    if layout is None:
        return None
    stem = posixpath.join(start, "_includes", str(layout.value))
    for end in ("", ".html", ".njk", ".liquid", ".md"):
        if folder.has_file(path := f"{stem}{end}"):
            return front_matter(folder, path).text("permalink")
    return None


def _with_own_filters(permalink: str, script: str) -> str:
    """A permalink with the form of each date that a filter of the site's own gives it."""

    def with_form(found: re.Match[str]) -> str:
        own = re.search(rf"""addFilter\(\s*["']{found[1]}["'].{{0,500}}""", script, re.DOTALL)
        form = _TO_FORMAT.search(own[0]) if own else None
        return f"page.date | date: '{form[1]}'" if form else found[0]

    return _OWN_FILTER.sub(with_form, permalink)


def _ours(permalink: str) -> str:
    return pattern_of(permalink).removesuffix("index.html").lstrip("/")


def _web(found: Found | None) -> Found | None:
    is_one = found and str(found.value).startswith(("https://", "http://"))
    return found if is_one else None


def _clean(path: str) -> str:
    found = path.strip("/").removeprefix("./")
    return "" if found == "." else found
