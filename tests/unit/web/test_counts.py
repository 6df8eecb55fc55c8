"""What is counted of requests, and how feed readers say for whom they read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.web.app import FORMS
from publisher.web.counts import Counting, feed_reader, kind_of


@pytest.mark.parametrize(
    ("agent", "found"),
    [
        (
            "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 16 subscribers; like FeedFetcher-Google)",
            ("Feedly", 16),
        ),
        ("Feedbin feed-id:1373711 - 42 subscribers", ("Feedbin", 42)),
        (
            "Inoreader/1.0 (+http://www.inoreader.com/feed-fetcher; 1 subscribers; )",
            ("Inoreader", 1),
        ),
        (
            "NewsBlur Feed Fetcher - 5 subscribers - http://www.newsblur.com/site/1/x (Mozilla/5.0)",
            ("NewsBlur", 5),
        ),
        ("BazQux/2.4 (+https://bazqux.com/fetcher; 3 subscribers)", ("BazQux", 3)),
        ("theoldreader.com; 7 subscribers; feed-id=abc", ("theoldreader.com", 7)),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", None),
        ("99999999999 subscribers", None),
        ("<script>/1.0 (5 subscribers)", None),
        ("", None),
    ],
)
def test_a_feed_reader_says_its_name_and_for_how_many_it_reads(agent, found):
    assert feed_reader(agent) == found


@given(st.text(max_size=400))
def test_no_agent_is_more_than_a_short_plain_name_and_a_number(agent):
    found = feed_reader(agent)
    if found:
        assert 2 <= len(found[0]) <= 40 and found[0].isascii() and 0 <= found[1] < 10**7


@pytest.mark.parametrize(
    ("path", "root", "base", "what"),
    [
        ("/feeds/atom.xml", "", "", "atom"),
        ("/feeds/tag/x/feed.json", "", "", "json"),
        ("/news/feeds/rss.xml", "/mail", "/news", "rss"),
        ("/feeds/ana@x.example", "", "", "other feed"),
        ("/unsubscribe/u.1.secret", "", "", "unsubscribe"),
        ("/mail/preferences/p.1.secret", "/mail", "", "preferences"),
        ("/ana@x.example", "", "", "page"),
        ("/mailer/confirm/x", "/mail", "", "page"),
    ],
)
def test_what_is_counted_holds_no_part_of_an_address(path, root, base, what):
    assert kind_of(path, root, base, FORMS) == what


def test_what_is_taken_is_counted_once_and_totals_go_on():
    counting = Counting()
    for _ in range(2):
        counting.note("atom", "GET", 304, "Feedly/1.0 (9 subscribers)", "/feeds/atom.xml")
    counting.note("page", "GET", 200, "Feedly/1.0 (9 subscribers)", "/")
    taken = counting.take()
    assert taken.answers == {("atom", "304"): 2, ("page", "200"): 1}
    assert taken.readers == {("Feedly", "atom.xml"): 9}
    assert not counting.take().answers and counting.totals() == dict(taken.answers)


def test_made_up_readers_are_bounded():
    counting = Counting()
    for number in range(5000):
        counting.note("atom", "GET", 200, f"Reader{number}x/1 (5 subscribers)", "/feeds/atom.xml")
    assert len(counting.take().readers) == 200
