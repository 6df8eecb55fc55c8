"""What a finding means is marked where it stands, and nothing that is shown changes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.rendering import needles, with_places


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("a link is called “click here”", ["click here"]),
        ("the picture bay.jpg has no alt text", ["bay.jpg"]),
        ("the link http://bit.ly/x is shortened", ["http://bit.ly/x"]),
        ("the mail holds <form>", ["<form"]),
        ("the HTML part leaves out “A”, “Bay”", ["Bay"]),
        ("the subject is empty", []),
    ],
)
def test_a_finding_says_what_to_look_for(what, found):
    assert needles(what) == found


def test_the_headline_of_its_story_comes_last():
    assert needles("“Sento” has no author", "The Chimney") == ["Sento", "The Chimney"]
    assert needles("x", "") == []


@pytest.mark.parametrize(
    ("html", "needle", "marked"),
    [
        ("<p>Do click  here.</p>", "click here", '<p>Do <mark id="f-0">click  here</mark>.</p>'),
        ("<p>AT&amp;T &#39;s</p>", "AT&T 's", '<p><mark id="f-0">AT&amp;T &#39;s</mark></p>'),
        ('<img src="/a/bay.jpg">', "bay.jpg", '<img id="f-0" src="/a/bay.jpg">'),
        ("<p>Atkins TK</p>", "TK", '<p>Atkins <mark id="f-0">TK</mark></p>'),
        ("<form action=x>", "<form", '<form id="f-0" action=x>'),
        (
            '<div style="display:none"><b>Hi</b> Hi</div><p>Hi</p>',
            "Hi",
            '<div style="display:none"><b>Hi</b> Hi</div><p><mark id="f-0">Hi</mark></p>',
        ),
        (
            "<!-- Hi --><style>Hi{}</style><title>Hi</title><i>Hi</i>",
            "Hi",
            '<!-- Hi --><style>Hi{}</style><title>Hi</title><i><mark id="f-0">Hi</mark></i>',
        ),
    ],
)
def test_words_and_elements_are_marked_where_a_reader_sees_them(html, needle, marked):
    assert with_places(html, [[needle]], "f") == (marked, ["f-0"])


def test_an_element_keeps_the_id_it_has():
    html = '<a id="top" href="http://bit.ly/x">words</a>'
    assert with_places(html, [["http://bit.ly/x"]], "f") == (html, ["top"])


def test_the_same_words_again_are_the_next_place_and_the_last_one_is_used_twice():
    marked, ids = with_places("<i>go</i> <i>go</i>", [["go"], ["go"], ["go"]], "f")
    assert ids == ["f-0", "f-1", "f-1"]
    assert marked == '<i><mark id="f-0">go</mark></i> <i><mark id="f-1">go</mark></i>'


def test_what_is_nowhere_has_no_place():
    assert with_places("<p>x</p>", [["gone"], []], "f") == ("<p>x</p>", ["", ""])


PIECES = [
    "<p>",
    "</p>",
    "<img src='a.png'>",
    "<br/>",
    "<",
    ">",
    '"',
    "&amp;",
    "a.png",
    "go",
    " ",
    "“",
    "<!--",
    "-->",
    "<style>",
    "</style>",
]


@given(
    st.lists(st.sampled_from(PIECES), max_size=30),
    st.lists(st.sampled_from(["go", "a.png", "&", "<img", "go go"]), max_size=5),
)
def test_without_its_marks_it_is_what_it_was(pieces, wanted):
    html = "".join(pieces)
    marked, ids = with_places(html, [[one] for one in wanted], "f")
    plain = re.sub(r'<mark id="f-\d+">(.*?)</mark>', r"\1", marked, flags=re.DOTALL)
    assert re.sub(r' id="f-\d+"', "", plain) == html
    assert all(f'id="{one}"' in marked for one in ids if one)
