"""[sources.shortcodes]: the owner says what a site's own shortcodes stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.errors import Problem
from publisher.sources.templating import Site, summary
from tests.unit.sources.templating.texts import html, seen, told

NOTE = "<aside>{{ inner }}</aside>"


@pytest.mark.parametrize(
    ("template", "typed", "made"),
    [
        (NOTE, "{{< t >}}a *b*{{< /t >}}", "<aside>a <em>b</em></aside>"),
        (NOTE, "{{% t %}}\na *b*\n{{% /t %}}", "<aside>\n<p>a <em>b</em></p>\n</aside>"),
        (NOTE, "{{< t >}}a\n\nb {{< youtube x >}}{{< /t >}}", '<aside><p>a</p>\n<p>b <iframe src="https://www.youtube.com/embed/x"></iframe></p>\n</aside>'),
        ("## {{ args[0] }}", "{{% t `a *b* <i>` %}}", "<h2>a *b* &lt;i&gt;</h2>"),
        ("[x]({{ to }})", "{{% t to=`/a_b_c) [y](/z` %}}", '<p><a href="/a_b_c)%20%5By%5D(/z">x</a></p>'),
        ('<b title="{{ a }}">{{ args[1] }}</b>', '{{< t "x" "<i>" >}}', '<p><b title="">&lt;i&gt;</b></p>'),
        ("<p>{{ c | markdown }}</p>", "{{< t c=`*a* <b>` >}}", "<p><em>a</em> <b></p>"),
        ("{{ params['data-x'] }} {{ page.title }}", "{{< t data-x=1 >}}", "<p>1 T &amp; U</p>"),
        ("{{ inner | upper }}{% if big %}!{% endif %}", "{{< t big=1 >}}a{{< /t >}}", "<p>A!</p>"),
        ("<figure>\n\n    <img src='{{ src }}'>\n</figure>", "{{< t src=a.png >}}", "<figure>\n\n    <img src='a.png'>\n</figure>"),
    ],
)  # fmt: skip
def test_a_template_stands_for_a_shortcode(template, typed, made):
    assert html(typed, "hugo", shortcodes={"t": template}, values={"title": "T & U"}) == made


def test_the_table_is_for_zola_nikola_and_no_generator_too():
    table = {"quote": "<blockquote>{{ inner }} {{ author }}</blockquote>"}
    made = "<blockquote>a <em>b</em> V &lt;</blockquote>"
    assert html('{% quote(author="V <") %}a *b*{% end %}', "zola", shortcodes=table) == made
    assert html('{{% quote author="V <" %}}a *b*{{% /quote %}}', "nikola", shortcodes=table) == made
    assert html('{{< quote author="V <" >}}a *b*{{< /quote >}}', "", shortcodes=table) == made


def test_an_empty_template_leaves_the_shortcode_out_and_says_so():
    made, problems = seen("a {{< t >}}b{{< /t >}}c", Site(generator="hugo", shortcodes={"t": ""}))
    assert (made, problems) == ("<p>a c</p>", ["1: left out: the shortcode t"])


def test_the_owner_has_the_last_word_on_built_in_ones():
    assert html("{{< youtube a >}}", "hugo", shortcodes={"youtube": "film"}) == "<p>film</p>"


@pytest.mark.parametrize(
    ("template", "what"),
    [
        ("{{ args[0] + 1 }}", "1: its template fails: TypeError: "),
        ("{{ args.__class__.__mro__ }}", "1: its template fails: SecurityError: "),
        ("{% for a in args %}{{ a * 9000000 }}{% endfor %}", "1: its template makes more than 5,000,000 characters"),
        ("{{ args[0] * 99999999 }}", "1: its template fails: OverflowError: "),
        (NOTE, "1: the shortcode t is never closed"),
    ],
)  # fmt: skip
def test_what_a_template_does_wrong_is_named(template, what):
    assert any(
        one.startswith(what) for one in told("{{< t x >}}", "hugo", shortcodes={"t": template})
    )


def test_what_doubles_within_itself_is_bounded():
    typed = "{{< t >}}" * 28 + "x" * 100 + "{{< /t >}}" * 28
    problems = told(typed, "hugo", shortcodes={"t": "{{ inner }}{{ inner }}"})
    assert any("more than" in one and "characters" in one for one in problems)


@given(st.text(alphabet="ab<>\"'`*_[]()!&\\#{}=/ \n-.:%|~^$", max_size=40))
def test_a_value_never_becomes_markup(value):
    given_value = value.replace("`", "")
    whole = "<i>{{ v }}</i>"
    for marks in ("<>", "%%"):
        typed = f"x {{{{{marks[0]} t v=`{given_value}` {marks[1]}}}}} y"
        made, problems = seen(typed, Site(generator="hugo", shortcodes={"t": whole}))
        assert problems == []
        inner = made.partition("<i>")[2].partition("</i>")[0]
        assert "<" not in inner and ">" not in inner


def test_one_line_tells_what_frees_how_many():
    def one(path, name):
        return Problem(what="x", path=path, shortcode=name)

    found = summary(
        [one("a", "note"), one("a", "note"), one("a", "card"), one("b", "note"), Problem(what="y")]
    )
    assert found and found.what == "2 articles are left out for 2 shortcodes: note 2, card 1"
    assert summary([Problem(what="y")]) is None
