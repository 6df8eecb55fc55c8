"""adopt: another generator's site → a publication beside it, and what is read of it."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path, PurePosixPath

import msgspec
from msgspec.structs import replace

from publisher import config
from publisher.adoption import Content, Site, read_rendered, read_site
from publisher.adoption.configuration import (
    MOST_SUGGESTED,
    REMARKS,
    Draft,
    draft,
    folder_of,
    written,
)
from publisher.adoption.folders import KINDS, SiteFolder
from publisher.adoption.suggestions import Suggestion, template_for
from publisher.adoption.titles import title_key
from publisher.errors import ConfigError, Problem, PublisherError, SourceError, UsageError
from publisher.feeds.following import Seen
from publisher.feeds.matching import Unmatched, matched
from publisher.files import read
from publisher.model import Article, Publication, SourceSettings
from publisher.outbox import put
from publisher.pipeline.scaffold import FIRST_NEWSLETTER, IGNORE, check_theme
from publisher.related import ENOUGH, PACKAGED, PACKAGED_LANGUAGE
from publisher.sources import Archive, Cache, Progress, cache_key, known_ids, scan

_SHORTCODE = re.compile(r"\{\{-?[<%]\s*/?\s*(\w[\w./-]*)")
_NAMED_CODE = re.compile(r"\{%-?\s*([\w.-]+)|\{\{[^|{}]*\|\s*(\w+)|\{\{-?\s*([\w.]+)")
_OF_ONE = re.compile(r"'[^']*'|\"[^\"]*\"|(?:https?:/)?[\w.-]*/\S*|\d[\d.,:-]+|(?<=that of ).*")

_LOOKED_AT = 100  # files, for what a shortcode may stand for


class Row(msgspec.Struct):
    """What a folder of the articles holds: files found, and what became of them."""

    folder: str
    found: int = 0
    read: int = 0
    hidden: int = 0
    left_out: int = 0
    undated: int = 0


class Adopted(msgspec.Struct, frozen=True, kw_only=True):
    """A publication made of a site.

    `rows` tell of the folders of its articles, `reasons` how many files are left out for each;
    `files` are what was written, none on a trial. `ids` are those of the live feed, by path, and
    `unmatched` its entries that are no article here.
    """

    site: Site
    text: str
    publication: Publication
    files: tuple[Path, ...]
    rows: tuple[Row, ...]
    reasons: Mapping[str, int]
    notes: tuple[Problem, ...]
    ids: Mapping[str, str]
    unmatched: tuple[Unmatched, ...]

    @property
    def total(self) -> Row:
        """All rows as one."""
        columns = ("found", "read", "hidden", "left_out", "undated")
        sums = {name: sum(getattr(row, name) for row in self.rows) for name in columns}
        return Row("all", **sums)


def adopt_site(
    source: Path,
    target: Path,
    now: datetime,
    progress: Progress,
    *,
    generator: str = "",
    title: str = "",
    theme: str = "",
    inside: bool = False,
    feed: Sequence[Seen] = (),
    rendered: bool = False,
    trial: bool = False,
    has_model: bool = False,
) -> Adopted:
    """Write a publication in `target` whose articles are those of the site in `source`.

    With `rendered` it is a site's HTML, whatever made it.

    Nothing is written into the site's folder, unless that is `target` and `inside` is given, and
    nothing at all on a `trial`. The ids of the live `feed` are kept. Related stories ask the
    packaged model where `has_model` tells that it is installed.

    Raises UsageError where there is no site or no article, or where there is a publication already;
    SourceError for a configuration that cannot be read.
    """
    if (target / config.FILE).exists():
        raise UsageError(
            f"there is a publication in {target} already",
            todo="Begin in a new folder: publisher -C FOLDER adopt PATH",
        )
    site = _read(source, generator, rendered=rendered)
    folder = source / site.folder
    _check_place(folder, target, inside=inside)
    site, content = _with_articles(site, source)
    there = PurePosixPath(os.path.relpath(folder.resolve(), target.resolve())).as_posix()
    given = {"title": title, "theme": check_theme(target, theme) if theme else ""}
    made = draft(site, there, now.date(), given)
    publication = config.parse(written(made, site, there, FIRST_NEWSLETTER))
    seen = _from_site(publication, content.path)
    archive = _scanned(folder, seen, now, progress)
    left = _left_out(archive.articles, archive.problems, folder, seen)
    rows = _rows(archive, left, now)
    newsletter = _newsletter(site, archive, rows)
    unknown = _unknown(left, folder / content.path)
    more = _with_model(archive, has_model=has_model) + _as_long_as(feed)
    text = written(made, site, there, newsletter, unknown) + more
    publication = config.parse(text)
    files = {target / config.FILE: text, target / ".gitignore": IGNORE}
    known = matched(feed, archive.articles)
    if known.ids:
        files[target / known_ids.NAME] = known_ids.written(known.ids, "its live feed")
    return Adopted(
        site=site,
        text=text,
        publication=publication,
        files=() if trial else _put(files),
        rows=tuple(rows),
        reasons=dict(Counter(_reason(told[0]) for told in left.values()).most_common()),
        notes=(*made.notes, *_not_taken(made)),
        ids=known.ids,
        unmatched=known.unmatched,
    )


def _with_articles(site: Site, source: Path) -> tuple[Site, Content]:
    """A site and where its articles lie, and their titles; UsageError where there are none."""
    content = folder_of(site)
    if content is None:
        raise _no_articles(site, source)
    if site.generator:  # what is taken for posts without one has titles
        folder = SiteFolder(source / site.folder)
        site = replace(site, titles=title_key(folder, content.places[0]))
    return site, content


def _put(files: Mapping[Path, str]) -> tuple[Path, ...]:
    """Write the files that are not there yet, and return which."""
    new = [path for path in files if not path.exists()]
    for path in new:
        put(path, files[path].encode())
    return tuple(new)


def _with_model(archive: Archive, *, has_model: bool) -> str:
    """A line for the packaged model where it helps, a remark for whoever does not have it yet."""
    if sum(one.language == PACKAGED_LANGUAGE for one in archive.articles) < ENOUGH:
        return ""
    model = f'model = "{PACKAGED}"'
    line = f"{model:<{REMARKS}}  # keeps out what only shares words"
    if has_model:
        return f"\n[related]\n{line}\n"
    return f"\n# [related]\n# {line}: pip install 'publisher[meaning]'\n"


def _as_long_as(feed: Sequence[Seen]) -> str:
    """Our feeds hold no more than the live one: its readers would take older stories for new."""
    if not feed:
        return ""
    why = "as many as the live feed has: older ones would be shown as new"
    return f"\n[feeds]\nentries = {len(feed)}  # {why}\n"


def _read(source: Path, generator: str, *, rendered: bool) -> Site:
    """The site; what its configuration holds is told with its place as an editor would type it."""
    try:
        return read_rendered(SiteFolder(source)) if rendered else read_site(source, generator)
    except SourceError as error:
        told = error.problem
        raise ConfigError(
            told.what, why=told.why, todo=told.todo, path=str(source / (told.path or "")),
            line=told.line,
        ) from None  # fmt: skip


def _check_place(folder: Path, target: Path, *, inside: bool) -> None:
    site, here = folder.resolve(), target.resolve()
    if here != site and here.is_relative_to(site):
        raise UsageError(
            f"{target} lies in the site's folder",
            why="The generator would take what we write for a part of the site.",
            todo="Begin beside it: publisher -C FOLDER adopt PATH",
        )
    if here == site and not inside:
        raise UsageError(
            "the publication would lie in the site's own folder",
            why="Its generator may publish publisher.toml and the outbox with the site.",
            todo="Begin beside it: publisher -C FOLDER adopt PATH; or, if you want it there: "
            "--inside",
        )


def _no_articles(site: Site, source: Path) -> PublisherError:
    looked = ", ".join(one.path for one in site.contents) or "folders of posts"
    return UsageError(
        f"there are no articles in {source / site.folder}",
        why=f"Looked in: {looked} ({site.generator}).",
        todo="By hand: publisher init, then name the folder of the articles in publisher.toml "
        "(`articles`).",
    )


def _from_site(publication: Publication, articles: str) -> Publication:
    """The publication as seen from the site's folder: its own may not be there yet."""
    sources = replace(publication.sources, site=Path())
    return replace(publication, articles=Path(articles), sources=sources)


def _scanned(root: Path, publication: Publication, now: datetime, progress: Progress) -> Archive:
    """The articles as the next build will read them; nothing is remembered of it."""
    cache = Cache(root / ".publisher" / "cache.db", cache_key(publication), readonly=True)
    try:
        return scan(root, publication, (), now, cache, progress)
    finally:
        cache.close()


def _newsletter(site: Site, archive: Archive, rows: Iterable[Row]) -> str:
    """A first newsletter, of the sections that the site calls its posts.

    Only where articles have such a section; one whose files are all left out may have some later.
    """
    given = site.posts.value if site.posts else None
    known = {article.section for article in archive.articles}
    names = [str(one) for one in given] if isinstance(given, list) else []
    if not known.intersection(names):
        return FIRST_NEWSLETTER
    assert site.posts
    folders = {row.folder for row in rows}
    listed = json.dumps([one for one in names if one in known | folders], ensure_ascii=False)
    line = f"sections = {listed}  # {' '.join(site.posts.place.split())}\n"
    return re.sub(r'(?m)^(name = "(?:lead|more)"\n)', lambda one: one[1] + line, FIRST_NEWSLETTER)


def _rows(archive: Archive, left: Iterable[str], now: datetime) -> list[Row]:
    """A row for each folder, in order."""
    rows: dict[str, Row] = {}
    for article in archive.articles:
        row = _row(rows, article.path)
        row.found += 1
        row.read += 1
        row.hidden += bool(article.hidden(now))
        row.undated += article.undated
    for path in left:
        row = _row(rows, path)
        row.found += 1
        row.left_out += 1
    return sorted(rows.values(), key=lambda row: row.folder)


def _row(rows: dict[str, Row], path: str) -> Row:
    """The row of a file's first folder; `post/tides/index.md` and its pictures are one file."""
    pure = PurePosixPath(path)
    above = pure.parent.parent if pure.stem == "index" else pure.parent
    folder = above.parts[0] if above.parts else "."
    return rows.setdefault(folder, Row(folder))


def _left_out(
    articles: tuple[Article, ...],
    problems: tuple[Problem, ...],
    root: Path,
    publication: Publication,
) -> dict[str, list[Problem]]:
    """Files that could be articles and are not read, with what is said of each, the worst first."""
    read = {article.path for article in articles}
    prefix = f"{publication.articles}/"
    found: dict[str, list[Problem]] = {}
    for problem in sorted(problems, key=lambda one: one.severity != "error"):
        path = (problem.path or "").removeprefix(prefix)
        is_one = path.lower().endswith(KINDS) and not path.rpartition("/")[2].startswith("_")
        if path and path not in read and is_one and (root / publication.articles / path).is_file():
            found.setdefault(path, []).append(problem)
    return found


def _reason(problem: Problem) -> str:
    """What is said of a file without what is its alone, so that like is counted with like."""
    if name := _shortcode(problem):
        return f"the shortcode {name} is not known"
    if code := _NAMED_CODE.search(problem.what):
        name = next(filter(None, code.groups()))
        return f"{problem.what.partition(':')[0]}: {name}"
    return _OF_ONE.sub("…", problem.what)[:120]


def _shortcode(problem: Problem) -> str:
    """The name of the shortcode that a problem is about, "" where it is about none."""
    found = _SHORTCODE.search(problem.what)
    return problem.shortcode or (found[1] if found else "")


def _unknown(left: Mapping[str, list[Problem]], articles: Path) -> list[Suggestion]:
    """The shortcodes that leave files out, those with most first."""
    found: dict[str, list[Path]] = {}
    for path, problems in left.items():
        for name in {_shortcode(one) for one in problems} - {""}:
            found.setdefault(name, []).append(articles / path)
    ranked = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [
        Suggestion(name, template_for(name, map(_text, islice(paths, _LOOKED_AT))), len(paths))
        for name, paths in ranked[:MOST_SUGGESTED]
    ]


def _text(path: Path) -> str:
    try:
        return read(path, SourceSettings().article_bytes).decode(errors="replace")
    except (OSError, PublisherError):  # it was read a moment ago
        return ""


def _not_taken(made: Draft) -> list[Problem]:
    return [
        Problem(
            what=f"{line.key} is not taken over: {fault}",
            todo=f"It stands in {config.FILE} as a comment.",
            path=line.found.path or None,
            line=line.found.line,
            severity="note",
        )
        for line, fault in made.refused
        if line.found.path
    ]
