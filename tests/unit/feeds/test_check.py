"""feeds check: what is found in anybody's feed, and whom it would hurt."""

import json
from datetime import UTC, datetime

import pytest

from publisher.feeds.check import check
from publisher.feeds.rules import RULES, Finding

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SELF = '<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="self" href="https://x.example/f"/>'
ITEM = (
    "<item><title>A</title><link>https://x.example/a</link>"
    "<guid>https://x.example/a</guid><pubDate>Tue, 24 Nov 2026 10:00:00 GMT</pubDate></item>"
)
ENTRY = (
    "<entry><id>tag:x.example,2026:a</id><title>A</title><updated>2026-11-24T10:00:00Z</updated>"
    '<link href="https://x.example/a"/></entry>'
)


def rss(items=ITEM, channel=SELF):
    return f'<rss version="2.0"><channel><title>T</title>{channel}{items}</channel></rss>'.encode()


def atom(entries=ENTRY):
    start = '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>'
    return f'{start}<link rel="self" href="https://x.example/f"/>{entries}</feed>'.encode()


def jsonfeed(**item):
    one = {"id": "a", "title": "A", "url": "https://x.example/a", "content_text": "A"}
    one["date_published"] = "2026-11-24T10:00:00Z"
    return json.dumps({"version": "1.1", "title": "T", "items": [{**one, **item}]}).encode()


def found(data):
    return [one.rule for one in check("", data, NOON)]


@pytest.mark.parametrize("data", [rss(), atom(), jsonfeed(), b"\xef\xbb\xbf" + jsonfeed()])
def test_a_feed_of_anybodys_without_faults_has_none(data):
    assert found(data) == []


ITUNES = 'xmlns:i="http://www.itunes.com/dtds/podcast-1.0.dtd"'
MP3 = '<enclosure url="https://x.example/a.mp3" length="9" type="audio/mpeg"/>'


@pytest.mark.parametrize(
    ("data", "rules"),
    [
        (rss(ITEM.replace("<guid>https://x.example/a</guid>", "")), ["no-id"]),
        (rss(ITEM + ITEM.replace("<title>A", "<title>B")), ["double-id"]),
        (rss(ITEM.replace("<guid>https://x.example/a", "<guid>17")), ["moving-id"]),
        (rss(ITEM.replace("<title>A", "<title>R&amp;amp;D")), ["coded-title"]),
        (rss(ITEM.replace("<title>A</title>", "")), ["no-title"]),
        (rss(ITEM.replace("<link>https://x.example", "<link>")), ["address"]),
        (rss(ITEM.replace("Tue, 24 Nov 2026 10:00:00 GMT", "yesterday")), ["no-date"]),
        (rss(ITEM.replace("2026 10", "2027 10")), ["future"]),
        (rss(ITEM.replace("</item>", "<description>&lt;img src='/a.png'></description></item>")),
         ["text-address"]),
        (rss(ITEM.replace("</item>", "<description>&lt;script></description></item>")), ["script"]),
        (rss(channel=""), ["no-self"]),
        (rss(ITEM.replace("</item>", f"{MP3}{MP3}</item>")), ["many-enclosures"]),
        (rss(ITEM.replace("</item>", f"{MP3.replace('9', '0')}</item>")), ["enclosure-length"]),
        (rss(ITEM.replace("</item>", f"{MP3.replace('audio/mpeg', '')}</item>")),
         ["enclosure-type"]),
        (rss(ITEM.replace("</item>", f"{MP3.replace('https://x.example', '')}</item>")),
         ["enclosure-address"]),
        (rss(channel=f"{SELF}<i:author {ITUNES}>A</i:author>"),
         ["podcast-category", "podcast-explicit", "podcast-image", "podcast-owner"]),
        (b'<!DOCTYPE rss [<!ENTITY b "c">]>' + rss(), ["entities"]),
        (rss(f"{ITEM}<!--{'x' * 600_000}-->"), ["too-large"]),
        (atom(ENTRY.replace("tag:x.example,2026:a", "show_ep_1")), ["odd-id"]),
        (atom(ENTRY.replace("2026-11-24T10", "2025-11-24T10") + ENTRY.replace(":a<", ":b<")),
         ["order"]),
        (jsonfeed(id=None), ["no-id"]),
        (jsonfeed(date_published="soon"), ["no-date"]),
        (jsonfeed(attachments=[{"url": "a.mp3", "mime_type": "audio/mpeg"}]), ["enclosure-address"]),
        (rss()[:-9], ["unreadable"]),
        (rss().replace(b"<title>A", b"<title>\x0b"), ["unreadable"]),
        (b"<html><body>no feed</body></html>", ["unreadable"]),
        (b'{"items": 3}', ["unreadable"]),
        (b'{"items": [3]}', ["unreadable"]),
        (b"[" * 100_000, ["unreadable"]),
        (b'{"a":' * 100_000, ["unreadable"]),
        (b"", ["unreadable"]),
    ],
    ids=lambda one: one[0] if isinstance(one, list) else "",
)  # fmt: skip
def test_each_fault_is_found_by_its_rule(data, rules):
    assert found(data) == rules


def test_every_rule_says_whom_it_hurts_and_has_a_case_above():
    readers = ("reader", "Feedly", "Outlook", "Miniflux", "Apple", "W3C", "player", "Spotify",
               "Mailchimp", "FreshRSS", "Programs")  # fmt: skip
    (cases,) = (
        mark.args[1]
        for mark in test_each_fault_is_found_by_its_rule.pytestmark
        if mark.name == "parametrize"
    )
    assert {rule for _, rules in cases for rule in rules} == RULES.keys()
    for rule in RULES.values():
        assert any(word.lower() in rule.hurts.lower() for word in readers), rule


def test_a_bomb_of_entities_is_not_unfolded():
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE rss [<!ENTITY e0 "lol">{levels}]>'.encode() + rss(
        ITEM.replace("<title>A", "<title>&e9;")
    )
    assert set(found(bomb)) <= {"entities", "no-title", "unreadable"}
    inside = bomb.replace(b"<title>&e9;", b"<title x='&e9;'>A")
    assert set(found(inside)) <= {"entities", "unreadable"}


def test_no_file_of_another_is_read_for_a_feed():
    data = b'<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + rss(
        ITEM.replace("<title>A", "<title>A&f;")
    )
    assert check("", data, NOON) == [Finding("entities", "it has a <!DOCTYPE>")]
