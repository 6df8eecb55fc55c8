"""Hexo's own tags, in sites that are read as Jekyll's."""

import pytest

from publisher.sources.templating import Page, Site
from tests.unit.sources.templating.texts import seen

CONFIG = {"source_dir": "source", "permalink": ":year/:title/", "root": "/b/"}
FILES = {
    "source/_posts/other.md": "---\ntitle: R&D <one>\n---\nText.\n",
    "source/_posts/bad.md": "---\ntitle: [\n---\n",
    "source/downloads/code/a.js": "one();\nif (a < b) {}\ntwo();\n",
}


def hexo(text, *, shortcodes=None, **settings):
    """The HTML of a post, and what was told of it."""
    site = Site(
        generator="jekyll", articles="source/_posts", read=FILES.get,
        values=lambda: CONFIG | settings, shortcodes=shortcodes or {},
    )  # fmt: skip
    return seen(text, site, Page(path="hello.md", values={"title": "Hello"}, language="en"))


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("{% asset_img a.png %}", '<p><img src="a.png"></p>'),
        ("{% asset_img big a.png 200 100 \"A title 'An alt'\" %}", '<p><img src="a.png" alt="An alt" title="A title" width="200" height="100"></p>'),
        ('{% asset_img "a b.png" "Words" %}', '<p><img src="a%20b.png" alt="Words"></p>'),
        ("[x]({% asset_path a.png %}) {% asset_link a.pdf Don't miss it %}", '<p><a href="a.png">x</a> <a href="a.pdf">Don\'t miss it</a></p>'),
        ("{% img left /i/x.png 20 %}", '<p><img src="/i/x.png" width="20"></p>'),
        ("{% link Read me https://w.example true Title %}", '<p><a href="https://w.example">Read me</a></p>'),
        ("See {% post_link other %}, {% post_link other#p 'the part' %}.", '<p>See <a href="article:other">R&amp;D &lt;one&gt;</a>, <a href="article:other#p">the part</a>.</p>'),
        ("{% post_link bad %} {% post_link none false %}", '<p><a href="article:bad">bad</a> <a href="article:none">none</a></p>'),
        ("[o]({% post_path other %})", '<p><a href="article:other">o</a></p>'),
        ("a\n\n{% blockquote %}\nb *c*\n\n- d\n{% endblockquote %}\n\ne", "<p>a</p>\n<blockquote><p>b <em>c</em></p>\n<ul>\n<li>d</li>\n</ul>\n</blockquote>\n\n<p>e</p>"),
        ("{% quote Ada, Notes & more %}b{% endquote %}", "<blockquote><p>b</p>\n<p>— <strong>Ada</strong>, <cite>Notes &amp; more</cite></p></blockquote>"),
        ("{% blockquote Ada https://a.example/n Notes %}b{% endblockquote %}", '<blockquote><p>b</p>\n<p>— <strong>Ada</strong>, <cite><a href="https://a.example/n">Notes</a></cite></p></blockquote>'),
        ("{% pullquote right %}{% post_link other x %}{% endpullquote %}", '<blockquote><p><a href="article:other">x</a></p>\n</blockquote>'),
        ("{% codeblock Map lang:js first_line:2 https://d.example Docs %}\na < b\n\n  c\n{% endcodeblock %}", '<figure><figcaption>Map <a href="https://d.example">Docs</a></figcaption><pre><code class="language-js">a &lt; b\n\n  c</code></pre></figure>'),
        ("{% include_code Two lang:ts from:2 to:2 a.js %}", '<figure><figcaption>Two</figcaption><pre><code class="language-ts">if (a &lt; b) {}</code></pre></figure>'),
        ("{% youtube abc %}", '<iframe src="https://www.youtube.com/embed/abc"></iframe>'),
        ("{% youtube abc playlist %}", '<iframe src="https://www.youtube.com/embed/videoseries?list=abc"></iframe>'),
        ("{% raw %}{{ x }}{% endraw %} [u]({% url_for a/b.html %})", '<p>{{ x }} <a href="/b/a/b.html">u</a></p>'),
        ("- a\n\n  ```js\n  {{ x }} {% y %} {#z\n  ```\n\n~~~\n``` {{ a }}\n~~~\n", "<ul>\n<li>\n<p>a</p>\n<pre><code class=\"language-js\">{{ x }} {% y %} {#z\n</code></pre>\n</li>\n</ul>\n<pre><code>``` {{ a }}\n</code></pre>"),
    ],
)  # fmt: skip
def test_its_tags_are_what_hexo_makes_of_them(typed, made):
    assert hexo(typed) == (made, [])


def test_files_of_an_article_lie_beside_it_where_addresses_end_in_html():
    made, _ = hexo("{% asset_img a.png %}", permalink=":year/:title.html")
    assert made == '<p><img src="hello/a.png"></p>'


def test_the_owners_own_words_for_a_tag_go_before_hexos():
    made, _ = hexo("{% youtube abc %}", shortcodes={"youtube": "<b>{{ args[0] }}</b>"})
    assert made == "<p><b>abc</b></p>"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("{% post_link %}", "the tag post_link names nothing"),
        ("{% include_code none.js %}", "there is no file source/downloads/code/none.js"),
        ("{% include_code %}", "the tag include_code names no file"),
        ("{% link words %}", "the tag link names no address"),
        ("{% note %}x{% endnote %}", "what the shortcode note stands for is not known"),
    ],
)
def test_what_a_tag_cannot_do_is_named(typed, told):
    assert hexo(typed)[1] == [f"1: {told}"]


def test_jekylls_own_tags_stay_jekylls():
    site = Site(generator="jekyll", values=lambda: {"title": "T"})
    assert seen("{% blockquote %}x{% endblockquote %}", site)[1] == [
        "1: what the shortcode blockquote stands for is not known"
    ]
