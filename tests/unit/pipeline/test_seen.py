"""Anybody's feed is read as readers read it, whatever its kind and however broken."""

import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import SourceError
from publisher.pipeline.seen import seen as entries

RSS = """\
<?xml version="1.0"?>
<rss version="2.0"><channel><title>T</title>
<item><title>One &amp; two</title><link>https://x.example/1</link><guid isPermaLink="false">post 1</guid>
<pubDate>Tue, 24 Nov 2026 07:00:00 +0100</pubDate><category>Sea</category><description>Words</description></item>
<item><title>No guid</title><link>https://x.example/2</link></item>
</channel></rss>"""
ATOM = """\
<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>urn:f</id><updated>2026-11-24T07:00:00Z</updated>
<entry><title type="html">One &amp;amp; two</title><id>urn:1</id><link href="https://x.example/1"/>
<updated>2026-11-24T08:00:00Z</updated><published>2026-11-24T06:00:00Z</published>
<author><name>Ana</name></author><content type="html">&lt;p&gt;Words&lt;/p&gt;</content></entry></feed>"""
RDF = """\
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="https://x.example/"><title>T</title></channel>
<item rdf:about="https://x.example/1"><title>One</title><link>https://x.example/1</link></item></rdf:RDF>"""
SIX = datetime(2026, 11, 24, 6, tzinfo=UTC)


def test_rss_tells_guid_address_day_and_tags():
    one, two = entries(RSS.encode())
    assert (one.id, one.url, one.title) == ("post 1", "https://x.example/1", "One & two")
    assert (one.published, one.tags, one.text) == (SIX, ("Sea",), "Words")
    assert (two.id, two.url, two.published) == ("", "https://x.example/2", None)


def test_atom_tells_its_ids_and_when_an_entry_was_published():
    (one,) = entries(ATOM.encode())
    assert (one.id, one.title, one.published, one.authors) == ("urn:1", "One & two", SIX, ("Ana",))
    assert one.text == "<p>Words</p>"


def test_rss_1_0_is_known_by_what_its_items_are_about():
    (one,) = entries(RDF.encode())
    assert one.id == one.url == "https://x.example/1"


def test_json_feed_is_read_whatever_type_its_values_have():
    item = {"id": 7, "url": "https://x.example/7", "title": None, "date_published": "2026-11-24T07:00:00+01:00",
            "authors": [{"name": "Ana"}, "x"], "tags": ["a", 3, None]}  # fmt: skip
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "T",
        "items": [item, "no item"],
    }
    (one,) = entries(json.dumps(document).encode())
    assert (one.id, one.title, one.published, one.authors) == ("7", "", SIX, ("Ana",))


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"{}", b"[]", b"{", b"<html><p>x</p></html>", b'{"version": 3}']
)
def test_what_is_no_feed_is_said_to_be_none(data):
    with pytest.raises(SourceError, match="no feed"):
        entries(data)


@given(st.binary(max_size=200))
def test_no_noise_is_too_strange(noise):
    for data in (
        noise,
        RSS.encode() + noise,
        ATOM.encode().replace(b"urn:1", noise),
        b'{"items": ' + noise,
    ):
        with contextlib.suppress(SourceError):
            entries(data)
