"""Where a file's head ends, and what stands in it."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import SourceError
from publisher.sources.frontmatter import decode, plain, split

HEADS = {
    "yaml": "---\ntitle: A\ntags: [x, y]\n---\nBody\n",
    "toml": '+++\ntitle = "A"\ntags = ["x", "y"]\n+++\nBody\n',
    "json": '{\n"title": "A",\n"tags": ["x", "y"]\n}\n\nBody\n',
}


@pytest.mark.parametrize("kind", HEADS)
def test_each_format_gives_the_same_values_and_body(kind):
    head = split(HEADS[kind])
    assert head.values == {"title": "A", "tags": ["x", "y"]}
    assert head.body.strip() == "Body"


@pytest.mark.parametrize("kind", HEADS)
def test_keys_know_the_line_they_stand_on(kind):
    assert split(HEADS[kind]).lines == {"title": 2, "tags": 3}


@pytest.mark.parametrize("text", [*HEADS.values(), "Title: A\nTags: x\n\nBody\n"])
def test_the_body_knows_the_line_it_begins_on(text):
    head = split(text)
    assert text.split("\n")[head.body_line - 1 :] == head.body.split("\n")


def test_pelican_header_lines_end_at_the_first_empty_line():
    head = split("Title: A\nDate: 2026-01-02 03:04\nSummary: one\n  two\n\nBody: not a header\n")
    assert head.values == {"title": "A", "date": "2026-01-02 03:04", "summary": "one two"}
    assert head.body == "Body: not a header\n"


def test_a_text_that_begins_with_a_word_and_a_colon_is_no_header():
    text = "Note: this is how it began\n\nAnd went on."
    assert split(text).body == text


@pytest.mark.parametrize(
    "text", ["<!--\n.. title: A\n.. slug: a\n-->\n\nBody", ".. title: A\n.. slug: a\n\nBody"]
)
def test_nikola_lines_may_stand_bare_or_in_a_comment(text):
    head = split(text)
    assert (head.values, head.body.strip()) == ({"title": "A", "slug": "a"}, "Body")


def test_a_file_without_a_head_is_all_body():
    assert split("Just text.\n").body == "Just text.\n"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfA", "A"),
        ("A – ü".encode("utf-16"), "A – ü"),
        (b"a\r\nb\rc", "a\nb\nc"),
        (b"a\x01\x0bb", "ab"),
    ],
    ids=["BOM", "UTF-16", "CRLF and CR", "controls"],
)
def test_bytes_become_clean_text(data, text):
    assert decode(data) == text


def test_billions_of_yaml_aliases_are_refused():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(SourceError, match="too many values"):
        split("---\n" + "\n".join(lines) + "\n---\nx")


def test_values_are_plain_and_free_of_what_xml_forbids():
    given_ = {"a\x00": [date(2026, 1, 2), {"b": ("x\ud800", 1.5, None, {3})}]}
    assert plain(given_) == {"a": [date(2026, 1, 2), {"b": ["x", 1.5, None, [3]]}]}


@given(st.text(max_size=300))
def test_any_text_is_split_or_refused_by_name(text):
    try:
        head = split(text)
    except SourceError:
        return
    assert isinstance(head.values, dict)


@given(
    st.sampled_from(["---\n{}\n---\nb", "+++\n{}\n+++\nb", "{{{}}}\n\nb"]), st.text(max_size=200)
)
def test_any_front_matter_is_read_or_refused_by_name(shape, text):
    with suppress(SourceError):
        split(shape.replace("{}", text))


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_refused_by_name(data):
    with suppress(SourceError):
        assert "\r" not in decode(data)
