"""Titles and summaries: words without markup, cut where one may."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.sources import summaries
from publisher.sources.summaries import plain_words, shortened, summary_of, teaser, title_words


def test_the_summary_passes_over_paragraphs_that_only_lead_on_or_only_link():
    clean = (
        '<p>In this release:</p><p><a href="x">Download it</a></p><p>Real text.<sup>[1]</sup></p>'
    )
    assert summary_of(clean) == "Real text."


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("Short.", 20, "Short."),
        ("U.S. leaders met. They talked for hours.", 25, "U.S. leaders met."),
        ("no sentence ends in these words at all", 20, "no sentence ends in…"),
        ("一二三四五。六七八九十", 8, "一二三四五。"),
        ("一二三四五六七八九十", 5, "一二三四…"),
    ],
)
def test_a_long_text_is_shortened_at_a_sentence_or_a_word(text, length, expected):
    assert shortened(text, length) == expected


def test_front_matter_texts_lose_their_markup():
    assert (
        plain_words("NARA&#8217;s **best** [day](x) <b>ever</b> & more")
        == "NARA’s best day ever & more"
    )


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("His views were shared by Dr. Example of the institute in town.", 40, "His views were shared by Dr. Example of…"),
        ("It all began. She met J. R. Smith of the old town hall there.", 30, "It all began."),
        ("Am 3. Mai begann die lange Sitzung des Rates im Saal.", 20, "Am 3. Mai begann…"),
        ("Es kostet ca. 3 Mio. Euro und mehr, sagt der Rat.", 26, "Es kostet ca. 3 Mio. Euro…"),
        ("La ville a 2 000 hab. Elle grandit depuis un siècle.", 30, "La ville a 2 000 hab. Elle…"),
        ("It costs 3.50 euros for all of them, and more later.", 12, "It costs…"),
        ("Version 2.0 is out. It has many new features in it.", 30, "Version 2.0 is out."),
        ("He said: “Go!” and they went on and on for hours.", 20, "He said: “Go!” and…"),
        ("पहला वाक्य। दूसरा वाक्य यहाँ आता है।", 20, "पहला वाक्य।"),
        ("ab 👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 8, "ab…"),
        ("日本🇯🇵🇰🇷🇨🇳日本", 6, "日本🇯🇵…"),
        ("👍🏽👍🏽👍🏽", 4, "👍🏽…"),
        ("हिन्दीमेंसमाचारपत्र", 5, "हि…"),
        ("é́é́é́é́é́é́", 5, "é́é́…"),
        ("これは長い文章ですがコンピュータの話です", 13, "これは長い文章ですが…"),
        ("東京 これは長い文章ですがコンピュータの話です", 16, "東京 これは長い文章ですが…"),
        ("我们在 GitHub上发布了新的版本", 8, "我们在…"),
        ("https://example.com/a/very/long/address", 12, "https://exa…"),
    ],
)  # fmt: skip
def test_a_text_is_cut_where_a_sentence_a_word_or_a_character_ends(text, length, expected):
    assert shortened(text, length) == expected


@settings(deadline=None)
@given(st.text(alphabet="a. 日本。を🇯🇵👩‍👧हि्द́!", max_size=60), st.integers(3, 30))
def test_what_is_cut_is_a_beginning_and_never_longer(text, length):
    cut = shortened(text, length)
    assert len(cut) <= length or len(text) <= length
    assert text.startswith(cut.removesuffix("…"))


BOX = "<blockquote>\n{}\n<p>Back at noon.</p>\n</blockquote><p>More.</p>"


@pytest.mark.parametrize(
    ("clean", "summary"),
    [
        ('<p><img src="d.png" alt="A bridge"></p>', "A bridge"),
        ('<figure><img alt="x"><figcaption>Caption</figcaption></figure>', "Caption"),
        ("<p><s>Gone.</s></p><p>Here.</p>", "Here."),
        ("<p>10<sup>6</sup> cells in 25 m<sup>2</sup>.</p>", "10⁶ cells in 25 m²."),
        ("<ul><li>one</li><li>two</li></ul>", "one two"),
        ("<p>Read <q>this</q>:</p><p>And that.</p>", "And that."),
        (BOX.format("<p><strong>Read this</strong></p>"), "Back at noon."),
        (BOX.format(""), "Back at noon."),
        ("<blockquote><p><strong>All that is quoted</strong></p></blockquote>", "All that is quoted"),
        ('<figure><img alt="x"><figcaption><p>Our boat</p></figcaption></figure><p>It sails.</p>',
         "It sails."),
        ("", ""),
    ],
)  # fmt: skip
def test_a_summary_is_the_first_words_that_tell_something(clean, summary):
    assert summary_of(clean) == summary


def test_a_teaser_is_without_headings():
    assert teaser("<h1>Ferry</h1>\n<p>It sails.</p>\n<h2 id='x'>When</h2><p>Now.</p>") == (
        "It sails. Now."
    )
    assert teaser("<h1>Ferry</h1>") == ""


def test_the_summary_of_a_long_text_is_found_at_its_beginning_or_wherever_it_is():
    many = "<ul>" + "<li>item</li>" * 2000 + "</ul>"
    assert summary_of(f"<p>Told.</p>{many}") == "Told."
    assert summary_of(f"{many}<p>Told.</p>") == "Told."


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Over 10<sup>6</sup> cases", "Over 10⁶ cases"),
        ("H<sub>2</sub>O &amp; more", "H₂O & more"),
        ("*Stars* and `code` stay", "*Stars* and `code` stay"),
        ("a < b, the <template> tag", "a < b, the <template> tag"),
    ],
)
def test_a_title_is_as_it_was_typed_but_for_html(typed, shown):
    assert title_words(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("1. FC Köln *wins*", "1. FC Köln wins"),
        ("# one & two", "# one & two"),
        ("- 5 °C & rain", "- 5 °C & rain"),
        ("~~100~~ 80 euros", "80 euros"),
        ("Now 10<sup>6</sup> cases", "Now 10⁶ cases"),
    ],
)
def test_a_summary_from_front_matter_is_a_line(typed, shown):
    assert plain_words(typed) == shown


@settings(deadline=None)
@given(st.text("aDr.N1 (é\n_“", max_size=30))
def test_what_ends_no_sentence_is_found_in_the_word_before_the_dot(text):
    for dot in range(len(text) + 1):
        found = summaries._NO_END.search(text[:dot]) is not None
        assert summaries._ends_no_sentence(text, dot) == found
