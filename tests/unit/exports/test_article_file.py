"""An imported article → the file that it becomes, and what a build reads in it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from publisher.exports import Attached, Imported, Place, Status, apart, article_file
from publisher.model import Publication
from publisher.sources import Identity
from publisher.sources.composing import compose
from publisher.sources.parts import take_apart

_DAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
_PLACE = Place(base_url="https://site.example/")
_OWN = Publication(
    title="Site", base_url="https://site.example/", zone="Europe/Berlin", article_url="{slug}/"
)


def _article(**values) -> Imported:
    given = {"id": "https://site.example/?p=1", "title": "Hello", "published": _DAY,
             "body": "<p>Hi.</p>", "link": "https://site.example/2026/01/hello/", **values}  # fmt: skip
    return Imported(**given)


def _read(article: Imported, place: Place = _PLACE):
    """What a build makes of the file: the article, its body, the problems."""
    made = article_file(article, place)
    parts = take_apart(f"{made.stem}.html", made.data, _OWN)
    identity = Identity(
        id=parts.sighting.explicit, path=parts.path, first_seen=_DAY, digest="", body="", title=""
    )
    return compose(parts, identity, _OWN, lambda *_: 1)


def test_a_build_reads_what_the_export_said():
    article, body, problems = _read(
        _article(
            title="no: 010 “x” \\ #y", authors=("Ann, Editor", "Bo"), tags=("C#", "a, b", "no"),
            section="City", summary="A \"day\": it was", language="de-DE",
            picture=Attached(url="https://x.example/a.jpg", alt="A: b"),
            enclosures=(Attached(url="https://x.example/1.mp3", type="audio/mpeg", length=5),),
            updated=datetime(2026, 2, 1, tzinfo=UTC), slug="hello",
        )
    )  # fmt: skip
    assert not problems
    assert (article.id, article.title) == ("https://site.example/?p=1", "no: 010 “x” \\ #y")
    assert (article.authors, article.tags) == (("Ann, Editor", "Bo"), ("C#", "a, b", "no"))
    assert (article.published, article.updated) == (_DAY, datetime(2026, 2, 1, tzinfo=UTC))
    assert (article.section, article.summary) == ("city", 'A "day": it was')
    assert (article.language, article.image.alt) == ("de-DE", "A: b")
    assert article.enclosure.length == 5
    assert (article.url, body) == ("https://site.example/2026/01/hello/", "<p>Hi.</p>")


@pytest.mark.parametrize(
    "words",
    ["Why <b>bold</b> & <i> matter", "The &amp; entity", "5 * 3 * 2, [a](b) and ~~c~~", "R&D"],
)
def test_titles_and_summaries_say_what_they_said_whatever_it_looks_like(words):
    article, _, _ = _read(_article(title=words, summary=words))
    assert (article.title, article.summary) == (words, words)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://site.example/2026/01/hello.html", "https://site.example/2026/01/hello.html"),
        ("https://old.example/p/hello", "https://site.example/p/hello"),
        ("https://site.example/?p=1", "https://site.example/hello/"),
        ("https://site.example/", "https://site.example/hello/"),
        ("https://site.example/a/../../b/", "https://site.example/hello/"),
        ("https://site.example/%e3%81%82/", "https://site.example/%e3%81%82/"),
        ("https://[x/", "https://site.example/hello/"),
        ("", "https://site.example/hello/"),
    ],
)
def test_an_old_address_keeps_its_path_where_it_has_one(link, url):
    article, *_ = _read(_article(link=link))
    assert article.url == url


def test_an_address_on_another_host_is_an_alias():
    place = Place(base_url="https://site.example/", moves=False)
    text = article_file(_article(link="https://medium.com/@a/hello-1"), place).data.decode()
    assert '\naliases: ["https://medium.com/@a/hello-1"]\n' in text
    assert "\nurl:" not in text


@pytest.mark.parametrize(
    ("status", "line"),
    [(Status.DRAFT, "draft: true"), (Status.MEMBERS, 'visibility: "members"'),
     (Status.PAID, 'visibility: "paid"'), (Status.PRIVATE, 'visibility: "private"'),
     (Status.MAILED, 'status: "sent"')],
)  # fmt: skip
def test_what_was_not_public_there_is_not_public_here(status, line):
    assert f"\n{line}\n" in article_file(_article(status=status), _PLACE).data.decode()
    article, _, problems = _read(_article(status=status))
    assert article.draft
    assert not problems


def test_what_has_no_date_is_a_draft_and_so_no_news():
    made = article_file(_article(published=None), _PLACE)
    assert made.is_draft
    assert made.notes == ("no date: it is a draft, for what has no date would be news",)


def test_what_has_no_title_gets_its_first_words():
    article, *_ = _read(_article(title="", body="<p>A day in <b>town</b>. " + "word " * 50))
    assert article.title.startswith("A day in town. word")
    assert article.title.endswith(" …")


def test_a_title_that_no_feed_would_show_is_cut():
    article, _, problems = _read(_article(title="long " * 100))
    assert len(article.title) <= 300
    assert not problems


def test_braces_are_text_and_no_template_code():
    body = '<p>Use {{ name }} or {% if %}.</p><pre>{{ x }}</pre><a title="{{ y }}">l</a>'
    _, text, problems = _read(_article(body=body))
    assert not [one for one in problems if one.severity == "error"]
    assert "<code>{{ name }}</code>" in text
    assert "<pre>{{ x }}</pre>" in text


_APART = "-[0-9a-f]{8}"


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("hello", "hello"), ("a.b", "a-b"), ("CON", f"con{_APART}"), ("index", f"index{_APART}"),
        ("../../x", "x"), ("%E3%81%82", "あ"), ("a/b:c*?", "a-b-c"), ("lpt1", f"lpt1{_APART}"),
        ("...", "hello"), ("\0", "hello"),
    ],
)  # fmt: skip
def test_names_are_good_on_every_file_system(slug, name):
    assert re.fullmatch(f"2026/{name}", article_file(_article(slug=slug), _PLACE).stem)


def test_a_name_is_never_too_long_and_two_stay_two():
    long = article_file(_article(slug="あ" * 200), _PLACE).stem
    other = article_file(_article(slug="あ" * 200, id="b"), _PLACE).stem
    assert len(long.encode()) < 120
    assert long != other
    assert apart("2026/x", "a") != apart("2026/x", "b")


_TEXTS = st.text(max_size=60)


@settings(max_examples=25, deadline=None)
@given(title=_TEXTS, summary=_TEXTS, tag=_TEXTS, name=st.text(min_size=1, max_size=30), body=_TEXTS)
@example(title="\x85a\u2028b", summary="\ufeff", tag="\x7f", name="\ud800", body="---\n")
@example(title="---", summary="...", tag="|", name=">", body="<html><body>x")
def test_whatever_it_says_the_front_matter_is_read_again(title, summary, tag, name, body):
    article = _article(id=f"i{name}", title=f"T{title}", summary=summary, tags=(tag,), body=body)
    made = article_file(article, _PLACE)
    assert made.data == article_file(article, _PLACE).data
    parts = take_apart("a.html", made.data, _OWN)
    assert parts.title.startswith("T")
    assert parts.sighting.explicit.startswith("i")
    assert parts.fields.published == _DAY


def test_translations_of_one_article_share_what_the_export_calls_them():
    article, _, problems = _read(_article(translations="pll_5f1\n---"))
    assert (article.extra["translationKey"], problems) == ("pll_5f1 ---", [])
    assert "translationKey" not in _read(_article())[0].extra
