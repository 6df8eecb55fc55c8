"""Quotation marks and dashes of a language, where they were typed on a typewriter's keys."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from publisher.sources.markup import markdown


def typeset(text, language="en"):
    return markdown(text, language, typeset=True).removeprefix("<p>").removesuffix("</p>\n")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "“It’s ‘so’,” she said – or not…"),
        ("en-GB", "“It’s ‘so’,” she said – or not…"),
        ("de", "„It’s ‚so‘,“ she said – or not…"),
        ("de-CH", "«It’s ‹so›,» she said – or not…"),
        ("fr", "«\u00a0It’s “so”,\u00a0» she said – or not…"),
        ("es", "«It’s “so”,» she said – or not…"),
        ("pl", "„It’s «so»,” she said – or not…"),
        ("sv", "”It’s ’so’,” she said – or not…"),
        ("ru", "«It’s „so“,» she said — or not…"),
        ("ja", "“It’s ‘so’,” she said – or not…"),
        ("he", "&quot;It's 'so',&quot; she said -- or not..."),
        ("xx", "“It’s ‘so’,” she said – or not…"),
    ],
)
def test_each_language_has_its_own(language, expected):
    assert typeset("\"It's 'so',\" she said -- or not...", language) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a---b", "a—b"),
        ("'90s rock 'n' roll of the '80s", "’90s rock ‘n’ roll of the ’80s"),
        ('a 5" pipe, 6\'2"', "a 5&quot; pipe, 6’2&quot;"),
        ('("x") and *"y"*', "(“x”) and <em>“y”</em>"),
        ("'Tis so, 'twas not; get 'em 'til ten", "’Tis so, ’twas not; get ’em ’til ten"),
        ("'Tis the dogs' day", "’Tis the dogs’ day"),
        ("the 'cause' of it", "the ‘cause’ of it"),
        ('the option "--help" and \'--all\'', "the option “--help” and ‘--all’"),
        ("run --help -- now", "run --help – now"),
        ('`"a" -- b`', "<code>&quot;a&quot; -- b</code>"),
        ('<span title="it\'s">"x"</span>', '<span title="it\'s">“x”</span>'),
        ('![a "b" -- c](/p "t \'u\'")', '<img src="/p" alt="a &quot;b&quot; -- c" title="t \'u\'" />'),
        ("https://e.example/a--b'c", '<a href="https://e.example/a--b&#x27;c">https://e.example/a--b\'c</a>'),
        ("[x](/a--b)", '<a href="/a--b">x</a>'),
        ("[x](/a–b)", '<a href="/a%E2%80%93b">x</a>'),
        ("a << b >> c", "a &lt;&lt; b &gt;&gt; c"),
        ("« typed »", "« typed »"),
        ("“_x_” “**y**”", "“<em>x</em>” “<strong>y</strong>”"),
        ('"\U00012470"', "&quot;\U00012470&quot;"),
        ("typed “so” ‘so’ – — …", "typed “so” ‘so’ – — …"),
    ],
)  # fmt: skip
def test_what_is_no_text_stays_as_it_was_typed(text, expected):
    assert typeset(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "So ist 's, 'ne Idee für 'n Abend", "So ist ’s, ’ne Idee für ’n Abend"),
        ("de", "Das ist 's, sagt McDonald's", "Das ist ’s, sagt McDonald’s"),
        ("de", "das Wort 'nein' und 's'", "das Wort ‚nein‘ und ‚s‘"),
        ("nl", "'t is in 's-Gravenhage", "’t is in ’s-Gravenhage"),
    ],
)
def test_a_word_whose_beginning_is_left_out_has_an_apostrophe(language, text, expected):
    assert typeset(text, language) == expected


def test_typed_marks_stay_in_any_language():
    assert typeset('“x” and "y" – z -- w', "de") == "“x” and „y“ – z – w"


def test_a_quotation_ends_with_its_paragraph():
    assert markdown('"One\n\n5" two', typeset=True) == "<p>“One</p>\n<p>5&quot; two</p>\n"


def test_html_blocks_and_code_blocks_stay():
    text = '<div>"x" -- y</div>\n\n```\n"x" -- y...\n```'
    assert '<div>"x" -- y</div>' in typeset(text)
    assert "&quot;x&quot; -- y..." in typeset(text)


@settings(deadline=None)
@example("<<b>bold</b>>", "en")
@example("x <<https://a.example/>> y", "de")
@example("[a](https://a.example/<<b)", "en")
@example("<div>\n<<b>a</b>\n</div>\n", "fr")
@given(
    st.text(alphabet="ab \"'-.()*`<>\n“”’–é", max_size=80),
    st.sampled_from(["en", "de", "fr", "ru"]),
)
def test_nothing_but_marks_changes(text, language):
    def bare(rendered):
        for marks in ("&quot;", "&#x27;", *"\"'“”‘’„‚«»‹›–—-…. \u00a0"):
            rendered = rendered.replace(marks, "")
        return rendered.replace("&lt;<", "<<")  # both are one bracket before a tag

    assert bare(markdown(text, language, typeset=True)) == bare(markdown(text))
