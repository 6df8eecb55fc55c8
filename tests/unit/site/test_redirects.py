"""Old addresses of articles lead on, never over a page, and what cannot is named."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from publisher.model import Article, Publication, SourceSettings
from publisher.site import Claims, redirects_of

OWN = Publication(title="T", base_url="https://x.example/news/")
HUGO = Publication(
    title="T", base_url="https://x.example/", sources=SourceSettings(generator="hugo")
)
DAY = datetime(2026, 11, 24, tzinfo=UTC)


def article(url="https://x.example/news/tides/", id="1", title="Tides & co", **extra):
    return Article(
        id=id, path=f"{id}.md", slug="a", url=url, title=title, summary="", language="en",
        published=DAY, updated=DAY, version="1", extra=extra,
    )  # fmt: skip


def made(*articles, own=OWN, taken=()):
    claims = Claims()
    for place in ("index.html", "tides/index.html", *taken):
        claims.take(place)
    return redirects_of(articles, own, claims)


@pytest.mark.parametrize(
    ("old", "place"),
    [
        ("/old/", "old/index.html"),
        ("old", "old/index.html"),
        ("/2019/old.html", "2019/old.html"),
        ("/news/old/", "old/index.html"),  # with the path of the base URL
        ("https://x.example/news/old/", "old/index.html"),
        ("http://x.example/news/old/", "old/index.html"),
        ("https://X.example/news/old/", "old/index.html"),
        ("ftp://x.example/news/old/", None),
        ("/caf%C3%A9/", "café/index.html"),
        ("/café/", "café/index.html"),
        ("/index.php/a/", "index.php/a/index.html"),
    ],
)
def test_an_old_address_has_a_page_that_leads_on(old, place):
    found = made(article(aliases=[old]))
    assert [one.place for one in found.found] == ([place] if place else [])
    assert len(found.problems) == (0 if place else 1)


@pytest.mark.parametrize("key", ["aliases", "Aliases", "redirect_from", "redirectFrom", "alias"])
@pytest.mark.parametrize("value", ["/old/", ["/old/"], ["/old/", "/old", 7, None, ""]])
def test_each_generators_key_is_known_as_a_text_or_a_list(key, value):
    assert [one.path for one in made(article(**{key: value})).found] == ["/news/old/"]


def test_hugos_begin_beside_the_article():
    one = article("https://x.example/log/tides/", aliases=["ebb", "/flood", "../sea/"])
    assert [found.path for found in made(one, own=HUGO).found] == ["/flood", "/log/ebb", "/sea/"]


def test_the_page_says_where_the_article_is_to_people_browsers_and_search_engines():
    (one,) = made(article(aliases=["/old/"], title="<b>Tides</b>")).found
    page = html.fromstring(one.html)
    new = "https://x.example/news/tides/"
    assert page.find(".//link[@rel='canonical']").get("href") == new
    assert page.find(".//meta[@http-equiv]").get("content") == f"0; url={new}"
    assert (page.find(".//a").get("href"), page.find(".//a").text) == (new, "<b>Tides</b>")
    assert made(article(aliases=["/old/"])).lines == b"/news/old/ /news/tides/ 301\n"


@pytest.mark.parametrize(
    ("old", "why"),
    [
        ("/", "A page or a file stands there"),
        ("/feeds/all/", "A page or a file stands there"),
        ("/style.css/more/", "A page or a file stands there"),
        ("/other/", "A page or a file stands there"),
        ("/?p=7", "No page can have that address"),
        ("/../../etc/passwd", "No page can have that address"),
        ("/%2e%2e/%2e%2e/etc/", "No page can have that address"),
        ("/.git/config", "No page can have that address"),
        ("javascript:alert(1)", "No page can have that address"),
        ("https://[", "No page can have that address"),
        ("/a\\b/", "No page can have that address"),
        ("/a\nb/", "No page can have that address"),
    ],
)
def test_what_cannot_lead_on_is_named_and_left_out(old, why):
    found = made(article(aliases=[old]), taken=["other/index.html"])
    assert (found.found, found.lines) == ((), b"")
    (problem,) = found.problems
    assert problem.path == "articles/1.md"
    assert why in problem.why


def test_where_the_article_is_it_needs_no_redirect():
    assert made(article(aliases=["/tides/", "/tides"])) == made()


def test_of_two_articles_the_first_has_an_old_address():
    other = article("https://x.example/news/ebb/", id="2", aliases=["/old/"])
    found = made(article(aliases=["/old/"]), other)
    assert [one.article.id for one in found.found] == ["1"]
    assert [one.why for one in found.problems] == ["It is another article's old address already."]


def test_other_sites_addresses_are_told_in_one_line():
    old = ["https://y.example/a/", "//z.example/b/"]
    (problem,) = made(article(aliases=old)).problems
    assert (problem.what, problem.severity) == (
        "2 old addresses are another site's, such as those of 1.md",
        "note",
    )


def test_signs_that_stand_for_others_in_a_web_servers_file_stand_for_themselves():
    found = made(article(aliases=["/all!(a)/"]), own=OWN)
    assert found.lines == b"/news/all%21%28a%29/ /news/tides/ 301\n"


def test_endless_old_addresses_end():
    found = made(article(aliases=[f"/{number}/" for number in range(5000)]))
    assert len(found.found) == 100
    assert [one.what for one in found.problems] == [
        "it has 5000 old addresses: the first 100 are taken"
    ]


@given(st.lists(st.text(max_size=40), max_size=3))
def test_no_old_address_is_a_line_too_many_or_leads_out_of_the_pages(old):
    found = made(article(aliases=old))
    for line in found.lines.decode().splitlines():
        path, new, code = line.split(" ")
        assert (new, code) == ("/news/tides/", "301")
        assert path.startswith("/news/") and not set(path) & set("*: \t")
    assert not any(".." in one.place.split("/") for one in found.found)
