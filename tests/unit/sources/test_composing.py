"""One file, its name and its folder become an article."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from publisher.model import Publication, SourceSettings
from publisher.sources.composing import compose
from publisher.sources.identity import Identity
from publisher.sources.parts import take_apart

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
PUBLICATION = Publication(
    title="T", base_url="https://x.example/", zone="Europe/Berlin", author="The desk"
)


def article(path, text, publication=PUBLICATION, sizes=lambda *_: None):
    parts = take_apart(path, text.encode(), publication)
    identity = Identity(id="tag:x:1", path=path, first_seen=NOW, digest="", body="", title="")
    return compose(parts, identity, publication, sizes)


def test_an_undated_article_counts_from_when_it_was_first_seen_and_that_is_told():
    found, _, problems = article("a.md", "# T\n\nx")
    assert (found.published, found.updated, found.undated) == (NOW, NOW, True)
    assert [(p.what, p.severity) for p in problems] == [
        ("no date: it counts as published when it was first seen, 2026-11-24 07:00", "note")
    ]


@pytest.mark.parametrize(
    ("path", "day"),
    [("2026-02-30-late.md", "2026-02-30"), ("2026-13-45/a.md", "2026-13-45"), ("2026_02_31 x.md", "2026-02-31")],
)  # fmt: skip
def test_a_name_with_a_day_that_there_is_not_is_named(path, day):
    _, _, problems = article(path, "# T\n\nx")
    (found,) = [(p.what, p.severity) for p in problems]
    assert found == (
        f"there is no day {day}: it counts as published when it was first seen, 2026-11-24 07:00",
        "warning",
    )


@pytest.mark.parametrize(
    ("head", "is_named"),
    [
        ("title: متن فارسی", True),
        ("title: متن فارسی\nlang: fa", False),
        ('title: "Report: שלום"', False),
    ],
)
def test_a_title_of_another_direction_than_its_language_is_named(head, is_named):
    _, _, problems = article("a.md", f"---\n{head}\ndate: 2026-11-20\n---\nx")
    assert ["runs from right to left" in p.what for p in problems] == [True] * is_named


def test_code_in_a_text_from_right_to_left_runs_from_the_left():
    _, body, _ = article("a.md", "---\ntitle: A\nlang: ar\n---\n`x = f(1)`")
    assert body == '<p><code dir="ltr">x = f(1)</code></p>'
    _, body, _ = article("a.md", "---\ntitle: A\n---\n`x = f(1)`")
    assert body == "<p><code>x = f(1)</code></p>"


def test_a_date_that_is_none_is_shown_as_it_was_typed():
    _, _, problems = article(
        "a.md", "---\ntitle: T\ndate: 2026-11-20\nlastmod: 0001-01-01T00:00:00Z\n---\nx"
    )
    (found,) = [p.what for p in problems]
    assert found.endswith("not '0001-01-01 00:00:00+00:00'")


@pytest.mark.parametrize(
    ("keys", "url"),
    [
        ("", "https://x.example/t/"),
        ("slug: v1.2", "https://x.example/v1.2/"),
        ("slug: A b/c", "https://x.example/a-b-c/"),
        ("permalink: /deep/er.html", "https://x.example/deep/er.html"),
        ("permalink: /:year/:title/", "https://x.example/t/"),
        ("canonical_url: https://else.example/t", "https://else.example/t"),
        ("canonical_url: javascript:alert(1)", "https://x.example/t/"),
        ("lang: fr", "https://x.example/fr/t/"),
        ("slug: 東京", "https://x.example/%E6%9D%B1%E4%BA%AC/"),
    ],
)
def test_an_article_has_one_absolute_address(keys, url):
    found, _, _ = article("t.md", f"---\ntitle: T\n{keys}\n---\nx")
    assert found.url == url


def test_what_lies_beside_an_article_is_of_our_site_where_its_canonical_address_is_anothers():
    keys = "canonical_url: https://else.example/t\nimage: p.png\nenclosure: e.mp3"
    text = f"---\ntitle: T\n{keys}\n---\n![p](p.png) [more](../b/) [below](#below)"
    found, body, _ = article("t.md", text)
    assert (found.url, found.image.url) == ("https://else.example/t", "https://x.example/t/p.png")
    assert found.enclosure.url == "https://x.example/t/e.mp3"
    assert 'src="https://x.example/t/p.png"' in body
    assert 'href="https://x.example/b/"' in body
    assert 'href="https://else.example/t#below"' in body


def test_a_story_of_a_feed_has_its_pictures_where_it_is():
    head = "title: T\ncanonical: https://else.example/a/t\nsource: {feed: https://else.example/f}"
    _, body, _ = article("t.html", f'---\n{head}\n---\n<img src="p.png" alt="p">')
    assert body == '<img src="https://else.example/a/p.png" alt="p">'


@pytest.mark.parametrize(
    ("link", "is_told"),
    [("/:year/:title/", True), ('"/{{ page.date }}/"', True), ("/a/b/", False), ("false", False)],
)
def test_an_address_that_nobody_can_tell_is_named(link, is_told):
    _, _, problems = article("t.md", f"---\ntitle: T\ndate: 2026-01-01\npermalink: {link}\n---\nx")
    assert [("has words that are not known" in p.what) for p in problems] == [True] * is_told


def test_a_language_that_no_program_knows_is_told():
    _, _, problems = article("t.md", "---\ntitle: T\ndate: 2026-01-01\nlang: jp\n---\nx")
    assert [p.what for p in problems] == ["'jp' is not a language that programs know"]


def test_the_address_pattern_is_the_publications():
    pattern = Publication(
        title="T", base_url="https://x.example/", article_url="{year}/{month}/{section}/{slug}.html"
    )
    found, _, _ = article("s/t.md", "---\ntitle: T\ndate: 2026-02-03\n---\nx", pattern)
    assert found.url == "https://x.example/2026/02/s/t.html"


def test_a_picture_keeps_its_type_and_the_length_of_its_file():
    found, _, _ = article(
        "t.md", "---\ntitle: T\nimage: {url: p.png, alt: A, width: 10}\n---\nx", sizes=lambda *_: 42
    )
    assert (found.image.url, found.image.type, found.image.length) == (
        "https://x.example/t/p.png",
        "image/png",
        42,
    )
    assert (found.image.alt, found.image.width) == ("A", 10)


def test_the_version_changes_with_what_a_reader_sees_and_with_nothing_else():
    one, _, _ = article("t.md", "---\ntitle: T\ndate: 2026-01-01\n---\nx")
    same, _, _ = article(
        "t.md", "---\ndate: 2026-01-01\ntitle: T\nnewsletter: {pin: true}\n---\nx\n"
    )
    other, _, _ = article("t.md", "---\ntitle: T\ndate: 2026-01-01\n---\ny")
    assert one.version == same.version != other.version


def test_an_author_is_the_publications_where_none_is_named():
    assert article("t.md", "# T\n\nx")[0].authors == ("The desk",)


def test_the_seed_like_text_names_its_related_stories():
    found, _, _ = article(
        "t.txt", "Title\nA paragraph that ends.\nStories You Will Also Like\nOne\nTwo"
    )
    assert found.hint.related == ("One", "Two")
    assert found.summary == "A paragraph that ends."


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\nnewsTitle: Tides\nheading: No\n---\nx", "Tides"),
        ("---\nheading: Reefs\nnewstitle: ''\n---\nx", "Reefs"),
        ("---\ntitle: Its own\nnewstitle: No\n---\nx", "Its own"),
        ("---\nnewstitle: 20:30\n---\nx", "20:30"),
        ("---\nnews-title: Tides\n---\n# Typed\n\nx", "Typed"),
        ("![a](b.png)\n\n# Below a picture\n\nx", "Below a picture"),
    ],
)
def test_a_title_may_stand_under_another_key_or_below_a_picture(text, title):
    publication = replace(PUBLICATION, sources=SourceSettings(title=("newstitle", "heading")))
    found, body, _ = article("a.md", text, publication)
    assert (found.title, "<h1" in body) == (title, False)


def test_ablogs_directive_is_the_front_matter_of_a_text_of_sphinx():
    text = """\
.. post:: Oct 19, 2021
   :tags: survey, salary
   :author: Ana Kim
   :image: 1

A survey
========

Hello there.
"""
    found, body, problems = article("blog/a.rst", text)
    assert (found.title, found.tags, found.authors) == (
        "A survey", ("survey", "salary"), ("Ana Kim",),
    )  # fmt: skip
    assert found.published == datetime(2021, 10, 18, 22, tzinfo=UTC)
    assert ("post" in body, [one.what for one in problems]) == (False, [])
    above = ":og_image: https://x.example/a.png\n:slug: mine\n\n"
    found, body, _ = article("blog/a.rst", above + text)
    assert (found.title, found.slug, "mine" in body) == ("A survey", "mine", False)
    draft, _, _ = article("blog/a.rst", text.replace(" Oct 19, 2021", ""))
    assert draft.draft
