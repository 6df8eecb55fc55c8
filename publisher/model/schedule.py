"""A schedule: the rule by which a newsletter has its slots, and what it is called."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta

import msgspec

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ORDINALS = ("first", "second", "third", "fourth")

LAST_YEAR = 2200
"""Of a schedule; what lies later is a slip."""

PER_READER = "subscriber"
"""A rule's zone that means: in each reader's own."""


def day_number(word: str) -> int:
    """Return 0 for `mon` or `monday` …; raise ValueError for what is no day."""
    word = word.strip().lower()
    found = [n for n, day in enumerate(DAYS) if word == day or word == _WHOLE[n]]
    if not found:
        raise ValueError(f"{word!r} is no day of the week")
    return found[0]


_WHOLE = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def every_of(every: str) -> tuple[int, str]:
    """Return `2weeks` as (2, "week"), `day` as (1, "day"); names of days are (1, "days")."""
    found = re.fullmatch(r"([0-9]{1,3})?\s*(day|week|month)s?", every)
    return (int(found[1] or 1), found[2]) if found else (1, "days")


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """When a newsletter goes out: local wall-clock times in `zone` (a tz database name).

    One of `every`, `cron` and `once` is given. `on` narrows weeks and months down to days, `once`
    is one local minute as ISO 8601 text, `excluded` holds days (`2026-12-24`), spans of days
    (`2026-12-24..2027-01-01`) and .ics files. Nothing is before `starts`, from which "every second
    week" is counted. With `per_reader` the time is meant in each reader's zone; `zone` stands for
    readers who have none.
    """

    every: str = ""
    on: str = ""
    cron: str = ""
    once: str = ""
    at: str = "07:00"
    zone: str
    per_reader: bool = False
    starts: date | None = None
    excluded: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The rule as an editor would say it: `weekday at 07:00`."""
        if self.once:
            return f"once, {self.once.replace('T', ' ')}"
        if self.cron:
            return f"cron {self.cron}"
        on = f" on {self.on}" if self.on else ""
        return f"every {self.every}{on} at {self.at}"

    @property
    def place(self) -> str:
        """Where its clock hangs, in words."""
        return "each reader's zone" if self.per_reader else self.zone


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """A newsletter's rule under a name; `through` (UTC) is until when its slots are settled.

    `declared` ones stand in publisher.toml, the others were added by command.
    """

    name: str
    newsletter: str
    rule: Rule
    through: datetime
    paused: bool = False
    declared: bool = False


class Away(msgspec.Struct, frozen=True, kw_only=True):
    """A span of local time, `end` not included, in which nothing goes out, and what it is called.

    `start` and `end` are naive wall-clock times.
    """

    start: datetime
    end: datetime
    name: str = ""


def away_of(text: str) -> Away:
    """Return the span that `2026-12-24` or `2026-12-24..2027-01-01` means.

    One without an end is its first day, as it always was. Raises ValueError, in an editor's words
    where it is no matter of how a day is written.
    """
    first, _, last = text.partition("..")
    start = date.fromisoformat(first)
    end = date.fromisoformat(last) if last else start
    if end < start:
        raise ValueError(f"{text!r} ends before it begins")
    if end.year > LAST_YEAR:
        raise ValueError(f"{text!r} is out of all bounds")
    midnight = time()
    return Away(
        start=datetime.combine(start, midnight),
        end=datetime.combine(end + timedelta(days=1), midnight),
    )


def away(local: datetime, spans: Iterable[Away]) -> Away | None:
    """Return the span that a local time lies in."""
    return next((one for one in spans if one.start <= local < one.end), None)


def schedule_named(name: str, known: Collection[Schedule]) -> list[Schedule]:
    """Return the schedules that a name means: the one of that name, or those of a newsletter."""
    exact = [one for one in known if one.name == name]
    return exact or [one for one in known if one.newsletter == name]
