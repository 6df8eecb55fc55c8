"""A text of front matter is what was typed, whatever YAML makes of it."""

from datetime import UTC, datetime

import pytest

from publisher.model import Publication
from publisher.sources.frontmatter import split
from publisher.sources.identity import Identities, Identity
from publisher.sources.parts import take_apart
from publisher.sources.typed import misread_ids

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
PUBLICATION = Publication(title="T", base_url="https://x.example/")


def said(head):
    return take_apart("a.md", head.encode() + b"\n\nText.", PUBLICATION).fields


TEXTS = [
    "20:30", "0xF4EE", "1.10", "010", "007", "3:2", "7_50", "1e3", "+49", "0o17", "1_000", ".5", "-0",
    "2026-11-25", "12:30:45", "No", "yes", "Off", "on", "n", "Y", ".inf", "0b11", "1.0.0", "08", "=",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_every_key_that_is_a_text_is_as_it_was_typed(text):
    found = said(
        f"---\ntitle: {text}\nid: {text}\nslug: {text}\nsummary: {text}\nsection: {text}\n"
        f"tags: [{text}, x]\nauthor: {text}\ncanonical_url: {text}\nimage: {{url: a.png, alt: {text}}}\n---"
    )
    assert (found.title, found.id, found.slug, found.summary) == (text,) * 4
    assert (found.tags, found.authors, found.section) == ((text, "x"), (text,), text)
    assert (found.canonical, found.image["alt"]) == (text, text)
    assert found.problems == []


@pytest.mark.parametrize(
    "fence", ["---\ntitle: {}\n---", '{{"title": {}}}', "+++\ntitle = {}\n+++"]
)
@pytest.mark.parametrize("text", ["1.10", "2e3", "1234567890123456789", "0.50"])
def test_numbers_of_yaml_json_and_toml_alike(fence, text):
    assert said(fence.format(text)).title == text


@pytest.mark.parametrize(
    "head",
    [
        "---\ntitle: T\ncategories: [1.10, 010]\n---",
        "---\ntitle: T\ncategory: [1.10, 010]\n---",
        '+++\ntitle = "T"\ncategories = [1.10, "010"]\n+++',
        '{"title": "T", "categories": [1.10, "010"]}',
    ],
)
def test_categories_that_look_like_numbers_are_the_texts_that_were_typed(head):
    assert said(head).categories == ("1.10", "010")


def test_a_title_may_be_a_word_of_logic_and_other_keys_say_what_they_always_said():
    found = said("---\ntitle: True\nsummary: true\nimage: false\ndraft: no\n---")
    assert (found.title, found.summary, found.image, found.draft) == ("True", "", None, False)
    assert [problem.what for problem in found.problems] == [
        "summary must be a text, not True",
        "image must be the address of a picture, not False",
    ]


@pytest.mark.parametrize("word", ["~", "null", "", "Null"])
def test_null_is_nothing(word):
    found = said(f"---\ntitle: T\nsummary: {word}\nlang: {word}\n---")
    assert (found.summary, found.language, found.problems) == ("", "", [])


def test_norwegian_is_a_language():
    assert said("---\ntitle: T\nlang: no\n---").language == "no"


def test_other_keys_have_the_numbers_of_yaml_1_2_and_what_is_no_number_stays_a_text():
    head = split("---\na: 0xF\nb: 1.5\nc: 20:30\nd: 010\ne: 7_50\nf: yes\ng: 12\nh: 1e2\n---")
    assert head.values == {
        "a": 15, "b": 1.5, "c": "20:30", "d": "010", "e": "7_50", "f": True, "g": 12, "h": 100.0,
    }  # fmt: skip


def test_anchors_and_merges_are_typed_as_well():
    head = split("---\nbase: &b {title: 1.10}\nown:\n  <<: *b\n  x: 010\nlist: [*b]\n---")
    assert head.texts["own"] == {"title": "1.10", "x": "010"}
    assert head.texts["list"] == [{"title": "1.10"}]
    assert split("---\ntags: [<<, =]\n---").texts["tags"] == ["<<", "="]


@pytest.mark.parametrize(
    ("typed", "misread"),
    [("010", ("8",)), ("20240101_01", ("2024010101",)), ("20:30", ("1230",)), ("a-1", ()), ("12", ())],
)  # fmt: skip
def test_what_yaml_1_1_made_of_an_id_is_known(typed, misread):
    assert tuple(misread_ids(typed)) == misread


def test_an_article_that_readers_know_by_a_misread_id_keeps_it():
    parts = take_apart("a.md", b"---\ntitle: T\nid: 010\n---\nx", PUBLICATION)
    known = Identity(id="8", path="a.md", first_seen=NOW, digest="d", body="b", title="t")
    assert Identities([known], {"a.md": "e"}, PUBLICATION, NOW).of(parts.sighting).id == "8"
    assert Identities([], {"a.md": "e"}, PUBLICATION, NOW).of(parts.sighting).id == "010"
