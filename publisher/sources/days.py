"""Further words for a day in addresses, by the names that Jekyll has for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def _month(local: datetime) -> str:
    return _MONTHS[local.month - 1]  # in English, whatever language the machine speaks


def _day(local: datetime) -> str:
    return _DAYS[local.weekday()]


DAYS: Mapping[str, Callable[[datetime], str]] = {
    "short_year": lambda local: f"{local.year % 100:02}",
    "i_month": lambda local: str(local.month),
    "short_month": lambda local: _month(local)[:3],
    "long_month": _month,
    "i_day": lambda local: str(local.day),
    "short_day": lambda local: _day(local)[:3],
    "long_day": _day,
    "w_day": lambda local: str(local.isoweekday()),
    "w_year": lambda local: str(local.isocalendar().year),
    "week": lambda local: f"{local.isocalendar().week:02}",
}
"""By name, what each makes of a local time: Jekyll's `Drops::UrlDrop`, Pelican's `strftime`."""
