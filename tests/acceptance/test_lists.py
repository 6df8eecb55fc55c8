"""The first page, lists by tag and author, lists in parts, and the page to search."""

import json
import re
from html import unescape

import pytest
from lxml import html

from publisher.site.list_pages import ListPage
from tests.acceptance.test_site import names, pages, text
from tests.acceptance.test_web import serving

pytestmark = pytest.mark.pages

PICTURE = "image:\n  url: https://cdn.example/p.jpg\n  alt: A\n"


def links(site, name):
    return html.fromstring(text(site, name)).xpath("//main//a[not(@aria-hidden)]/@href")


def told(site, name, **keys):
    """An article; what is given is its front matter."""
    front = "".join(f"{key}: {value}\n" for key, value in {"date": "2026-11-20", **keys}.items())
    site.article(f"{name}.md", f"---\ntitle: Title {name}\n{front}---\n\nBody of {name}.\n")


def test_tags_of_several_stories_and_authors_have_pages_that_stories_lead_to(site):
    told(site, "a", tags="[Sea, once]", author="Ana Kim")
    told(site, "b", tags="[sea]", author="Ben Oe")
    site.build()
    assert {"tags/sea/index.html", "authors/ana-kim/index.html"} <= names(site)
    assert "tags/once/index.html" not in names(site)
    assert {"/tags/sea/", "/authors/ana-kim/"} <= set(links(site, "a/index.html"))
    assert "once" not in html.fromstring(text(site, "a/index.html")).text_content()
    assert {"/a/", "/b/"} <= set(links(site, "tags/sea/index.html"))
    assert "/feeds/tag/sea/atom.xml" in text(site, "tags/sea/index.html")


def test_a_tag_that_a_second_story_brings_is_linked_from_the_first_as_well(site):
    told(site, "a", tags="[sea]")
    site.build()
    assert "/tags/sea/" not in links(site, "a/index.html")
    told(site, "b", tags="[sea]")
    site.build()
    assert "/tags/sea/" in links(site, "a/index.html")
    (site.root / "articles/b.md").unlink()
    site.build()
    assert "tags/sea/index.html" not in names(site)
    assert "/tags/sea/" not in links(site, "a/index.html")


@pytest.mark.slow
def test_a_long_list_stands_in_parts_of_which_a_new_story_changes_the_first_alone(site):
    for number in range(70):
        told(site, f"s{number:02}", date=f"2026-10-{1 + number // 3:02}", section="world")
    site.build()
    seen, at = [], "sections/world/index.html"
    while at:
        seen += links(site, at)
        (older,) = html.fromstring(text(site, at)).xpath("//a[@rel='next']/@href") or [""]
        at = f"{older.strip('/')}/index.html" if older else ""
    assert {f"/s{number:02}/" for number in range(70)} <= set(seen)
    before = pages(site)
    told(site, "new", section="world")
    site.build()
    after = pages(site)
    assert before["sections/world/1/index.html"] == after["sections/world/1/index.html"]
    assert before["sections/world/index.html"] != after["sections/world/index.html"]


def test_a_page_that_lists_what_it_did_is_not_planned(site, monkeypatch):
    told(site, "a", section="world", author="Ana Kim")
    told(site, "b", section="city", author="Ben Oe", date="2026-10-20")
    site.build()
    made, page = [], ListPage.page
    monkeypatch.setattr(ListPage, "page", lambda one: made.append(one.path) or page(one))
    told(site, "c", section="world", author="Cy Poe")
    site.build()
    assert made == [
        "sections/world/index.html", "authors/cy-poe/index.html", "archive/2026-11/index.html",
    ]  # fmt: skip


def test_the_first_page_has_a_lead_with_its_picture_and_each_story_once(site):
    for day, (name, section) in enumerate(zip("hgfedcba", "wwccwwcc", strict=True), 1):
        told(site, name, section={"w": "world", "c": "city"}[section], date=f"2026-11-{day + 10}")
    site.article(
        "p.md", f"---\ntitle: Title p\ndate: 2026-11-12\nsection: city\n{PICTURE}---\n\nP.\n"
    )
    site.article("de.md", "---\ntitle: Titel\ndate: 2026-11-18\nlanguage: de\n---\n\nText.\n")
    site.build()
    page = html.fromstring(text(site, "index.html"))
    (lead,) = page.xpath("//article[@class='lead']")
    assert lead.xpath(".//h2/a/@href") == ["/p/"]
    assert lead.xpath(".//img/@src") == ["https://cdn.example/p.jpg"]
    stories = page.xpath("//article//a[not(@aria-hidden)]/@href")
    assert sorted(stories) == [f"/{name}/" for name in "abcdefghp"]
    assert page.xpath("//section[@class='group']/h2/a/@href") == [
        "/sections/city/", "/sections/world/",
    ]  # fmt: skip
    assert page.xpath("//nav[@class='languages']/a/@href") == ["/de/"]
    assert page.xpath("string(//nav[@class='languages'])").split() == ["English", "Deutsch"]
    alternates = page.xpath("//link[@hreflang]")
    assert [(one.get("hreflang"), one.get("href")) for one in alternates] == [
        ("en", "https://test.example/"),
        ("x-default", "https://test.example/"),
        ("de", "https://test.example/de/"),
    ]
    german = html.fromstring(text(site, "de/index.html"))
    assert german.get("lang") == "de"
    assert german.xpath("//article//a[not(@aria-hidden)]/@href") == ["/de/de/"]
    assert german.xpath("//a[@class='home']/@href | //header/nav[1]/a[1]/@href") == ["/de/archive/"]
    assert "hreflang" not in text(site, "p/index.html")


def test_pages_end_with_a_box_to_subscribe_where_mails_can_be_sent(site):
    site.story("a")
    site.build()
    for name in ("a/index.html", "index.html"):
        (form,) = html.fromstring(text(site, name)).xpath("//section[@class='offer']/form")
        assert form.get("action") == "https://test.example/subscribe"
        assert form.xpath(".//input[@name='newsletter']/@value") == ["morning"]
    config = (site.root / "publisher.toml").read_text()
    site.config(config.replace('sender = "letter@test.example"\n', ""))
    site.build()
    assert "offer" not in text(site, "a/index.html")


def test_the_index_to_search_has_titles_and_words_and_loses_what_is_withdrawn(site):
    told(site, "a", summary="In short.", date="2026-11-21")
    told(site, "b")
    site.build()
    rows = json.loads(text(site, "search/index.json"))
    assert [row[:4] for row in rows] == [
        ["/a/", "Title a", "In short.", "en"], ["/b/", "Title b", "Body of b.", "en"],
    ]  # fmt: skip
    assert "body of" in rows[0][4]
    assert links(site, "search/index.html")[:2] == ["/a/", "/b/"]
    told(site, "a", draft="true")
    site.build()
    assert "Title a" not in text(site, "search/index.json")
    told(site, "b", draft="true")
    site.build()
    assert json.loads(text(site, "search/index.json")) == []


def test_the_page_to_search_alone_may_run_a_script_and_that_is_ours(site):
    site.story("a")
    site.build()
    for name in names(site):
        page = unescape(text(site, name))
        is_search = name == "search/index.html"
        assert ("<script" in page) == is_search
        assert ("script-src 'self'" in page) == is_search
    assert re.findall(r"<script[^>]*>", text(site, "search/index.html")) == [
        '<script src="/search/search.js" defer>'
    ]
    with serving(site) as web:
        assert "script-src 'self'" in web.ask("GET", "/search/").headers["content-security-policy"]
        assert "script-src" not in web.ask("GET", "/a/").headers["content-security-policy"]


def test_an_article_that_has_the_address_of_a_newer_page_keeps_it(site):
    told(site, "a", url="/search/", tags="[sea]")
    told(site, "b", url="/tags/sea/", tags="[sea]")
    site.build()
    assert "Body of a." in text(site, "search/index.html")
    assert "Body of b." in text(site, "tags/sea/index.html")
    assert "search/index.json" not in pages(site)
    assert ">Search<" not in text(site, "index.html")
