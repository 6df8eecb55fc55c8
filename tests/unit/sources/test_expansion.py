"""Front matter that is more than it looks is refused before values are made of it."""

import pytest

from publisher.errors import SourceError
from publisher.sources.frontmatter import split


def yaml(text):
    return split(f"---\n{text}\n---\nx").values


def test_merges_of_merges_are_refused_before_they_are_made():
    lines = ["a0: &a0 {x: 1}"]
    lines += [f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 60)]
    with pytest.raises(SourceError, match="too many values"):
        yaml("\n".join(lines))


@pytest.mark.parametrize("text", ["a: &a [*a]", "a: &a {<<: *a}", "a: &a {b: &b [*a, *b]}"])
def test_what_holds_itself_is_refused(text):
    with pytest.raises(SourceError, match="too many values"):
        yaml(text)


def test_merges_and_aliases_of_a_few_values_are_read():
    found = yaml("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: [*a, *a]")
    assert found["b"] == {"x": 1, "y": 3}
    assert found["c"] == [{"x": 1, "y": 2}] * 2


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 50_000,
        'a: "' + "]" * 40_000 + '"\nb: ' + "[" * 40_000,
        "a: " + '[ "]", ' * 10_000,
        "- " * 30_000 + "a",
        "? " * 30_000 + "a",
        "\n".join(" " * n + "a:" for n in range(400)),
    ],
    ids=["lists", "closed in a text before", "closed in texts", "items", "keys", "lines"],
)
def test_what_is_nested_too_deeply_is_refused_however_it_looks(text):
    with pytest.raises(SourceError, match="nested too deeply"):
        yaml(text)


@pytest.mark.parametrize("number", ["9" * 5000, "0x" + "f" * 5000, "1" + ":1" * 5000])
def test_a_number_without_end_is_a_text(number):
    assert yaml(f"a: {number}") == {"a": number}


def test_a_key_of_many_parts_is_named_with_its_line():
    with pytest.raises(SourceError, match="a key of more than 50 parts") as caught:
        split("+++\ntitle = 'x'\n" + "a." * 60 + "b = 1\n+++\nx")
    assert caught.value.problem.line == 3


def test_a_text_of_many_parts_is_no_key():
    assert split("+++\na = '" + "a." * 100 + "'\n+++\nx").values == {"a": "a." * 100}
