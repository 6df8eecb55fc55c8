"""A feed is asked when it is due, and less often when its server asks for that."""

from datetime import UTC, datetime, timedelta

import pytest

from publisher.sources.feeds.pacing import Pace, after_answer, after_failure, spread

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
URL = "https://blog.example/feed.xml"


def test_validators_are_kept_and_sent_back():
    pace = after_answer(Pace(), URL, HOUR, NOW, {"etag": '"a"', "last-modified": "x"}, "")
    assert pace.conditions == {"If-None-Match": '"a"', "If-Modified-Since": "x"}
    again = after_answer(pace, URL, HOUR, NOW, {}, "")
    assert again.conditions == pace.conditions
    assert not again.is_due(NOW + timedelta(minutes=59))
    assert again.is_due(NOW + timedelta(minutes=67))


@pytest.mark.parametrize("etag", ["a\r\nX: y", "é", "x" * 501])
def test_a_validator_that_breaks_a_header_is_none(etag):
    assert after_answer(Pace(), URL, HOUR, NOW, {"etag": etag}, "").conditions == {}


def test_each_failure_makes_the_wait_longer_up_to_a_day():
    pace, waits = Pace(), []
    for _ in range(8):
        pace = after_failure(pace, URL, HOUR, NOW, "no answer")
        assert pace.due
        waits.append(pace.due - NOW)
    assert waits == sorted(waits)
    assert waits[0] >= 2 * HOUR
    assert timedelta(days=1) <= waits[-1] <= timedelta(days=1.1)
    assert after_answer(pace, URL, HOUR, NOW, {}, "").failures == 0


@pytest.mark.parametrize(
    ("asked", "least"),
    [("7200", 2 * HOUR), ("Mon, 23 Nov 2026 20:00:00 GMT", 8 * HOUR), ("99999999999", 168 * HOUR),
     ("soon", HOUR), ("-5", HOUR)],
)  # fmt: skip
def test_a_server_says_how_long_to_wait(asked, least):
    for pace in (
        after_failure(Pace(), URL, HOUR / 2, NOW, "429", 429, {"retry-after": asked}),
        after_answer(Pace(), URL, HOUR, NOW, {"retry-after": asked}, ""),
    ):
        assert pace.due
        assert least <= pace.due - NOW <= max(least, HOUR) * 1.1


def test_what_is_gone_is_not_asked_again():
    pace = after_failure(Pace(), URL, HOUR, NOW, "gone", 410)
    assert not pace.is_due(NOW + timedelta(days=900))


def test_feeds_are_spread_and_each_always_in_the_same_way():
    waits = {spread(HOUR, f"https://{n}.example/") for n in range(50)}
    assert len(waits) > 20
    assert all(HOUR <= wait <= 1.1 * HOUR for wait in waits)
    assert spread(HOUR, URL) == spread(HOUR, URL)
