"""Front matter values → typed fields, by the key names of the generators people come from.

Hugo, Jekyll, Pelican, Nikola, Eleventy and Ghost each have their own; the first key of a list
that stands in a file wins.
"""

from __future__ import annotations

import contextlib
import difflib
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import partial
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from publisher.errors import Problem, suggestion
from publisher.model import Episode, Hint, is_secret, one_line
from publisher.sources import enclosures, episodes, hiding, people
from publisher.sources.dates import as_instant
from publisher.sources.keys import KEYS, LOOSE, LOOSE_DATES, OFTEN, may_be_date, plain, unfolded
from publisher.sources.taxonomies import TOPICS, without_collections

_NAMES = ("title", "id", "guid", "slug")  # of which even `true` is one
_NAMING = ("related", "unrelated", "updates", "corrects")
_HINTS = (*_NAMING, "pin", "exclude", "embargo")
_MOST_NAMES = 200  # tags or authors of one article: each has feeds of its own


class Fields(msgspec.Struct):
    """What a file's front matter says, typed; None or empty where it says nothing.

    Dates are aware UTC; `misdated` tells that a date of its publication stands there and cannot be
    read. `problems` are the named faults; with an error among them the article
    is left out.
    """

    id: str = ""
    title: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    expires: datetime | None = None
    embargo: datetime | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    section: str = ""
    slug: str = ""
    link: str = ""
    canonical: str = ""
    summary: str = ""
    image: Mapping[str, Any] | None = None
    enclosure: Mapping[str, Any] | None = None
    enclosures: tuple[Mapping[str, Any], ...] = ()
    episode: Episode | None = None
    categories: tuple[str, ...] = ()
    language: str = ""
    misdated: bool = False
    draft: bool = False
    hidden_by: str = ""
    hint: Hint = Hint()
    path: str = ""
    extra: dict[str, Any] = msgspec.field(default_factory=dict)
    problems: list[Problem] = msgspec.field(default_factory=list)


class Habits(msgspec.Struct, frozen=True):
    """What names mean on a site: who and what an id stands for, and other names of tags."""

    generator: str = ""
    who: people.Lookup = lambda _: ""
    what: people.Lookup = lambda _: ""
    taxonomies: tuple[str, ...] = ()


_NO_HABITS = Habits()
_DAY_IN_PATH = re.compile(r"(\d{4})/(\d{2})/(\d{2})/")


class _Wrong(hiding.Unclear):
    """A value of another type than its key wants; the text names what is wanted."""


def read(
    values: Mapping[str, Any],
    lines: Mapping[str, int],
    path: str,
    zone: str,
    texts: Mapping[str, Any] | None = None,
    habits: Habits | None = None,
) -> Fields:
    """Return the fields of a file's front matter; naive dates are in `zone`.

    `texts` are the values as they were typed, where that is another thing; `habits` are those of
    the site that the file is of.
    """
    return _Reading(values, lines, path, ZoneInfo(zone), texts, habits or Habits()).fields()


def sign(fields: Fields, author: str, day: str, zone: str) -> None:
    """Fill in an author and a date that stood in the text, where the front matter has none."""
    fields.authors = fields.authors or ((author,) if author else ())
    if day and fields.published is None:
        with contextlib.suppress(_Wrong):
            fields.published = _Reading({}, {}, "", ZoneInfo(zone)).instant(day)


class _Reading:
    def __init__(
        self,
        values: Mapping[str, Any],
        lines: Mapping[str, int],
        path: str,
        zone: ZoneInfo,
        texts: Mapping[str, Any] | None = None,
        habits: Habits = _NO_HABITS,
    ) -> None:
        # Hugo reads keys whatever their case; a `Draft: true` must not be missed for a letter.
        whole = unfolded(values)
        self.spelt: dict[str, str] = {plain(key): key for key in reversed(list(whole))}
        self.values = {key: whole[spelt] for key, spelt in self.spelt.items()}
        typed = unfolded(values if texts is None else texts)
        self.texts = {key: typed.get(spelt) for key, spelt in self.spelt.items()}
        self.lines = {plain(key): line for key, line in lines.items()}
        if habits.generator == "jekyll" and "categories" in self.values:
            for table in (self.values, self.texts):
                table["categories"] = _by_spaces(table.get("categories"))
        self.path, self.zone, self.habits = path, zone, habits
        self.used: set[str] = set()
        self.result = Fields(path=path)

    def fields(self) -> Fields:
        readers: Mapping[str, Callable[[Any], Any]] = {
            "language": _language, "id": _text, "title": _text, "section": _first,
            "slug": _text, "link": _text, "canonical": _text, "summary": _text,
            "published": self.instant, "updated": self.instant, "expires": self.instant,
            "embargo": self.instant, "authors": self.people, "tags": self.names, "image": _image,
        }  # fmt: skip
        for name, reader in readers.items():
            value = self.one(KEYS[name], reader)
            if value is not None:
                setattr(self.result, name, value)
        self.topics()
        self.few("tags")
        self.few("authors")
        self.sound()
        self.result.categories = self.categories()
        self.result.hidden_by = self.hidden_by()
        self.result.draft = bool(self.result.hidden_by)
        if not self.result.published and (day := _DAY_IN_PATH.search(self.result.link)):
            self.result.published = self.instant("-".join(day.groups()))
        self.alt()
        self.newsletter()
        self.misspelt()
        self.result.extra = {
            self.spelt[key]: _jsonable(value)
            for key, value in self.values.items()
            if key not in self.used and not is_secret(key)
        }
        return self.result

    def one(self, keys: tuple[str, ...], reader: Callable[[Any], Any]) -> Any:
        """The value of the first of `keys` that has one; the others count as understood too."""
        found = None
        for key in keys:
            if key not in self.values or _empty(self.values[key]):
                self.used.add(key)
                continue
            if key in KEYS["link"] and isinstance(self.values[key], bool):
                self.used.add(key)
                continue
            if key in LOOSE and not _is_picture(self.values[key]):
                continue
            if key in LOOSE_DATES and not may_be_date(self.values[key]):
                continue
            is_source = self.habits.generator == "nikola"  # whose `link` is what a post is about
            if key == "link" and (is_source or not _is_page(self.values[key])):
                continue
            self.used.add(key)
            if found is None:
                found = self.typed(key, self.wanted(key, reader), reader)
        return found

    def wanted(self, key: str, reader: Callable[[Any], Any]) -> Any:
        """A key's value for a reader: as it was typed, but for dates and plain flags."""
        value, text = self.values[key], self.texts[key]
        is_flag = isinstance(value, bool) and str(text).lower() in ("true", "false")
        is_no_list = key in KEYS["tags"] and type(value) is int  # more likely a slip
        if reader == self.instant or is_no_list or (is_flag and key not in _NAMES):
            return value
        return text

    def typed(self, key: str, value: Any, reader: Callable[[Any], Any], at: str = "") -> Any:
        try:
            return reader(value)
        except hiding.Unclear as wrong:
            dangerous = key in (*KEYS["expires"], "embargo", "title", *hiding.STRICT)
            is_date = key in KEYS["published"]
            self.result.misdated |= is_date
            why = "The article is left out: published at the wrong time it cannot be called back."
            if is_date:
                why = "It counts as having no date, unless it stands elsewhere too."
            self.tell(
                f"{at}{self.spelt.get(key, key)} must be {wrong}, not {_shown(value)}",
                line_of=at.rstrip(".") or key,
                why=why if is_date or (dangerous and key != "title") else "",
                severity="error" if dangerous else "warning",
            )
            return None

    def tell(self, what: str, *, line_of: str, **rest: Any) -> None:
        line = self.lines.get(line_of)
        self.result.problems.append(Problem(what=what, path=self.path, line=line, **rest))

    def instant(self, value: Any) -> datetime:
        """A date in any usual form as aware UTC; a naive one is the publication's wall clock."""
        if isinstance(value, dict):  # Docusaurus: last_update: {date: …, author: …}
            inner = (value.get(key) for key in ("date", "published", "created", "updated"))
            value = next(filter(None, inner), None)
        try:
            return as_instant(value, self.zone, self.result.language)
        except (ValueError, OverflowError):
            raise _Wrong("a date such as 2026-11-24 07:00") from None

    def hidden_by(self) -> str:
        """Which of the generators' words says that the article is not public, "" for none."""
        found = [key] if (key := hiding.hides(self.values)) else []
        for key, reader in hiding.STRICT.items():
            value = self.values.get(key)
            self.used.add(key)
            if value is None or value == "":
                continue
            if key == "published" and not _is_flag(value):
                moment = self.typed(key, value, self.instant)
                known = [one for one in (self.result.published, moment) if one]
                self.result.published = max(known, default=None)
            else:
                found += [key] if self.typed(key, value, reader) else []
        return hiding.reason(found[-1], self.values[found[-1]]) if found else ""

    def people(self, value: Any) -> tuple[str, ...]:
        """Authors: each one person, by the name that an id of theirs stands for."""
        found = people.names_of(value, self.habits.who)
        if found is None:
            raise _Wrong("a list of texts")
        return found

    def names(self, value: Any) -> tuple[str, ...]:
        """Tags; Jekyll parts a text of them by spaces."""
        return _names(_by_spaces(value) if self.habits.generator == "jekyll" else value)

    def topics(self) -> None:
        """Add what other taxonomies say to the tags: topics, series, those that a site has.

        They stay at hand for templates as typed. Keywords are tags where nothing else is.
        """
        found = dict.fromkeys(self.result.tags)
        own = self.texts.get("taxonomies")
        own = own if isinstance(own, dict) else {}  # Zola's
        others = frozenset((*KEYS["section"], *KEYS["authors"], *KEYS["tags"]))
        for key in dict.fromkeys((*TOPICS, *self.habits.taxonomies, *own)):
            value = self.texts.get(key) or own.get(key)
            if not _empty(value) and key not in others:
                with contextlib.suppress(hiding.Unclear):
                    found |= dict.fromkeys(self.names(value))
        if not found and not _empty(keywords := self.texts.get("keywords")):
            with contextlib.suppress(hiding.Unclear):
                found |= dict.fromkeys(self.names(keywords))
        tags = without_collections(tuple(found), self.habits.generator)
        self.result.tags = tuple(dict.fromkeys(self.habits.what(tag) or tag for tag in tags))

    def few(self, name: str) -> None:
        """Keep as many tags or authors as an article may have: each makes feeds and files."""
        found = getattr(self.result, name)
        if len(found) > _MOST_NAMES:
            setattr(self.result, name, found[:_MOST_NAMES])
            keys = (*KEYS[name], *TOPICS, *self.habits.taxonomies)
            key = next((key for key in keys if not _empty(self.values.get(key))), name)
            self.tell(
                f"{self.spelt.get(key, key)} holds {len(found)} names, "
                f"the first {_MOST_NAMES} count",
                line_of=key,
                severity="warning",
            )

    def sound(self) -> None:
        """The files that belong to the article, and what players of podcasts are told."""
        values = {key.replace("-", "_"): self.typed_text(key) for key in reversed(self.values)}
        self.used |= set(KEYS["enclosure"])
        files = enclosures.files_of(values)
        for key in KEYS["enclosure"]:
            value = self.values.get(key)
            is_told = isinstance(value, dict) and files  # of an episode whose file stands elsewhere
            if not (_empty(value) or is_told or enclosures.files_of({key: values[key]})):
                self.typed(key, self.values[key], _no_file)
        self.result.enclosure = files[0] if files else None
        self.result.enclosures = tuple(files[1:])
        told = partial(self.tell, line_of="duration", severity="warning")
        self.result.episode = episodes.episode_of(values, files, lambda what: told(what))

    def typed_text(self, key: str) -> Any:
        """A value as it was typed, flags apart: `01:02:40` is no number."""
        value, text = self.values[key], self.texts.get(key)
        return value if isinstance(value, bool) or text is None else text

    def categories(self) -> tuple[str, ...]:
        """The categories as they were written, the section's name first."""
        found: dict[str, None] = {}
        for key in KEYS["section"]:
            value = self.typed_text(key) if key in self.values else None
            if not _empty(value) and not isinstance(value, bool):
                with contextlib.suppress(hiding.Unclear):
                    listed = [value] if isinstance(value, str) else value
                    found |= dict.fromkeys(_names(listed)[:_MOST_NAMES])
        return tuple(found)

    def alt(self) -> None:
        alt = self.one(KEYS["image_alt"], _text)
        if alt and self.result.image:
            self.result.image = {"alt": alt, **self.result.image}

    def misspelt(self) -> None:
        """Tell of keys that are nearly one of those that decide who sees the article."""
        deciding = (
            *OFTEN,
            *KEYS["expires"],
            *KEYS["title"],
            "draft",
            "embargo",
            "summary",
        )
        for key in self.values.keys() - self.used - hiding.KEYS:
            if near := difflib.get_close_matches(key[:40], deciding, n=1, cutoff=0.8):
                self.tell(
                    f"unknown key {self.spelt[key]}",
                    line_of=key,
                    severity="warning",
                    why=f"Did you mean {near[0]}?",
                )

    def newsletter(self) -> None:
        """Our own keys, under `newsletter:`."""
        self.used.add("newsletter")
        own = self.values.get("newsletter")
        if own is None:
            return
        if not isinstance(own, dict):
            self.tell(
                f"newsletter must be a table of keys, not {_shown(own)}", line_of="newsletter"
            )
            return
        typed = self.texts.get("newsletter") or {}
        own = {
            str(key).lower(): value if isinstance(value, bool | date) else typed.get(key, value)
            for key, value in own.items()
        }
        for key in own.keys() - set(_HINTS):
            self.tell(
                f"unknown key newsletter.{key}",
                line_of="newsletter",
                why=suggestion(key, _HINTS),
            )
        if own.get("embargo") is not None:
            moment = self.typed("embargo", own["embargo"], self.instant, "newsletter.")
            known = [one for one in (self.result.embargo, moment) if one]
            self.result.embargo = max(known, default=None)
        lists = {
            key: self.typed(
                key,
                own[key],
                _names if key in _NAMING else _targets,
                "newsletter.",
            )
            or ()
            for key in (*_NAMING, "pin", "exclude")
            if own.get(key) is not None
        }
        self.result.hint = Hint(**lists)


def _is_picture(value: Any) -> bool:
    try:
        return "." in str(_image(value)["url"])
    except _Wrong:
        return False


def _empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _text(value: Any) -> str:
    if isinstance(value, dict | list | bool):
        raise _Wrong("a text")
    return one_line(str(value))


def _language(value: Any) -> str:
    tag = _text(value).replace("_", "-")
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag):
        raise _Wrong("a language such as en or pt-BR")
    return tag


def _names(value: Any) -> tuple[str, ...]:
    """A list, or one text with its members parted by `;` or `,` (Pelican, Nikola)."""
    if isinstance(value, str):
        value = value.split(";") if ";" in value else value.split(",")
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        raise _Wrong("a list of texts")
    names = (
        str(item.get("name") or item.get("slug") or "")
        if isinstance(item, dict)
        else unescape(_text(item))
        for item in value
        if item is not None
    )
    return tuple(dict.fromkeys(name for name in (n.strip() for n in names) if name))


def _by_spaces(value: Any) -> Any:
    """Jekyll parts a text of categories by spaces, as one of tags; Hexo may have them in rows."""
    if isinstance(value, list) and any(isinstance(one, list) for one in value):
        rows = [one if isinstance(one, list) else [one] for one in value]
        return [name for row in rows for name in row]
    return value.split() if isinstance(value, str) and "," not in value else value


def _first(value: Any) -> str:
    names = _names([value] if isinstance(value, str) else value)
    return names[0] if names else ""


def _targets(value: Any) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("*",) if value else ()
    return _names(value)


def _is_flag(value: Any) -> bool:
    try:
        hiding.flag(value)
    except hiding.Unclear:
        return False
    return True


def _image(value: Any) -> Mapping[str, Any]:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, str):
        return {"url": value}
    if isinstance(value, dict):
        url = value.get("url") or value.get("src") or value.get("path") or value.get("image")
        if isinstance(url, str):
            return {**value, "url": url}
    raise _Wrong("the address of a picture")


def _no_file(_: Any) -> None:
    raise _Wrong("the address of a file, or url, type and length")


def _is_page(value: Any) -> bool:
    """Whether `link` is an address of the article: one of a sound is a file that belongs to it."""
    is_address = str(value).startswith(("http://", "https://"))
    return is_address and not enclosures.is_media(value)


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _jsonable(item) for key, item in value.items() if not is_secret(str(key))}
    if isinstance(value, list):
        return [_jsonable(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    if isinstance(value, datetime):
        value = value.isoformat(" ")
    elif isinstance(value, date | time):
        value = value.isoformat()
    shown = repr(value)
    return shown if len(shown) < 60 else shown[:57] + "…"
