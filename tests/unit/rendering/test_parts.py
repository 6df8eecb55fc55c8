"""Plain text, bodies in mail, colours, marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model import SlotText
from publisher.rendering.body import mail_body
from publisher.rendering.marks import Marks
from publisher.rendering.plain import plain


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a <em>b</em>\nc</p><p>d</p>", "a b c\n\nd"),
        ("<h2>Head</h2><h3>Sub</h3>", "HEAD\n\nSub"),
        (
            '<p><a href="https://e.example/">site</a> and <a href="https://e.example">https://e.example</a></p>',
            "site <https://e.example/> and https://e.example",
        ),
        (
            '<p>東京は<a href="https://e.example">https://e.example</a>へ</p>',
            "東京は<https://e.example>へ",
        ),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c"),
        ('<ol start="3"><li>a</li><li>b</li></ol>', "3. a\n4. b"),
        ("<blockquote><p>a</p></blockquote>", "> a"),
        ("<pre><code>x = 1\n  y\n</code></pre>", "    x = 1\n      y"),
        (
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>",
            "a | b\n1 | 2",
        ),
        ('<p>a<br>b</p><hr><p><img src="i" alt="pic"></p>', "a\nb\n\n* * *\n\n[pic]"),
        ("<figure><img src='i' alt='p'><figcaption>cap</figcaption></figure>", "[p]\n\ncap"),
        ("loose<p>x</p>tail", "loose\n\nx\n\ntail"),
        ("", ""),
    ],
)
def test_html_reads_as_text(html, text):
    assert plain(html) == text


@given(st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=12), min_size=1, max_size=80))
def test_paragraphs_wrap_at_72_and_lose_no_word(words):
    text = plain("<p>" + " ".join(words) + "</p>")
    assert text.split() == words
    assert all(len(line) <= 72 for line in text.split("\n"))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2>a</h2>", "<h3>a</h3>"),
        (
            '<p><img src="i" alt="a"></p>',
            '<p><img src="i" alt="a" width="536" style="display: block; width: auto"></p>',
        ),
        ('<p>x <img src="i" alt="a"> y</p>', '<p>x <img src="i" alt="a"> y</p>'),
        (
            '<p><img src="i" width="900" height="9"></p>',
            '<p><img src="i" width="536" height="5" style="display: block; width: 100%; max-width: 536px"></p>',
        ),
        (
            '<p>x<img src="i" width="20" height="10"></p>',
            '<p>x<img src="i" width="20" height="10" style="display: inline-block; width: 20px"></p>',
        ),
        (
            '<p>x<img src="i" width="10%"></p>',
            '<p>x<img src="i" width="53" style="display: inline-block; width: 53px"></p>',
        ),
        ('<p>x<img src="i" width="auto"></p>', '<p>x<img src="i"></p>'),
        (
            '<p>x<img src="i" width="16px"></p>',
            '<p>x<img src="i" width="16" style="display: inline-block; width: 16px"></p>',
        ),
        (
            '<p>x<img src="https://e.example/p-1200x800.png"></p>',
            '<p>x<img src="https://e.example/p-1200x800.png" width="536" style="display: inline-block; width: 100%; max-width: 536px"></p>',
        ),
        ('<p><img src="icon"> opens it</p>', '<p><img src="icon"> opens it</p>'),
        (
            '<video src="v.mp4" poster="p.jpg"></video>',
            '<a href="v.mp4"><img src="p.jpg" alt="" width="536" style="display: inline-block; width: 100%; max-width: 536px"><br>▶ v.mp4</a>',
        ),
        ('<video src="v.mp4" controls></video>', '<a href="v.mp4">▶ v.mp4</a>'),
        ("a &amp; b&nbsp;<p>unclosed", "a &amp; b&nbsp;<p>unclosed</p>"),
        (
            "<table><tbody><tr><td>1</td></tr></tbody></table>",
            '<div style="overflow-x: auto"><table><tbody><tr><td>1</td></tr></tbody></table></div>',
        ),
        (
            "<figure>a<figcaption>b</figcaption></figure>",
            '<div>a<div class="q">b</div></div>',
        ),
    ],
)
def test_a_body_fits_a_mail(html, expected):
    assert mail_body(html, "") == expected


def test_styles_are_written_inline_on_the_side_the_language_begins():
    css = "p { padding-start: 1px; text-align: start }"
    assert mail_body("<p>a</p>", css) == '<p style="padding-left: 1px;text-align: left;">a</p>'
    assert (
        mail_body("<p>a</p>", css, "rtl")
        == '<p style="padding-right: 1px;text-align: right;">a</p>'
    )


def test_a_caption_has_its_style_though_outlook_does_not_know_the_element():
    found = mail_body("<figure>a<figcaption>b</figcaption></figure>", "figcaption { color: red }")
    assert found == '<div>a<div class="q" style="color: red;">b</div></div>'


def test_marks_are_spliced_in_order():
    marks = Marks("seed")
    slot = SlotText("address", "html", "you")
    text = f"a{marks.add('<b>')}c{marks.add(slot)}e"
    assert marks.resolve(text).pieces == ("a<b>c", slot, "e")
    assert marks.resolve(text).filled({"address": "<x>"}) == "a<b>c&lt;x&gt;e"
