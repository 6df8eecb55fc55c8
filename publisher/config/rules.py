"""When a newsletter goes out: its keys → a rule, and what is wrong with one."""

from __future__ import annotations

import re
from datetime import datetime

from publisher.config.values import zone_is_known
from publisher.model import (
    CLOCK_EXAMPLE,
    LAST_YEAR,
    ORDINALS,
    Newsletter,
    Rule,
    away_of,
    day_number,
    every_of,
)

NO_ADDRESS = "keep the calendar as a file beside publisher.toml"
"""What to do about one that is an address."""


def rule_of(newsletter: Newsletter) -> Rule:
    """Return the rule that a newsletter's own keys make."""
    return Rule(
        every=newsletter.every,
        on=newsletter.on,
        cron=newsletter.cron,
        at=newsletter.at,
        zone=newsletter.zone,
        per_reader=newsletter.per_reader,
        starts=newsletter.starts,
        excluded=newsletter.excluded,
    )


def rule_fault(rule: Rule) -> tuple[str, str] | None:
    """Return (key, what is wrong with it) of a rule, None where nothing is."""
    if not zone_is_known(rule.zone):
        return "zone", f'names no time zone: {rule.zone!r}; write it as in "Europe/Berlin"'
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", rule.at):
        return "at", f"must be a time of day, such as {CLOCK_EXAMPLE}"
    if rule.starts and not 1900 <= rule.starts.year <= LAST_YEAR:
        return "starts", "is out of all bounds"
    if rule.once and not 1900 <= int(rule.once[:4]) <= LAST_YEAR:
        return "once", "is out of all bounds"
    for text in rule.excluded:
        if why := _excluded_fault(text):
            return "excluded", why
    if rule.cron:
        return _cron_fault(rule)
    number, unit = every_of(rule.every)
    if rule.every and unit == "days" and rule.every != "weekday" and not _are_days(rule.every):
        return "every", "must be day, weekday, names such as mon,thu, week, 2weeks or month"
    if rule.every and not number:
        return "every", "must not be nought"
    if (number > 1 or (unit == "week" and not rule.on)) and rule.starts is None:
        return "starts", f"is missing: every {rule.every} is counted from it"
    return _on_fault(rule.on, unit)


def _cron_fault(rule: Rule) -> tuple[str, str] | None:
    from cronsim import CronSim, CronSimError  # not every publication has one

    if rule.every or rule.on:
        return "cron", "cannot stand beside every and on"
    if len(rule.cron.split()) != 5:
        return "cron", "must have five fields: minute, hour, day, month, day of the week"
    try:
        CronSim(rule.cron, datetime(2026, 1, 1))  # noqa: DTZ001 wall-clock time
    except CronSimError as error:
        return "cron", f"is not understood: {error}"
    return None


def _on_fault(on: str, unit: str) -> tuple[str, str] | None:
    if on and unit not in ("week", "month"):
        return "on", "goes with every week, or every month"
    if unit == "week" and on and not _are_days(on):
        return "on", "must be days of the week, such as mon,thu"
    day = rf"([1-9]|1\d|2[0-8])|last day|({'|'.join(ORDINALS)}|last) \w+"
    for word in (part.strip() for part in on.split(",")) if unit == "month" and on else ():
        known = re.fullmatch(day, word)
        if not known or (known[2] and word != "last day" and not _are_days(word.split()[1])):
            return "on", (
                f"must be 1 to 28, last day, or such as first monday, last friday; not {word!r}"
            )
    return None


def _are_days(text: str) -> bool:
    try:
        return all(day_number(word) >= 0 for word in text.split(","))
    except ValueError:
        return False


def _excluded_fault(text: str) -> str:
    if text.lower().endswith(".ics"):
        return ""
    if "://" in text:
        return f"{text!r} is an address: {NO_ADDRESS}"
    try:
        away_of(text)
    except ValueError as error:
        if str(error).startswith(repr(text)):
            return str(error)
        return (
            f"{text!r} is no day such as 2026-12-24, no span of days such as "
            "2026-12-24..2027-01-01, and no .ics file"
        )
    return ""
