"""A body is measured where its tree is; what would be too deep or too large is never rendered."""

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import SourceError
from publisher.sources import nesting
from publisher.sources.markup import markdown, sanitised

BASE = "https://x.example/a/"

_BOLDS = "".join(f"<b lang=x{number}>" for number in range(190))

TOO_DEEP = {
    **{
        f"<{tag}> open": f"<{tag}>" * 15_000
        for tag in "abbr b blockquote div i q rt rp ruby span sup ins".split()
    },
    "closed as well": "<rt>" * 10_000 + "x" + "</rt>" * 10_000,
    "an end in an attribute": '<b title="</b>">' * 5_000,
    "an end in a quoted attribute": "<b title='</b>'>" * 5_000,
    "an end in a comment": "<b><!--</b>-->" * 5_000,
    "an end in a comment, behind a comment": "<!-- -->" + "<div><!--</div>-->" * 5_000,
    "an end in a script": "<b><script></b></script>" * 5_000,
    "ends of others": "<div></span></p2>" * 5_000,
    "ends that no table lets out": "<div><table><td></div>" * 5_000,
    "lists within lists": "<ul><li>" * 5_000,
    "terms": "<dl><dd>" * 5_000,
    "tables within tables": "<table><tr><td>" * 5_000,
    "rows without ends": "<table><tbody><tr><td><table>" * 2_000,
    "upper case": "<RT>" * 15_000,
    "behind a paragraph": "<p>one<p>two" + "<rt>" * 15_000,
    "elements that are left out": "<section><marquee><rt>" * 5_000,
}


@pytest.mark.parametrize("kind", TOO_DEEP)
def test_a_tree_that_is_too_deep_is_refused_before_anything_is_rendered(kind):
    with pytest.raises(SourceError) as raised:
        sanitised(TOO_DEEP[kind], BASE)
    assert raised.value.problem.what == "more than 200 elements within each other"
    assert "the deepest is <" in raised.value.problem.todo


@pytest.mark.slow
@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<p>" + _BOLDS + "</p>" + "<p>x" * 5_000, id="opened anew in paragraphs"),
        pytest.param("<table>" + _BOLDS + "<tr></tr>x" * 5_000, id="moved out of a table"),
        pytest.param("<br>" * 120_000, id="never closed, and never nested"),
    ],
)
def test_a_tree_that_is_too_large_is_refused(markup):
    with pytest.raises(SourceError) as raised:
        sanitised(markup, BASE)
    assert raised.value.problem.what == "more than 100,000 elements"


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<ul>" + "<li>one" * 5_000, id="a list without ends"),
        pytest.param("<p>one" * 5_000, id="paragraphs without ends"),
        pytest.param("<p><b>one</p>" * 2_000, id="bold that is never closed"),
        pytest.param("<b><i>one</b></i>" * 2_000, id="ends in the wrong order"),
        pytest.param("<table>" + "<tr><td>one<td>two" * 2_000, id="cells without ends"),
        pytest.param("<!--" + "<b>" * 5_000 + "--><p>one</p>", id="tags in a comment"),
        pytest.param('<b title="' + "<b>" * 5_000 + '">one</b>', id="tags in an attribute"),
        pytest.param("<ruby>" + "a<rt>b" * 2_000, id="ruby without ends"),
        pytest.param("<div>" * 190 + "one", id="not deep enough"),
        pytest.param("<p>a <b>b</b> <a href='/c'>c</a></p>" * 9_000, id="long"),
        pytest.param(markdown("> " * 150 + "one"), id="quotations"),
    ],
)
def test_what_people_write_is_not_too_deep(markup):
    assert sanitised(markup, BASE)


_INLINE = ("b", "i", "rt", "span", "q", "sup")
_BLOCK = ("div", "blockquote", "section", "h2")


def _element(children):
    return st.tuples(st.sampled_from([*_INLINE, *_BLOCK, "ul", "table", "a"]), children)


_BODY = st.recursive(
    st.sampled_from(["one", "<br>", '<img alt="<b>">', "<p>two</p>", "&lt;"]),
    lambda inner: _element(st.lists(inner, max_size=4)),
    max_leaves=30,
)


def _written(part):
    if isinstance(part, str):
        return part
    tag, children = part
    inside = "".join(map(_written, children))
    if tag == "ul":
        return f"<ul><li>{inside}</li></ul>"
    if tag == "table":
        return f"<table><tbody><tr><td>{inside}</td></tr></tbody></table>"
    return f"<{tag}>{inside}</{tag}>"


@given(st.lists(_BODY, max_size=4))
def test_html_that_needs_no_mending_has_the_tree_that_is_written(parts):
    markup = "".join(map(_written, parts))
    tree = nesting.plain(markup)
    if tree is None:  # such as a heading within a heading
        return
    parsed = nesting.measured(nh3.clean(markup, tags={*nesting._PLAIN}))
    assert (parsed.depth, parsed.count) == (tree.depth, tree.count)


@given(st.lists(st.sampled_from("<b> </b> <p> </p> <div> </div> <a> </a> <td> <table> <!-- --> <li> </li> <ul> x <h2> </h2> <svg> <br/> </br> <i".split())))  # fmt: skip
def test_any_heap_of_tags_that_counts_as_plain_is_what_a_parser_finds(tokens):
    markup = "".join(tokens)
    tree = nesting.plain(markup)
    if tree:
        parsed = nesting.measured(nh3.clean(markup, tags={*nesting._PLAIN}))
        assert (parsed.depth, parsed.count) == (tree.depth, tree.count)
