"""Markdown and HTML become harmless HTML with absolute addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.sources.markup import (
    isolated,
    leading_title,
    markdown,
    only_title,
    page,
    sanitised,
    template_code,
    without_code,
)

BASE = "https://x.example/a/b/"


@pytest.mark.parametrize(
    "typed",
    [
        "운영 시간은 월~금 9시~18시, 할인은 10~20%, 30~40%",
        "H~2~O and x~i~j",
        "$10~$20, 5℃~10℃, -5~-3, “a”~“b”",
        "~/bin and ~/lib, 5~10 and 15~20",
    ],
)
def test_a_tilde_between_two_words_strikes_nothing_out(typed):
    assert markdown(typed) == f"<p>{typed}</p>\n"


@pytest.mark.parametrize(
    ("typed", "rendered"),
    [
        ("~old~ new, (~old~), ~~old~~, ~~오래된~~은", "<del>old</del> new, (<del>old</del>), <del>old</del>, <del>오래된</del>은"),
        ("**10**~**20**, **30**~**40**", "<strong>10</strong>~<strong>20</strong>, <strong>30</strong>~<strong>40</strong>"),
        ("`a~b~c` [l](/a~b/c~d) https://e.example/a~b~c",
         '<code>a~b~c</code> <a href="/a~b/c~d">l</a> '
         '<a href="https://e.example/a~b~c">https://e.example/a~b~c</a>'),
        ("a~b~c with one of our signs: \U00011fff", "a<del>b</del>c with one of our signs: \U00011fff"),
    ],
)  # fmt: skip
def test_what_is_struck_out_stays_struck_and_code_and_addresses_stay(typed, rendered):
    assert markdown(typed) == f"<p>{rendered}</p>\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>"),
        ('"quotes" – and ‘those’', '<p>"quotes" – and ‘those’</p>'),
        (
            "~~x~~ https://y.example",
            '<p><del>x</del> <a href="https://y.example">https://y.example</a></p>',
        ),
        (
            "text[^1]\n\n[^1]: note",
            '<p>text<sup id="footnote-ref-1">[1]</sup></p>\n<hr>\n\n<ol>\n<li id="footnote-1">\n<p>note</p>\n</li>\n</ol>',
        ),
        ("- [x] done\n- [ ] open", "<ul>\n<li>☑ done</li>\n<li>☐ open</li>\n</ul>"),
        (
            "| a |\n|--:|\n| 1 |",
            '<table>\n<thead>\n<tr>\n<th align="right">a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td align="right">1</td>\n</tr>\n</tbody>\n</table>',
        ),
        ("# One\n\n## Two", "<h2>One</h2>\n<h3>Two</h3>"),
        ("## Head {#id .c}\n\n{: .note}", '<h2 id="id">Head</h2>'),
        ("## Head {.c}\n\n# Two", "<h3>Head</h3>\n<h2>Two</h2>"),
        ("First.\n{: .lead}\n\nMore {: .x} here.", "<p>First.</p>\n<p>More {: .x} here.</p>"),
        (
            '[a](/b){:target="_blank"} ![x](/y){width=50%} *e*{: .r #z}',
            '<p><a href="https://x.example/b">a</a> <img src="https://x.example/y" alt="x"> <em>e</em></p>',
        ),
        ("1. TOC\n{:toc}\n\nText", "<p>Text</p>"),
        ("- a\n{: .list}", "<ul>\n<li>a</li>\n</ul>"),
        ("`{: .x}` and {x}", "<p><code>{: .x}</code> and {x}</p>"),
        (
            "[up](../c) [here](d.html) ![p](/i.png)",
            '<p><a href="https://x.example/a/c">up</a> <a href="https://x.example/a/b/d.html">here</a> <img src="https://x.example/i.png" alt="p"></p>',
        ),
    ],
)
def test_markdown_becomes(source, expected):
    assert sanitised(markdown(source), BASE) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<script>alert(1)</script>a", "a"),
        ('<a href="javascript:alert(1)" onclick="x()">a</a>', "a"),
        ('<p style="position:fixed" class="c">a</p>', "<p>a</p>"),
        ("<iframe src='javascript:x()'>x</iframe>a", "a"),
        ('<img src="data:text/html,x" alt="a">', "[a]"),
        ("<p>unclosed <b>bold", "<p>unclosed <b>bold</b></p>"),
        ("</div></mj-text><mj-section>a", "a"),
        ("<!-- c -->a&#1;&#x202E;b", "a\u202eb"),
        ("<form action='/x'><input name=q></form>a", "a"),
        ('<q CITE = "JavaScript:alert(1)">a</q>', "<q>a</q>"),
        ("<blockquote/cite=data:text/html,x>a</blockquote>", "<blockquote>a</blockquote>"),
    ],
)
def test_what_could_harm_is_taken_out(source, expected):
    assert sanitised(source, BASE) == expected


def test_where_a_quotation_is_from_is_an_absolute_address():
    assert sanitised('<q cite="b?c=1&amp;d">a</q>', "https://x.example/n/") == (
        '<q cite="https://x.example/n/b?c=1&amp;d">a</q>'
    )


@given(st.text(alphabet=st.sampled_from("<>/a=\"' -!pscriptonlk:&#;\x00\n"), max_size=120))
def test_nothing_that_runs_survives(source):
    clean = sanitised(source, BASE)
    assert "<script" not in clean
    assert "javascript:" not in clean
    assert sanitised(clean, BASE) == clean


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("{{ site.title }}", "{{ site.title }}"),
        ("a {% include x.html %} b", "{% include x.html %}"),
        ("{{< figure >}}", "{{< figure >}}"),
        ("[a]({{ site.url }}/b)", "{{"),
        ("[a](<{{ url }}>)", "{{ url }}"),
        ("`{{ x }}`\n\n    {% y %}\n\n```\n{{ z }}\n```", ""),
        ("{single} 100 % }}", ""),
    ],
)
def test_template_code_outside_code_is_found(source, code):
    assert template_code(sanitised(markdown(source), BASE)).startswith(code)
    assert bool(template_code(sanitised(markdown(source), BASE))) == bool(code)


def test_a_leading_heading_is_the_title_and_not_repeated():
    assert leading_title("<h1>T <em>t</em></h1>\n<p>x</p>", "") == ("T t", "<p>x</p>")
    assert leading_title("<h1>the title!</h1><p>x</p>", "The Title") == ("The Title", "<p>x</p>")
    assert leading_title("<h1>Other</h1><p>x</p>", "T") == ("T", "<h1>Other</h1><p>x</p>")


def test_the_title_of_a_word_processor_is_not_repeated_either():
    title = '<p class="MsoTitle">T</p>'
    assert leading_title(f"<div>{title}<p>x</p></div>", "T") == ("T", "<div><p>x</p></div>")
    assert leading_title('<p class="MsoNormal">T</p>', "T") == ("T", '<p class="MsoNormal">T</p>')


@pytest.mark.parametrize(
    "begin", ["<!doctype html>\n", "<!-- by hand -->", "", '<meta charset="utf-8">']
)
def test_a_page_may_leave_out_the_frame_that_html_leaves_optional(begin):
    found = page(f"{begin}<title>T</title><meta name=date content=2026-11-25><p>x")
    assert (found.title, found.meta["date"], found.body) == ("T", "2026-11-25", "<p>x</p>")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[TOC]\n\nText.", "<p>Text.</p>\n"),
        ("[[_TOC_]]\n\nText.", "<p>Text.</p>\n"),
        ("[[toc]]\n\nText.", "<p>Text.</p>\n"),
        ("Write [TOC] there.", "<p>Write [TOC] there.</p>\n"),
        ("> [!WARNING]\n> Ice.", "<blockquote>\n<p><strong>Warning</strong></p>\n<p>Ice.</p>\n</blockquote>\n"),
        ("> [!info]- Read on\n> Ice.", "<blockquote>\n<p><strong>Read on</strong></p>\n<p>Ice.</p>\n</blockquote>\n"),
        ("> Not [!a]", "<blockquote>\n<p>Not [!a]</p>\n</blockquote>\n"),
    ],
)  # fmt: skip
def test_notes_have_their_names_and_a_table_of_contents_has_no_place(source, expected):
    assert markdown(source) == expected


def test_a_whole_html_page_gives_its_title_and_meta():
    found = page(
        '<html lang="de"><head><title> A  b </title><meta name="Author" content="N"></head><body><p>x</p></body></html>'
    )
    assert (found.title, found.meta, found.body) == (
        "A b",
        {"author": "N", "language": "de"},
        "<p>x</p>",
    )


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("a<code>{{x}}</code>b<pre class='y'><code>z</code></pre>c", "abc"),
        ("a<code>b<pre>c</pre>d", "a<code>bd"),
        ("a<code>b", "a<code>b"),
        ("<codex>a</codex>", "<codex>a</codex>"),
    ],
)
def test_what_stands_in_code_is_left_out_and_code_that_never_ends_is_none(html, seen):
    assert without_code(html) == seen


def test_code_in_a_line_from_right_to_left_runs_the_other_way():
    text = '<p>نص <code class="language-c">x = 1</code> <kbd dir="auto">F1</kbd></p>'
    assert isolated(text) == (
        '<p>نص <code dir="ltr" class="language-c">x = 1</code> <kbd dir="auto">F1</kbd></p>'
    )


def test_one_heading_alone_is_the_title_wherever_it_stands():
    assert only_title("<p>a</p>\n<h1>T <em>t</em></h1>\n<p>b</p>") == ("T t", "<p>a</p>\n<p>b</p>")
    two = "<p>a</p><h1>T</h1><h1>U</h1>"
    assert only_title(two) == ("", two)
    assert only_title("<p>a</p><h2>T</h2>") == ("", "<p>a</p><h2>T</h2>")
