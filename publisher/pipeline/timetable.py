"""Which schedules there are, those of publisher.toml and those of the ledger, and their slots."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from publisher import files, schedule
from publisher.config import NO_ADDRESS, rule_of
from publisher.errors import ConfigError, Problem, UnknownName
from publisher.ledger import Ledger, ServiceRecord
from publisher.model import (
    Away,
    EditionId,
    Newsletter,
    Publication,
    Rule,
    Schedule,
    Slot,
    away_of,
    no_controls,
    schedule_named,
)

Calendars = dict[tuple[str | int, ...], Sequence[Away] | str]
"""The spans of calendars by file, zone and how the file stood; or why there are none."""

_ALIVE = timedelta(minutes=1)  # a service says every few seconds that it is there
_YEARS = timedelta(days=3700)  # of holidays that come round each year
_MOST = 1_000_000  # bytes of a calendar


class Timetable:
    """The schedules of a publication. What it has read of files and readers, it keeps.

    `calendars` keeps what was read of calendars beyond its own life, by file as it stood.
    """

    def __init__(
        self,
        root: Path,
        publication: Publication,
        ledger: Ledger,
        now: datetime,
        calendars: Calendars,
    ) -> None:
        self._root, self._publication, self._ledger = root, publication, ledger
        self._now, self._calendars = now, calendars
        self._spans: dict[tuple[str, str], tuple[Away, ...] | ConfigError] = {}
        self._zones: dict[str, list[str]] = {}
        self._all: list[Schedule] | None = None

    def all(self) -> list[Schedule]:
        """Return every schedule, by newsletter in the order of publisher.toml, then by name.

        One of publisher.toml has the rule that stands there; the ledger knows how far it is, and
        whether it is paused. Those of newsletters that are no more are left out.
        """
        if self._all is None:
            self._all = list(self._merged())
        return self._all

    def _merged(self) -> Iterator[Schedule]:
        kept = {one.name: one for one in self._ledger.schedules.all()}
        added: dict[str, list[Schedule]] = {}
        for one in kept.values():
            if not one.declared:
                added.setdefault(one.newsletter, []).append(one)
        for newsletter in self._publication.newsletters:
            if newsletter.every or newsletter.cron:
                yield declared(newsletter, kept.get(newsletter.name), self._now)
            yield from added.get(newsletter.name, ())

    def of(self, newsletter: str) -> list[Schedule]:
        """Return a newsletter's schedules."""
        return [one for one in self.all() if one.newsletter == newsletter]

    def named(self, name: str) -> list[Schedule]:
        """Return the schedules that a name means; see `schedule_named`. Raises UnknownName."""
        found = schedule_named(name, self.all())
        if not found:
            known = [one.name for one in self.all()]
            names = [newsletter.name for newsletter in self._publication.newsletters]
            todo = f"Add one: publisher schedule add {name} --every weekday --time 07:00"
            if name not in names:
                todo = "List them: publisher schedule list"
            raise UnknownName("schedule", name, known, todo=todo)
        return found

    def spans(self, rule: Rule) -> tuple[Away, ...]:
        """Return the local times that a rule leaves out; ConfigError for a calendar unread."""
        found: list[Away] = []
        for text in rule.excluded:
            key = (text, rule.zone)
            if key not in self._spans:
                try:
                    self._spans[key] = tuple(self._read(text, rule.zone))
                except ConfigError as error:
                    self._spans[key] = error
            known = self._spans[key]
            if isinstance(known, ConfigError):
                raise known
            found += known
        return tuple(found)

    def _read(self, text: str, zone: str) -> Sequence[Away]:
        if not text.lower().endswith(".ics"):
            return [away_of(text)]
        if "://" in text:
            raise self._unreadable(text, f"it is an address; {NO_ADDRESS}")
        try:
            found = self._kept(text, zone)
        except OSError as error:
            found = error.strerror or str(error)
        if not isinstance(found, str):
            return found
        raise self._unreadable(text, found)

    def _unreadable(self, text: str, found: str) -> ConfigError:
        names = [one.name for one in self.all() if text in one.rule.excluded]
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        return ConfigError(
            f"the calendar {text} cannot be read: {found}",
            why="Nothing goes out by a schedule whose holidays are unknown.",
            todo=f"Mend the file, or name another for {shown or 'the schedule'}.",
        )

    def _kept(self, text: str, zone: str) -> Sequence[Away] | str:
        """The spans of a calendar, or why it has none; read once as long as the file stays."""
        path, until = self._root / text, (self._now + _YEARS).date()
        stat = path.stat()
        key = (text, zone, until.year, stat.st_mtime_ns, stat.st_size, stat.st_ino)
        if key not in self._calendars:
            self._calendars[key] = self._parsed(path, zone, until)
        return self._calendars[key]

    def _parsed(self, path: Path, zone: str, until: date) -> Sequence[Away] | str:
        begun = time.thread_time()
        try:
            data = files.read(path, _MOST)
            return schedule.spans_of(data, zone, until, lambda: time.thread_time() - begun)
        except OSError:
            raise
        except ValueError as error:
            why = str(error).split("\n")[0]
            return why if no_controls(why) == why and len(why) < 200 else "it is no calendar"
        except Exception:  # icalendar has an error of its own for each kind of mistake
            return "it is no calendar (RFC 5545)"

    def unread(self) -> list[Problem]:
        """Return what is wrong with calendars: nothing goes out by the schedules that name them."""
        found = {}
        for one in self.all():
            if problem := self._fault(one):
                found[problem.what] = problem
        return list(found.values())

    def read(self) -> list[Schedule]:
        """Return every schedule whose calendars can be read."""
        return [one for one in self.all() if self._fault(one) is None]

    def knows(self, newsletter: str) -> bool:
        """Whether every calendar that a newsletter's schedules name can be read."""
        return all(self._fault(one) is None for one in self.of(newsletter))

    def _fault(self, one: Schedule) -> Problem | None:
        try:
            self.spans(one.rule)
        except ConfigError as error:
            return error.problem
        return None

    def files(self) -> list[Path]:
        """Return the calendars that schedules name."""
        named = {text for one in self.all() for text in one.rule.excluded}
        return sorted(self._root / text for text in named if text.lower().endswith(".ics"))

    def zones(self, one: Schedule) -> Collection[str]:
        """Return the zones of the readers whom a schedule's time is meant for."""
        if not one.rule.per_reader:
            return ()
        return self.readers_zones(one.newsletter)

    def readers_zones(self, newsletter: str) -> list[str]:
        """Return the zones in which a newsletter's readers live."""
        if newsletter not in self._zones:
            self._zones[newsletter] = self._ledger.readers.zones(newsletter)
        return self._zones[newsletter]

    def slots(self, one: Schedule, after: datetime) -> Iterator[Slot]:
        """Yield a schedule's slots after an instant, in order."""
        return schedule.slots(one.rule, after, self.spans(one.rule), self.zones(one))

    def between(self, one: Schedule, after: datetime, until: datetime) -> list[Slot]:
        """Return a schedule's slots after one instant, until another."""
        return schedule.between(one.rule, after, until, self.spans(one.rule), self.zones(one))

    def upcoming(self, newsletter: str, now: datetime, count: int) -> list[Slot]:
        """Return a newsletter's next slots, the first of them not before `now`; none twice."""
        found: dict[datetime, Slot] = {}
        for one in self.of(newsletter):
            for slot in schedule.upcoming(
                one.rule, now, count, self.spans(one.rule), self.zones(one)
            ):
                found.setdefault(slot.local, slot)
        return sorted(found.values(), key=lambda slot: slot.instant)[:count]

    def latest(self, newsletter: str, now: datetime) -> Slot | None:
        """Return a newsletter's newest slot that has come."""
        found = [
            schedule.latest(one.rule, now, self.spans(one.rule), self.zones(one))
            for one in self.of(newsletter)
        ]
        return max((slot for slot in found if slot), key=lambda slot: slot.instant, default=None)

    def last_turn(self, one: Schedule, slot: Slot) -> datetime:
        """Return when (UTC) a slot has come round in its last zone."""
        zones = [one.rule.zone, *self.zones(one)]
        return max(schedule.turns(slot.local, zones).values()) if len(zones) > 1 else slot.instant

    def slot_of(self, edition: str) -> tuple[Slot, list[Schedule]] | None:
        """Return the slot that an edition's id means, with its schedules; None if there is none."""
        name = EditionId(edition)
        local = name.local
        if local is None:
            return None
        found: Slot | None = None
        names = []
        for one in self.of(name.newsletter):
            near = schedule.instant(local, one.rule.zone)
            around = near - timedelta(days=2), near + timedelta(days=2)
            # Whatever its holidays: an unreadable calendar must not keep anybody from holding it.
            for slot in schedule.between(one.rule, *around, (), self.zones(one)):
                if slot.local == local:
                    found = slot
                    names.append(one)
        return (found, names) if found else None

    def recorded(self, edition: str, slot: str, instant: datetime) -> Slot:
        """Return a slot of the past as it was recorded: local minute and instant.

        Its zone is that of the schedule that has it still, or the newsletter's.
        """
        found = self.slot_of(edition)
        own = {one.name: one.zone for one in self._publication.newsletters}
        zone = found[0].zone if found else own[EditionId(edition).newsletter]
        return Slot(local=datetime.fromisoformat(slot), zone=zone, instant=instant)


def declared(newsletter: Newsletter, kept: Schedule | None, now: datetime) -> Schedule:
    """Return the schedule that a newsletter's keys make, as far as the ledger has come with it."""
    fresh = Schedule(
        name=newsletter.name,
        newsletter=newsletter.name,
        rule=rule_of(newsletter),
        through=now,
        declared=True,
    )
    if kept is None or not kept.declared:
        return fresh
    return replace(fresh, through=kept.through, paused=kept.paused)


def service_of(ledger: Ledger, now: datetime) -> ServiceRecord | None:
    """Return the service that keeps the schedules now, None where nobody does."""
    alive = (one for one in ledger.services.all() if not one.ended)
    return next((one for one in alive if one.looked >= now - _ALIVE), None)
