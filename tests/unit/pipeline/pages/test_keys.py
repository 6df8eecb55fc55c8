"""Keys of pages tell apart all that pages are made from."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from publisher.model import Article, Picture, Publication, Related
from publisher.pipeline.pages.context import SiteContext
from publisher.pipeline.pages.keys import PageKeys
from publisher.site import Languages

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
OWN = Publication(title="T", base_url="https://x.example/", language="en")
STORY = Article(
    id="a", path="a.md", slug="a", url="https://x.example/a/", title="A", summary="",
    language="en", published=NOON, updated=NOON, version="0123456789abcdef",
)  # fmt: skip
OTHER = STORY.but(id="b", title="B", url="https://x.example/b/")
SHOWN = Related(article=OTHER, score=1.0, text=1.0, age=0.0, terms=(), tags=(), cited=0)


def keys(settings="settings", has_small=False, **around):
    found = {"feeds": {}, "logo": None, "searches": {}, **around}
    context = SiteContext(own=OWN, languages=Languages([], "en"), **found)
    return PageKeys(context, settings, has_small)


def key(article=STORY, told=STORY.version, feed="", related=(), of=None):
    return (of or keys()).of_article(article, told, feed, related)


def test_the_same_has_the_same_key():
    assert key() == key()
    assert key(related=[SHOWN]) == key(related=[SHOWN])


@pytest.mark.parametrize(
    "other",
    [
        {"told": "fedcba9876543210"},
        {"told": f"{STORY.version} noindex"},
        {"of": keys("other settings")},
        {"of": keys(logo={"width": 1})},
        {"feed": "section/world", "of": keys(feeds={"section/world": None})},
        {"related": [SHOWN]},
        {"article": STORY.but(pictures={"p": Picture(width=1, height=1, length=1)})},
    ],
)
def test_another_page_has_another_key(other):
    assert key(**other) != key()


@pytest.mark.parametrize(
    "other",
    [
        [],
        [SHOWN, SHOWN],
        [replace(SHOWN, article=OTHER.but(id="c"))],
        [replace(SHOWN, article=OTHER.but(title="C"))],
        [replace(SHOWN, article=OTHER.but(url="https://x.example/c/"))],
        [replace(SHOWN, relation="update")],
    ],
)
def test_other_related_stories_make_another_key(other):
    assert key(related=other) != key(related=[SHOWN])


def test_a_related_story_with_another_text_makes_none():
    changed = replace(SHOWN, article=OTHER.but(version="other"))
    assert key(related=[changed]) == key(related=[SHOWN])
