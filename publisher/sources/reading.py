"""One file → its parts, and its parts with an identity → an `Article` and its body."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from publisher.errors import NoArticle, Problem, SourceError
from publisher.model import (
    Article,
    Enclosure,
    Episode,
    Image,
    Publication,
    elements,
    slugify,
)
from publisher.model.languages import direction, is_known, runs
from publisher.sources import (
    addressing,
    bodies,
    dating,
    enclosures,
    episodes,
    fallbacks,
    feed_ids,
    frontmatter,
    hiding,
    markup,
    no_articles,
    plaintext,
    summaries,
    template_code,
)
from publisher.sources import fields as front
from publisher.sources import typed as scalars
from publisher.sources.identity import Identity, Sighting, sighted
from publisher.sources.inherited import NOTHING, Inherited
from publisher.sources.keys import KEYS, below, plain, titled
from publisher.sources.naming import from_name, misdated
from publisher.sources.site_files import NO_SITE, SiteFiles

if TYPE_CHECKING:
    from publisher.sources.rendered.page import RenderedPage

KINDS = {
    ".md": "markdown", ".markdown": "markdown", ".mkd": "markdown", ".mdx": "mdx",
    ".html": "html", ".htm": "html",
    ".rst": "rest", ".rest": "rest",
    ".txt": "text",
}  # fmt: skip
"""Which files are articles, by suffix."""

FORMAT = 12
"""Raise it whenever the same file would give another article: cached ones are made anew."""

Sizes = Callable[[str, str], int | None]
"""(path of an article, address as written) → bytes of the file it names, None if it is none."""

Files = Callable[[str, str, str], str | None]
"""(path of an article, address as written, where it begins) → the address of a file of the site.

None for what a browser makes of it.
"""


@dataclass(frozen=True, slots=True)
class Parts:
    """A file taken apart: typed front matter, title and unsanitised HTML.

    `suspects` are the lines (number, text) that hold what may be template code. Relative addresses
    begin at `base`, or where the article is. `problems` are those of its template code, `used` the
    files that it read with their digests; `is_expanded` where what looks like code is text.
    `text` is what was typed, from `line` of the file on. Where it `is_finished`, no template made
    it, and such code is what its author shows.
    """

    path: str
    fields: front.Fields
    title: str
    markup: str
    related: tuple[str, ...]
    suspects: tuple[tuple[int, str], ...]
    sighting: Sighting
    base: str = ""
    problems: tuple[Problem, ...] = ()
    used: Mapping[str, str] = field(default_factory=dict)
    is_expanded: bool = False
    text: str = ""
    line: int = 1
    given: addressing.Given = addressing.Given()
    is_finished: bool = False


def take_apart(
    path: str,
    data: bytes,
    publication: Publication,
    inherited: Inherited = NOTHING,
    site: SiteFiles = NO_SITE,
) -> Parts:
    """Read a file's bytes; raise SourceError (with path and line) where that cannot be done.

    Of a rendered site, PassedOver where a page is none.

    `inherited` is what files beside it and above it say of it, `site` are those of its generator.
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
    _check_article(path, kind, head, inherited)
    named = _named(path, head, publication, inherited)
    is_finished = publication.sources.rendered or _is_of_a_feed(head.values)
    code = template_code.Expansion.none(head.body)
    if not is_finished:
        code = template_code.expanded(path, kind, head, named, publication, site)
    page = _page(code.whole, path, publication, inherited) if kind == "html" else None
    rest = bodies.rest(head, code, kind, is_nikola=head.is_nikola or inherited.is_nikola)
    said_inside = page.values if page else rest.values if rest else {}
    defaults = below(head.values, {**inherited.values, **named, **said_inside, **inherited.meta})
    keys = publication.sources.title
    values, texts = (titled({**defaults, **own}, keys) for own in (head.values, head.texts))
    typed = front.read(values, head.lines, path, publication.zone, texts, inherited.habits)
    typed.id = typed.id or inherited.id
    _nikola_tags(typed, head.is_nikola or inherited.is_nikola)
    related: tuple[str, ...] = ()
    language = typed.language or publication.language
    if rest:
        title, raw = bodies.of_rest(rest, code, typed, language)
    elif kind == "text":
        parsed = plaintext.parse(head.body, typed.title)
        title, raw, related = parsed.title, parsed.body, parsed.related
        front.sign(typed, parsed.author, parsed.date, publication.zone)
    else:
        raw = page.body if page else bodies.of_markdown(head, code, kind, typed, publication)
        title, raw = markup.leading_title(raw, summaries.title_words(typed.title))
        title, raw = (title, raw) if title else markup.only_title(raw)
    dates = (named.get("date"), inherited.meta.get("date"), said_inside.get("date"))
    dating.settle(typed, dates, publication.zone, inherited.committed)
    if not title:
        raise SourceError(
            "the article has no title",
            path=path,
            line=1,
            todo="Add a line `title: …` to its front matter, or one heading `# …`.",
        )
    if len(title) > 300:
        raise SourceError(
            f"the title has {len(title)} characters",
            path=path,
            line=1,
            why="No subject line or feed reader shows more than 300.",
            todo="Put a short title on the first line.",
        )
    given = addressing.given({**said_inside, **inherited.meta, **head.texts})
    return Parts(
        path,
        typed,
        title,
        raw,
        related,
        tuple(_suspects(head.body, head.body_line)),
        sighted(
            path,
            data,
            head.body,
            title,
            typed.published,
            typed.id,
            scalars.misread_ids(typed.id),
            _elsewhere(typed, given, path, title, publication),
        ),
        page.base if page else "",
        code.problems,
        code.used,
        code.is_complete,
        head.body,
        head.body_line,
        given,
        is_finished,
    )


def _check_article(path: str, kind: str, head: frontmatter.Head, inherited: Inherited) -> None:
    """Raise NoArticle for what has neither front matter nor the name or look of an article."""
    if head.values or inherited.meta:
        return
    what = no_articles.by_name(path) or (no_articles.by_look(head.body) if kind == "text" else "")
    if what:
        raise NoArticle(what, path=path)


def _named(
    path: str, head: frontmatter.Head, publication: Publication, inherited: Inherited
) -> dict[str, Any]:
    """What a file's name and folders say.

    A folder of a language is no section: but one that was, because its articles say themselves
    which language they are in, goes on being one where no generator is named.
    """
    generator = inherited.habits.generator
    tells = bool(inherited.language) and (
        bool(generator)
        or not any(value and plain(key) in KEYS["language"] for key, value in head.values.items())
    )
    named = from_name(
        inherited.place if tells else path,
        languages(publication) | inherited.languages,
        generator=generator,
        sorted_by=inherited.sorted_by,
        is_blog="{section}" in publication.article_url,
    )
    return {"language": inherited.language, **named} if tells else named


def _elsewhere(
    said: front.Fields, given: addressing.Given, path: str, title: str, publication: Publication
) -> str:
    """The id that its feed gave it before (`[sources] ids`), "" where there was none."""
    pattern, language = publication.sources.ids, said.language or publication.language
    if not pattern or said.published is None:
        return ""
    slug = addressing.slug_of(given, said, path, title, publication)
    if not slug:
        return ""
    address = _whole_address(said, publication) or addressing.address_of(
        given, said, slug, language, said.published, path, title, publication
    )
    return feed_ids.suggested(pattern, address, said.published, publication.zone, said.extra)


def _page(
    text: str, path: str, publication: Publication, inherited: Inherited
) -> markup.Page | RenderedPage:
    """A file of HTML taken apart; of a rendered site, raise PassedOver where it is none."""
    if not publication.sources.rendered:
        return markup.page(text)
    from publisher.sources.rendered.page import page_of

    base_url, zone = publication.base_url, publication.zone
    return page_of(text, path, base_url, zone, inherited.site)


def _is_of_a_feed(values: Mapping[str, Any]) -> bool:
    """Whether a file was written by `feeds poll` or `import rss`."""
    source = values.get("source")
    return isinstance(source, Mapping) and "feed" in source


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
    parts: Parts,
    identity: Identity,
    publication: Publication,
    sizes: Sizes,
    files: Files = lambda *_: None,
) -> tuple[Article | None, str, list[Problem]]:
    """Return the article, its body and what to tell; None where an error leaves it out."""
    said = parts.fields
    problems = list(said.problems)
    slug = addressing.slug_of(parts.given, said, parts.path, parts.title, publication)
    slug = slug or identity.id.rsplit(":", 1)[-1]
    published = said.published or identity.first_seen
    language = said.language or publication.language
    if not is_known(language):
        problems.append(_strange_language(parts, language))
    if runs(parts.title) == "rtl" != direction(language):
        problems.append(_other_direction(parts, language))
    address = _address(parts, slug, language, published, publication)
    told = fallbacks.Told()
    base = _base(parts, address)
    body = markup.sanitised(
        parts.markup, base, told, locate=lambda one: files(parts.path, one, base)
    )
    problems += _taken_away(parts, told)
    for name, text in (("title", parts.title), ("summary", said.summary)):
        if not parts.is_finished and ("{{" in text or "{%" in text):
            problems.append(_in_field(parts, name, text))
    problems += parts.problems
    is_refused = any(one.severity == "error" for one in parts.problems)
    if not (parts.is_expanded or parts.is_finished or is_refused) and (
        code := markup.template_code(body)
    ):
        problems.append(_template_code(parts, code))
    if not (body or said.summary or said.draft or is_refused):
        problems.append(_problem(parts, "the article has no text", todo="Write it, or a summary."))
    dates = identity.dated or dating.is_news(parts.path, publication)
    is_news = said.published is not None or (dates and not said.misdated)
    if said.published is None and not any(p.severity == "error" for p in problems):
        problems += _undated(parts, published, publication, is_news)
    sounds = _enclosures(parts, address, sizes, files, problems)
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
        image=_image(said.image, address, parts, sizes, files, problems),
        enclosure=sounds[0] if sounds else None,
        enclosures=sounds[1:],
        episode=_episode(parts, address, problems),
        categories=said.categories,
        draft=said.draft,
        embargo=said.embargo,
        expires=said.expires,
        undated=said.published is None,
        news=is_news,
        extra=said.extra,
        hint=replace(said.hint, related=(*said.hint.related, *parts.related)),
    )
    if any(problem.severity == "error" for problem in problems):
        return None, "", problems
    return replace(article, version=_version(article, body)), body, problems


def _address(
    parts: Parts, slug: str, language: str, published: datetime, publication: Publication
) -> str:
    said = parts.fields
    return _whole_address(said, publication) or addressing.address_of(
        parts.given, said, slug, language, published, parts.path, parts.title, publication
    )


def _whole_address(said: front.Fields, publication: Publication) -> str:
    """The address that front matter names whole, "" where it names none."""
    whole = markup.absolute(said.canonical, publication.base_url) if said.canonical else None
    return whole if whole and whole.startswith("http") else ""


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
    files: Files,
    problems: list[Problem],
) -> Image | None:
    located = _located(value, address, parts, sizes, files, problems)
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
    files: Files,
    problems: list[Problem],
) -> Enclosure | None:
    if value is not None and not value.get("type"):
        value = {**value, "type": enclosures.media_type(value["url"])}
    found = _located(value, address, parts, sizes, files, problems)
    return enclosures.with_type(found) if found else None


def _enclosures(
    parts: Parts, address: str, sizes: Sizes, files: Files, problems: list[Problem]
) -> tuple[Enclosure, ...]:
    """Every file that belongs to it, the one that RSS has as its enclosure first."""
    said = parts.fields
    written = (said.enclosure, *said.enclosures) if said.enclosure else said.enclosures
    named = (_enclosure(one, address, parts, sizes, files, problems) for one in written)
    found = tuple(one for one in named if one)
    if len(found) > 1:
        what = f"{len(found)} files belong to it: RSS has the first as its enclosure"
        why = "It allows one. The others are media:content there; Atom and JSON Feed have all."
        problems.append(_problem(parts, what, severity="note", why=why))
    return found


def _episode(parts: Parts, address: str, problems: list[Problem]) -> Episode | None:
    episode = parts.fields.episode
    if episode is None:
        return None
    found, lost = episodes.resolved(episode, lambda written: markup.absolute(written, address))
    for written in lost:
        what = f"{written!r} of the episode is no web address"
        problems.append(_problem(parts, what, severity="warning", why="It is left out."))
    return None if found == Episode() else found


def _located(
    value: Mapping[str, Any] | None,
    address: str,
    parts: Parts,
    sizes: Sizes,
    files: Files,
    problems: list[Problem],
) -> Enclosure | None:
    if value is None:
        return None
    written = str(value["url"])
    found = files(parts.path, written, address)
    url = found or markup.absolute(written, address)
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
    if length is None and is_beside and sizes(parts.path, written) is None and not found:
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
        shortcode=template_code.name_in(code),
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


def _undated(
    parts: Parts, published: datetime, publication: Publication, is_news: bool
) -> Iterator[Problem]:
    """What becomes of an article without a date; those that are no news are told of together."""
    local = published.astimezone(ZoneInfo(publication.zone))
    wrong = misdated(parts.path)
    missing = f"there is no day {wrong}" if wrong else "no date"
    if not is_news:
        if wrong:
            yield _problem(parts, f"there is no day {wrong}", severity="warning")
        return
    yield _problem(
        parts,
        f"{missing}: it counts as published when it was first seen, {local:%Y-%m-%d %H:%M}",
        severity="warning" if wrong else "note",
        todo=f"To change that, write on top of the file: date: {local:%Y-%m-%d %H:%M}",
    )


def _problem(parts: Parts, what: str, **rest: Any) -> Problem:
    return Problem(what=what, path=parts.path, **rest)


_UNSEEN = {"version", "path", "hint", "draft", "embargo", "expires", "undated", "news", "pictures"}
_UNSEEN |= {"enclosures", "episode", "categories"}  # told apart: most articles have none


def _version(article: Article, body: str) -> str:
    """A digest of all that a reader can see, 16 hex digits."""
    seen = [getattr(article, f.name) for f in fields(article) if f.name not in _UNSEEN]
    seen += [article.hint.related, article.hint.unrelated]  # the block under the story shows them
    seen += [one for one in (article.enclosures, article.episode) if one]
    seen += [] if article.news else ["no date"]
    shown = elements.without_ids(body)
    return hashlib.sha256(msgspec.json.encode([seen, shown], order="sorted")).hexdigest()[:16]
