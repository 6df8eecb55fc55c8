"""Rules → slots, in local wall-clock time, pure and zone-aware; the alarm clock in `clock`."""

from publisher.schedule.calendars import Appointment, ics_of, spans_of
from publisher.schedule.lateness import PUNCTUAL, Due, Timing, due
from publisher.schedule.rules import (
    at_home,
    between,
    exact,
    instant,
    latest,
    oddity,
    slots,
    turns,
    upcoming,
    weekday_of,
)

__all__ = [
    "PUNCTUAL",
    "Appointment",
    "Due",
    "Timing",
    "at_home",
    "between",
    "due",
    "exact",
    "ics_of",
    "instant",
    "latest",
    "oddity",
    "slots",
    "spans_of",
    "turns",
    "upcoming",
    "weekday_of",
]
