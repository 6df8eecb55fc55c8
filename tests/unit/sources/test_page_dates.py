"""When a page of HTML says that it was published."""

import pytest

from publisher.sources.markup import page

STORY = '{"@type": "NewsArticle", "datePublished": "2019-03-01T09:00:00Z"}'
JSON_LD = '<script type="application/ld+json">{}</script>'


def head(inner, body="<p>Text.</p>"):
    return page(f"<html><head><title>T</title>{inner}</head><body>{body}</body></html>").values


@pytest.mark.parametrize(
    ("inner", "body"),
    [
        ('<meta property="article:published_time" content="2019-03-01T09:00:00Z">', ""),
        ('<meta itemprop="datePublished" content="2019-03-01T09:00:00Z">', ""),
        ('<meta name="DC.date.issued" content="2019-03-01T09:00:00Z">', ""),
        (JSON_LD.format(STORY), ""),
        (JSON_LD.format('{"@graph": [{"@type": "Organization"}, ' + STORY + "]}"), ""),
        ("", '<article><time datetime="2019-03-01T09:00:00Z">1 March</time></article>'),
        ("", '<p><time class="dt-published" datetime="2019-03-01T09:00:00Z">1 March</time></p>'),
    ],
)  # fmt: skip
def test_a_page_tells_when_it_was_published(inner, body):
    assert head(inner, body)["date"] == "2019-03-01T09:00:00Z"


def test_what_a_page_says_of_the_story_goes_before_what_is_only_a_time():
    inner = '<meta property="article:modified_time" content="2019-04-01T09:00:00Z">'
    inner += JSON_LD.format(STORY)
    found = head(inner, '<article><time datetime="2020-01-01">x</time></article>')
    assert (found["date"], found["lastmod"]) == ("2019-03-01T09:00:00Z", "2019-04-01T09:00:00Z")


@pytest.mark.parametrize(
    ("inner", "body"),
    [
        (JSON_LD.format('{"@type": "Organization", "datePublished": "2019"}'), ""),
        (JSON_LD.format("[" * 10_000), ""),
        ("", '<article><time datetime="2019-01-01">a</time></article>' * 2),
        ("", '<footer><time datetime="2019-01-01">a</time></footer>'),
    ],
)  # fmt: skip
def test_other_dates_of_a_page_are_not_the_storys(inner, body):
    assert "date" not in head(inner, body)
