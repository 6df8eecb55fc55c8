"""Texts, addresses and instants as feeds write them → plain ones."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape, unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from publisher.errors import SourceError
from publisher.model import legal, one_line, prose
from publisher.sources import markup, summaries
from publisher.sources.fallbacks import Told

_MOST_WORDS = 20_000  # characters of a title or summary that are looked at
_TITLE = 250
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>|<!--")
_MARKED = re.compile(
    r"<([A-Za-z][A-Za-z0-9]*)\b[^<>]*>.*?</\1\s*>|<(?:br|img|wbr|hr)\b|</|<[A-Za-z][^<>\s]*\s|<!--",
    re.DOTALL,
)  # elements that end, or have attributes
_BEGINNING = 1000  # characters of a title that tell whether it is HTML
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_ADDRESS = re.compile(r"\S+@\S+")


def words(text: str, *, is_markup: bool) -> str:
    """Return the words of a title or summary on one line, whether it is HTML or text."""
    text = text[:_MOST_WORDS]
    if is_markup or _TAG.search(text):
        try:
            text = prose.words(markup.sanitised(text, "https://localhost/"))
        except SourceError:
            text = unescape(re.sub(r"<[^<>]*>", "", text))
    if _REFERENCE.search(text):  # escaped once too often, as in one feed of ten
        text = unescape(text)
    return one_line(legal(text))


def title(text: str, *, is_markup: bool) -> str:
    """Return a title that subject lines and feed readers can show.

    A tag that nothing ends is what the story is about: "The <details> element".
    """
    begun = text[:_BEGINNING]
    if _TAG.search(begun) and not _MARKED.search(begun):
        found = one_line(legal(unescape(text[:_MOST_WORDS])))
    else:
        found = words(text, is_markup=is_markup)
    return found if len(found) <= _TITLE else summaries.shortened(found, _TITLE)


def beginning(body: str, summary: str) -> str:
    """Return the first words of an entry that has no title."""
    return summaries.shortened(summary or prose.words(body[:_MOST_WORDS]), 80)


def html_of(text: str) -> str:
    """Return plain text as HTML: a paragraph for each that empty lines part."""
    parts = re.split(r"\n\s*\n", text.strip())
    lines = (escape(part, quote=False).replace("\n", "<br>") for part in parts if part.strip())
    return "".join(f"<p>{line}</p>" for line in lines)


def clean(body: str, base: str, heading: str, told: Told) -> str:
    """Return harmless HTML with whole addresses, "" where it cannot be made of this body.

    A headline on top that says what the title says is taken away.
    """
    try:
        _, rest = markup.leading_title(body, heading) if heading else ("", body)
        return markup.sanitised(rest, base or "https://localhost/", told)
    except SourceError as error:
        told.lost[f"the whole text: {error.problem.what}"] += 1
        return ""


def address(value: Any, base: str) -> str:
    """Return a whole web address, "" for what is none."""
    if not isinstance(value, str) or not value.strip() or len(value) > 4000:
        return ""
    try:
        found = markup.absolute(value.strip(), base) or ""
        is_web = urlsplit(found).scheme in ("http", "https") and bool(urlsplit(found).hostname)
    except ValueError:
        return ""
    return found if is_web else ""


def joined(base: str, value: str) -> str:
    """Return an address below another, `base` where that cannot be."""
    try:
        return urljoin(base, value)
    except ValueError:
        return base


def language(value: Any) -> str:
    """Return a language's tag (BCP 47), "" for what is none."""
    tag = str(value or "").strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else ""


def names(values: Iterable[Any]) -> tuple[str, ...]:
    """Return names of people or subjects, each once; an e-mail address is nobody's name."""
    found = (words(str(value), is_markup=False)[:200] for value in values if value)
    return tuple(dict.fromkeys(one for one in found if one and not _ADDRESS.fullmatch(one)))


def moment(parts: Any) -> datetime | None:
    """Return nine numbers of a parsed date (UTC) as an instant; None for none within reason."""
    try:
        year, month, day, hour, minute, second = parts[:6]
        found = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if 1970 <= found.year <= 2200 else None


def length(value: Any) -> int | None:
    """Return how many bytes a feed says a file has; None where it says nothing."""
    text = str(value or "").strip()
    return int(text) or None if re.fullmatch(r"[0-9]{1,15}", text) else None
