"""Articles: front matter, Markdown, HTML and plain text, through all that is made of them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from publisher.errors import SourceError
from tests.fuzz.spoilt import examples, joined, spoilt
from tests.hostile.corpus import HEADS, JSON, MARKDOWN, MARKUP, SCRIPT, TEXT, TOML
from tests.hostile.shapes import OF_DIALECTS, SHAPES
from tests.hostile.steps import steps

pytestmark = pytest.mark.slow


def tried(path: str, data: bytes) -> None:
    """Go the whole way; whatever comes in, what comes out is harmless and well-formed."""
    done: dict[str, object] = {}
    try:
        for name, step in steps(path, data):
            done[name] = step()
    except SourceError as error:
        assert error.problem.what and "\n" not in error.problem.headline
        return
    if "feeds" not in done:
        return
    for name in ("page", "mail"):
        assert dangers(str(done[name])) == []
    for file in done["feeds"]:  # type: ignore[attr-defined]
        if file.path.endswith(".json"):
            json.loads(file.data, parse_constant=pytest.fail)
        elif file.path.endswith(".xml"):
            etree.fromstring(file.data)
    assert not set(str(done["text"])) & set("\0\x07\x1b\r")


LEADS = frozenset(
    "action background cite data formaction href poster src srcdoc xlink:href".split()
)
"""Attributes that are addresses, or pages; others are words, whatever they look like."""


def dangers(made: str) -> list[str]:
    """What may not stand in what goes out."""
    found = []
    for element in html.fragment_fromstring(made, create_parent="div").iter():
        if element.tag in ("script", "style", "iframe", "object", "embed", "base", "form"):
            found.append(f"<{element.tag}>")
        for key, value in element.attrib.items():
            bare = "".join(c for c in value if c > " ").lower()
            leads = key in LEADS and bare.startswith(("javascript:", "vbscript:", "data:"))
            if key.startswith("on") or leads:
                found.append(f"{key}={value}")
    return found


def of(suffix: str) -> list[str]:
    """The units of the shapes that are known to be nasty, each three times over."""
    return [make(3 * 30)[:200] for (kind, _), make in SHAPES.items() if kind == suffix]


HEAD = "---\ntitle: A story\ndate: 2026-11-20\n---\n"
HEADED = [
    *(f"---\ntitle: x\n{head}---\nText.\n" for head, _ in HEADS.values() if len(head) < 2000),
    *(f'+++\ntitle = "x"\n{head}+++\nText.\n' for head, _ in TOML.values() if len(head) < 2000),
    *(text for text, _ in JSON.values() if len(text) < 2000),
    "Title: x\nDate: 2026-11-20\nTags: a, b\n\nText.\n",
    ".. title: x\n.. slug: y\n.. tags: private\n\nText.\n",
    "---\ntitle: x\ndate: 2026-11-20 10:00\ntags: [a, b]\nauthor: {name: A}\nimage: a.jpg\n"
    "draft: false\nexpires: 2027-01-01\nslug: x\nlanguage: de\nid: 7\nrelated: [y]\n---\nText.\n",
]
SIGNS = (
    "---\n|+++\n|{|}|[|]|: |:|- |\n|,|&a |*a |<<: |!!|!!str |? |'|\"|\\|#|%|@|`|||>|~|null|true|.nan|.inf|"
    "1e999|0x|0b|1:2:3|2026-02-30|9999-12-31|\ud7ff|\u2028|\x85|\t|  |=|date|title|tags|draft|image|id"
)
PIECES = [*SIGNS.split("|"), "\0", "\ufeff", "\x1b["]


@examples(300)
@given(spoilt([one.encode() for one in HEADED], [one.encode() for one in PIECES]))
def test_any_front_matter_is_read_or_refused(data):
    tried("a.md", data)


@examples(100)
@given(joined([*of(".md"), *(text for text, _ in MARKDOWN.values() if len(text) < 300)], 12))
def test_any_markdown_goes_all_the_way(data):
    tried("a.md", HEAD.encode() + data)


@pytest.mark.parametrize("suffix", OF_DIALECTS)
@examples(40)
@given(data=st.data())
def test_any_markup_of_another_generator_goes_all_the_way(suffix, data):
    tried(f"a{suffix}", HEAD.encode() + data.draw(joined(of(suffix), 12)))


TAGS = (
    "a abbr b base blockquote body br button caption code col colgroup dd del details div dl dt em "
    "embed fieldset figure font footer form frameset h1 h2 h6 head hr html i iframe img input ins "
    "li link main map marquee math meta mi mo mfrac msup nav nobr noscript object ol option p param "
    "picture plaintext pre q rp rt ruby s script section select source span style sub summary sup "
    "svg table tbody td template textarea tfoot th thead title tr tt u ul video wbr xmp "
    "annotation-xml foreignObject desc mglyph mtext image o:p"
).split()
VALUES = [
    "x", "", "https://a.example/?a=1&b=2#c", "../a", "//", "http://[::1", f"javascript:{SCRIPT}",
    f" java\tscript:{SCRIPT}", "data:text/html,x", "99999999999999999999", "-1", "a b c",
    "display:none", "mso-list:l0 level1", "\"'<>&", "&quot;", "</p>", "a 1w, b 2x", "rtl", "\0",
]  # fmt: skip
NAMES = (
    "href src srcset data-src alt title id name class style width height colspan rowspan start type "
    "value lang dir hidden cite datetime onclick onerror srcdoc action background poster xlink:href"
).split()


@st.composite
def element(draw):
    """A tag, with attributes, opened, closed, or neither."""
    tag = draw(st.sampled_from(TAGS))
    names = draw(st.lists(st.sampled_from(NAMES), max_size=3))
    quote = draw(st.sampled_from(('"', "'", "")))
    written = "".join(f" {n}={quote}{draw(st.sampled_from(VALUES))}{quote}" for n in names)
    kind = draw(st.sampled_from(("<{}{}>", "<{}{}>", "</{}>", "<{}{}/>", "<{}{}", "<!--{}-->")))
    return kind.format(tag, written)


@st.composite
def markup(draw):
    """Elements, some of them again and again, and nasty pieces between them."""
    nasty = st.sampled_from(
        [*of(".html"), *(text for text, _ in MARKUP.values() if len(text) < 300)]
    )
    one = element() | element() | st.text(max_size=5) | nasty
    parts = draw(st.lists(st.tuples(one, st.sampled_from((1, 1, 1, 2, 7))), max_size=20))
    return "".join(text * times for text, times in parts).encode("utf-8", "replace")


@examples(300)
@given(markup(), st.sampled_from(("a.html", "a.md")))
def test_any_html_goes_all_the_way(data, path):
    tried(path, HEAD.encode() + data)


@examples(100)
@given(markup())
def test_any_page_goes_all_the_way(data):
    tried("a.html", b"<html><head><title>T</title></head><body>" + data)


@examples(100)
@given(joined([*of(".txt"), *(text for text, _ in TEXT.values() if len(text) < 300)], 12))
def test_any_plain_text_goes_all_the_way(data):
    tried("a.txt", b"Title\n\n" + data)


@examples(100)
@given(st.binary(max_size=200), st.sampled_from(("a.md", "a.html", "a.txt", "a.htm")))
def test_any_bytes_are_read_or_refused(data, path):
    tried(path, data)
