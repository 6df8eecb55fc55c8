"""Sums of the web and of consent, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest

from publisher.audience import address
from publisher.model import Candidate

DAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def join(ledger, *names, newsletter="morning", now=NOON):
    candidates = [Candidate(address=address(f"{name}@x.example")) for name in names]
    erased = {one.address.key: f"erased:{one.address.key}" for one in candidates}
    ledger.readers.join(
        candidates, [newsletter], now=now, how="form", source="test", erased=erased, again=False
    )
    return [ledger.readers.find(one.address.key).id for one in candidates]


def test_sums_of_a_day_grow_and_older_days_are_left_out(ledger):
    ledger.counts.add(DAY, {("atom", "200"): 2, ("click", "m@1 0"): 1}, {})
    ledger.counts.add(DAY, {("atom", "200"): 3}, {})
    ledger.counts.add(DAY - timedelta(days=40), {("atom", "200"): 100}, {})
    assert ledger.counts.sums(DAY) == {("atom", "200"): 5, ("click", "m@1 0"): 1}
    assert ledger.counts.sums(DAY, "click") == {("click", "m@1 0"): 1}
    assert ledger.counts.sums(date(2026, 1, 1))["atom", "200"] == 105


def test_a_feed_reader_is_remembered_with_what_it_said_last(ledger):
    ledger.counts.add(DAY - timedelta(days=20), {}, {("Gone", "atom.xml"): 9})
    ledger.counts.add(DAY, {}, {("Feedly", "atom.xml"): 16, ("Feedbin", "rss.xml"): 40})
    ledger.counts.add(DAY, {}, {("Feedly", "atom.xml"): 17})
    found = ledger.counts.feed_readers(DAY - timedelta(days=14))
    assert found == [("Feedbin", "rss.xml", 40), ("Feedly", "atom.xml", 17)]


@pytest.mark.slow
def test_made_up_feed_readers_fill_no_disk(ledger):
    ledger.counts.add(DAY, {}, {(f"R{number}", "atom.xml"): 1 for number in range(1500)})
    assert len(ledger.counts.feed_readers(DAY)) == 1000
    ledger.counts.add(DAY, {}, {("R0", "atom.xml"): 5, ("new", "atom.xml"): 5})
    assert ledger.counts.feed_readers(DAY)[0] == ("R0", "atom.xml", 5)


def test_who_came_and_went_is_counted_by_newsletter_and_by_how(ledger):
    ana, ben = join(ledger, "ana", "ben")
    ledger.readers.leave(ana, ["morning"], NOON + timedelta(hours=1), "one-click")
    ledger.readers.leave(ben, ["morning"], NOON + timedelta(hours=3), "unsubscribe page")
    events = ledger.counts.consents(NOON)
    assert events["morning", "subscribed", "form"] == 2
    assert events["morning", "unsubscribed", "one-click"] == 1
    soon = ledger.counts.consents(NOON, NOON + timedelta(hours=2), "morning")
    assert ("morning", "unsubscribed", "unsubscribe page") not in soon
    assert ledger.counts.consents(NOON + timedelta(days=1)) == {}


def test_active_readers_are_those_who_are_mailed(ledger):
    join(ledger, "ana", "ben", "cem")
    (ana,) = [ledger.readers.find(address("ana@x.example").key).id]
    ledger.readers.leave(ana, ["morning"], NOON, "one-click")
    assert ledger.counts.active() == {"morning": 2}
    assert ledger.counts.unconfirmed() == 0
