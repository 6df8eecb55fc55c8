"""Warm-up: the day's ceiling, the forecast that `send` refuses by, and a month played through."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.ledger import Ledger, Mark
from publisher.model import WarmUp
from publisher.pipeline.sends.warm_up import Waiting, forecast
from tests.unit.ledger.test_queue import LEASE, Desk

DAY = timedelta(days=1)
BEGUN = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def day(number):
    return BEGUN + number * DAY


@pytest.mark.parametrize(
    ("used", "number", "ceiling"),
    [
        ({}, 0, 200),
        ({0: 200}, 1, 300),
        ({0: 100}, 1, 300),  # half of it was used
        ({0: 99}, 1, 200),  # and here less: nobody knows us better
        ({0: 200, 1: 300}, 2, 450),
        ({0: 200, 7: 300}, 14, 450),  # a weekly letter grows from week to week
        ({0: 200}, 30, 300),
        ({0: 200, 1: 300}, 1, 300),  # what goes today makes today no larger
        ({-1: 5000, 0: 10}, 1, 200),  # before it starts no day counts
    ],
)
def test_a_days_ceiling_grows_with_what_was_sent_before(used, number, ceiling):
    settings = WarmUp(first=200, grow=1.5, starts=BEGUN)
    by_day = {day(at): count for at, count in used.items()}
    assert settings.ceiling(day(number), by_day) == ceiling


def test_a_warm_up_is_on_from_its_first_day_and_where_it_is_asked_for():
    assert not WarmUp().is_on(BEGUN)
    assert WarmUp(first=1).is_on(BEGUN)
    assert not WarmUp(first=1, starts=day(1)).is_on(BEGUN)
    assert WarmUp(first=1, starts=day(1)).is_on(day(1))


def test_years_of_growth_stay_a_number():
    settings = WarmUp(first=10**6, grow=10.0)
    assert settings.ceiling(day(4000), {day(n): 10**12 for n in range(4000)}) == 10**9


def planned(*waiting, used=None, now=NOON, **settings):
    made = WarmUp(**{"first": 200, "grow": 1.5, **settings})
    return forecast(waiting, now, used or {}, lambda at, spent: made.ceiling(at, spent))


def edition(name, count, start=NOON, lane=1):
    return Waiting(edition=name, lane=lane, start=start, count=count)


def test_an_edition_takes_its_days():
    found = planned(edition("a", 1000))["a"]
    assert list(found.days.values()) == [200, 300, 450, 50]
    assert found.last == datetime(2026, 11, 27, tzinfo=UTC)


def test_what_went_today_is_counted():
    assert list(planned(edition("a", 100), used={BEGUN: 150})["a"].days.values()) == [50, 50]


def test_breaking_news_goes_first_and_the_older_edition_before_the_newer():
    found = planned(
        edition("new", 300, NOON + timedelta(hours=1)),
        edition("old", 300),
        edition("flash", 100, lane=0),
    )
    assert found["flash"].days == {BEGUN: 100}
    assert found["old"].days == {BEGUN: 100, day(1): 200}
    assert found["new"].days == {day(1): 100, day(2): 200}


def test_breaking_news_in_the_evening_gets_what_is_left_of_the_day():
    found = planned(edition("a", 500), edition("flash", 100, NOON + timedelta(hours=6), lane=0))
    assert found["flash"].days == {day(1): 100}
    assert found["a"].days == {BEGUN: 200, day(1): 200, day(2): 100}


def test_an_edition_of_next_week_waits_for_next_week():
    found = planned(edition("a", 250, NOON + 7 * DAY))["a"]
    assert found.days == {day(7): 200, day(8): 50}


def test_what_takes_longer_than_anybody_looks_ahead_has_no_end():
    found = planned(edition("a", 10**6), first=1, grow=1.0)["a"]
    assert found.last is None


@given(
    st.lists(
        st.builds(
            edition,
            st.uuids().map(str),
            st.integers(0, 900),
            st.integers(0, 200).map(lambda hours: NOON + timedelta(hours=hours)),
            st.integers(0, 1),
        ),
        max_size=5,
        unique_by=lambda one: one.edition,
    ),
    st.integers(1, 300),
    st.floats(1.0, 3.0),
)
def test_a_forecast_gives_everybody_a_day_none_over_its_ceiling_and_none_before_its_start(
    waiting, first, grow
):
    settings = WarmUp(first=first, grow=grow)
    found = planned(*waiting, first=first, grow=grow)
    total = Counter()
    for one in waiting:
        days, ends = found[one.edition].days, found[one.edition].last is not None or not one.count
        assert (sum(days.values()) == one.count) is ends  # what takes longer than a look has no end
        assert all(at >= one.start.date() for at in days)
        total.update(days)
    assert all(count <= settings.ceiling(at, total) for at, count in total.items())


# A month, with the ledger's own claims


class Month:
    """Thirty days of several newsletters; claims as a sender makes them, several times a day."""

    def __init__(self, settings):
        self.settings, self.limits = settings, {"warm_up": settings}
        self.desk = Desk(Ledger(None))
        self.got, self.by_day, self.refused = Counter(), Counter(), []

    def send(self, edition, start, expires, readers):
        """As `send` does: refused where the forecast says that not everybody would get it."""
        used = self.desk.queue.started_by_day()
        own = Waiting(edition=edition, lane=1, start=start, count=readers)
        waiting = [
            Waiting(edition=one.edition, lane=one.lane, start=one.start, count=open_of(self, one))
            for one in self.desk.sends.all()
        ]
        last = forecast([*waiting, own], start, used, self.settings.ceiling)[edition].last
        if last is None or last >= expires:
            self.refused.append(edition)
        else:
            self.desk.freeze(edition, start=start, expires=expires)

    def deliver(self, now):
        """Drain what may go; what starts is accepted."""
        while True:
            chunk = self.desk.claim(now=now, size=40, **self.limits)
            if chunk is None or isinstance(chunk, datetime):
                break
            for state in ("sending", "accepted"):
                marks = [
                    Mark(
                        claim=chunk.claim,
                        edition=chunk.edition,
                        reader=one.reader,
                        state=state,
                        at=now,
                    )
                    for one in chunk.deliveries
                ]
                assert not self.desk.queue.mark(marks, LEASE)
            self.got.update((chunk.edition, one.reader) for one in chunk.deliveries)
            self.by_day[now.date()] += len(chunk.deliveries)
            self.desk.queue.finish(chunk.claim, now)
        if isinstance(chunk, datetime):  # as `spare` does
            midnight = datetime.combine(now.date() + DAY, time(), UTC)
            self.desk.sends.postpone(now, midnight + DAY)
        assert self.desk.sends.expire(now) == 0


def open_of(month, one):
    return month.desk.states(one.edition).get("queued", 0)


# A spring day of 23 hours and one of 25 lie in these months, in zones on both sides of UTC.
@pytest.mark.parametrize(
    ("begins", "zone"),
    [
        (date(2026, 3, 10), "Europe/Berlin"),
        (date(2026, 9, 20), "Pacific/Chatham"),
    ],
)
@pytest.mark.slow
def test_in_a_month_everybody_is_served_once_and_no_day_is_over_its_ceiling(begins, zone):
    month = Month(WarmUp(first=5, grow=1.5))
    month.desk.join(*(f"m{n}" for n in range(40)), newsletter="morning")
    month.desk.join(*(f"w{n}" for n in range(60)), newsletter="weekly")
    month.desk.join(*(f"m{n}" for n in range(20)), newsletter="weekly")
    month.desk.join(*(f"p{n}" for n in range(10)), newsletter="papers")
    ceilings = {}
    for number in range(30):
        local = begins + number * DAY
        slots = [("morning", 7, 5)] if number % 2 else []
        slots += [("weekly", 17, 9)] if number % 7 == 0 else []
        slots += [("papers", 23, 2)] if number % 5 == 0 else []
        for name, hour, days in slots:
            start = datetime.combine(local, time(hour), ZoneInfo(zone)).astimezone(UTC)
            readers = {"morning": 40, "weekly": 80, "papers": 10}[name]
            month.send(f"{name}@{local}T{hour:02}00", start, start + days * DAY, readers)
        for hour in (0, 12, 23):
            now = datetime.combine(local, time(hour, 30), UTC)
            used = month.desk.queue.started_by_day()
            ceilings[now.date()] = month.settings.ceiling(now.date(), used)
            month.deliver(now)
    for number in range(30, 45):  # what began on the last days
        month.deliver(datetime.combine(begins + number * DAY, time(12), UTC))
    assert all(count <= ceilings[at] for at, count in month.by_day.items() if at in ceilings)
    assert set(month.got.values()) == {1}
    sent = {edition: 0 for edition, _ in month.got}
    for edition_, _ in month.got:
        sent[edition_] += 1
    wanted = {"morning": 40, "weekly": 80, "papers": 10}
    assert all(count == wanted[name.partition("@")[0]] for name, count in sent.items())
    assert len(sent) >= 15
    assert month.refused  # at the beginning not everything can go
    assert len(sent) + len(month.refused) == 15 + 5 + 6
