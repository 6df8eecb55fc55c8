"""A site → the text of a publisher.toml that says where each value came from."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Literal
from urllib.parse import quote, urlsplit

import msgspec

from publisher import config
from publisher.adoption.site import Content, Found, Site, habit
from publisher.adoption.suggestions import Suggestion
from publisher.errors import ConfigError, Problem
from publisher.model import Publication, legal

MOST_SUGGESTED = 30
"""Shortcodes of a site's own for which the configuration has a line."""

REMARKS = 34
"""Column of the remarks in it."""

_POSTS = "_posts"  # of Jekyll; each category and language may have one
_LEAST = '[publication]\ntitle = "A"\nbase_url = "https://a.example"\n'
_NEEDED = {"title": "A site", "base_url": "https://news.example"}  # where theirs cannot be taken
_NOTHING: Mapping[str, str] = {}
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_OWN_HOST = re.compile(r"(?:localhost|.*\.localhost|::1|127\.[\d.]+|0\.[\d.]+)$")
_POSTAL = """\
[postal]                            # bulk mail must name it
name = {name}
street = ""
city = ""
country = ""
"""

# What feedgenerator and jekyll-feed make; the others take the address.
_IDS = {"pelican": "tag", "jekyll": "{url_bare}"}


class Line(msgspec.Struct, frozen=True):
    """A key of publisher.toml with its value, and the place that says it."""

    table: str
    key: str
    value: object
    found: Found

    @property
    def text(self) -> str:
        """The line, with a comment that names the place."""
        begin = f"{self.key} = {_toml(self.value)}"
        return f"{begin:<{REMARKS}}  # {_plain(self.found.place)}"


class Draft(msgspec.Struct, frozen=True):
    """The lines of a publisher.toml, those that could not be taken, and what is to be told."""

    lines: Sequence[Line]
    refused: Sequence[tuple[Line, str]]
    notes: Sequence[Problem]
    host: str


def folder_of(site: Site) -> Content | None:
    """The folder to read, None where none holds an article; several have one above them all.

    A folder whose name begins with `_` is passed over within another, and the site's own folder
    holds its programs and pages: then the largest is taken alone, but for folders `_posts`, which
    are read together wherever they lie.
    """
    contents = [one for one in site.contents if one.files]
    posts = [one for one in contents if one.path.split("/")[-1] == _POSTS]
    if len(posts) > 1:
        return _together(posts)
    if len(contents) < 2:
        return contents[0] if contents else None
    above = posixpath.commonpath([one.path for one in contents])
    paths = {one.path.removeprefix(f"{above}/") for one in contents}
    if above in paths:
        return next(one for one in contents if one.path == above)
    if not above or any(part.startswith("_") for path in paths for part in path.split("/")):
        return max(contents, key=lambda one: one.files)
    found = habit(above, f"holds {', '.join(sorted(paths))}")
    return Content(found=found, files=sum(one.files for one in contents))


def _together(contents: Sequence[Content]) -> Content:
    """Several folders, of the one above them all."""
    above = posixpath.commonpath([one.path for one in contents])
    prefix = f"{above}/" if above else ""
    folders = tuple(sorted(one.path.removeprefix(prefix) for one in contents))
    found = habit(above or ".", f"holds {', '.join(folders)}")
    return Content(found=found, files=sum(one.files for one in contents), folders=folders)


def draft(site: Site, there: str, day: date, given: Mapping[str, str] = _NOTHING) -> Draft:
    """Return the lines that stand for a site, each tried on the configuration as it is known here.

    `there` is the path from the publication's folder to the site's, with `/`; `day` is today,
    `given` what the editor wants otherwise, by key.
    """
    content = folder_of(site)
    notes = [*site.notes, *_others(site, content)]
    taken: list[Line] = []
    refused: list[tuple[Line, str]] = []
    chosen = [
        Line("publication", key, _clean(value), habit(value, "as you said"))
        for key, value in given.items()
        if value
    ]
    keys = {line.key for line in chosen}
    lines = _lines(site, content, there, day)
    for line in (*chosen, *(line for line in lines if line.key not in keys)):
        fault = _fault(line)
        if fault and line.key in _NEEDED:
            taken.append(Line(line.table, line.key, _NEEDED[line.key], habit(None, fault)))
        elif fault:
            refused.append((line, fault))
        else:
            taken.append(line)
    for name, said, how in _missing(site):
        notes.append(Problem(what=f"the site says no {name}", todo=how, severity=said))
    base = next(str(line.value) for line in taken if line.key == "base_url")
    return Draft(taken, refused, notes, urlsplit(base).hostname or "news.example")


def written(
    made: Draft, site: Site, there: str, newsletter: str, unknown: Sequence[Suggestion] = ()
) -> str:
    """Return the text of publisher.toml; `newsletter` are the lines of a first newsletter.

    `unknown` are the shortcodes of the site's own that leave files out.
    """
    parts = [
        f"# Of the site in {_plain(there)} ({_kind(site)}): each value says where it is from.",
        "# All keys: publisher config keys",
        "",
        *_table(made, "publication"),
        f"# {'sender = ' + _toml(f'letter@{made.host}'):<{REMARKS - 2}}"
        "  # from whom mails come: no site says it",
        "",
        *_table(made, "sources"),
        *_remarks(site),
        "",
        *_table(made, "sources.addresses"),
        *_shortcodes(unknown),
        *_table(made, "web"),
        "",
        *_table(made, "theme.social"),
        _POSTAL.format(name=_toml(_title(made))),
        newsletter.rstrip(),
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)) + "\n"


def _kind(site: Site) -> str:
    return site.generator or ("its HTML" if site.rendered else "its texts")


def _shortcodes(unknown: Sequence[Suggestion]) -> Iterator[str]:
    """Lines for an editor to complete: each frees the files that it names."""
    table = "sources.shortcodes"
    if not unknown or _fault(Line(table, "a", "", habit("", ""))):
        return
    yield f"# [{table}]  # what they stand for; an empty text leaves a shortcode out"
    for one in unknown:
        files = "1 file" if one.files == 1 else f"{one.files:,} files"
        yield f"# {_key(one.name)} = {_toml(one.template)}  # frees {files}"
    yield ""


def _title(made: Draft) -> str:
    return next(str(line.value) for line in made.lines if line.key == "title")


def _table(made: Draft, name: str) -> list[str]:
    """A table's lines; what this version does not take stays as a comment, with the reason."""
    own = [line.text for line in made.lines if line.table == name]
    lost = [
        f"# {_clean(f'{line.text}; {fault}')}" for line, fault in made.refused if line.table == name
    ]
    return [f"[{name}]", *own, *lost, ""] if own else lost


def _remarks(site: Site) -> Iterator[str]:
    """What is known and has no key, for whoever reads the file."""
    if site.taxonomies:
        names = ", ".join(_plain(str(one.value)) for one in site.taxonomies)
        yield f"# its taxonomies: {names}  # {_plain(site.taxonomies[0].place)}"
    if site.author_tables:
        yield f"# its tables of authors: {', '.join(map(_plain, site.author_tables))}"
    if site.posts and isinstance(site.posts.value, list):
        names = ", ".join(_plain(str(one)) for one in site.posts.value)
        yield f"# its posts are in: {names}  # {_plain(site.posts.place)}"
    if len(site.languages) > 1:
        names = ", ".join(_plain(f"{one.tag} {one.title}".strip()) for one in site.languages)
        yield f"# its languages: {names}  # {_plain(site.languages[0].found.place)}"


def _lines(site: Site, content: Content | None, there: str, day: date) -> Iterator[Line]:
    yield from _of_publication(site, there, day)
    yield from _of_articles(site, content, there)
    if site.rendered:
        yield Line("sources", "rendered", True, habit(True, "articles are found among its pages"))
        yield Line("sources", "ids", "permalink", habit(None, "what most feeds call articles"))
    elif site.generator:
        yield from _of_sources(site, content, there)
        yield from _of_web(site, there)
    else:
        yield Line("web", "pages", "editions", habit(None, "the live site has those of articles"))


def _of_publication(site: Site, there: str, day: date) -> Iterator[Line]:
    name = there.rstrip("/").rpartition("/")[2].strip(".") or "A site"
    title = site.title or habit(name, "the name of its folder: the site says no title")
    yield Line("publication", "title", _clean(title.value), title)
    host = _public(site.base_url) or habit(
        "https://news.example", "where your site lives: it does not say"
    )
    yield Line("publication", "base_url", _clean(host.value), host)
    since = habit(day, "part of every article's id; never change it")
    yield Line("publication", "since", day, since)
    for key, found in (
        ("description", site.description), ("zone", site.zone), ("author", site.author),
        ("accent", site.colour), ("logo", _logo(site)),
    ):  # fmt: skip
        if found:
            yield Line("publication", key, _clean(found.value), found)
    if site.language:
        yield Line("publication", "language", _language(str(site.language.value)), site.language)


def _of_articles(site: Site, content: Content | None, there: str) -> Iterator[Line]:
    """Where articles lie, which files are none, and where articles stand on the web."""
    if content:
        path = posixpath.normpath(posixpath.join(there, content.path))
        yield Line("publication", "articles", path, content.found)
    if site.ignored:
        usual = Publication.declared["ignore"].default
        assert isinstance(usual, tuple)
        globs = dict.fromkeys([*usual, *(str(one.value) for one in site.ignored)])
        places = "; ".join(dict.fromkeys(one.place for one in site.ignored))
        yield Line("publication", "ignore", list(globs), habit(None, places))
    if site.address:
        yield Line("publication", "article_url", site.address.value, site.address)


def _of_sources(site: Site, content: Content | None, there: str) -> Iterator[Line]:
    known_by = habit(site.generator, "decides what links, names and template code mean")
    yield Line("sources", "generator", site.generator, known_by)
    ids = _IDS.get(site.generator, "permalink")
    yield Line("sources", "ids", ids, habit(ids, "what its feeds call its articles"))
    yield Line("sources", "site", there, habit(there, "its configuration, data and pictures"))
    if content and content.folders:
        why = habit(None, "all folders of posts: its other files are no articles")
        yield Line("sources", "folders", list(content.folders), why)
    if site.titles:
        yield Line("sources", "title", site.titles.value, site.titles)
    if site.slugify:
        yield Line("sources", "slugify", site.slugify.value, site.slugify)
    for section, found in site.addresses.items():
        yield Line("sources.addresses", _key(section), found.value, found)


def _of_web(site: Site, there: str) -> Iterator[Line]:
    live = habit(None, "the live site has the pages of the articles")
    yield Line("web", "pages", "editions", live)
    if site.static and there in (".", ""):
        yield Line("web", "static", site.static.value, site.static)
    for label, found in site.social.items():
        yield Line("theme.social", _key(label), found.value, found)


def _public(found: Found | None) -> Found | None:
    """A base URL, unless it is that of somebody's own machine, as configurations begin with."""
    try:
        host = urlsplit(str(found.value)).hostname if found else None
    except ValueError:  # it is none, and refused with the reason
        return found
    return None if _OWN_HOST.match(host or "") else found


def _logo(site: Site) -> Found | None:
    """The logo as readers find it on the live site."""
    if not site.logo or not site.base_url or not _public(site.base_url):
        return None
    address = f"{str(site.base_url.value).rstrip('/')}/{quote(str(site.logo.value))}"
    return Found(address, site.logo.path, site.logo.line, site.logo.key)


def _fault(line: Line) -> str:
    """Why a line cannot be taken, "" where it can."""
    if line.table == "publication" and line.key in ("title", "base_url"):
        other = {"title": 'base_url = "https://a.example"', "base_url": 'title = "A"'}[line.key]
        text = f"[publication]\n{other}\n{line.key} = {_toml(line.value)}\n"
    elif line.table == "publication":
        text = f"{_LEAST}{line.key} = {_toml(line.value)}\n"
    else:
        text = f"{_LEAST}[{line.table}]\n{line.key} = {_toml(line.value)}\n"
    try:
        config.parse(text)
    except ConfigError as error:
        return error.problem.what
    return ""


def _missing(site: Site) -> Iterator[tuple[str, Literal["warning", "note"], str]]:
    for name, found, how in (
        ("title", site.title, "Write it: [publication] title."),
        ("base URL", _public(site.base_url), "Write where it lives: [publication] base_url."),
        ("language", site.language, "It is taken to be English: [publication] language."),
    ):
        if found is None:
            yield name, "warning" if name == "base URL" else "note", how


def _others(site: Site, content: Content | None) -> Iterator[Problem]:
    """Folders of articles that are not read: a publication reads one."""
    for one in site.contents:
        places = content.places if content else ()
        is_within = any(f"{one.path}/".startswith(f"{place}/") for place in places)
        if one.files and content and not is_within:
            yield Problem(
                what=f"{one.path} is not read: {one.files} file{'s' * (one.files != 1)}",
                why="A publication has one folder of articles; "
                f"{', '.join(content.places[:3])} holds more of them.",
                todo="To send these too, make a second publication: publisher init, and name the "
                "folder as its `articles`.",
                severity="note",
            )


def _language(tag: str) -> str:
    """`zh_CN` and `en_us.UTF-8` as BCP 47 writes them."""
    parts = tag.partition(".")[0].replace("_", "-").split("-")
    regions = [part.upper() if len(part) == 2 else part for part in parts[1:]]
    return "-".join([parts[0].lower(), *regions])


def _clean(value: object) -> str:
    return " ".join(_CONTROLS.sub(" ", legal(str(value))).split())


def _plain(text: str) -> str:
    """A text that cannot end a comment."""
    return _clean(text)[:300]


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _toml(name)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml(one) for one in _texts(value))}]"
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")  # as TOML wants it


def _texts(values: Iterable[object]) -> Iterator[str]:
    return (str(one) for one in values)
