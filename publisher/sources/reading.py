"""One file → its parts, and its parts with an identity → an `Article` and its body."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin
from zoneinfo import ZoneInfo

import msgspec

from publisher.errors import Problem, SourceError
from publisher.model import Article, Enclosure, Image, Publication, elements, filled, slugify
from publisher.model.languages import direction, is_known, runs
from publisher.sources import fallbacks, frontmatter, hiding, markup, plaintext, summaries
from publisher.sources import fields as front
from publisher.sources import typed as scalars
from publisher.sources.identity import Identity, Sighting, sighted
from publisher.sources.inherited import NOTHING, Inherited
from publisher.sources.naming import SAFE, from_name, misdated

if TYPE_CHECKING:
    from publisher.sources.rendered.page import RenderedPage

KINDS = {
    ".md": "markdown", ".markdown": "markdown", ".mkd": "markdown",
    ".html": "html", ".htm": "html",
    ".txt": "text",
}  # fmt: skip
"""Which files are articles, by suffix."""

FORMAT = 10
"""Raise it whenever the same file would give another article: cached ones are made anew."""

Sizes = Callable[[str, str], int | None]
"""(path of an article, address as written) → bytes of the file it names, None if it is none."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A file taken apart: typed front matter, title and unsanitised HTML.

    `suspects` are the lines (number, text) that hold what may be template code; where it
    `is_finished`, no template made it, and such code is what its author shows. Relative addresses
    begin at `base`, or where the article is.
    """

    path: str
    fields: front.Fields
    title: str
    markup: str
    related: tuple[str, ...]
    suspects: tuple[tuple[int, str], ...]
    sighting: Sighting
    base: str = ""
    is_finished: bool = False


def take_apart(
    path: str, data: bytes, publication: Publication, inherited: Inherited = NOTHING
) -> Parts:
    """Read a file's bytes; raise SourceError (with path and line) where that cannot be done.

    Of a rendered site, NoArticle where a page is none.

    `inherited` is what files beside it and above it say of it.
    """
    try:
        limits = publication.sources
        head = frontmatter.split(frontmatter.decode(data, limits), limits)
    except SourceError as error:
        problem = error.problem
        raise SourceError(
            problem.what, why=problem.why, todo=problem.todo, path=path, line=problem.line
        ) from None
    kind = KINDS[PurePosixPath(path).suffix.lower()]
    page = _page(head.body, path, publication, inherited) if kind == "html" else None
    named = from_name(path, languages(publication))
    defaults = {**inherited.values, **named, **(page.values if page else {}), **inherited.meta}
    values, texts = ({**defaults, **own} for own in (head.values, head.texts))
    typed = front.read(values, head.lines, path, publication.zone, texts)
    _nikola_tags(typed, head.is_nikola or inherited.is_nikola)
    related: tuple[str, ...] = ()
    if kind == "text":
        parsed = plaintext.parse(head.body, typed.title)
        title, raw, related = parsed.title, parsed.body, parsed.related
        front.sign(typed, parsed.author, parsed.date, publication.zone)
    else:
        language = typed.language or publication.language
        raw = page.body if page else _markdown(head, language, publication)
        title, raw = markup.leading_title(raw, summaries.title_words(typed.title))
    if not title:
        raise SourceError(
            "the article has no title",
            path=path,
            line=1,
            todo="Add a line `title: …` to its front matter, or a heading `# …` on top.",
        )
    if len(title) > 300:
        raise SourceError(
            f"the title has {len(title)} characters",
            path=path,
            line=1,
            why="No subject line or feed reader shows more than 300.",
            todo="Put a short title on the first line.",
        )
    return Parts(
        path,
        typed,
        title,
        raw,
        related,
        tuple(_suspects(head.body, head.body_line)),
        sighted(
            path, data, head.body, title, typed.published, typed.id, scalars.misread_ids(typed.id)
        ),
        page.base if page else "",
        publication.sources.rendered or _is_of_a_feed(values),
    )


def _page(
    text: str, path: str, publication: Publication, inherited: Inherited
) -> markup.Page | RenderedPage:
    """A file of HTML taken apart; of a rendered site, raise NoArticle where it is none."""
    if not publication.sources.rendered:
        return markup.page(text)
    from publisher.sources.rendered.page import page_of

    base_url, zone = publication.base_url, publication.zone
    return page_of(text, path, base_url, zone, inherited.site)


def _is_of_a_feed(values: Mapping[str, Any]) -> bool:
    """Whether a file was written by `feeds poll` or `import rss`."""
    source = values.get("source")
    return isinstance(source, Mapping) and "feed" in source


def _markdown(head: frontmatter.Head, language: str, publication: Publication) -> str:
    try:
        return markup.markdown(head.body, language, typeset=publication.typography)
    except SourceError as error:
        told = error.problem
        line = told.line and told.line + head.body_line - 1
        raise SourceError(told.what, why=told.why, todo=told.todo, line=line) from None


def languages(publication: Publication) -> set[str]:
    """The languages that a publication uses, without regions."""
    tags = [publication.language, *(one.language for one in publication.newsletters)]
    return {tag.lower().partition("-")[0] for tag in tags if tag}


def _nikola_tags(said: front.Fields, is_nikola: bool) -> None:
    """Nikola keeps posts with such tags to itself; elsewhere they may mean what they say."""
    found = sorted(hiding.NIKOLA_TAGS & {tag.casefold() for tag in said.tags})
    if is_nikola:
        said.draft |= bool(found)
    elif found and not said.draft:
        said.problems.append(
            Problem(
                what=f"it has the tag {found[0]!r}, and is published all the same",
                why="For Nikola such a tag hides a post; here it is a tag like any other.",
                todo="To hide the article: draft: true",
                path=said.path,
                severity="warning",
            )
        )


def _suspects(body: str, first: int) -> Iterator[tuple[int, str]]:
    if "{{" in body or "{%" in body:
        for number, line in enumerate(body.split("\n"), first):
            if "{{" in line or "{%" in line:
                yield number, line


def compose(
    parts: Parts, identity: Identity, publication: Publication, sizes: Sizes
) -> tuple[Article | None, str, list[Problem]]:
    """Return the article, its body and what to tell; None where an error leaves it out."""
    said = parts.fields
    problems = list(said.problems)
    slug = said.slug if SAFE.fullmatch(said.slug) else slugify(said.slug)
    slug = slug or slugify(parts.title) or identity.id.rsplit(":", 1)[-1]
    published = said.published or identity.first_seen
    language = said.language or publication.language
    if not is_known(language):
        problems.append(_strange_language(parts, language))
    if runs(parts.title) == "rtl" != direction(language):
        problems.append(_other_direction(parts, language))
    address = _address(said, slug, language, published, publication)
    told = fallbacks.Told()
    body = markup.sanitised(parts.markup, _base(parts, address), told)
    problems += _taken_away(parts, told)
    for field, text in (("title", parts.title), ("summary", said.summary)):
        if not parts.is_finished and ("{{" in text or "{%" in text):
            problems.append(_in_field(parts, field, text))
    if not parts.is_finished and (code := markup.template_code(body)):
        problems.append(_template_code(parts, code))
    if not body and not said.summary and not said.draft:
        problems.append(_problem(parts, "the article has no text", todo="Write it, or a summary."))
    if said.published is None and not any(p.severity == "error" for p in problems):
        problems.append(_undated(parts, published, publication))
    article = Article(
        id=identity.id,
        path=parts.path,
        slug=slug,
        url=address,
        title=parts.title,
        summary=_summary(said.summary, body, language),
        language=language,
        published=published,
        updated=max(said.updated or published, published),
        version="",
        authors=said.authors or ((publication.author,) if publication.author else ()),
        tags=said.tags,
        section=slugify(said.section),
        image=_image(said.image, address, parts, sizes, problems),
        enclosure=_enclosure(said.enclosure, address, parts, sizes, problems),
        draft=said.draft,
        embargo=said.embargo,
        expires=said.expires,
        undated=said.published is None,
        extra=said.extra,
        hint=replace(said.hint, related=(*said.hint.related, *parts.related)),
    )
    if any(problem.severity == "error" for problem in problems):
        return None, "", problems
    return replace(article, version=_version(article, body)), body, problems


def _address(
    said: front.Fields, slug: str, language: str, published: datetime, publication: Publication
) -> str:
    whole = markup.absolute(said.canonical, publication.base_url) if said.canonical else None
    if whole and whole.startswith("http"):
        return whole
    local = published.astimezone(ZoneInfo(publication.zone))
    pattern = publication.article_url
    if language != publication.language and "{language}" not in pattern:
        pattern = "{language}/" + pattern  # translations share their slug (Hugo's habit)
    if said.link and not re.search(r"[:{}\[\]]", said.link):  # else Jekyll's own pattern
        pattern = said.link
    values = {
        "slug": slug,
        "language": language,
        "section": slugify(said.section) or "articles",
        "year": f"{local:%Y}",
        "month": f"{local:%m}",
        "day": f"{local:%d}",
    }
    place = filled(pattern, values)
    return urljoin(publication.base_url, quote(place.lstrip("/"), safe="/%:?&=#+,;@~!$'()*"))


def _base(parts: Parts, address: str) -> str:
    """Where relative addresses begin (HTML §4.2.3): at a base of the web, else at the article."""
    base = markup.absolute(parts.base, address) if parts.base else None
    return base if base and base.startswith(("http://", "https://")) else address


def _summary(explicit: str, body: str, language: str) -> str:
    return summaries.plain_words(explicit, language) or summaries.summary_of(body, language)


def _image(
    value: Mapping[str, Any] | None,
    address: str,
    parts: Parts,
    sizes: Sizes,
    problems: list[Problem],
) -> Image | None:
    located = _located(value, address, parts, sizes, problems)
    if value is None or located is None:
        return None
    alt = " ".join(str(value.get("alt") or "").split())
    return Image(
        url=located.url,
        type=located.type,
        length=located.length,
        alt=alt,
        width=_whole(value.get("width")),
        height=_whole(value.get("height")),
    )


def _enclosure(
    value: Mapping[str, Any] | None,
    address: str,
    parts: Parts,
    sizes: Sizes,
    problems: list[Problem],
) -> Enclosure | None:
    return _located(value, address, parts, sizes, problems)


def _located(
    value: Mapping[str, Any] | None,
    address: str,
    parts: Parts,
    sizes: Sizes,
    problems: list[Problem],
) -> Enclosure | None:
    if value is None:
        return None
    written = str(value["url"])
    url = markup.absolute(written, address)
    if url is None or not url.startswith("http"):
        problems.append(
            _problem(
                parts,
                f"{written!r} is no web address",
                severity="warning",
                why="The picture or enclosure is left out.",
            )
        )
        return None
    kind = str(value.get("type") or mimetypes.guess_type(url)[0] or "application/octet-stream")
    length = _whole(value.get("length"))
    is_beside = not re.match(r"[a-z]+:|/", written)
    if length is None and is_beside and sizes(parts.path, written) is None:
        problems.append(
            _problem(
                parts,
                f"there is no file {written} beside the article",
                severity="warning",
                why=f"Readers will look for {url}",
            )
        )
    return Enclosure(
        url=url, type=kind, length=sizes(parts.path, written) if length is None else length
    )


def _whole(value: Any) -> int | None:
    try:
        return max(int(value), 0)
    except (TypeError, ValueError, OverflowError):
        return None


def _template_code(parts: Parts, code: str) -> Problem:
    # Typed text may differ from the rendered one (entities, escapes): then the first suspect.
    exact = [number for number, line in parts.suspects if code.strip() in line]
    return _problem(
        parts,
        f"unexpanded template code: {code.strip()}",
        line=next(iter([*exact, *(number for number, _ in parts.suspects)]), None),
        why="Readers would see it as it stands.",
        todo="Write what it stands for, or mark it as code.",
    )


def _taken_away(parts: Parts, told: fallbacks.Told) -> Iterator[Problem]:
    """What mails and feeds cannot hold: what stands instead, and what nothing stands for."""
    for what, count in told.became.items():
        yield _problem(parts, f"{what}{_times(count)}", severity="note")
    for what, count in told.lost.items():
        yield _problem(
            parts,
            f"left out: {what}{_times(count)}",
            severity="warning",
            why="Neither mails nor feeds can hold it.",
            todo="Write what it tells, or lead to a page that shows it.",
        )


def _times(count: int) -> str:
    return f" ({count} times)" if count > 1 else ""


def _in_field(parts: Parts, field: str, text: str) -> Problem:
    return _problem(
        parts,
        f"what may be unexpanded template code in the {field}: {text[:60]}",
        severity="warning",
        why="Readers see it as it stands.",
    )


def _strange_language(parts: Parts, language: str) -> Problem:
    return _problem(
        parts,
        f"{language!r} is not a language that programs know",
        severity="warning",
        why="They will neither hyphenate nor speak it rightly.",
        todo="Write one of ISO 639 and BCP 47, such as ja for Japanese.",
    )


def _other_direction(parts: Parts, language: str) -> Problem:
    return _problem(
        parts,
        f"its title runs from right to left, and its language, {language!r}, does not",
        severity="warning",
        why="Its marks and numbers stand on the wrong side.",
        todo="Write its language on top of the file, such as lang: fa for Persian.",
    )


def _undated(parts: Parts, published: datetime, publication: Publication) -> Problem:
    local = published.astimezone(ZoneInfo(publication.zone))
    wrong = misdated(parts.path)
    missing = f"there is no day {wrong}" if wrong else "no date"
    return _problem(
        parts,
        f"{missing}: it counts as published when it was first seen, {local:%Y-%m-%d %H:%M}",
        severity="warning" if wrong else "note",
        todo=f"To change that, write on top of the file: date: {local:%Y-%m-%d %H:%M}",
    )


def _problem(parts: Parts, what: str, **rest: Any) -> Problem:
    return Problem(what=what, path=parts.path, **rest)


_UNSEEN = {"version", "path", "hint", "draft", "embargo", "expires", "undated", "pictures"}


def _version(article: Article, body: str) -> str:
    """A digest of all that a reader can see, 16 hex digits."""
    seen = [getattr(article, f.name) for f in fields(article) if f.name not in _UNSEEN]
    seen += [article.hint.related, article.hint.unrelated]  # the block under the story shows them
    shown = elements.without_ids(body)
    return hashlib.sha256(msgspec.json.encode([seen, shown], order="sorted")).hexdigest()[:16]
