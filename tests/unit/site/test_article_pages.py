"""What is told of an article's page before it is made tells it from what it was."""

from datetime import UTC, datetime, timedelta

import pytest

from publisher.model import Article, Publication, Visible
from publisher.site import site_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
OWN = Publication(title="T", base_url="https://x.example/", language="en")


def story(name, **keys):
    given = {"language": "en", "version": f"version of {name}", **keys}
    moment = NOON - timedelta(hours=1)
    return Article(
        id=f"tag:{name}", path=f"{name}.md", slug=name, url=f"https://x.example/{name}/",
        title=name, summary="", published=moment, updated=moment, **given,
    )  # fmt: skip


ONE = story("one", tags=("Sea", "Ice"), section="World")


def told(article, *others):
    return site_of(OWN, Visible([article, *others], NOON), []).of_articles.told(article)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param([ONE], [story("one", version="new", tags=("Sea", "Ice"))], id="changed"),
        pytest.param([ONE], [ONE, story("b", tags=("sea",))], id="a tag has a page now"),
        pytest.param(
            [ONE, story("b", tags=("sea",))], [ONE, story("b", tags=("ice",))], id="another has"
        ),
        pytest.param(
            [ONE, story("b", tags=("sea",))], [ONE, story("b", tags=("ice", "sea"))], id="both have"
        ),
        pytest.param([ONE], [story("one", tags=ONE.tags, extra={"noindex": True})], id="unlisted"),
        pytest.param([ONE], [ONE, story("one.de", language="de")], id="translated"),
    ],
)  # fmt: skip
def test_a_page_that_is_another_one_is_told_otherwise(before, after):
    assert told(*before) != told(*after)


def test_what_changes_elsewhere_changes_nothing_of_it():
    assert told(ONE, story("b", section="World")) == told(ONE, story("c", authors=("Ana",)))


def test_the_feed_of_its_section_follows_its_page_however_that_is_written():
    other = story("b", section="world")
    pages = site_of(OWN, Visible([ONE, other, story("c")], NOON), []).of_articles
    assert [pages.feed(one) for one in (ONE, other, story("c"))] == ["section/world"] * 2 + [""]
