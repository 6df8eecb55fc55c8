"""Shortcodes, blocks and paragraphs of WordPress → HTML."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.exports.imported import Attached
from publisher.exports.paragraphs import paragraphed
from publisher.exports.shortcodes import Media, expanded

MEDIA = Media(
    files={
        "1": Attached(url="https://s.example/1.jpg", alt="One"),
        "2": Attached(url="https://s.example/2.jpg"),
    },
    of={"9": ["2"]},
    blocks={"5": "<!-- wp:paragraph --><p>Again</p><!-- /wp:paragraph -->"},
)
_YOUTUBE = '<iframe src="https://www.youtube.com/embed/abc"></iframe>'
_ONE = '<figure><img src="https://s.example/1.jpg" alt="One"></figure>'
_TWO = '<figure><img src="https://s.example/2.jpg" alt=""></figure>'


def _expanded(text: str) -> tuple[str, dict[str, int]]:
    lost: Counter[str] = Counter()
    return " ".join(expanded(text, "9", MEDIA, lost).split()), dict(lost)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('[caption id="a"]<img src="x.jpg" /> Words[/caption]',
         '<figure><img src="x.jpg" /><figcaption>Words</figcaption></figure>'),
        ('[caption caption="It’s"]<a href="y"><img src="x.jpg" /></a>[/caption]',
         '<figure><a href="y"><img src="x.jpg" /></a><figcaption>It’s</figcaption></figure>'),
        ('[gallery ids="1,2"]', f"{_ONE} {_TWO}"),
        ("[gallery]", _TWO),
        ('[gallery ids="1,2" exclude="2"]', _ONE),
        ("[embed]https://youtu.be/abc[/embed]", _YOUTUBE),
        ("[youtube https://www.youtube.com/watch?v=abc&t=1]", _YOUTUBE),
        ("[youtube=https://youtu.be/abc]", _YOUTUBE),
        ('[youtube id="abc"]', _YOUTUBE),
        ("text\nhttps://youtu.be/abc\ntext", f"text {_YOUTUBE} text"),
        ("https://other.example/a?b=1&amp;c",
         '<p><a href="https://other.example/a?b=1&amp;c">https://other.example/a?b=1&amp;c</a></p>'),
        ('[vimeo 12345]', '<iframe src="https://player.vimeo.com/video/12345"></iframe>'),
        ('[audio mp3="https://s.example/a.mp3"][/audio]',
         '<audio controls src="https://s.example/a.mp3"></audio>'),
        ('[video src="https://s.example/a.mp4" poster="https://s.example/a.jpg"]',
         '<video controls src="https://s.example/a.mp4" poster="https://s.example/a.jpg"></video>'),
        ('[code lang="php"]a &lt; b [x y="1"][/code]',
         '<pre><code class="language-php">a &lt; b [x y="1"]</code></pre>'),
        ("<!-- wp:paragraph --><p>A</p><!-- /wp:paragraph --><!--more--><p>B</p>", "<p>A</p> <p>B</p>"),
        ('<!-- wp:block {"ref":5} /-->', "<p>Again</p>"),
        ('<div class="wp-block-embed__wrapper">\nhttps://youtu.be/abc\n</div>',
         f'<div class="wp-block-embed__wrapper">{_YOUTUBE}</div>'),
    ],
)  # fmt: skip
def test_what_is_wordpress_s_own_becomes_html(written, expected):
    assert _expanded(written) == (expected, {})


@pytest.mark.parametrize(
    ("written", "expected", "lost"),
    [
        ('a [contact-form-7 id="1" title="x"] b', "a b", {"[contact-form-7]": 1}),
        ('[et_pb_row a="1"][et_pb_text]Words[/et_pb_text][/et_pb_row]', "Words",
         {"[et_pb_row]": 1, "[et_pb_text]": 1}),
        ("[toc]", "", {"[toc]": 1}),
        ('<!-- wp:latest-posts {"n":3} /-->', "", {"block latest-posts": 1}),
        ('[gallery ids="1,77"]', _ONE, {"pictures of a [gallery] that are not in the export": 1}),
        ("[audio]", "", {"[audio]": 1}),
    ],
)  # fmt: skip
def test_what_nobody_knows_is_counted_and_its_words_stay(written, expected, lost):
    assert _expanded(written) == (expected, lost)


@pytest.mark.parametrize(
    "written",
    ["He said [sic] and [1], [...] [don't] [x] [a b]", "[/caption] [caption]",
     "<pre>if [ -f x ]; [foo a=1]</pre>", "<code>[gallery]</code>"],
)  # fmt: skip
def test_what_only_looks_like_a_shortcode_stays(written):
    assert _expanded(written) == (written, {})


def test_who_writes_about_shortcodes_is_understood():
    assert _expanded('Write [[gallery ids="1"]].') == ('Write [gallery ids="1"].', {})


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("A\n\nB", "<p>A</p>\n<p>B</p>"),
        ("A\r\nB", "<p>A<br />\nB</p>"),
        ("<h2>T</h2>\nA", "<h2>T</h2>\n<p>A</p>"),
        ("<blockquote>Q</blockquote>", "<blockquote><p>Q</p></blockquote>"),
        ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("<pre>a\n\nb</pre>", "<pre>a\n\nb</pre>"),
        ('A <a\nhref="x">l</a>', '<p>A <a href="x">l</a></p>'),
        ("A<br /><br />B", "<p>A</p>\n<p>B</p>"),
        ("<p>done</p>", "<p>done</p>"),
        (
            "<blockquote>\n\nA\n\nB\n</blockquote>",
            "<blockquote>\n<p>A</p>\n<p>B\n</p></blockquote>",
        ),
        ("<p> </p>\n\nA", "<p>A</p>"),
        ("<div>A\n\nB</div>", "<div>\n<p>A</p>\n<p>B</p></div>"),
        ("", ""),
    ],
)
def test_empty_lines_of_classic_posts_part_paragraphs(written, expected):
    assert paragraphed(written) == expected


_PIECES = st.sampled_from(
    ["[", "]", "[[", "/", '"', "'", "=", "caption", "gallery ids=", "[x a=1]", "[/x]", "<pre>",
     "</pre>", "<!-- wp:a {", "/-->", "-->", "\n", "\n\n", "<p>", "<br />", "text", " ", "<", ">"]
)  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(st.lists(_PIECES, max_size=40).map("".join))
def test_nothing_that_is_written_stops_the_reading(text):
    lost: Counter[str] = Counter()
    assert isinstance(paragraphed(expanded(text, "9", MEDIA, lost)), str)


@pytest.mark.parametrize(
    "piece",
    ["[a b=1]", "[a b=1", "<!-- wp:x {", "<p", "[caption]", '["', "\n \n", "<pre>", "<a href='",
     "[[a", "https://x.example/\n", "[code]", "<br />", "<div>"],
)  # fmt: skip
def test_a_text_of_one_piece_again_and_again_is_read(piece):
    lost: Counter[str] = Counter()
    assert isinstance(paragraphed(expanded(piece * 5_000, "9", MEDIA, lost)), str)
