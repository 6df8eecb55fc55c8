"""One file → its parts: who says what of it, its title, its HTML as it was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from publisher.errors import NoArticle, Problem, SourceError
from publisher.model import Publication
from publisher.sources import (
    addressing,
    bodies,
    dating,
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
from publisher.sources.identity import Sighting, sighted
from publisher.sources.inherited import NOTHING, Inherited
from publisher.sources.keys import KEYS, below, plain, titled
from publisher.sources.kinds import KINDS, languages
from publisher.sources.naming import dateless, dateless_across, from_name
from publisher.sources.site_files import NO_SITE, SiteFiles

if TYPE_CHECKING:
    from publisher.sources.rendered.page import RenderedPage


class Parts(msgspec.Struct, frozen=True):
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
    used: Mapping[str, str] = msgspec.field(default_factory=dict)
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
    head = _head(path, data, publication)
    kind = KINDS[PurePosixPath(path).suffix.lower()]
    _check_article(path, kind, head, inherited, publication)
    named = _named(path, head, publication, inherited)
    is_finished = publication.sources.rendered or _is_of_a_feed(head.values)
    code = template_code.Expansion.none(head.body)
    if not is_finished:
        stands = partial(_stands, path, head, named, publication, inherited)
        code = template_code.expanded(path, kind, head, named, publication, site, stands)
    page = _page(code.whole, path, publication, inherited) if kind == "html" else None
    rest = bodies.rest(head, code, kind, is_nikola=head.is_nikola or inherited.is_nikola)
    inside = page.values if page else rest.values if rest else {}
    said = _said(path, head, named, inside, publication, inherited)
    related: tuple[str, ...] = ()
    if rest:
        title, raw = bodies.of_rest(rest, code, said, said.language or publication.language)
    elif kind == "text":
        title, raw, related = _of_text(head, said, publication)
    else:
        raw = page.body if page else bodies.of_markdown(head, code, kind, said, publication)
        title, raw = markup.leading_title(raw, summaries.title_words(said.title))
        title, raw = (title, raw) if title else markup.only_title(raw)
    title = title or _by_name(path, head, said, publication)
    dates = (named.get("date"), inherited.meta.get("date"), inside.get("date"))
    dating.settle(said, dates, publication.zone, inherited.committed)
    _check_title(path, title)
    given = addressing.given({**inside, **inherited.meta, **head.texts})
    elsewhere = _elsewhere(said, given, path, title, publication)
    return Parts(
        path=path,
        fields=said,
        title=title,
        markup=raw,
        related=related,
        suspects=tuple(_suspects(head.body, head.body_line)),
        sighting=sighted(
            path,
            data,
            head.body,
            title,
            said.published,
            said.id,
            scalars.misread_ids(said.id),
            elsewhere,
        ),
        base=page.base if page else "",
        problems=code.problems,
        used=code.used,
        is_expanded=code.is_complete,
        text=head.body,
        line=head.body_line,
        given=given,
        is_finished=is_finished,
    )


def _head(path: str, data: bytes, publication: Publication) -> frontmatter.Head:
    """Front matter and body of a file; SourceError names the file."""
    limits = publication.sources
    try:
        return frontmatter.split(frontmatter.decode(data, limits), limits)
    except SourceError as error:
        problem = error.problem
        raise SourceError(
            problem.what, why=problem.why, todo=problem.todo, path=path, line=problem.line
        ) from None


def _said(
    path: str,
    head: frontmatter.Head,
    named: Mapping[str, Any],
    inside: Mapping[str, Any],
    publication: Publication,
    inherited: Inherited,
) -> front.Fields:
    """What is said of an article: in its front matter, then beside it, inside of it, by its name.

    Folders above it come last.
    """
    defaults = below(head.values, {**inherited.values, **named, **inside, **inherited.meta})
    keys = publication.sources.title
    values, texts = (titled({**defaults, **own}, keys) for own in (head.values, head.texts))
    is_nikola = head.is_nikola or inherited.is_nikola
    habits = replace(inherited.habits, generator="nikola") if is_nikola else inherited.habits
    said = front.read(values, head.lines, path, publication.zone, texts, habits)
    said.id = said.id or inherited.id
    said.problems += _repeated(path, head)
    _nikola_tags(said, is_nikola)
    return said


def _repeated(path: str, head: frontmatter.Head) -> Iterator[Problem]:
    """Keys that stand there twice with two values: none is published by the one that counts."""
    for key in sorted(head.repeated):
        decides = plain(key) in (*hiding.KEYS, *KEYS["expires"], *KEYS["embargo"])
        why = "The article is left out: published at the wrong time it cannot be called back."
        lines = [line for name, line in head.lines.items() if name.lower() == key]
        yield Problem(
            what=f"{key} stands more than once in the front matter, with other values",
            why=why if decides else "Only one of them counts.",
            todo="Write it once.",
            path=path,
            line=max(lines, default=None),
            severity="error" if decides else "warning",
        )


def _of_text(
    head: frontmatter.Head, said: front.Fields, publication: Publication
) -> tuple[str, str, tuple[str, ...]]:
    """Title, HTML and related stories of plain text, which may sign and date itself as well."""
    parsed = plaintext.parse(head.body, said.title)
    front.sign(said, parsed.author, parsed.date, publication.zone)
    return parsed.title, parsed.body, parsed.related


def _by_name(
    path: str, head: frontmatter.Head, said: front.Fields, publication: Publication
) -> str:
    """The title that Jekyll and Docusaurus make of a file's name, "" where they make none."""
    pure, generator = PurePosixPath(path), publication.sources.generator
    name = pure.parent.name if pure.stem == "index" else pure.stem
    name = dateless_across(path, name) if generator == "docusaurus" else dateless(name)
    folders = {*publication.articles.parts, *pure.parts}
    is_post = not folders.isdisjoint(("_posts", "_drafts")) and head.body_line > 1
    if not name or not (generator == "docusaurus" or (generator == "jekyll" and is_post)):
        return ""
    what = "it has no title: its file's name is one, as the generator has it"
    said.problems.append(Problem(what=what, path=path, severity="note"))
    if generator == "docusaurus":
        return name
    return " ".join(word.capitalize() for word in name.split("-"))


def _check_title(path: str, title: str) -> None:
    """Raise SourceError for none, or one that nobody can show."""
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


def _check_article(
    path: str, kind: str, head: frontmatter.Head, inherited: Inherited, publication: Publication
) -> None:
    """Raise NoArticle for what has neither front matter nor the name or look of an article."""
    if head.values or inherited.meta:
        return
    what = no_articles.by_name(path)
    if publication.sources.generator == "jekyll":
        what = what or no_articles.by_place(path, publication.articles.parts)
    what = what or (no_articles.by_look(head.body) if kind == "text" else "")
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
    pattern = publication.sources.ids
    own = _own_address(said, given, path, title, publication) if pattern else ""
    if not own or said.published is None:
        return ""
    address = whole_address(said, publication) or own
    return feed_ids.suggested(pattern, address, said.published, publication.zone, said.extra)


def _own_address(
    said: front.Fields, given: addressing.Given, path: str, title: str, publication: Publication
) -> str:
    """Where an article stands on this site, "" for one without a date or a slug of its own."""
    slug = addressing.slug_of(given, said, path, title, publication) if said.published else ""
    if not slug or said.published is None:
        return ""
    language = said.language or publication.language
    return addressing.address_of(
        given, said, slug, language, said.published, path, title, publication
    )


def _stands(
    path: str,
    head: frontmatter.Head,
    named: Mapping[str, Any],
    publication: Publication,
    inherited: Inherited,
) -> str:
    """Where an article stands, from the base URL on, by what is known before its text is read."""
    said = _said(path, head, named, {}, publication, inherited)
    dates = (named.get("date"), inherited.meta.get("date"))
    dating.settle(said, dates, publication.zone, inherited.committed)
    given = addressing.given({**inherited.meta, **head.texts})
    own = _own_address(said, given, path, said.title, publication)
    return own and f"/{own.removeprefix(publication.base_url)}"


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


def _nikola_tags(said: front.Fields, is_nikola: bool) -> None:
    """Nikola keeps posts with such tags to itself; elsewhere they may mean what they say."""
    found = sorted(hiding.NIKOLA_TAGS & {tag.casefold() for tag in said.tags})
    if is_nikola:
        if found and not said.draft:
            said.draft, said.hidden_by = True, hiding.reason("tag", found[0])
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


def whole_address(said: front.Fields, publication: Publication) -> str:
    """The address that front matter names whole, "" where it names none."""
    whole = markup.absolute(said.canonical, publication.base_url) if said.canonical else None
    return whole if whole and whole.startswith("http") else ""
