"""Links between articles: `article:REFERENCE` in a body → the address of the article it means.

They are resolved when all articles are known, and never kept: a target that is renamed or has
another date takes its links along.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from html import escape, unescape
from itertools import compress
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import quote, unquote, urljoin

from publisher.errors import Problem
from publisher.model import Article, Publication, slugify
from publisher.sources.naming import dateless

SCHEME = "article:"
"""The scheme of such addresses: no reader ever sees one."""

TEXTS = (".md", ".mdx", ".markdown", ".mkd", ".mdown", ".rst", ".rest", ".org", ".adoc")
"""Endings of source texts, which no web server has a page under."""

_ATTRIBUTES = r'(?:[^<>"]|"[^"]*")*'
_LINK = re.compile(rf'<a (?:{_ATTRIBUTES} )?href="{SCHEME}[^"]*"{_ATTRIBUTES}>(.*?)</a>', re.DOTALL)
_TYPED = re.compile(r"\[\[([^\[\]]+)\]\]")
_AS_TYPED = -1
_REFERENCE = re.compile(rf' href="{SCHEME}([^"]*)"')
_ELSEWHERE = re.compile(
    rf'(?<=<)((?!a\b)[a-z]+\b{_ATTRIBUTES}?) (?:src|poster|cite)="{SCHEME}[^"]*"'
)
_SITE_ROOTS = ("@site/", "~/")  # Docusaurus; what Astro's projects call their folder


class Answer(NamedTuple):
    """What a reference means: an address, or why there is none."""

    url: str = ""
    why: str = ""


def as_reference(url: str) -> str | None:
    """Return a relative address that names a source text as `article:…`, None for any other.

    >>> as_reference("../b/x%20y.md#top"), as_reference("@/bay.md"), as_reference("x.html")
    ('article:../b/x%20y.md#top', 'article:@/bay.md', None)
    """
    path = url.strip().partition("#")[0].partition("?")[0]
    if path.startswith("//") or not unquote(path).lower().endswith(TEXTS):
        return None
    mark, fragment = url.strip().partition("#")[1:]
    return f"{SCHEME}{quote(unquote(path), safe='/@')}{mark}{fragment}"


def only_in_links(clean: str) -> str:
    """Take such addresses away from all that is no link: a picture is no article."""
    while (without := _ELSEWHERE.sub(r"\1", clean)) != clean:
        clean = without
    return clean


def references(body: str, text: str, line: int = 1) -> tuple[tuple[str, int], ...]:
    """Return each reference of a body, with the line on which the file's text names it, else 0.

    The text begins on `line` of its file. The line of what stays as it is typed where there is no
    such article is -1: `[[Word]]` is a link of wikis, and code of C++.
    """
    if SCHEME not in body:
        return ()
    tags = _LINK.finditer(body)
    found = {
        unescape(_REFERENCE.findall(one[0])[0]): bool(_TYPED.fullmatch(one[1])) for one in tags
    }
    lines = text.split("\n")
    return tuple(
        (one, _AS_TYPED if is_typed else _line_of(_path(one), lines, line))
        for one, is_typed in found.items()
    )


def _line_of(path: str, lines: list[str], first: int) -> int:
    for name in (path, quote(path, safe="/@"), PurePosixPath(path).name):
        for number, line in enumerate(lines, first):
            if name and name in line:
                return number
    return 0


def resolved(body: str, links: Mapping[str, str]) -> str:
    """Return a body with the addresses that its references stand for, which are `links`.

    Where one stands for none, its words stand without the link.
    """
    if SCHEME not in body:
        return body

    def link(found: re.Match[str]) -> str:
        reference = _REFERENCE.search(found[0])
        url = links.get(unescape(reference[1])) if reference else None
        is_bare = reference is not None and found[1] == f"{SCHEME}{reference[1]}"
        if reference is None or not url:
            return found[1].removeprefix(SCHEME) if is_bare else found[1]
        whole = found[0]
        if is_bare:
            whole = whole.replace(f">{found[1]}<", f">{escape(url, quote=False)}<")
        if words := _TYPED.fullmatch(found[1]):  # what is code elsewhere: `[[Word]]`
            start, end = found.span(1)
            whole = whole[: start - found.start()] + words[1] + whole[end - found.start() :]
        address = url.replace("&", "&amp;").replace('"', "%22")
        return f'{whole[: reference.start()]} href="{address}"{whole[reference.end() :]}'

    return _LINK.sub(link, body)


class Resolver:
    """Knows which article a reference means: by its path, then by its name, in its language."""

    def __init__(
        self, articles: Iterable[Article], publication: Publication, now: datetime
    ) -> None:
        """`now` tells which articles are hidden: no link leads to one."""
        self._own, self._now = publication, now
        self._by_path: dict[str, list[Article]] = {}
        self._by_name: dict[str, list[Article]] = {}
        for article in articles:
            for key in dict.fromkeys(_paths_of(article)):
                self._by_path.setdefault(key, []).append(article)
            for key in _names_of(article):
                self._by_name.setdefault(key, []).append(article)

    def of(self, reference: str, source: Article) -> Answer:
        """Return what a reference in an article means."""
        path, fragment = _path(reference), reference.partition("#")[2]
        mark = f"#{fragment}" if fragment else ""
        found = self._meant(path, source) if path else [source]
        if len(found) > 1:
            return Answer(why=f"{len(found)} articles are called so, such as {found[0].path}")
        if found:
            hidden = found[0].hidden(self._now)
            is_itself = found[0].path == source.path
            if hidden and not is_itself:
                return Answer(why=f"{found[0].path} is hidden: {hidden}")
            return Answer(f"{found[0].url}{mark}")
        if not self._own.sources.generator and path.lower().endswith(TEXTS):
            # A file that lies on the server may be meant, as before there were such links.
            return Answer(
                urljoin(source.url, quote(path, safe="/@")) + mark, "there is no such file"
            )
        return Answer(why="no article is called so")

    def _meant(self, path: str, source: Article) -> list[Article]:
        exact = path.casefold()
        for place in self._places(path, source):
            found = self._by_path.get(_key(place), [])
            if found:
                return _likeliest(found, source, exact)
        name = PurePosixPath(_key(path)).name
        keys = (name, dateless(name), slugify(name))
        found = next((one for key in keys if (one := self._by_name.get(key))), [])
        return _likeliest(found, source, exact)

    def _places(self, path: str, source: Article) -> Iterator[str]:
        """Where the file may lie, from the articles folder on, the likelier first."""
        folder = PurePosixPath(source.path).parent.as_posix()
        root = PurePosixPath(self._own.articles.as_posix())
        if path.startswith(_SITE_ROOTS):
            yield from self._from_site(path.partition("/")[2])
            return
        bare = path.removeprefix("@").lstrip("/")
        if not path.startswith(("/", "@/")):
            beside = os.path.normpath(f"{folder}/{bare}")
            if beside.startswith(".."):
                yield from self._from_site(os.path.normpath(root / folder / bare))
            else:
                yield beside
            if PurePosixPath(source.path).stem in ("index", "_index"):  # a bundle is its folder
                yield os.path.normpath(f"{folder}/../{bare}")
        top = source.path.partition("/")[0]
        # Only a language's folder is a root of its own: `/bay.md` in blog/ is not blog/bay.md.
        is_language = top.casefold().replace("_", "-") == source.language.casefold()
        places = [os.path.normpath(f"{top}/{bare}"), os.path.normpath(bare)]
        yield from places if is_language else reversed(places)
        yield from self._from_site(bare)

    def _from_site(self, path: str) -> Iterator[str]:
        """A path of the site, or of a folder above the articles, from the articles folder on."""
        parts = PurePosixPath(self._own.articles.as_posix()).parts
        for at in range(len(parts)):
            above = "/".join(parts[at:]) + "/"
            if path.startswith(above):
                yield path.removeprefix(above)


def _likeliest(found: Collection[Article], source: Article, exact: str) -> list[Article]:
    """Those of some articles that are meant: in the language of the text that leads there."""
    several = _preferred(list(found), [one.language == source.language for one in found])
    ends = [one.path.casefold().endswith(exact.lstrip("./@")) for one in several]
    several = _preferred(several, ends)
    return _preferred(several, [one.path != source.path for one in several])


def _preferred(several: list[Article], is_better: list[bool]) -> list[Article]:
    return list(compress(several, is_better)) or several


def _path(reference: str) -> str:
    return unquote(reference.partition("#")[0].partition("?")[0]).strip()


def _key(path: str) -> str:
    """A path without what may be left out: its ending, `index`, capitals."""
    bare = path.casefold().strip("/")
    for ending in (*TEXTS, ".html", ".htm", ".txt"):
        if bare.endswith(ending):
            bare = bare[: -len(ending)]
            break
    folder, _, name = bare.rpartition("/")
    return folder if folder and name in ("index", "_index") else bare


def _paths_of(article: Article) -> Iterator[str]:
    key = _key(article.path)
    yield key
    stem = key.removesuffix(f".{article.language.casefold()}")
    stem = stem.removesuffix(f".{article.language.casefold().replace('-', '_')}")
    yield _key(stem)  # a translation's index file


def _names_of(article: Article) -> set[str]:
    name = PurePosixPath([*_paths_of(article)][-1]).name
    found = {name, dateless(name), slugify(name), article.slug.casefold(), slugify(article.title)}
    return found - {"", "index", "_index", "readme"}


class Linked(NamedTuple):
    """Articles as readers see them, where the links of each lead (by path), and what is wrong."""

    articles: tuple[Article, ...]
    links: Mapping[str, Mapping[str, str]]
    problems: tuple[Problem, ...]


def linked(
    articles: Sequence[Article],
    others: Iterable[Article],
    references: Mapping[str, Iterable[tuple[str, int]]],
    publication: Publication,
    now: datetime,
) -> Linked:
    """Return articles with the links between them resolved; `others` are further targets.

    `references` are those of each article, by path, with their lines. Where they lead is part of
    what a reader sees, and so of the version.
    """
    if not references:
        return Linked(tuple(articles), {}, ())
    resolver = Resolver([*articles, *others], publication, now)
    links: dict[str, dict[str, str]] = {}
    problems: list[Problem] = []
    for article in articles:
        for reference, line in references.get(article.path, ()):
            url, why = resolver.of(reference, article)
            links.setdefault(article.path, {})[reference] = url
            if why and line != _AS_TYPED:
                problems.append(unresolved(article, reference, line, why, stays=bool(url)))
    seen = [_with_version(article, links.get(article.path, {})) for article in articles]
    return Linked(tuple(seen), links, tuple(problems))


def _with_version(article: Article, links: Mapping[str, str]) -> Article:
    """An article whose version tells where its links lead."""
    if not links:
        return article
    told = "\n".join([article.version, *(f"{one} {links[one]}" for one in sorted(links))])
    return article.but(version=hashlib.sha256(told.encode()).hexdigest()[:16])


def unresolved(article: Article, reference: str, line: int, why: str, *, stays: bool) -> Problem:
    """Return what to tell of a link to an article that leads nowhere; `stays` if it is a link."""
    is_hidden = " is hidden: " in why
    return Problem(
        what=f"the link to {_path(reference)} leads to no article: {why}",
        why="The address is left as it is." if stays else "Its words stand without the link.",
        todo="" if is_hidden else "Write the path of the article's file, or its address.",
        path=article.path,
        line=line or None,
        severity="note" if is_hidden else "warning",
    )
