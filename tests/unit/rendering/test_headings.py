"""An article's own headings stand below its title, one level at a time."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model import Publication
from publisher.rendering import page_body
from publisher.rendering.body import mail_body
from publisher.rendering.headings import below


@pytest.mark.parametrize(
    ("html", "title", "wanted"),
    [
        ("<h2>A</h2><p>b</p><h3>C</h3>", 1, "<h2>A</h2><p>b</p><h3>C</h3>"),
        ("<h2>A</h2><p>b</p><h3>C</h3>", 3, "<h4>A</h4><p>b</p><h5>C</h5>"),
        ("<h1>A</h1><h1>B</h1>", 2, "<h3>A</h3><h3>B</h3>"),
        ("<h5>A</h5><h2>B</h2><h4>C</h4>", 2, "<h3>A</h3><h3>B</h3><h4>C</h4>"),
        ("<h2>A</h2><h6>B</h6><h4>C</h4><h3>D</h3>", 1, "<h2>A</h2><h3>B</h3><h3>C</h3><h3>D</h3>"),
        ("<h1>A</h1><h2>B</h2><h3>C</h3><h4>D</h4>", 3, "<h4>A</h4><h5>B</h5><h6>C</h6><h6>D</h6>"),
        (
            '<h4 id="a" title="<h2>">A <em>b</em></h4>',
            1,
            '<h2 id="a" title="<h2>">A <em>b</em></h2>',
        ),
        ("<!-- <h2> --><hr><header>x</header>", 3, "<!-- <h2> --><hr><header>x</header>"),
        ("</h3><h2>a", 1, "</h3><h2>a"),
        ("&lt;h2&gt;", 3, "&lt;h2&gt;"),
    ],
)
def test_headings_go_below_their_title(html, title, wanted):
    assert below(html, title) == wanted


@given(st.lists(st.integers(1, 6), max_size=20), st.integers(1, 3))
def test_no_level_is_skipped_and_what_was_below_another_still_is(levels, title):
    html = "".join(f"<h{level}>x</h{level}>" for level in levels)
    found = below(html, title)
    now = [int(level) for level in re.findall(r"<h(\d)>", found)]
    assert found == "".join(f"<h{level}>x</h{level}>" for level in now)
    assert all(level > title for level in now)
    assert all(after - before <= 1 for before, after in pairwise([title, *now]))
    for (one, other), (written, then) in zip(pairwise(levels), pairwise(now), strict=True):
        assert (one == other) <= (written == then)
        assert (one > other) <= (written >= then)


def test_they_look_the_same_whatever_their_title_is():
    css = "h3 { color: red; } h4 { color: blue; }"
    html = '<h2>A</h2><p title="<h3>">b</p><h3>C</h3>'
    assert mail_body(html, css, title=2) == (
        '<h3 style="color: red;">A</h3><p title="<h3>">b</p><h4 style="color: blue;">C</h4>'
    )
    assert mail_body(html, css, title=3) == (
        '<h4 style="color: red;">A</h4><p title="<h3>">b</p><h5 style="color: blue;">C</h5>'
    )


def test_a_page_has_them_below_its_own():
    own = Publication(title="Letter", base_url="https://x.example/")
    assert page_body("<h1>A</h1><h4>B</h4>", own, {}) == '<h2 id="a">A</h2><h3 id="b">B</h3>'
