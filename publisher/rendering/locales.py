"""What a language asks of a mail: dates in its words, the side its lines begin on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from publisher.model.languages import direction as direction

if TYPE_CHECKING:
    from babel import Locale


def in_words(day: date, form: str, language: str) -> str:
    """Return a day in a language's words; `form` is full, long, medium or short (CLDR)."""
    # By its numbers: the same instant in another zone is equal, and may be another day.
    return _in_words(day.year, day.month, day.day, form, language)


@lru_cache(maxsize=4096)  # a site shows the same days in list after list
def _in_words(year: int, month: int, day: int, form: str, language: str) -> str:
    from babel.dates import format_date

    return str(format_date(date(year, month, day), format=form, locale=locale_of(language)))


def month_in_words(month: str, language: str) -> str:
    """Return a month such as `2026-11` in a language's words."""
    from babel.dates import format_skeleton

    first = date.fromisoformat(f"{month}-01")
    return str(format_skeleton("yMMMM", first, locale=locale_of(language)))


def in_a_row(names: Sequence[str], language: str) -> str:
    """Return names as a language lists them, such as "A, B and C"; where one holds a comma itself,
    with semicolons.
    """
    return _in_a_row(tuple(names), language)


@lru_cache(maxsize=4096)  # a site shows the same authors in list after list
def _in_a_row(names: tuple[str, ...], language: str) -> str:
    from babel.lists import format_list

    if len(names) > 1 and any("," in name for name in names):
        return "; ".join(names)
    return str(format_list(names, style="standard", locale=locale_of(language)))


@lru_cache(maxsize=256)
def language_name(language: str) -> str:
    """Return what a language is called by those who speak it; its tag where nobody told CLDR.

    >>> language_name("de-AT"), language_name("tlh")
    ('Deutsch (Österreich)', 'tlh')
    """
    locale = _known(language)
    if locale is None:
        return language
    name = str(locale.get_display_name())
    return name[:1].upper() + name[1:]


def language_in(tag: str, language: str) -> str:
    """Return what a language is called in another one; its tag where nobody told CLDR.

    >>> language_in("de-AT", "en"), language_in("ja", "fr"), language_in("qaa-x", "en")
    ('German', 'japonais', 'qaa-x')
    """
    return str(locale_of(language).languages.get(tag.partition("-")[0].lower(), tag))


@lru_cache(maxsize=256)
def locale_of(language: str) -> Locale:
    """CLDR's locale of a BCP 47 tag, or of its language; British English where there is none."""
    from babel import Locale  # slow to import: only when a mail is rendered

    found = _known(language)
    return found if found is not None and str(found) != "en" else Locale.parse("en_GB")


def _known(language: str) -> Locale | None:
    """CLDR's locale of a BCP 47 tag, or of its language; None where it knows neither."""
    from babel import Locale, UnknownLocaleError

    for tag in (language, language.partition("-")[0]):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return None
