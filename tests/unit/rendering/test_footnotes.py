"""On a page the number of a footnote leads to its note, and the note back; nothing leads nowhere."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from publisher.errors import TemplateError
from publisher.model import Publication, elements
from publisher.rendering import page_body
from publisher.rendering.footnotes import with_footnotes
from publisher.sources.markup import markdown, sanitised

WORDS = {"footnotes": "Fußnoten & mehr", "footnote_back": "Zurück zu {number}"}
OWN = Publication(title="T", base_url="https://x.example/")


def shown(text):
    """An article's text in Markdown as its page shows it."""
    return page_body(sanitised(markdown(text), "https://x.example/a/"), OWN, WORDS)


def test_a_number_leads_to_its_note_and_the_note_back_to_each_number():
    assert shown("A[^x] b[^y] c[^x].\n\n[^x]: One.\n[^y]: Two[^x].\n") == (
        '<p>A<sup id="footnote-ref-1"><a href="#footnote-1" role="doc-noteref">[1]</a></sup>'
        ' b<sup id="footnote-ref-2"><a href="#footnote-2" role="doc-noteref">[2]</a></sup>'
        ' c<sup id="footnote-ref-1-2"><a href="#footnote-1" role="doc-noteref">[1]</a></sup>.</p>\n'
        '<section role="doc-endnotes" aria-label="Fußnoten &amp; mehr">\n<hr>\n\n<ol>\n'
        '<li id="footnote-1">\n<p>One. '
        '<a href="#footnote-ref-1" role="doc-backlink" aria-label="Zurück zu 1">↑</a> '
        '<a href="#footnote-ref-1-2" role="doc-backlink" aria-label="Zurück zu 1-2">'
        "↑<sup>2</sup></a> "
        '<a href="#footnote-ref-1-3" role="doc-backlink" aria-label="Zurück zu 1-3">'
        "↑<sup>3</sup></a></p>\n</li>\n"
        '<li id="footnote-2">\n<p>Two'
        '<sup id="footnote-ref-1-3"><a href="#footnote-1" role="doc-noteref">[1]</a></sup>. '
        '<a href="#footnote-ref-2" role="doc-backlink" aria-label="Zurück zu 2">↑</a></p>\n</li>\n'
        "</ol>\n</section>"
    )


def test_a_note_of_several_blocks_leads_back_at_its_end():
    page = shown("a[^1]\n\n[^1]: One.\n\n    - x\n\n      - y\n")
    (note,) = lxml_html.fromstring(page).get_element_by_id("footnote-1").xpath("self::li")
    assert note[-1].tag == "a" and note[-1].get("role") == "doc-backlink"


@pytest.mark.parametrize(
    "html",
    [
        '<p>a<sup id="footnote-ref-1">[1]</sup></p>',  # no note
        '<p>a<sup id="footnote-ref-1">[1]</sup></p><li id="footnote-2">b</li>',
        '<li id="footnote-1">b</li>',  # no number
        '<p>a<sup id="footnote-ref-1"><a href="#footnote-1">1</a></sup></p>'
        '<li id="footnote-1">b</li>',  # its author's own links
        '<hr><ol><li id="footnote-1">b</li></ol>',
        '<p>a<sup id="footnote-ref-1">[1]</sup></p><li id="footnote-1">b</li>'
        '<p>a<sup id="footnote-ref-1-2">[1]</sup></p><li id="footnote-1">c</li>',  # whose?
    ],
)
def test_what_is_no_footnote_of_ours_stays(html):
    assert with_footnotes(html, WORDS) == html


def test_a_footnote_in_restructuredtext_leads_there_and_back_as_well():
    html = '<p>a <sup id="footnote-ref-1">[CIT]</sup></p>\n<p id="footnote-1">[CIT] So.</p>'
    assert with_footnotes(html, WORDS) == (
        '<p>a <sup id="footnote-ref-1"><a href="#footnote-1" role="doc-noteref">[CIT]</a></sup></p>'
        '\n<p id="footnote-1">[CIT] So. <a href="#footnote-ref-1" role="doc-backlink" '
        'aria-label="Zurück zu CIT">↑</a></p>'
    )


def test_words_with_a_place_that_nobody_fills_are_named():
    html = '<p>a<sup id="footnote-ref-1">[1]</sup></p><li id="footnote-1">b</li>'
    with pytest.raises(TemplateError) as caught:
        with_footnotes(html, {**WORDS, "footnote_back": "{nr}"})
    assert "footnote_back" in caught.value.problem.what
    assert caught.value.problem.path == "templates/words"


_NAMES = st.sampled_from(["1", "2", "a-b", "é", "1-2", "Footnote 1"])
_PIECES = st.one_of(
    _NAMES.map(lambda name: f"word[^{name}]"),
    _NAMES.map(lambda name: f"\n\n[^{name}]: Note *x*[^{name}]\n\n    more\n\n"),
    st.sampled_from(
        [
            "\n\n## Footnote 1\n\n",
            '\n\n<p id="footnote-1">mine</p>\n\n',
            "\n\n- item[^1]\n\n",
            '\n\n<ol><li id="footnote-2">x</li></ol>\n\n',
            "`[^1]`",
            "| a[^1] |\n|--|\n| b |\n",
        ]
    ),
)


@given(st.lists(_PIECES, max_size=12))
def test_every_link_within_a_page_leads_to_the_one_element_of_that_id(pieces):
    text = "".join(pieces)
    body = sanitised(markdown(text), "https://x.example/a/")
    page = page_body(body, OWN, WORDS)
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(ids)
    bare = elements.without_ids(body)  # what mails, feeds and versions are made of
    assert "footnote-" not in bare and "href" not in bare
