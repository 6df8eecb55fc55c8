"""Where a file's head ends, and what stands in it."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import SourceError
from publisher.model import SourceSettings
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


@pytest.mark.parametrize(
    "text",
    [
        '---json\n{"title": "A",\n"draft": true}\n---\nBody',
        '---toml\ntitle = "A"\ndraft = true\n---\nBody',
        "--- yaml\ntitle: A\ndraft: true\n---\nBody",
        ';;;\n"title": "A",\n"draft": true\n;;;\nBody',
        ';;;\n{"title": "A",\n"draft": true}\n;;;\nBody',
        "title: A\ndraft: true\n---\nBody",
    ],
    ids=["JSON", "TOML", "YAML", "Hexo's JSON", "Hexo's JSON with braces", "Hexo's YAML"],
)
def test_front_matter_that_names_its_language_or_lacks_a_fence_is_front_matter(text):
    head = split(text)
    assert (head.values, head.body) == ({"title": "A", "draft": True}, "Body")
    assert text.split("\n")[head.body_line - 1 :] == ["Body"]
    assert "draft" in text.split("\n")[head.lines["draft"] - 1]


def test_front_matter_that_is_a_program_is_named_and_not_mailed():
    with pytest.raises(SourceError, match=r"is a program \(js\)") as caught:
        split("---js\n{ title: 'A', draft: true }\n---\n# Body\n")
    assert caught.value.problem.line == 1


def test_a_mistake_in_json_between_fences_is_told_with_its_line():
    with pytest.raises(SourceError, match="not JSON") as caught:
        split(';;;\n"title": "A",\n"date": ,\n;;;\nBody')
    assert caught.value.problem.line == 3


def test_a_list_in_front_matter_without_its_first_fence_is_no_part_of_the_text():
    head = split("title: A\ntags:\n- x\n- y\n---\nBody\n")
    assert (head.values, head.body) == ({"title": "A", "tags": ["x", "y"]}, "Body\n")


def test_header_lines_may_end_in_a_rule_and_hold_what_is_no_yaml():
    head = split("Title: A: b\nDate: 2026-01-02\n---\nBody\n")
    assert (head.values, head.body) == ({"title": "A: b", "date": "2026-01-02"}, "Body\n")


def test_header_lines_want_no_space_behind_the_colon_but_an_address_is_none():
    head = split("Title:A\nStatus:draft\nhttp://x.example/ is it\n")
    assert head.values == {"title": "A", "status": "draft"}
    assert head.body == "http://x.example/ is it\n"


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


LIMITS = SourceSettings(article_bytes=4000, front_matter_characters=1000, line_characters=1000)


def test_a_file_that_is_too_large_is_named_with_the_key_that_allows_more():
    with pytest.raises(SourceError) as caught:
        decode(b"x" * 4001, LIMITS)
    assert str(caught.value) == (
        "the file has more than 4000 bytes\n  Split it, or move pictures and data out of it; or "
        "raise the limit: [sources] article_bytes in publisher.toml."
    )


def test_a_line_that_is_too_long_is_named_with_its_number():
    with pytest.raises(SourceError) as caught:
        decode(b"a\n" + b"x" * 1001, LIMITS)
    assert str(caught.value) == (
        "2: the line has 1001 characters, the limit is 1000\n  Part it; or raise the limit: "
        "[sources] line_characters in publisher.toml."
    )


@pytest.mark.parametrize(
    "text",
    [
        "---\na: " + "x" * 1001 + "\n---\nb",
        "+++\na = '" + "x" * 1001 + "'\n+++\nb",
        '{"a": "' + "x" * 1001 + '"}\nb',
        '{"a": [' + "1," * 600 + "1]}\nb",
        "Title: x\nSummary: " + "x" * 1001 + "\n\nb",
        ".. title: " + "x" * 1001 + "\n\nb",
    ],
)
def test_front_matter_that_is_too_long_is_named(text):
    with pytest.raises(SourceError) as caught:
        split(text, LIMITS)
    assert str(caught.value) == (
        "1: the front matter has more than 1000 characters\n  Move what is data into a file of its "
        "own; or raise the limit: [sources] front_matter_characters in publisher.toml."
    )


def test_a_mistake_in_json_is_told_however_long_the_text_is_after_it():
    with pytest.raises(SourceError, match="the front matter is not JSON: Expecting ','"):
        split('{"a": 1 "b": 2}\n' + "x" * 2000, LIMITS)


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


@pytest.mark.parametrize(
    "text",
    [
        "---\na: .nan\nb: -.inf\n---\nx",
        "+++\na = nan\nb = -inf\n+++\nx",
        '{"a": NaN, "b": -Infinity}\nx',
    ],
    ids=["YAML", "TOML", "JSON"],
)
def test_what_no_json_can_hold_is_a_text(text):
    assert dict(split(text).values) == {"a": "nan", "b": "-inf"}


@pytest.mark.parametrize(
    "text", ['{"a": ' + "[" * 50_000 + "\n", "---\na: " + "[" * 50_000 + "\n---\n"]
)
def test_lists_within_lists_without_end_are_named_in_plain_words(text):
    with pytest.raises(SourceError) as told:
        split(text)
    assert "recursion" not in str(told.value)
    assert "deep" in str(told.value)
