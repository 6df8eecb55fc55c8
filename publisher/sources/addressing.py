"""Where an article stands on the web: by its front matter, its section's pattern, its generator."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, urljoin
from zoneinfo import ZoneInfo

import msgspec

from publisher.model import Publication, filled, slugify
from publisher.sources import slugs
from publisher.sources.days import DAYS
from publisher.sources.eleventy_permalinks import pattern_of
from publisher.sources.fields import Fields
from publisher.sources.keys import KEYS, LOOSE_DATES
from publisher.sources.naming import SAFE, dateless, dateless_across

_STYLES = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "none": "/:categories/:title.html",
}  # of Jekyll
_COLONS = {
    "year": "{year}", "month": "{month}", "day": "{day}", "hour": "{hour}", "minute": "{minute}",
    "second": "{second}", "title": "{title}", "slug": "{slug}", "name": "{filename}",
    "categories": "{categories}", "output_ext": ".html", "y_day": "{y_day}",
    "filename": "{filename}", "contentbasename": "{filename}", "slugorfilename": "{slug}",
    "slugorcontentbasename": "{slug}", "section": "{section}", "sections": "{folder}",
    **{name: f"{{{name}}}" for name in DAYS},
}  # fmt: skip
_COLON = re.compile(r":([a-z_]+)")
_DATE_OF_PATTERN = re.compile(r"\{(?:year|month|day)\}[/-]?")
_PART = "~!$&'()*+,;=:@/"
_WHOLE = "/%:?&=#+,;@~!$'()*"


class Given(msgspec.Struct, frozen=True):
    """What front matter itself says of an address, not the file's name.

    `slug` is as it was typed, `link` the key of an address of its own, "" where there is none.
    """

    slug: str = ""
    link: str = ""
    is_dated: bool = False
    categories: tuple[str, ...] = ()


def given(values: Mapping[str, Any]) -> Given:
    """Return what front matter says of an address; `values` are as they were typed."""
    own = {str(key).lower(): value for key, value in values.items() if value not in (None, "", [])}
    slug = own.get("slug")
    said = own.get("categories", own.get("category"))
    if isinstance(said, str):  # Jekyll's may stand in one text, parted by blanks
        said = said.split() if "categories" in own else [said]
    return Given(
        slug=str(slug).strip() if isinstance(slug, str | int | float) else "",
        link=next((key for key in KEYS["link"] if key in own), ""),
        is_dated=any(key in own for key in KEYS["published"] if key not in LOOSE_DATES),
        categories=tuple(_names(said)) if isinstance(said, list) else (),
    )


def _names(said: list[Any]) -> Iterator[str]:
    """Categories; of Hexo's, which may be rows from the widest to the narrowest, those of one."""
    rows = [one for one in said if isinstance(one, list)]
    yield from map(str, rows[0] if rows else said)


def slug_of(own: Given, said: Fields, path: str, title: str, publication: Publication) -> str:
    """Return the slug of an article as its generator makes it; "" where nothing gives one."""
    generator, kept = publication.sources.generator, publication.sources.slugify
    if not generator:
        return (said.slug if SAFE.fullmatch(said.slug) else slugify(said.slug)) or slugify(title)
    if own.slug:
        return slugs.of_slug(own.slug, generator, kept) or slugs.of_title(title, generator)
    if generator == "pelican":
        return slugs.of_title(title, generator)
    name = _name(path, said.language)
    if _drops_date(own, generator, _pattern(own, said, path, publication)):
        name = dateless_across(path, name) if generator == "docusaurus" else dateless(name)
    return slugs.of_name(name, generator, kept) or slugs.of_title(title, generator)


def _drops_date(own: Given, generator: str, pattern: str) -> bool:
    """Whether the date that a file's name begins with is no part of its slug.

    Hugo takes it away only where it is told to read it: it must be, where the front matter has none
    and the address has the year. Astro keeps it in an `id`, which a site with years in its
    addresses does not use. Nikola keeps it.
    """
    if generator == "hugo":
        return "{year}" in pattern and not own.is_dated
    if generator == "astro":
        return "{year}" in pattern
    return generator != "nikola"


def address_of(
    own: Given,
    said: Fields,
    slug: str,
    language: str,
    published: datetime,
    path: str,
    title: str,
    publication: Publication,
) -> str:
    """Return the whole address of an article that names none of another site."""
    pattern = _pattern(own, said, path, publication)
    is_there = "{categories}" in pattern and language in _above_posts(path, publication)
    if not (is_there or _is_main(language, publication) or "{language}" in pattern):
        pattern = "{language}/" + pattern  # translations share their slug (Hugo's habit)
    makers = _makers(own, said, slug, language, published, path, title, publication)
    if link := _own_link(own, said, publication):
        pattern = link
    try:
        place = filled(pattern, _values(pattern, makers, publication))
    except LookupError:  # a pattern of its own that is not one of ours
        usual = _pattern(own, said, path, publication)
        place = filled(usual, _values(usual, makers, publication))
    if publication.sources.generator or "{folder}" in pattern:  # which may be none
        place = re.sub("/{2,}", "/", place)
    return urljoin(publication.base_url, quote(place.lstrip("/"), safe=_WHOLE))


def _is_main(language: str, publication: Publication) -> bool:
    """Whether an article is in the publication's language: `en` is, for a generator's `en-US`."""
    main = publication.language
    is_shorter = bool(publication.sources.generator) and main.startswith(f"{language}-")
    return language == main or is_shorter


def _own_link(own: Given, said: Fields, publication: Publication) -> str:
    """The address that front matter gives, as a pattern; "" where it is none that we can tell."""
    generator, link = publication.sources.generator, said.link
    if not link or "://" in link:
        return ""
    if generator in ("jekyll", "hugo"):
        link = _STYLES.get(link, link)
        link = _COLON.sub(lambda one: _COLONS.get(one[1], one[0]), link)
        return "" if ":" in link else _slashed(link) if generator == "hugo" else link
    if generator == "eleventy":
        link = pattern_of(link)
    if re.search(r"[:\[\]]", link) or (generator != "eleventy" and re.search(r"[{}]", link)):
        return ""
    if generator in ("eleventy", "pelican", "nikola"):
        link = re.sub(r"(^|/)index\.html?$", r"\1", link)
    is_zola = generator == "zola" or not generator
    if own.link == "path" and is_zola and (generator or publication.article_url.endswith("/")):
        return _slashed(link)
    return link


def is_unknown(own: Given, said: Fields, publication: Publication) -> bool:
    """Whether front matter gives an address of this site that has words which are not known."""
    is_ours = bool(said.link) and "://" not in said.link
    return is_ours and not _own_link(own, said, publication)


def _slashed(link: str) -> str:
    """An address with a slash behind it, unless it ends like a file."""
    return link if link.endswith("/") or "." in link.rpartition("/")[2] else f"{link}/"


def _pattern(own: Given, said: Fields, path: str, publication: Publication) -> str:
    """The pattern of the article's section: the deepest folder that has one, then the others."""
    pattern = publication.article_url
    patterns = {
        one.name.strip("/").casefold(): one.pattern for one in publication.sources.addresses
    }
    if patterns:
        folders = [*publication.articles.parts, *PurePosixPath(path).parent.parts]
        runs = (folders[at:end] for end in range(len(folders), 0, -1) for at in range(end))
        keys = ("/".join(one).casefold() for one in runs)
        keys_of_front_matter = (said.section.casefold(), slugify(said.section), "*")
        found = next((one for one in (*keys, *keys_of_front_matter) if one in patterns), None)
        pattern = pattern if found is None else patterns[found]
    is_docusaurus = publication.sources.generator == "docusaurus"
    if is_docusaurus and (own.slug or not _has_date(path)):
        return _DATE_OF_PATTERN.sub("", pattern)  # Docusaurus dates addresses by file names alone
    return pattern


def _has_date(path: str) -> bool:
    return bool(re.search(r"(?:^|/)\d{4}[-/]\d{1,2}[-/]\d{1,2}(?=[-/._]|$)", path))


def _values(
    pattern: str, makers: Mapping[str, Callable[[], str]], publication: Publication
) -> dict[str, str]:
    """What the names of a pattern stand for, each safe in an address; those that it has alone."""
    values = {name: make() for name, make in makers.items() if f"{{{name}}}" in pattern}
    generator = publication.sources.generator
    safe = _PART + ("%" if generator == "hugo" else "")  # which leaves what is encoded in a name
    return values if not generator else {key: quote(one, safe=safe) for key, one in values.items()}


def _makers(
    own: Given,
    said: Fields,
    slug: str,
    language: str,
    published: datetime,
    path: str,
    title: str,
    publication: Publication,
) -> dict[str, Callable[[], str]]:
    """What makes that which the names of a pattern stand for; most patterns have few of them."""
    generator = publication.sources.generator
    local = published.astimezone(ZoneInfo(publication.zone))
    name = _name(path, language)
    jekylls = generator == "jekyll"  # whose `title` is no title

    def made_of_title() -> str:
        return slugs.of_title(title, generator)

    def categories() -> str:
        above = _above_posts(path, publication) if jekylls else ()
        return "/".join(dict.fromkeys(one.lower() for one in (*above, *own.categories)))

    # Of the name, Hugo's permalinks make the same as of a title.
    kept = publication.sources.slugify
    of_name = partial(slugs.of_name, generator=generator, kept=kept)
    make = slugs.hugo if generator == "hugo" else of_name
    return {
        "slug": lambda: slug,
        "language": lambda: language,
        "section": lambda: _section(said, path, language, publication),
        "year": lambda: f"{local:%Y}",
        "month": lambda: f"{local:%m}",
        "day": lambda: f"{local:%d}",
        "hour": lambda: f"{local:%H}",
        "minute": lambda: f"{local:%M}",
        "second": lambda: f"{local:%S}",
        "y_day": lambda: f"{local:%j}",
        **{name: partial(make_day, local) for name, make_day in DAYS.items()},
        "title": lambda: slug if jekylls else made_of_title(),
        "slug_or_title": lambda: slug if own.slug else made_of_title(),
        "filename": lambda: make(name),
        "name": lambda: make(dateless(name)),
        "folder": lambda: _folder(path, language, publication),
        "categories": categories,
    }


def _above_posts(path: str, publication: Publication) -> tuple[str, ...]:
    """The folders above Jekyll's `_posts`, which are categories of what lies in it.

    Of articles outside of the site's folder it is not known what lies above theirs.
    """
    place = os.path.relpath(publication.articles, publication.sources.site)
    parts = PurePosixPath("" if place.startswith("..") else place, path).parts
    return parts[: parts.index("_posts")] if "_posts" in parts else ()


def _section(said: Fields, path: str, language: str, publication: Publication) -> str:
    """The section as an address has it: to Hugo and Zola the first folder, whatever is said."""
    generator = publication.sources.generator
    if not generator:
        return slugify(said.section) or "articles"
    if generator in ("hugo", "zola"):
        folder = _folder(path, language, publication)
        return (folder or publication.articles.name).partition("/")[0]
    return slugs.of_title(said.section, generator)


def _folder(path: str, language: str, publication: Publication) -> str:
    """The folders above an article as its generator has them, without the one of its language."""
    pure = PurePosixPath(path)
    parts = pure.parent.parts[:-1] if _is_bundle(pure) else pure.parent.parts
    if parts and parts[0].casefold().replace("_", "-") == language.casefold():
        parts = parts[1:]
    return "/".join(slugs.of_folder(one, publication.sources.generator) for one in parts)


def _name(path: str, language: str) -> str:
    """The name by which an article stands: without ending and language, a bundle's its folder's."""
    pure = PurePosixPath(path)
    if _is_bundle(pure):
        return pure.parent.name
    stem = pure.stem
    tag = stem.rpartition(".")[2].casefold().replace("_", "-")
    return stem.rpartition(".")[0] or stem if tag == language.casefold() else stem


def _is_bundle(pure: PurePosixPath) -> bool:
    return pure.name.partition(".")[0] == "index" and bool(pure.parent.name)
