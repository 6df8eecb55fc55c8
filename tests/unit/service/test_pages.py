"""When feeds and pages are made anew without anybody's doing."""

from datetime import UTC, datetime, timedelta

from publisher.service.pages import _next_change
from tests.unit.feeds.test_podcast import story

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_partners_delay_is_kept_to_the_minute():
    article = story()  # published an hour ago
    assert _next_change([article], NOON) is None
    six = timedelta(hours=6)
    assert _next_change([article], NOON, {six}) == NOON + timedelta(hours=5)
    waits = article.but(embargo=NOON + timedelta(hours=1))
    assert _next_change([waits], NOON, {six}) == NOON + timedelta(hours=1)
    assert _next_change([waits], NOON + timedelta(hours=5), {six}) == NOON + timedelta(hours=7)
    assert _next_change([article.but(draft=True)], NOON, {six}) is None
