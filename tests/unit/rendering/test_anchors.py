"""Pages keep the ids that links lead to, and every heading has one."""

import re

import pytest

from publisher.rendering.anchors import with_targets


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2>What’s new, really?</h2>", '<h2 id="whats-new-really">What’s new, really?</h2>'),
        ("<h2>A</h2><h3>A</h3>", '<h2 id="a">A</h2><h3 id="a-1">A</h3>'),
        ('<h2 id="x">A</h2><p id="x">b</p>', '<h2 id="x">A</h2><p>b</p>'),
        ("<h2>Related</h2>", '<h2 id="related-1">Related</h2>'),
        ('<h2 dir="rtl">שלום</h2>', '<h2 id="שלום" dir="rtl">שלום</h2>'),
        ("<h2>🎉</h2>", '<h2 id="part">🎉</h2>'),
        ("<h2>U.S. pact</h2>", '<h2 id="us-pact">U.S. pact</h2>'),
        (
            '<p><a href="/a/#u-s-pact">see</a></p><h2>U.S. pact</h2>',
            '<p><a href="/a/#u-s-pact">see</a></p><h2 id="u-s-pact">U.S. pact</h2>',
        ),
        (
            '<a href="/a/#%E6%9D%B1%E4%BA%AC">x</a><h2>東京</h2>',
            '<a href="/a/#%E6%9D%B1%E4%BA%AC">x</a><h2 id="東京">東京</h2>',
        ),
    ],
)
def test_headings_have_ids(html, expected):
    assert with_targets(html) == expected


def test_headings_of_one_name_are_numbered_around_those_that_are_taken():
    html = with_targets('<h2 id="a-1">x</h2><h2>a</h2><h2>a</h2><h2>a</h2>')
    assert re.findall('id="([^"]*)"', html) == ["a-1", "a", "a-2", "a-3"]
