"""The parts of a file with an identity → an `Article` and its sanitised body."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from publisher.errors import Problem
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
    dating,
    enclosures,
    episodes,
    fallbacks,
    markup,
    summaries,
    template_code,
)
from publisher.sources.identity import Identity
from publisher.sources.naming import misdated
from publisher.sources.parts import Parts, whole_address

Sizes = Callable[[str, str], int | None]
"""(path of an article, address as written) → bytes of the file it names, None if it is none."""

Files = Callable[[str, str, str], str | None]
"""(path of an article, address as written, where it begins) → the address of a file of the site.

None for what a browser makes of it.
"""


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
    problems += _of_language(parts, language)
    if addressing.is_unknown(parts.given, said, publication):
        problems.append(_strange_address(parts))
    own = _address(parts, slug, language, published, publication)
    address = whole_address(said, publication) or own
    home = address if _is_there(parts, address, publication) else own
    body = _body(parts, address, home, language, files, problems)
    dates = identity.dated or dating.is_news(parts.path, publication)
    is_news = said.published is not None or (dates and not said.misdated)
    if said.published is None and not _is_left_out(problems):
        problems += _undated(parts, published, publication, is_news)
    sounds = _enclosures(parts, home, sizes, files, problems)
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
        image=_image(said.image, home, parts, sizes, files, problems),
        enclosure=sounds[0] if sounds else None,
        enclosures=sounds[1:],
        episode=_episode(parts, home, problems),
        categories=said.categories,
        draft=said.draft,
        hidden_by=said.hidden_by,
        embargo=said.embargo,
        expires=said.expires,
        undated=said.published is None,
        news=is_news,
        extra=said.extra,
        hint=replace(said.hint, related=(*said.hint.related, *parts.related)),
    )
    if _is_left_out(problems):
        return None, "", problems
    return article.but(version=_version(article, body)), body, problems


def _is_left_out(problems: Iterable[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _of_language(parts: Parts, language: str) -> Iterator[Problem]:
    """What is odd about an article's language."""
    if not is_known(language):
        yield _strange_language(parts, language)
    if runs(parts.title) == "rtl" != direction(language):
        yield _other_direction(parts, language)


def _body(
    parts: Parts, address: str, home: str, language: str, files: Files, problems: list[Problem]
) -> str:
    """The sanitised body of an article at an address; `problems` get what is wrong with it.

    What it names beside it begins at `home`, its own parts at the address.
    """
    said, told, base = parts.fields, fallbacks.Told(), _base(parts, home)

    def locate(written: str) -> str | None:
        if home != address and written.startswith("#"):
            return address + written
        return files(parts.path, written, base)

    body = markup.sanitised(parts.markup, base, told, locate=locate)
    if direction(language) == "rtl":
        body = markup.isolated(body)
    problems += _taken_away(parts, told)
    for name, text in (("title", parts.title), ("summary", said.summary)):
        if not parts.is_finished and ("{{" in text or "{%" in text):
            problems.append(_in_field(parts, name, text))
    problems += parts.problems
    is_refused = _is_left_out(parts.problems)
    if not (parts.is_expanded or parts.is_finished or is_refused) and (
        code := markup.template_code(body)
    ):
        problems.append(_template_code(parts, code))
    if not (body or said.summary or said.draft or is_refused):
        problems.append(_problem(parts, "the article has no text", todo="Write it, or a summary."))
    return body


def _address(
    parts: Parts, slug: str, language: str, published: datetime, publication: Publication
) -> str:
    """Where the article stands on the publication's own site, or would."""
    said = parts.fields
    return addressing.address_of(
        parts.given, said, slug, language, published, parts.path, parts.title, publication
    )


def _is_there(parts: Parts, address: str, publication: Publication) -> bool:
    """Whether what an article names beside it is at its address.

    Not where a canonical one is another site's: its pictures lie with its file. Of pages that were
    rendered, or came by a feed, they are where the page is.
    """
    return parts.is_finished or address.startswith(publication.base_url)


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


def _strange_address(parts: Parts) -> Problem:
    return _problem(
        parts,
        f"its address {parts.fields.link[:80]!r} has words that are not known here",
        severity="warning",
        why="It stands where articles without one do, which may not be where the live site has it.",
        todo="Write the address itself; or name what made the site: [sources] generator.",
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
_UNSEEN |= {"hidden_by", "enclosures", "episode", "categories"}  # told apart: most have none


def _version(article: Article, body: str) -> str:
    """A digest of all that a reader can see, 16 hex digits."""
    seen = [getattr(article, one) for one in article.__struct_fields__ if one not in _UNSEEN]
    seen += [article.hint.related, article.hint.unrelated]  # the block under the story shows them
    same = {"updates": article.hint.updates, "corrects": article.hint.corrects}
    seen += [[key, *names] for key, names in same.items() if names]
    seen += [one for one in (article.enclosures, article.episode) if one]
    seen += [] if article.news else ["no date"]
    shown = elements.without_ids(body)
    return hashlib.sha256(msgspec.json.encode([seen, shown], order="sorted")).hexdigest()[:16]
