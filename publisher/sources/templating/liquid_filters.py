"""Filters of Liquid, Jekyll and Eleventy. None reads a clock, a file or chance; all are bounded."""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import wraps
from html import escape
from typing import Any, TypeVar
from urllib.parse import quote, quote_plus

from publisher.model import prose, slugify
from publisher.model.elements import parse
from publisher.sources.templating.code import Fault
from publisher.sources.templating.run import ADDRESS, Context

_Filter = TypeVar("_Filter", bound=Callable[..., Any])
_UNSAFE = {"date", "escapejs", "safe", "t", "gettext", "ngettext", "pgettext", "npgettext"}
_LONGEST = 50_000_000  # a text by the longest of what is given: what replacing could make of it

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_DIRECTIVE = re.compile(r"%([-0^]?)([a-zA-Z%])")


def bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that counts what it reads and makes, before and after."""
    wants_context = getattr(function, "with_context", False)
    wants_environment = getattr(function, "with_environment", False)

    @wraps(function)
    def counted(left: Any, *given: Any, context: Context, **named: Any) -> Any:
        size = _size(left)
        most = max(map(_size, (*given, *named.values())), default=0)
        if size * (most + 1) > _LONGEST:
            raise Fault("its template code makes too much text of a text")
        context.run.work(size + most)
        own: dict[str, Any] = {"context": context} if wants_context else {}
        own |= {"environment": context.env} if wants_environment else {}
        made = function(left, *given, **named, **own)
        context.run.work(_size(made))
        return made

    counted.with_context = True  # type: ignore[attr-defined]
    counted.with_environment = False  # type: ignore[attr-defined]
    return counted


def _size(value: Any) -> int:
    if isinstance(value, str | range):
        return len(value)
    if isinstance(value, list | tuple):
        return sum(len(one) if isinstance(one, str) else 1 for one in value)
    return 1


def of(kept: Mapping[str, Callable[..., Any]], own: Mapping[str, Callable[..., Any]]) -> Any:
    """Those of a library's filters that may be used, and ours, all bounded."""
    chosen = {name: one for name, one in kept.items() if name not in _UNSAFE}
    return {name: bounded(one) for name, one in {**chosen, **own}.items()}


def with_context(function: _Filter) -> _Filter:
    """A filter that is given the context."""
    function.with_context = True  # type: ignore[attr-defined]
    return function


def _text(value: Any) -> str:
    return "" if value is None else str(value)


# Times


def _instant(value: Any, context: Context) -> date | None:
    if isinstance(value, date):
        return value
    words = _text(value).strip()
    if words in ("now", "today"):  # an article says for ever what it said when it came out
        return context.run.now()
    if re.fullmatch(r"\d{1,11}", words, re.ASCII):  # seconds since 1970
        return datetime.fromtimestamp(int(words), UTC)
    for one in (words, words.replace(" UTC", "+00:00"), re.sub(r" ([+-]\d{4})$", r"\1", words)):
        try:
            return datetime.fromisoformat(one)
        except ValueError:
            continue
    return None


@with_context
def date_(value: Any, form: Any = "", *, context: Context) -> Any:
    """Ruby's `strftime`, in English as Jekyll has it; what is no date stays."""
    when = _instant(value, context)
    if when is None or not _text(form):
        return value
    moment = when if isinstance(when, datetime) else datetime(when.year, when.month, when.day)  # noqa: DTZ001

    def written(found: re.Match[str]) -> str:
        words = _written(moment, found[2])
        if found[1] == "-":
            return words.lstrip("0 ") or "0"
        return words.upper() if found[1] == "^" else words

    return _DIRECTIVE.sub(written, _text(form))


def _written(when: datetime, letter: str) -> str:
    zone = when.strftime("%z") or "+0000"
    month, day = _MONTHS[when.month - 1], _DAYS[when.weekday()]
    known = {
        "Y": f"{when.year:04}", "y": f"{when.year % 100:02}", "m": f"{when.month:02}",
        "d": f"{when.day:02}", "e": f"{when.day:2}", "H": f"{when.hour:02}",
        "I": f"{(when.hour + 11) % 12 + 1:02}", "l": f"{(when.hour + 11) % 12 + 1:2}",
        "M": f"{when.minute:02}", "S": f"{when.second:02}", "p": "AM" if when.hour < 12 else "PM",
        "P": "am" if when.hour < 12 else "pm", "A": day, "a": day[:3], "B": month, "b": month[:3],
        "h": month[:3], "j": f"{when.timetuple().tm_yday:03}", "u": str(when.isoweekday()),
        "w": str(when.isoweekday() % 7), "z": zone, "Z": "UTC", "%": "%",
        "F": when.date().isoformat(), "T": f"{when:%H:%M:%S}", "R": f"{when:%H:%M}",
        "D": f"{when:%m/%d/%y}",
        "s": str(calendar.timegm(when.utctimetuple())),
    }  # fmt: skip
    if letter not in known:
        raise Fault(f"the form %{letter} of a date is not known")
    return known[letter]


def _form(form: str) -> Callable[..., Any]:
    @with_context
    def written(value: Any, *_: Any, context: Context) -> Any:
        return date_(value, form, context=context)

    return written


@with_context
def date_to_xmlschema(value: Any, *, context: Context) -> Any:
    """ISO 8601."""
    when = _instant(value, context)
    return value if when is None else when.isoformat()


# Addresses


@with_context
def relative_url(value: Any, *, context: Context) -> str:
    """An address below the site's `baseurl`."""
    words = _text(value)
    if words.startswith(ADDRESS) or re.match(r"[a-z][a-z0-9+.-]*:", words):
        return words
    base = _text(context.run.site.values().get("baseurl")).rstrip("/")
    return f"{base}/{words.lstrip('/')}"


@with_context
def absolute_url(value: Any, *, context: Context) -> str:
    """A whole address of the site."""
    words = relative_url(value, context=context)
    if words.startswith(ADDRESS) or re.match(r"[a-z][a-z0-9+.-]*:", words):
        return words
    own = context.run.site
    return _text(own.values().get("url") or own.base_url).rstrip("/") + words


def url(value: Any, prefix: Any = "/") -> str:
    """Eleventy's: an address below its path prefix, which is a matter of the place it is put at."""
    words = _text(value)
    if not words or re.match(r"[a-z][a-z0-9+.-]*:|//|[#.?]", words) or not words.startswith("/"):
        return words
    before = _text(prefix).strip("/")
    return f"/{before}{words}" if before else words


# Words


@with_context
def markdownify(value: Any, *, context: Context) -> str:
    """Markdown as HTML."""
    return context.run.html(_text(value))


def strip_html(value: Any) -> str:
    """The words of HTML."""
    return re.sub(r"<[^<>]*>", "", _text(value))


def slug(value: Any, _mode: Any = "") -> str:
    """A part of an address."""
    return slugify(_text(value))


def sentence(value: Any, connector: Any = "and") -> str:
    """`a, b, and c`."""
    words = [_text(one) for one in value] if isinstance(value, Sequence) else [_text(value)]
    if len(words) < 3:
        return f" {connector} ".join(words)
    return f"{', '.join(words[:-1])}, {connector} {words[-1]}"


def where(value: Any, key: Any, wanted: Any = None) -> list[Any]:
    """The members that have a value."""
    members = value if isinstance(value, list | tuple) else [value]
    found = [one for one in members if isinstance(one, Mapping)]
    return [one for one in found if one.get(key) == wanted or (wanted is None and one.get(key))]


def group_by(value: Any, key: Any) -> list[dict[str, Any]]:
    """The members by what they have at a name, each with its `name` and `items`."""
    groups: dict[str, list[Any]] = {}
    for one in value if isinstance(value, list | tuple) else []:
        found = one.get(key) if isinstance(one, Mapping) else None
        groups.setdefault(_text(found), []).append(one)
    return [{"name": name, "items": inner, "size": len(inner)} for name, inner in groups.items()]


def jsonify(value: Any) -> str:
    """JSON."""
    return json.dumps(value, ensure_ascii=False, default=str)


def number_of_words(value: Any, _mode: Any = "") -> int:
    """How many words there are."""
    return len(prose.words(parse(_text(value))).split())


JEKYLL: dict[str, Callable[..., Any]] = {
    "date": date_, "date_to_string": _form("%d %b %Y"), "date_to_long_string": _form("%d %B %Y"),
    "date_to_xmlschema": date_to_xmlschema, "group_by": group_by,
    "relative_url": relative_url, "absolute_url": absolute_url, "markdownify": markdownify,
    "strip_index": lambda value: re.sub(r"/index\.html?$", "/", _text(value)),
    "slugify": slug, "array_to_sentence_string": sentence, "where": where, "jsonify": jsonify,
    "number_of_words": number_of_words, "strip_html": strip_html, "smartify": _text,
    "xml_escape": lambda value: escape(_text(value)), "inspect": jsonify,
    "cgi_escape": lambda value: quote_plus(_text(value)),
    "uri_escape": lambda value: quote(_text(value), safe="/:?#[]@!$&'()*+,;=%~"),
    "normalize_whitespace": lambda value: " ".join(_text(value).split()),
    "to_integer": lambda value: int(float(value or 0)),
}  # fmt: skip

ELEVENTY: dict[str, Callable[..., Any]] = {
    "date": date_, "url": url, "slug": slug, "slugify": slug, "strip_html": strip_html,
    "json": jsonify, "jsonify": jsonify, "inspect": jsonify, "markdownify": markdownify,
    "where": where, "htmlBaseUrl": url,
}  # fmt: skip
