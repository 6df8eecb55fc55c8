"""A site → the text of a publisher.toml: each line is tried, none makes it unreadable."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from publisher import config
from publisher.adoption import Content, Found, Site
from publisher.adoption.configuration import draft, folder_of, written
from publisher.adoption.suggestions import Suggestion

DAY = date(2026, 11, 24)
HOSTILE = st.text(max_size=30) | st.sampled_from(
    ['"', "\\", '"""', "a\nb = 1", "\x7f", "]", "#", "\u2028", "{slug", "https://[", "../../.."]
)


def _found(value: object) -> Found:
    return Found(value, "hugo.toml", 1, "key")


def _content(path: str, files: int = 1) -> Content:
    return Content(found=_found(path), files=files)


@settings(max_examples=20)  # each tries some fifteen lines
@given(HOSTILE, HOSTILE, HOSTILE)
@example("\n", "\n", "\n")
@example('"', "\x1f", "\u2028")
@example("\x7f", "]", "\\")
def test_nothing_that_a_site_says_makes_a_configuration_that_does_not_load(one, two, three):
    site = Site(
        generator="hugo",
        title=_found(one),
        base_url=_found(two),
        description=_found(three),
        language=_found(two),
        zone=_found(one),
        author=_found(three),
        colour=_found(two),
        logo=_found(one),
        contents=(_content("content"),),
        ignored=(_found(three),),
        posts=_found([one, two]),
        address=_found(three),
        addresses={one: _found(two)},
        taxonomies=(_found(one),),
        social={two: _found(three)},
    )
    made = draft(site, "../site", DAY, {"title": three})
    text = written(made, site, "../site", "", [Suggestion(one, two, 3), Suggestion(two, one, 1)])
    publication = config.parse(text)
    assert publication.sources.generator == "hugo"
    assert str(publication.articles) == "../site/content"


def test_what_the_editor_wants_goes_before_what_the_site_says():
    site = Site(generator="zola", title=_found("Theirs"), contents=(_content("content"),))
    text = written(draft(site, "../site", DAY, {"title": "Mine"}), site, "../site", "")
    assert tomllib.loads(text)["publication"]["title"] == "Mine"
    assert "Theirs" not in text


def test_a_line_that_is_refused_stays_as_a_comment_with_the_reason():
    site = Site(generator="zola", zone=_found("Mars/Olympus"), contents=(_content("content"),))
    made = draft(site, "../site", DAY)
    assert [(line.key, fault) for line, fault in made.refused] == [
        ("zone", "publication.zone names no time zone: 'Mars/Olympus'")
    ]
    assert '# zone = "Mars/Olympus"' in written(made, site, "../site", "")


@pytest.mark.parametrize(
    "folders, taken",
    [
        ([("content", 3)], "content"),
        ([("content/blog", 3), ("content/notes", 2)], "content"),
        ([("content", 3), ("content/notes", 2)], "content"),
        ([("posts", 1), ("notes", 2)], "notes"),  # above them is the whole site
        ([("x/_posts", 1), ("x/_notes", 2)], "x/_notes"),  # passed over within another
        ([("posts", 0), ("notes", 2)], "notes"),
        ([("posts", 0)], None),
    ],
)
def test_one_folder_is_read_and_the_others_are_named(folders, taken):
    site = Site(generator="jekyll", contents=tuple(_content(*one) for one in folders))
    content = folder_of(site)
    assert (content.path if content else None) == taken
    others = [path for path, files in folders if files and taken and not path.startswith(taken)]
    told = [note.what for note in draft(site, "../site", DAY).notes if "is not read" in note.what]
    assert [what.split(" ")[0] for what in told] == others


def test_all_folders_of_jekylls_posts_are_read_together():
    folders = [("_posts", 1), ("en/news/_posts", 5), ("_docs", 9), ("de/_posts", 0)]
    site = Site(generator="jekyll", contents=tuple(_content(*one) for one in folders))
    made = draft(site, "../site", DAY)
    publication = config.parse(written(made, site, "../site", ""))
    assert str(publication.articles) == "../site"
    assert publication.sources.folders == ("_posts", "en/news/_posts")
    told = [note.what for note in made.notes if "is not read" in note.what]
    assert told == ["_docs is not read: 9 files"]


def test_folders_of_posts_below_one_are_named_from_there_on():
    site = Site(contents=(_content("docs/_posts"), _content("docs/a/_posts")), generator="jekyll")
    content = folder_of(site)
    assert content and (content.path, content.folders) == ("docs", ("_posts", "a/_posts"))
    assert content.places == ("docs/_posts", "docs/a/_posts")


def test_shortcodes_that_are_not_known_have_a_line_with_the_files_that_it_frees():
    site = Site(generator="hugo", contents=(_content("content"),))
    unknown = [Suggestion("wave", "<aside>{{ inner }}</aside>", 1200), Suggestion("sea", "", 1)]
    text = written(draft(site, "../site", DAY), site, "../site", "", unknown)
    assert '# wave = "<aside>{{ inner }}</aside>"  # frees 1,200 files' in text
    assert '# sea = ""  # frees 1 file\n' in text


@pytest.mark.parametrize(
    "own", ["http://localhost:3000", "http://127.0.0.1/", "https://a.localhost"]
)
def test_the_address_of_somebodys_own_machine_is_no_base_url(own):
    site = Site(generator="hugo", base_url=_found(own), contents=(_content("content"),))
    made = draft(site, "../site", DAY)
    assert made.host == "news.example"
    assert "the site says no base URL" in [note.what for note in made.notes]
