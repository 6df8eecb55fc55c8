"""Cells of other tools → plain values of ours."""

from __future__ import annotations

import csv
import json
import re
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from publisher.audience.imports.records import Pairs, as_object
from publisher.model import language_tag, legal, no_controls

_TURNS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_LONGEST = 200  # characters of a name or tag
_NULLS = frozenset((r"\N", "NULL", "(null)", "<null>", "[null]", "#N/A"))


def text(value: Any) -> str:
    """A text on one line; "" for what a database writes for none, and for what is no text."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value.isascii() and value.isprintable() and value[:1] != "'":
        shown = " ".join(value.split())[:_LONGEST]  # most of them, at once
        return "" if shown in _NULLS else shown
    plain = re.sub(r"^'(?=[=+\-@\t\r])", "", legal(str(value)))  # as our own export writes it
    # Joiners stay, for Persian and for families of emoji; what turns text around goes.
    shown = " ".join(_TURNS.sub(" ", no_controls(plain)).split())[:_LONGEST]
    return "" if shown in _NULLS else shown


def bare_address(cell: str) -> str:
    """The address of `Name <address>`, and without the mark that spreadsheets need."""
    found = re.fullmatch(r"[^<>]*<([^<>]+)>", cell)
    return (found[1] if found else cell).removeprefix("mailto:").removeprefix("'")


def attributes(value: Any) -> dict[str, str]:
    """The names and values of an object."""
    if isinstance(value, str):
        value = as_object(value)
    if not isinstance(value, Pairs):
        return {}
    found: dict[str, str] = {}
    for key, inner in value:
        name = text(key)
        found[name] = fuller(found.get(name, ""), text(inner))
    return found


def fuller(one: str, other: str) -> str:
    """The one of two texts for the same thing that says more, whichever stands first."""
    return min(one, other, key=lambda found: (-len(found), found))


def is_empty_object(value: Any) -> bool:
    """Whether a cell holds an object, or a list, with nothing in it."""
    return not value or (isinstance(value, str) and value.strip() in ("{}", "[]", "null"))


def tags(value: Any) -> tuple[str, ...]:
    """A list, a JSON list, or words with commas, quoted as Mailchimp does."""
    if isinstance(value, str):
        plain = value.strip().strip("{}") if value.strip().startswith("{") else value.strip()
        if plain.startswith("["):
            try:
                value = json.loads(plain, object_pairs_hook=Pairs)
            except (ValueError, RecursionError):
                value = plain.strip("[]")
        else:
            value = plain
    if isinstance(value, str):
        value = _words(value)
    if not isinstance(value, list) or isinstance(value, Pairs):
        return ()
    names = (text(dict(tag).get("name", "") if isinstance(tag, Pairs) else tag) for tag in value)
    return tuple(dict.fromkeys(name.strip("\"' ") for name in names if name.strip("\"' ")))


def _words(value: str) -> list[str]:
    plain = " ".join(value.split())
    try:
        return next(csv.reader([plain], skipinitialspace=True), [])
    except csv.Error:
        return plain.split(",")


def language(cell: str) -> str:
    """A language (BCP 47), "" for what is none."""
    tag = language_tag(cell)
    return tag if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8}){0,6}", tag) else ""


def zone(cell: str) -> str:
    """A time zone of the tz database, "" for what is none.

    Nor for one of its copies that count leap seconds, and are half a minute off.
    """
    if cell.startswith(("right/", "posix/")):
        return ""
    try:
        return ZoneInfo(cell).key if "/" in cell or cell == "UTC" else ""
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
