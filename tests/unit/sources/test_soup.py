"""What costs a parser more than it is long is refused; what does not keeps its meaning."""

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import SourceError
from publisher.sources import soup
from publisher.sources.soup import check_markdown, parted


@pytest.mark.parametrize(
    ("markup", "what"),
    [
        ("<p " + "".join(f" a{n}" for n in range(20_000)), "a tag <p> with more than 1000 attributes"),
        ("<p" + "/a" * 30_000, "a tag <p> with more than 1000 attributes"),
        ('<a title="' + "&" * 60_000 + '"', "a tag <a> of more than 50000 characters"),
        ("<table>" + "<br>" * 20_000, "in a table that are in no cell"),
        ("<table><tr>" + "x<tr>" * 20_000, "in a table that are in no cell"),
        ("<table><tr><td>x</td>" + "x<br>" * 20_000, "in a table that are in no cell"),
        ("<TABLE><td><table>" + "<br>" * 20_000, "in a table that are in no cell"),
    ],
)  # fmt: skip
def test_what_costs_a_parser_too_much_is_named(markup, what):
    with pytest.raises(SourceError, match=what):
        parted(markup + ">")


@pytest.mark.parametrize(
    "markup",
    [
        "<table>" + "<tr><td>a<br>b<th>c & d</tr>\n" * 5000 + "</table>" + "<p>x & y" * 5000,
        "<table><tr><td>" + "<p>a & b</p>" * 5000,
        '<p title="' + "x" * 60_000 + '">',
        '<img src="data:image/png;base64,' + "A/+=" * 30_000 + '">',
        "<!-- <table>" + "<br>&" * 20_000 + "-->x",
        "<script>'<table>" + "<br>&" * 20_000 + "'</script>x",
        "<p>x" * 20_000 + "<table",
    ],
    ids=["a table", "a page in a cell", "a title", "a picture", "a comment", "a script", "no end"],
)
def test_what_is_merely_long_passes(markup):
    assert nh3.clean(parted(markup)) == nh3.clean(markup)


PARTS = st.lists(
    st.sampled_from(
        "<b> </b> <p> <!-- --> <table> <td> <a\x20title=\"&\"> & &amp; &am p; &copy © \u00a0 < "
        "<script> </script> <br/> <![CDATA[ ]]> x \u3042".split(" ")
    ),
    max_size=60,
)  # fmt: skip


@given(PARTS)
def test_comments_in_long_texts_change_nothing(parts):
    markup = "".join(parts)
    before = soup._SHORT, soup._TEXT, soup._ESCAPED
    soup._SHORT, soup._TEXT, soup._ESCAPED = 0, 5, 0
    try:
        assert nh3.clean(parted(markup)) == nh3.clean(markup)
    finally:
        soup._SHORT, soup._TEXT, soup._ESCAPED = before


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a\n" + "a@b.c " * 1001, 2, "more than 1000 @ on one line"),
        ("a\n\n" + "> " * 300 + "a", 3, "more than 200 lists and quotations begin on one line"),
        ("- > 1. " * 100, 1, "more than 200 lists and quotations begin on one line"),
        ("a\n|" + "a|" * 500 + "\n|" + "-|" * 500 + "\n" + "|\n" * 500, 3, "a table of more than 100000 cells"),
    ],
)  # fmt: skip
def test_markdown_that_costs_too_much_is_named_with_its_line(text, line, what):
    with pytest.raises(SourceError, match=what) as caught:
        check_markdown(text)
    assert caught.value.problem.line == line


@pytest.mark.parametrize(
    "text",
    [
        "a@b.c\n" * 5000,
        "- " * 300,
        "a\n" + "-" * 500,
        ">" * 199 + "a\n",
        "|a|b|\n|-|-|\n" + "|x|y|\n" * 10_000,
        "---\n" * 1000 + "a\n" * 200_000,
    ],
)
def test_ordinary_markdown_passes(text):
    check_markdown(text)
