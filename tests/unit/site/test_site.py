"""Which pages there are, where they lie, and what the sitemap says of them."""

from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from publisher.model import Article, Publication, Visible, WebSettings
from publisher.site import file_of, place_of, site_of, sitemaps
from publisher.site.places import places_of

OWN = Publication(title="T", base_url="https://x.example/news/")
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://x.example/news/", "index.html"),
        ("https://x.example/news/a/b/", "a/b/index.html"),
        ("https://x.example/news/a/b", "a/b/index.html"),
        ("https://x.example/news/old/page.html", "old/page.html"),
        ("https://x.example/news/t%C3%BCr/", "tür/index.html"),
        ("https://x.example/news/a/#part", "a/index.html"),
        ("https://x.example/news/?p=7", None),
        ("https://x.example/other/", None),
        ("https://y.example/news/a/", None),
        ("http://x.example/news/a/", None),
        ("https://x.example/news/../../etc/", None),
        ("https://x.example/news/%2e%2e/%2e%2e/etc/", None),
        ("https://x.example/news/a%2f..%2f..%2fb/", None),
        ("https://x.example/news//a/", None),
        ("https://x.example/news/.git/", None),
        ("https://x.example/news/a%00/", None),
        ("https://x.example/news/a%5cb/", None),
        ("https://x.example/news/" + "ä" * 150 + "/", None),
    ],
)
def test_an_address_is_a_file_below_the_pages_or_none(url, place):
    assert place_of(url, OWN) == place
    assert places_of([url, OWN.base_url], OWN) == [place, "index.html"]


@given(st.text(max_size=60))
def test_no_address_leads_out_of_the_pages(text):
    for url in (f"{OWN.base_url}{text}", f"{OWN.base_url}{quote(text)}"):
        for find in (place_of, file_of):
            try:
                place = find(url, OWN)
            except ValueError:  # no address at all: no article has it
                continue
            if place is not None:
                path = PurePosixPath(place)
                assert not path.is_absolute() and ".." not in path.parts
                assert all(part and not part.startswith(".") for part in path.parts)
            if find is place_of:
                assert places_of([url], OWN) == [place]


def test_a_sitemap_is_split_where_the_protocol_asks_for_it():
    when = datetime(2026, 11, 24, 7, tzinfo=UTC)
    few = sitemaps("https://x.example/", [("https://x.example/a/", when)])
    assert few.keys() == {"sitemap.xml"}
    assert b"<lastmod>2026-11-24T07:00:00Z</lastmod>" in few["sitemap.xml"]
    many = sitemaps("https://x.example/", [(f"https://x.example/{n}/", None) for n in range(5)], 2)
    assert many.keys() == {"sitemap.xml", "sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml"}
    listed = [one.text for one in etree.fromstring(many["sitemap.xml"]).iter(LOC)]
    assert listed == [f"https://x.example/sitemap-{n}.xml" for n in (1, 2, 3)]
    assert sitemaps("https://x.example/", []).keys() == {"sitemap.xml"}


def test_where_another_site_has_the_articles_it_has_their_lists_as_well():
    when = datetime(2026, 11, 24, 7, tzinfo=UTC)
    article = Article(
        id="a", path="a.md", slug="a", url="https://x.example/news/a/", title="A", summary="",
        language="en", published=when, updated=when, version="1", section="sea", authors=("Ana",),
    )  # fmt: skip
    own = Publication(
        title="T", base_url="https://x.example/news/", web=WebSettings(pages="editions")
    )
    paths = {page.path for page in site_of(own, Visible([article], when), []).pages}
    assert "index.html" in paths
    assert not [path for path in paths if "sea" in path or "Ana" in path or path.startswith("a/")]


def test_a_sitemap_is_what_lxml_would_write():
    when = datetime(2026, 11, 24, 7, 0, 0, 5, tzinfo=UTC)
    rows = [("https://x.example/?a=1&b=2", None), ("https://x.example/a/", when)]
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    for count in range(3):
        top = etree.Element(f"{{{space}}}urlset", nsmap={None: space})
        for url, changed in rows[:count]:
            one = etree.SubElement(top, f"{{{space}}}url")
            etree.SubElement(one, f"{{{space}}}loc").text = url
            if changed:
                etree.SubElement(one, f"{{{space}}}lastmod").text = "2026-11-24T07:00:00Z"
        expected = etree.tostring(top, xml_declaration=True, encoding="UTF-8")
        assert sitemaps("https://x.example/", rows[:count])["sitemap.xml"] == expected


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia"])
def test_the_month_of_an_article_is_that_of_its_day_where_the_publication_is(zone):
    begin, own = datetime(2011, 1, 1, tzinfo=UTC), replace(OWN, zone=zone)
    instants = [begin + timedelta(hours=5 * number, minutes=30) for number in range(5000)]
    articles = [
        Article(
            id=f"{when}", path="a.md", slug="a", url="https://x.example/news/a/", title="A",
            summary="", language="en", published=when, updated=when, version="1",
        )
        for when in reversed(instants)
    ]  # fmt: skip
    months = {}
    for article in articles:
        month = article.published.astimezone(ZoneInfo(zone)).strftime("%Y-%m")
        months.setdefault(month, []).append(article)
    site = site_of(own, Visible(articles, instants[-1]), [])
    found = {}
    for one in site.lists:
        assert one.path.startswith("archive/")
        found.setdefault(one.page().title, []).extend(one.articles)
    assert found == months
