"""Pages that list articles are told apart before any of them is made."""

from datetime import UTC, datetime, timedelta

import pytest

from publisher.model import Article, Publication, Visible
from publisher.site import site_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
OWN = Publication(title="T", base_url="https://x.example/", language="en")


def story(number, **keys):
    moment = NOON - timedelta(hours=number)
    given = {"section": "sea", "language": "en", "version": f"v{number}", **keys}
    return Article(
        id=f"tag:{number}", path=f"{number}.md", slug=str(number), title=f"Title {number}",
        url=f"https://x.example/a/{number}/", summary="", published=moment, updated=moment, **given,
    )  # fmt: skip


def planned(*articles):
    return site_of(OWN, Visible(articles, NOON), [])


def keys(*articles):
    return {page.path: page.key for page in planned(*articles).lists}


@pytest.fixture(scope="module")
def many():
    """More than two pages of a section hold, and some in another language."""
    return [story(number, language="de" if number % 5 == 0 else "en") for number in range(100)]


def test_a_page_is_what_was_said_of_it_before_it_was_made(many):
    lists = planned(*many).lists
    assert {
        "sections/sea/index.html",
        "sections/sea/1/index.html",
        "de/sections/sea/index.html",
    } <= {one.path for one in lists}
    for one in lists:
        page = one.page()
        assert (page.path, page.url, page.key, page.updated) == (
            one.path, one.url, one.key, one.updated,
        )  # fmt: skip
        assert (page.language, page.feed, page.translations) == (
            one.language, one.feed, one.translations,
        )  # fmt: skip
        assert list(page.values["articles"]) == one.articles
        assert page.shows == tuple(article.id for article in one.articles)
        assert page.updated == max(article.updated for article in one.articles)


def test_the_parts_of_a_list_have_all_of_it_in_order_and_lead_to_each_other(many):
    lists = [one for one in planned(*many).lists if one.path.startswith("sections/sea/")]
    english = [article for article in many if article.language == "en"]
    assert [article for one in lists for article in one.articles] == english
    made = [one.page() for one in lists]
    around = ["", *(one.url for one in lists), ""]
    assert [one.values["newer"] for one in made] == around[:-2]
    assert [one.values["older"] for one in made] == around[2:]
    assert [bool(one.translations) for one in made] == [True] + [False] * (len(made) - 1)


def test_a_new_article_makes_the_first_page_of_a_list_another_one_alone(many):
    before, after = keys(*many), keys(many[0], story(0.5), *many[1:])
    assert {path for path in before if before[path] != after[path]} == {
        "sections/sea/index.html", "archive/2026-11/index.html",
    }  # fmt: skip


def test_one_that_changes_makes_others_of_the_pages_that_list_it(many):
    changed = [one.but(version="new") if one is many[98] else one for one in many]
    before, after = keys(*many), keys(*changed)
    assert {path for path in before if before[path] != after[path]} == {
        one.path for one in planned(*many).lists if many[98] in one.articles
    }


def test_one_in_place_of_another_makes_another_page(many):
    other = many[1].but(id="tag:other", version="other")
    before, after = keys(*many), keys(many[0], other, *many[2:])
    assert before["sections/sea/index.html"] != after["sections/sea/index.html"]


def test_a_part_of_a_site_has_its_lists(many):
    site = planned(*many)
    wanted = {"sections/sea/1/index.html", "a/1/index.html", "404.html"}
    part = site.part(wanted)
    assert set(part.places) == wanted and part.count == 3
    assert set(part.keyed()) == {one for one in site.keyed() if one[0] in wanted}
    assert {page.path for page in part.pages} == wanted
