"""An imported article → the file that it becomes: front matter in YAML, and HTML below it.

HTML with a head of our keys is the truest: nothing of the text passes through another markup. The
same article gives the same bytes each time.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from publisher.exports.imported import Attached, Imported, Status
from publisher.exports.words import beginning, host_of
from publisher.model import legal, one_line, slugify, summary_saying, title_saying

_MOST_TITLE = 300  # characters; a longer one is refused by every build
_MOST_NAME = 100  # bytes of a file's name without its ending
_MOST_NAMES = 200  # tags, or authors
_MOST_SUMMARY = 5_000  # characters
_MOST_ADDRESS = 2_000
_LONG_LINE = 200_000
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10)))
)
_WORDS_OF = {
    Status.DRAFT: ("draft", True),
    Status.MEMBERS: ("visibility", "members"),
    Status.PAID: ("visibility", "paid"),
    Status.PRIVATE: ("visibility", "private"),
    Status.MAILED: ("status", "sent"),
}
_END = re.compile(r"(</(?:p|div|li|tr|h[1-6]|figure|blockquote)>)(?!\n)")
_CODE = re.compile(r"(<(?:pre|code|script|style)\b[^<>]*+>|</(?:pre|code|script|style)>)", re.I)
_TAG = re.compile(r"(<[A-Za-z/!][^<>]*+>)")
_TEMPLATE = re.compile(
    r"\{\{[^{}<>]{0,200}+\}\}|\{%[^{}<>]{0,200}?%\}|\{[{%]",
)


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where articles go: the publication's `base_url` and `language`; `folder` below its articles.

    `moves` where the old addresses can be kept by their paths.
    """

    base_url: str
    language: str = "en"
    folder: str = ""
    moves: bool = True


class ArticleFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file to write: its path below the articles folder, without the ending that tells two apart.

    `is_draft` where nobody sees it; `notes` tell of what was decided.
    """

    stem: str
    data: bytes
    is_draft: bool
    notes: tuple[str, ...] = ()


def article_file(article: Imported, place: Place) -> ArticleFile:
    """Return the file of an article."""
    notes = list(article.notes)
    title = _title(article, notes)
    status = article.status
    if article.published is None and status is Status.PUBLISHED:
        status = Status.DRAFT
        notes.append("no date: it is a draft, for what has no date would be news")
    slug = _slug(article, title)
    head = dict(_head(article, title, slug, status, place))
    lines = [f"{key}: {_yaml(value)}" for key, value in head.items()]
    body = _literal(_parted(legal(article.body.replace("\r\n", "\n").replace("\r", "\n"))), notes)
    text = "\n".join(["---", *lines, "---", "", body.strip(), ""])
    return ArticleFile(
        stem=_stem(article, slug, place),
        data=text.encode("utf-8", "replace"),
        is_draft=status is Status.DRAFT,
        notes=tuple(notes),
    )


def _title(article: Imported, notes: list[str]) -> str:
    title = one_line(legal(article.title))
    if not title:
        title = beginning(article.body) or article.slug or "Untitled"
        notes.append("it has no title: its first words are one")
        title = one_line(legal(title))
    if len(title) > _MOST_TITLE:
        notes.append(f"its title has {len(title)} characters: it is cut")
        title = title[: _MOST_TITLE - 2].rpartition(" ")[0] or title[: _MOST_TITLE - 2]
        title += " …"
    return title


def _slug(article: Imported, title: str) -> str:
    found = slugify(unquote(article.slug)) or slugify(title)
    return found or f"article-{_digest(article.id)}"


def _head(
    article: Imported, title: str, slug: str, status: Status, place: Place
) -> Iterator[tuple[str, Any]]:
    """The front matter, in the order in which a person reads it."""
    yield "id", legal(article.id)
    yield "title", title_saying(title)
    if article.published:
        yield "date", article.published
    if article.updated and article.published and article.updated > article.published:
        yield "updated", article.updated
    yield "slug", slug
    if path := _path(article, place):
        yield "url", path
    if article.canonical.startswith(("http://", "https://")):
        yield "canonical", legal(article.canonical)
    if former := _aliases(article, path, place):
        yield "aliases", former
    yield from _described(article, place)
    if status in _WORDS_OF:
        yield _WORDS_OF[status]


def _described(article: Imported, place: Place) -> Iterator[tuple[str, Any]]:
    names = {"authors": article.authors, "tags": article.tags}
    for key, given in names.items():
        names_of = (one_line(legal(one[:_MOST_TITLE])) for one in given)
        if found := list(dict.fromkeys(filter(None, names_of))):
            yield key, found[:_MOST_NAMES]
    if article.section:
        yield "section", one_line(legal(article.section))
    if summary := one_line(legal(article.summary[:_MOST_SUMMARY])):
        yield "summary", summary_saying(summary)
    if _is_another(article.language, place.language):
        yield "language", article.language.replace("_", "-")
    if shared := one_line(legal(article.translations[:_MOST_TITLE])):
        yield "translationKey", shared
    if article.picture:
        yield "image", legal(article.picture.url)
        if article.picture.alt:
            yield "image_alt", one_line(legal(article.picture.alt))
    if article.enclosures:
        yield "enclosure", _enclosure(article.enclosures[0])
    if article.enclosures[1:]:
        yield "enclosures", [_enclosure(one) for one in article.enclosures]


def _enclosure(one: Attached) -> dict[str, Any]:
    rest = {"type": one.type, "length": one.length}
    return {"url": legal(one.url), **{key: value for key, value in rest.items() if value}}


def _is_another(language: str, usual: str) -> bool:
    """Whether a language is not the publication's; of one that is, a region says little."""
    if not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", language):
        return False
    primary = [re.split("[-_]", one.lower())[0] for one in (language, usual)]
    return primary[0] != primary[1]


def _path(article: Imported, place: Place) -> str:
    """The path of the old address, to be kept; "" where that is none to keep."""
    if not place.moves or article.status is Status.DRAFT:
        return ""
    try:
        parts = urlsplit(article.link)
    except ValueError:
        return ""
    is_bare = parts.scheme in ("http", "https") and not parts.query
    below = urlsplit(place.base_url).path
    path = parts.path.removeprefix(below.rstrip("/")) if below != "/" else parts.path
    is_odd = bool(re.search(r"[:{}\[\]\s]", path)) or ".." in path or "//" in path
    return path if is_bare and 1 < len(path) < _MOST_ADDRESS and not is_odd else ""


def _aliases(article: Imported, path: str, place: Place) -> list[str]:
    """Other addresses that led to it: by their paths where they are the publication's own."""
    host = host_of(place.base_url)
    found = [article.link] if article.link and not (path and host_of(article.link) == host) else []
    found = [one for one in (*found, *article.aliases) if one.startswith(("http://", "https://"))]
    if article.status is Status.DRAFT:
        return []
    own = (urlsplit(one).path if host_of(one) == host else one for one in found)
    return list(dict.fromkeys(legal(one) for one in own if 0 < len(one) < _MOST_ADDRESS))[:50]


def _stem(article: Imported, slug: str, place: Place) -> str:
    """A path for every file system; it says nothing that the front matter does not."""
    name = unicodedata.normalize("NFC", slug.replace(".", "-"))
    if len(name.encode()) > _MOST_NAME:
        name = name.encode()[: _MOST_NAME - 9].decode(errors="ignore").rstrip("-")
        name = f"{name}-{_digest(article.id)}"
    if name.casefold() in _RESERVED or name in ("index", "404"):
        name = f"{name}-{_digest(article.id)}"
    year = f"{article.published:%Y}" if article.published else ""
    return "/".join(part for part in (place.folder.strip("/"), year, name) if part)


def apart(stem: str, article_id: str) -> str:
    """Return another stem for an article whose own is taken; always the same one."""
    return f"{stem}-{_digest(article_id)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]


def _yaml(value: Any) -> str:
    """A value as YAML, texts in quotation marks: `no`, `010` and `20:30` stay what they are."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(sep=" ", timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(_yaml, value)) + "]"
    return _escaped(json.dumps(str(value), ensure_ascii=False))


def _escaped(quoted: str) -> str:
    """To YAML some characters end a line that are none to JSON (YAML 1.1 §4.2)."""
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff]", lambda c: f"\\u{ord(c[0]):04x}", quoted)


def _parted(body: str) -> str:
    """A body without lines that are too long for a build, and for an editor."""
    if max(map(len, body.split("\n")), default=0) <= _LONG_LINE:
        return body
    return _END.sub("\\1\n", body)


def _literal(body: str, notes: list[str]) -> str:
    """A body in which `{{ … }}` is what it was there: text. Outside of code it becomes code."""
    if "{{" not in body and "{%" not in body:
        return body
    within, pieces, count = 0, [], 0
    for part in _CODE.split(body):
        if _CODE.fullmatch(part):
            within = max(0, within + (-1 if part.startswith("</") else 1))
            pieces.append(part)
            continue
        for number, piece in enumerate(_TAG.split(part)):
            if number % 2:  # in an attribute nothing is code: room between says the same
                piece = piece.replace("{{", "{ {").replace("{%", "{ %")
            elif not within:
                piece, made = _TEMPLATE.subn(lambda found: f"<code>{found[0]}</code>", piece)
                count += made
            pieces.append(piece)
    if count:
        notes.append("`{{` and `{%` in its text are marked as code")
    whole = "".join(pieces)
    return whole.replace("{{", "&#123;&#123;").replace("{%", "&#123;%")
