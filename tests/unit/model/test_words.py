"""Characters: which end a line, and which have a meaning of their own."""

import html
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.model import no_controls, one_line, slugify, words


@pytest.mark.parametrize(
    "text",
    [
        "می‌خواهم کتاب‌ها",  # a joiner that parts letters
        "श्री क्‍ष",  # one that joins them
        "🏴󠁧󠁢󠁳󠁣󠁴󠁿 👩‍👩‍👧",  # tags, a family
        "\U0001fa77 \U0001fae8 \U0001faea",  # emoji that this Python has not heard of
        "\U00031350 \U0002ebf0 \U000323af",  # and Han
        "\u200fשלום!\u200f \u2067x\u2069",  # marks of direction
        "Qui est là\u00a0? 10\u202f000 東京\u3000大阪",  # spaces that are no blanks
        "葛\U000e0100 ☕\ufe0f 1\ufe0f⃣",  # variants
        "\u00adco\u00adop \u2060",
    ],
)
def test_what_unicode_gives_a_meaning_stays(text):
    assert one_line(text) == text


@settings(deadline=None)
@given(st.text())
def test_nothing_that_is_left_ends_a_line(text):
    assert not {"Cc", "Zl", "Zp", "Cs"} & set(map(unicodedata.category, no_controls(text)))
    assert len(one_line(text).splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("हिन्दी में समाचार", "हिन्दी-में-समाचार"),
        ("ภาษาไทยวันนี้", "ภาษาไทยวันนี้"),
        ("தமிழ் நாடு", "தமிழ்-நாடு"),
        ("عَرَبي", "عَرَبي"),
        ("שָׁלוֹם עולם", "שָׁלוֹם-עולם"),
        ("می‌خواهم کتاب‌ها", "می‌خواهم-کتاب‌ها"),
        ("ខ្មែរ", "ខ្មែរ"),
        ("a\u200c b\u200d", "a-b"),
        ("葛\U000e0100城 ☕\ufe0f", "葛城"),
        ("U.S.-Japan Pact", "u-s-japan-pact"),
        ("Größe & Maß", "grösse-mass"),
        ("--a__b--", "a-b"),
        ("🎉", ""),
    ],
)
def test_a_slug_keeps_the_letters_and_vowels_of_every_script(text, slug):
    assert slugify(text) == slug
    assert slugify(slug) == slug


@settings(deadline=None)
@given(
    st.text(st.characters()) | st.text(st.sampled_from("a\t\n\r\x00\x0b\x1f\x7f\x80\ud800\ufffeé"))
)
def test_what_xml_forbids_is_taken_out_and_nothing_else(text):
    allowed = [
        one
        for one in text
        if one in "\t\n\r" or (" " <= one <= "\ud7ff" and one != "\x7f") or one >= "\ue000"
    ]
    assert words.legal(text) == "".join(one for one in allowed if one not in "\ufffe\uffff")


@settings(deadline=None)
@given(st.text(st.characters() | st.sampled_from(" \t\n\x0b\x1c\x85\u2028\u3000")))
def test_the_words_of_a_text_have_one_space_between_them(text):
    assert words.text_of(f"<p>{html.escape(text)}") == re.sub(r"\s+", " ", text).strip()
