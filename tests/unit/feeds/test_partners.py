"""Feeds for other sites: which articles, when, leading where, and what stands below them."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from publisher.feeds import FORMATS, feed_plans, files_of, opml_of, partner_plans, quiet_folders
from publisher.model import (
    Article,
    FeedSettings,
    Newsletter,
    PartnerSettings,
    Publication,
    SectionQuery,
    Visible,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOTES = {"en": "This article first appeared in {title}.", "de": "Zuerst erschienen in {title}."}


def story(name, hours=1, **keys):
    moment = NOON - timedelta(hours=hours)
    given = {"language": "en", "section": "", "tags": (), **keys}
    return Article(
        id=f"tag:x,2026:{name}", path=f"{name}.md", slug=name, title=name.title(), summary="S.",
        url=f"https://x.example/{name}/", published=moment, updated=moment, version="1", **given,
    )  # fmt: skip


def items(*articles, now=NOON, **keys):
    partner = PartnerSettings(name="paper", **keys)
    newsletter = Newsletter(
        name="morning", title="M", language="en",
        sections=(SectionQuery(name="s", sections=("world",)),),
    )  # fmt: skip
    publication = Publication(
        title="Letter & Co", base_url="https://x.example/", since=date(2026, 1, 1),
        newsletters=(newsletter,), feeds=FeedSettings(partner=(partner,), hub="https://h.example/"),
    )  # fmt: skip
    (plan,) = partner_plans(publication, articles, now, NOTES)
    files = files_of(plan, lambda one: f"<p>{one.slug}</p>")
    assert [file.path for file in files] == [f"partner/paper/{form.file}" for form in FORMATS]
    return json.loads(files[2].data)["items"]


def names(found):
    return [one["title"] for one in found]


@pytest.mark.parametrize(
    ("keys", "held"),
    [
        ({}, ["A", "B", "C"]),
        ({"sections": ("world",)}, ["A", "C"]),
        ({"tags": ("boats",)}, ["B"]),
        ({"languages": ("de",)}, ["C"]),
        ({"newsletter": "morning"}, ["A"]),
        ({"entries": 2}, ["A", "B"]),
        ({"delay": timedelta(hours=2)}, ["B", "C"]),
    ],
)
def test_a_partner_gets_what_it_asks_for(keys, held):
    found = items(
        story("a", 1, section="world"),
        story("b", 2, tags=("boats",)),
        story("c", 3, section="world", language="de"),
        **keys,
    )
    assert names(found) == held


def test_what_is_withdrawn_goes_at_once_and_what_is_embargoed_waits_as_long():
    gone = story("gone", 9, expires=NOON)
    waits = story("waits", 9, embargo=NOON - timedelta(hours=1))
    assert names(items(gone, waits, delay=timedelta(hours=6))) == []
    assert names(items(gone, waits)) == ["Waits"]


def test_an_entry_leads_where_the_partner_wants_and_keeps_its_id():
    (plain,) = items(story("a"))
    assert (plain["id"], plain["url"]) == ("tag:x,2026:a", "https://x.example/a/")
    (led,) = items(
        story("a", section="wörld"),
        link="https://p.example/{section}/{year}/{slug}?x=1#top",
        parameters="utm_source=letter",
    )
    assert led["id"] == plain["id"]
    assert led["url"] == "https://p.example/w%C3%B6rld/2026/a?x=1&utm_source=letter#top"


def test_where_it_first_appeared_stands_below_in_the_articles_language():
    (found,) = items(story("a", language="de"), note=True, parameters="utm_source=letter")
    assert found["content_html"] == (
        '<p>a</p>\n<p><em>Zuerst erschienen in <a href="https://x.example/a/">Letter &amp; Co</a>.'
        "</em></p>"
    )
    (short,) = items(story("a"), note=True, full=False)
    assert short["content_text"] == "S. This article first appeared in Letter & Co."


def test_a_quiet_partner_is_named_to_nobody():
    publication = Publication(
        title="L", base_url="https://x.example/",
        feeds=FeedSettings(
            hub="https://h.example/",
            partner=(PartnerSettings(name="quiet"), PartnerSettings(name="loud", public=True)),
        ),
    )  # fmt: skip
    quiet, loud = partner_plans(publication, [story("a")], NOON, {})
    assert (quiet.is_quiet, loud.is_quiet) == (True, False)
    hubs = [b"h.example" in files_of(plan, lambda _: "")[0].data for plan in (quiet, loud)]
    assert hubs == [False, True]
    assert quiet_folders(publication) == ("partner/quiet/",)
    listed = [*feed_plans(publication, Visible([story("a")], NOON)), loud]
    assert b"partner/loud" in opml_of(publication, listed).data


def test_a_partners_bytes_are_its_own():
    many = [story(f"n{n}", n) for n in range(30)]
    found = items(*many, bytes=10_000)
    assert 1 < len(found) < 30
    assert len(items(*many)) == 30
