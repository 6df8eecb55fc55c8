"""Nikola's, Zola's and Pelican's own code."""

import pytest

from tests.unit.sources.templating.texts import html, told


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("{{% raw %}}{{% x %}}<b>{{% /raw %}}", "<p>{{% x %}}<b></p>"),
        ("{{% youtube a_b %}}", '<iframe src="https://www.youtube.com/embed/a_b"></iframe>'),
        ("{{% media url=https://www.youtube.com/watch?t=1&v=a_b %}}", '<iframe src="https://www.youtube.com/embed/a_b"></iframe>'),
        ("{{% media https://x.example/?a&b %}}", '<p><a href="https://x.example/?a&amp;b">https://x.example/?a&amp;b</a></p>'),
        ("{{% gist 7896402 a.py %}}", '<iframe src="https://gist.github.com/7896402"></iframe>'),
        ('{{% thumbnail "/i/x.png" alt="A" %}}*cap*{{% /thumbnail %}}', '<figure><a href="/i/x.png"><img src="/i/x.png" alt="A"></a><figcaption><p><em>cap</em></p>\n</figcaption></figure>'),
        ("[a](link://slug/b-c) [d](link://filename/posts/e.md) [f](link://tag/g)", '<p><a href="article:b-c">a</a> <a href="article:posts/e.md">d</a> <a href="link://tag/g">f</a></p>'),
        ("{{% doc %}}Words <b-c>{{% /doc %}}", '<p><a href="article:b-c">Words</a></p>'),
        ("{{ x }} {{< y >}}", "<p>{{ x }} {{&lt; y &gt;}}</p>"),
    ],
)  # fmt: skip
def test_nikola(typed, made):
    assert html(typed, "nikola") == made


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ('{{ youtube(id="a_b", class="c") }}', '<iframe src="https://www.youtube.com/embed/a_b"></iframe>'),
        ("{{ vimeo(id='1') }}", '<iframe src="https://player.vimeo.com/video/1"></iframe>'),
        ("{{ closure }} {% x %} {{ f(1) }}", "<p>{{ closure }} {% x %} {{ f(1) }}</p>"),
        ('{{/* youtube(id="a") */}}', '<p>{{ youtube(id="a") }}</p>'),
    ],
)  # fmt: skip
def test_zola(typed, made):
    assert html(typed, "zola") == made


def test_zola_names_what_it_does_not_know():
    found = told("{{ own(a=1, b=[1, 2]) }}\n{% box() %}x{% end %}\n{% end %}", "zola")
    assert found == [
        "3: the shortcode end is never opened",
        "1: what the shortcode own stands for is not known",
        "2: what the shortcode box stands for is not known",
    ]


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("[a]({filename}b.md#c)", '<a href="article:b.md#c">a</a>'),
        ("[a](|filename|/d/b.rst)", '<a href="article:/d/b.rst">a</a>'),
        ("![a]({static}/images/a%20b.png)", '<img src="/images/a%20b.png" alt="a" />'),
        ("![a]({static}../../../etc/x.png)", '<img src="/etc/x.png" alt="a" />'),
        ("![a]({static}x.png)", '<img src="/blog/x.png" alt="a" />'),
        ("![a]({filename}/images/x.png)", '<img src="/images/x.png" alt="a" />'),
        ("![a]({attach}/images/x.png)", '<img src="../images/x.png" alt="a" />'),
        ("[a]({index})", '<a href="/">a</a>'),
        ("[a]({author}ada-b)", '<a href="/by/ada-b/">a</a>'),
        ("[a]({tag}c)", '<a href="/tag/c.html">a</a>'),
        ("{filename} `{static}x`", "{filename} <code>{static}x</code>"),
    ],
)  # fmt: skip
def test_pelican(typed, made):
    settings = {"AUTHOR_URL": "by/{slug}/"}
    found = html(typed, "pelican", path="blog/a.md", settings=settings)
    assert found == f"<p>{made}</p>"
