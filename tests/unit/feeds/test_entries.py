"""Which entries a feed holds, under which ids, with which names and pictures."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from publisher.feeds import feed_plans, files_of
from publisher.feeds.formats import FORMATS
from publisher.feeds.identity import atom_id, is_iri
from publisher.model import Article, FeedSettings, Image, Picture, Publication, Visible

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PUBLICATION = Publication(
    title="L", base_url="https://x.example/", since=date(2026, 1, 1), feeds=FeedSettings(by=())
)
ATOM = "{http://www.w3.org/2005/Atom}"


def story(name="a", hours=1, **keys):
    moment = NOON - timedelta(hours=hours)
    given_ = {"id": f"tag:x,2026:{name}", "authors": (), "tags": (), **keys}
    return Article(
        path=f"{name}.md", slug=name, title=name.title(), summary="S.", language="en",
        url=f"https://x.example/{name}/", published=moment, updated=moment, version="1", **given_,
    )  # fmt: skip


def plan(*articles, publication=PUBLICATION):
    (found,) = feed_plans(publication, Visible(articles, NOON))
    return found


def files(*articles, publication=PUBLICATION, body="<p>Text.</p>"):
    found = files_of(plan(*articles, publication=publication), lambda _: body)
    return dict(zip(("rss", "atom", "json"), found, strict=True))


def read(file, name):
    form = {"rss": FORMATS[0], "atom": FORMATS[1], "json": FORMATS[2]}[name]
    return form.writer.items(file.data)


@pytest.mark.parametrize(
    "body",
    ["<b>a</b>&amp;<i>b</i> " * 900, "plain words " * 1500, "„“" * 3000],
    ids=["tags", "words", "signs"],
)
def test_the_same_entries_stand_in_each_format_at_the_byte_cap(body):
    tight = replace(PUBLICATION, feeds=replace(PUBLICATION.feeds, bytes=100_000))
    many = [story(f"n{n:02}", n) for n in range(12)]
    found = files(*many, publication=tight, body=body)
    ids = {name: [one.id for one in read(file, name)] for name, file in found.items()}
    assert ids["rss"] == ids["atom"] == ids["json"] == [one.id for one in many[: len(ids["rss"])]]
    assert 1 < len(ids["rss"]) < 12
    assert max(len(file.data) for file in found.values()) <= 100_000
    assert {(file.entries, file.cut) for file in found.values()} == {
        (len(ids["rss"]), 12 - len(ids["rss"]))
    }


def test_a_sites_own_guid_becomes_a_valid_id_in_atom_and_stays_elsewhere():
    found = files(story(id="show_ep_1"))
    ids = {name: read(file, name)[0].id for name, file in found.items()}
    assert ids == {
        "rss": "show_ep_1",
        "atom": "urn:uuid:37c27e7a-86ca-5297-8137-1d6e3c647d43",
        "json": "show_ep_1",
    }
    guid = etree.fromstring(found["rss"].data).find("channel/item/guid")
    assert guid.get("isPermaLink") == "false"


def test_what_an_id_becomes_depends_on_the_host_and_on_itself_alone():
    first = atom_id("show_ep_1", "https://x.example/")
    assert first == atom_id("show_ep_1", "https://X.example/blog/")
    assert first != atom_id("show_ep_1", "https://y.example/")
    assert first != atom_id("show_ep_2", "https://x.example/")
    later = replace(PUBLICATION, since=None, title="Another")
    assert read(files(story(id="show_ep_1"), publication=later)["atom"], "atom")[0].id == first


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("tag:x.example,2026:a", True),
        ("https://old.example/?p=12#a", True),
        ("urn:uuid:12345678-1234-1234-1234-123456789abc", True),
        ("https://müll.example/straße", True),
        ("show_ep_1", False),
        ("Episode: The one", False),
        ("1:2", False),
        ("https://x.example/a b", False),
        ("https://x.example/100%", False),
        ("https://x.example/#a#b", False),
        ("/relative", False),
        ("", False),
    ],
)
def test_an_id_that_is_an_iri_stays_as_it_is(name, is_one):
    assert is_iri(name) is is_one
    assert (atom_id(name, "https://x.example/") == name) is is_one


@given(st.text(min_size=1))
def test_whatever_an_id_is_atom_gets_an_iri(name):
    assert is_iri(atom_id(name, "https://x.example/"))


def categories(**keys):
    found = files(story(**keys))
    root = etree.fromstring(found["rss"].data)
    rss = [(one.text, one.get("domain")) for one in root.iterfind("channel/item/category")]
    entry = etree.fromstring(found["atom"].data).find(f"{ATOM}entry")
    atom = [
        (one.get("label"), one.get("scheme"))
        for one in entry.iterfind(f"{ATOM}category")
        if one.get("term") == one.get("label")
    ]
    tags = json.loads(found["json"].data)["items"][0].get("tags", [])
    assert rss == atom
    assert [name for name, _ in rss] == tags
    return [(name, scheme.removeprefix("https://x.example/")) for name, scheme in rss]


def test_tags_section_and_further_categories_say_what_they_are():
    found = categories(
        tags=("harbour",), section="release", categories=("Release", "Security", "R&D")
    )
    assert found == [
        ("harbour", "tags/"),
        ("Release", "sections/"),
        ("Security", "categories/"),
        ("R&D", "categories/"),
    ]


def test_a_name_stands_once_as_what_it_was_first():
    found = categories(tags=("World", "world"), section="world", categories=("World", "Sea"))
    assert found == [("World", "tags/"), ("Sea", "categories/")]


def test_authors_are_categories_where_that_is_asked_for():
    own = replace(PUBLICATION, feeds=replace(PUBLICATION.feeds, categories=("author",)))
    one = story(authors=("Ann Lee", "Lee, Bo"), tags=("sea",))
    data = files(one, publication=own)["rss"].data
    item = etree.fromstring(data).find("channel/item")
    assert [one.text for one in item.iterfind("category")] == ["Ann Lee", "Lee, Bo"]
    creators = item.iterfind("{http://purl.org/dc/elements/1.1/}creator")
    assert [one.text for one in creators] == ["Ann Lee", "Lee, Bo"]


def test_the_picture_of_an_article_is_its_thumbnail():
    image = Image(url="https://x.example/a.jpg", type="image/jpeg", width=800, height=600)
    found = files(story(image=image))
    media = "{http://search.yahoo.com/mrss/}"
    for name, place in (("rss", "channel/item"), ("atom", f"{ATOM}entry")):
        entry = etree.fromstring(found[name].data).find(place)
        thumbnail = dict(entry.find(f"{media}thumbnail").attrib)
        assert thumbnail == {"url": image.url, "width": "800", "height": "600"}
        assert entry.find(f"{media}content").get("medium") == "image"
    assert json.loads(found["json"].data)["items"][0]["image"] == image.url


def test_a_picture_says_how_large_it_is_before_a_reader_fetches_it():
    image = Image(url="https://x.example/a.jpg?v=2", type="image/jpeg", length=8_000_000)
    own = {"https://x.example/a.jpg": Picture(width=4000, height=3000, length=8_000_000)}
    given = Image(url=image.url, width=400, type="image/jpeg", length=9)
    cases = (
        (story(image=image, pictures=own), {"fileSize": "8000000", "width": "4000", "height": "3000"}),
        (story(image=image), {"fileSize": "8000000"}),
        (story(image=given, pictures=own), {"fileSize": "9", "width": "400"}),
    )  # fmt: skip
    for article, size in cases:
        found = files(article)
        for name, place in (("rss", "channel/item"), ("atom", f"{ATOM}entry")):
            entry = etree.fromstring(found[name].data).find(place)
            content = dict(entry.find("{http://search.yahoo.com/mrss/}content").attrib)
            assert content == {
                "url": image.url, "medium": "image", "type": "image/jpeg", **size,
            }  # fmt: skip
    assert plan(story(image=image)).key != plan(story(image=image, pictures=own)).key


def test_a_style_sheet_and_the_way_to_the_page_stand_in_a_feed_that_has_them():
    styled = replace(PUBLICATION, feeds=replace(PUBLICATION.feeds, stylesheet=True))
    found = files(story(), publication=styled)
    for name in ("rss", "atom"):
        lines = found[name].data.decode().splitlines()
        assert lines[1] == (
            '<?xml-stylesheet type="text/css" href="https://x.example/feeds/feed.css"?>'
        )
        assert "https://x.example/subscribe/" in lines[2]
        assert b'<a xmlns="http://www.w3.org/1999/xhtml"' in found[name].data
    plain = files(story())["rss"].data
    assert b"xml-stylesheet" not in plain and b"xhtml" not in plain
    no_pages = replace(PUBLICATION, web=replace(PUBLICATION.web, pages="none"))
    assert b"<!--" not in files(story(), publication=no_pages)["rss"].data
