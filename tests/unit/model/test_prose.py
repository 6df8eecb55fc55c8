"""HTML in, words out: as the text part of a mail shows them, and on one line."""

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.model import elements, prose
from publisher.model.prose import alternatives, words
from publisher.rendering.plain import plain


def same(html, both):
    return (html, both, both)


PAIRS = [
    # (HTML, the text part, the words on one line)
    # Raised and lowered
    same("<p>10<sup>6</sup> cells in 25 m<sup>2</sup></p>", "10⁶ cells in 25 m²"),
    same("<p>H<sub>2</sub>O, CO<sub>2</sub></p>", "H₂O, CO₂"),
    same("<p>10<sup>−6</sup> and x<sup>n+1</sup></p>", "10⁻⁶ and xⁿ⁺¹"),
    ('<p>10<sup><a href="https://a.example/">6</a></sup></p>', "10⁶ <https://a.example/>", "10⁶"),
    same("<p>10<sup>2,5</sup>, 5</p>", "10^(2,5), 5"),
    same("<p>x<sup>ab</sup>, y<sup>1.5</sup>, z<sup>x,y</sup></p>", "x^(ab), y^1.5, z^(x,y)"),
    same("<p>T<sub>max</sub> and a<sub>i,j</sub></p>", "T_max and a_(i,j)"),
    same("<p>1<sup>st</sup>, 1<sup>er</sup>, M<sup>me</sup> K.</p>", "1st, 1er, Mme K."),
    same("<p>N<sup>o</sup> 3, Acme<sup>TM</sup>, B<sup>®</sup></p>", "Nº 3, Acme™, B®"),
    same("<p>a<sup> </sup>b<sub></sub></p>", "ab"),
    same("<p>2<sup>2<sup>3</sup></sup></p>", "2^(2³)"),
    ("<p>text<sup>[1]</sup> on</p>", "text[1] on", "text on"),
    ('<p>text<sup><a href="https://x.example/a/#fn1">1</a></sup> on</p>', "text[1] on", "text on"),
    ("<p>said<sup>[citation needed]</sup></p>", "said[citation needed]", "said"),
    same("<p>starred<sup>*</sup> items</p>", "starred* items"),
    # Struck
    (
        "<p>The <del>director</del> deputy wants <s>100</s> 80 euros</p>",
        "The ~~director~~ deputy wants ~~100~~ 80 euros",
        "The deputy wants 80 euros",
    ),
    ("<del><p>gone</p><p>too</p></del><p>here</p>", "~~gone~~\n\n~~too~~\n\nhere", "here"),
    same("<p><ins>new</ins> <mark>word</mark></p>", "new word"),
    # Quotations
    same("<p><q>no more</q>, he said</p>", "“no more”, he said"),
    same("<p><q>he said <q>no</q></q></p>", "“he said ‘no’”"),
    same('<p><q lang="de">nein</q></p>', "„nein“"),
    same('<p lang="de"><q>ja <q>nein</q></q></p>', "„ja ‚nein‘“"),
    same('<p><b lang="de"><q>ja</q></b> <q>no</q></p>', "„ja“ “no”"),
    (
        "<blockquote><p>a</p><p>b</p></blockquote><p>c</p>",
        "> a\n>\n> b\n\nc",
        "a b c",
    ),
    (
        "<blockquote><blockquote><p>a</p></blockquote><p>b</p></blockquote>",
        "> > a\n>\n> b",
        "a b",
    ),
    ("<blockquote>a<br>b</blockquote>", "> a\n> b", "a b"),
    # Lists
    ('<ol start="3"><li>a</li><li>b</li></ol>', "3. a\n4. b", "a b"),
    ('<ol reversed=""><li>a</li><li>b</li></ol>', "2. a\n1. b", "a b"),
    ('<ol type="a"><li>a</li><li>b</li></ol>', "a. a\nb. b", "a b"),
    ('<ol type="A" start="26"><li>a</li><li>b</li></ol>', "Z. a\nAA. b", "a b"),
    ('<ol type="i" start="3"><li>a</li><li>b</li></ol>', "iii. a\niv. b", "a b"),
    ('<ol type="I" start="9"><li>a</li><li value="40">b</li></ol>', "IX. a\nXL. b", "a b"),
    ('<ol start="-1"><li>a</li><li>b</li></ol>', "-1. a\n0. b", "a b"),
    ("<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>", "- a\n  1. b\n- c", "a b c"),
    ("<ul><li><p>a</p><p>b</p></li><li></li></ul>", "- a\n  b\n-", "a b"),
    ("<ul><li><blockquote>a</blockquote></li></ul>", "- > a", "a"),
    ("<ul><li>a</li><ul><li>b</li></ul>c</ul>", "- a\n  - b\n  c", "a b c"),
    ("<dl><dt>T</dt><dd>d</dd><dt>U</dt><dd>e</dd></dl>", "T\n    d\nU\n    e", "T d U e"),
    # Lines as they are
    ("<pre><code>a\n\n\n  b\n</code></pre>", "    a\n    \n    \n      b", "a b"),
    ("<pre>a<br>  b</pre>", "    a\n      b", "a b"),
    ("<ul><li><pre>a\n b</pre></li></ul>", "-     a\n       b", "a b"),
    ("<p>a<br>b<br><br>c</p>", "a\nb\n\nc", "a b c"),
    # Nothing is glued
    (
        "<table><tr><td><p>2024</p><p>2025</p></td><td><ul><li>one</li><li>two</li></ul></td></tr></table>",
        "2024 2025 | one two",
        "2024 2025 one two",
    ),
    (
        "<table><caption>Goals</caption><tr><th>a</th><td>1<br>2</td></tr></table>",
        "Goals\n\na | 1 2",
        "Goals a 1 2",
    ),
    ("<table><tr><td><p>a</p><p>b</p></td></tr></table>", "a\n\nb", "a b"),
    (
        "<table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table></td><td>d</td></tr></table>",
        "a b | c | d",
        "a b c d",
    ),
    ("<div>a</div><div>b</div>", "a\n\nb", "a b"),
    ("<div>a<p>b</p>c</div>", "a\n\nb\n\nc", "a b c"),
    (
        "<details><summary>More</summary>text</details>",
        "More\n\ntext",
        "More text",
    ),
    ("<span>a<div>b</div></span>c", "a\n\nb\n\nc", "a b c"),
    (
        '<a href="https://x.example/"><h3>Head</h3><p>Text</p></a>',
        "Head\n\nText <https://x.example/>",
        "Head Text",
    ),
    (
        '<figure><img src="i" alt="pic"><figcaption>cap</figcaption></figure>',
        "[pic]\n\ncap",
        "cap",
    ),
    # Addresses and code keep their letters
    (
        '<h2><a href="https://e.example/Report/AbC?Id=xY">Read it</a></h2>',
        "READ IT <https://e.example/Report/AbC?Id=xY>",
        "Read it",
    ),
    (
        '<h2>Use <code>getElementById()</code>, write to <a href="mailto:Ana@E.example">Ana@E.example</a></h2>',
        "USE getElementById(), WRITE TO Ana@E.example",
        "Use getElementById(), write to Ana@E.example",
    ),
    (
        "<h2>The U.S.-Japan plan: 5 mW, 3 kg, iPhone, node.js, example.com/Path, @Ana, #Tag</h2>",
        "THE U.S.-JAPAN PLAN: 5 mW, 3 kg, iPhone, node.js, example.com/Path,\n@Ana, #Tag",
        "The U.S.-Japan plan: 5 mW, 3 kg, iPhone, node.js, example.com/Path, @Ana, #Tag",
    ),
    ("<h2>10<sup>n</sup> of CO<sub>2</sub></h2>", "10ⁿ OF CO₂", "10ⁿ of CO₂"),
    (
        '<p><a href="https://e.example/">site</a>, <a href="tel:+4912">+4912</a></p>',
        "site <https://e.example/>, +4912",
        "site, +4912",
    ),
    (
        '<p>詳細は<a href="https://e.example/1">https://e.example/1</a>をご覧</p>',
        "詳細は<https://e.example/1>をご覧",
        "詳細はhttps://e.example/1をご覧",
    ),
    (
        '<p><a href="https://e.example/%E6%9D%B1">https://e.example/東</a></p>',
        "https://e.example/東",
        "https://e.example/東",
    ),
    ('<p><a href="https://e.example/"><img alt="p"></a></p>', "[p] <https://e.example/>", ""),
    # Chinese and Japanese
    same("<p>切れていま\nす。そ\n<b>の</b>\n後</p>", "切れています。その後"),
    same("<p>한국어\n문장</p>", "한국어 문장"),
    same("<p><ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>です</p>", "漢字（かんじ）です"),
    same("<p><ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby></p>", "漢（かん）字（じ）"),
    same("<p><ruby><rb>北</rb><rb>京</rb><rt>ぺ</rt><rt>きん</rt></ruby>へ</p>", "北京（ぺきん）へ"),
    same("<p><ruby>WHO<rt>world</rt></ruby></p>", "WHO (world)"),
    # Players
    ('<video src="https://e.example/v.mp4">no video here</video>', "▶ <https://e.example/v.mp4>", ""),
    ('<audio controls=""><source src="a.mp3"></audio>', "▶ <a.mp3>", ""),
    # Characters
    same("<p>a &amp; b &lt;c&gt; &quot;d&quot;</p>", 'a & b <c> "d"'),
    same("<p>می‌خواهم 👩‍👩‍👧 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🫨</p>", "می‌خواهم 👩‍👩‍👧 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🫨"),
    ("", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("words_of_link", "shown"),
    [
        ("https://Ex.example/A?b=C", "https://Ex.example/A?b=C"),
        ("https://ex.example/a?b=c", "https://ex.example/a?b=c <https://ex.example/A?b=C>"),
    ],
)
def test_an_address_stands_once_where_its_words_are_it_but_for_the_host_in_capitals(
    words_of_link, shown
):
    link = f'<p><a href="https://ex.example/A?b=C">{words_of_link}</a></p>'
    assert plain(link, "en") == shown


@pytest.mark.parametrize(("html", "text", "line"), PAIRS)
def test_html_becomes_words(html, text, line):
    assert (plain(html, "en"), words(html, "en")) == (text, line)


@pytest.mark.parametrize(
    ("language", "text"),
    [("de", "„a ‚b‘“"), ("fr", "«\u00a0a “b”\u00a0»"), ("ja", "「a 『b』」"), ("de-CH", "«a ‹b›»"),
     ("pl", "„a «b»”"), ("sv", "”a ’b’”"), ("en-GB", "“a ‘b’”"), ("", "“a ‘b’”")],
)  # fmt: skip
def test_quotation_marks_are_those_of_the_language(language, text):
    html = "<p><q>a <q>b</q></q></p>"
    assert plain(html, language) == text


def test_capitals_are_left_to_languages_that_have_rules_of_their_own():
    assert plain("<h2>Işık ile ilgili</h2>", "tr") == "Işık ile ilgili"


def test_pictures_speak_by_the_words_that_stand_for_them():
    html = '<p><img alt="A bridge"><img alt=""><img alt="A  bridge"><img alt="b"></p>'
    assert alternatives(html) == "A bridge · b"


SEEN = set(
    "p div ul ol li b a table caption tbody tr td th pre h2 blockquote sup q del dl dd".split()
)


@settings(deadline=None)
@given(st.lists(st.sampled_from(sorted(SEEN))))
def test_whatever_stands_within_whatever_no_word_is_lost(tags):
    html = nh3.clean("".join(f"<{tag}>w{n} " for n, tag in enumerate(tags)), tags=SEEN)
    assert all(f"w{n}" in plain(html).lower() for n in range(len(tags)))


def test_a_thousand_elements_within_each_other_are_words_all_the_same():
    html = "<div>" * 1000 + "deep" + "</div>" * 1000 + "<p>after</p>"
    assert words(html) == "deep after"


@settings(deadline=None)
@given(st.lists(st.sampled_from([html for html, _, _ in PAIRS] + ["loose", "<b>x</b>", "<br>"])))
def test_blocks_in_turn_are_the_same_blocks(pieces):
    html = nh3.clean(" ".join(pieces))
    assert list(prose.blocks_in_turn(html, "en")) == prose.blocks(html, "en")


def test_who_has_enough_blocks_reads_no_more(monkeypatch):
    read = []
    monkeypatch.setattr(elements, "unescape", lambda text: read.append(text) or text)
    first = next(prose.blocks_in_turn("<p>one</p><p>two</p><p>three</p>"))
    assert (first.text, read) == ("one", ["one"])
