"""Jekyll's Liquid: what it stands for, and that it ends."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from publisher.sources.templating import Page, Site
from publisher.sources.templating.expanding import expand
from tests.unit.sources.templating.texts import seen

CONFIG = {
    "url": "https://e.example",
    "baseurl": "/b",
    "title": "A site",
    "collections": {"topics": {"output": True}},
    "defaults": [
        {"scope": {"path": ""}, "values": {"layout": "post", "tone": "loud"}},
        {"scope": {"path": "_topics"}, "values": {"permalink": "/t/:title/"}},
    ],
}
FILES = {
    "_includes/hint.html": "<p>Bring {{ include.who | default: 'a friend' }}.</p>",
    "_includes/code.html": "<div>\n\n    <p>{{ include.a }}</p>\n\n</div>\n",
    "_includes/links.md": "[here]: https://here.example/\n",
    "_includes/self.html": "{% include self.html %}",
    "_includes/own.md": "{% own %}",
    "_includes/odd.md": "{{ a",
    "_posts/part.md": "A *part*.",
    "secret": "x",
}


def jekyll(text, *, shortcodes=None, **values):
    """The HTML of a post, and what was told of it."""
    site = Site(
        generator="jekyll", articles="_posts", read=FILES.get, values=lambda: CONFIG,
        data=lambda: {"people": {"ada": {"name": "Ada"}}}, shortcodes=shortcodes or {},
        documents=lambda folder: [(f"{folder}/en/x.md", {"title": "X"})] if folder == "_topics" else [],
    )  # fmt: skip
    page = Page(path="2026-01-05-note.md", values={"title": "Note", "date": "2026-01-05", **values})
    return seen(text, site, page)


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("{% comment %} x {% endcomment %}{% assign when = \"Monday\" %}We meet on {{ when }}. [l]({{ site.baseurl }}/list/)", '<p>We meet on Monday. <a href="/b/list/">l</a></p>'),
        ("{% include hint.html %}\nand *so*", "<p>Bring a friend.</p><p>and <em>so</em></p>"),
        ("a\n{% include hint.html %}\nb", "<p>a</p><p>Bring a friend.</p><p>b</p>"),
        ("{%- include hint.html -%}\n\nb", "<p>Bring a friend.</p><p>b</p>"),
        ("{% include hint.html who='x' %}", "<p>Bring x.</p>"),
        ('{% include hint.html who=page.title %}', "<p>Bring Note.</p>"),
        ("{% assign f = 'hint' %}{% include {{ f }}.html who=\"a \\\"b\\\"\" %}", '<p>Bring a "b".</p>'),
        ("{% include code.html a='1' %}", "<div>\n\n    <p>1</p>\n\n</div>"),
        ("See [here].\n\n{% include links.md %}", '<p>See <a href="https://here.example/">here</a>.</p>'),
        ("{% include_relative part.md %}", "<p>A <em>part</em>.</p>"),
        ("[a]({% post_url 2026-01-01-b %}) [c]({{ site.baseurl }}{% post_url d/2026-01-01-b %}#e) [f]({{ site.url }}{{ site.baseurl }}{% link _posts/2026-01-01-b.md %})", '<p><a href="article:2026-01-01-b">a</a> <a href="article:d/2026-01-01-b#e">c</a> <a href="article:2026-01-01-b.md">f</a></p>'),
        ("See {{ site.url }}{% post_url b %}.\n\n[x]\n\n[x]: {% post_url c %}\n\n`{% post_url d %}`", '<p>See <a href="article:b">article:b</a>.</p>\n<p><a href="article:c">x</a></p>\n<p><code>article:d</code></p>'),
        ("[a]({% link assets/a.pdf %})", '<p><a href="/b/assets/a.pdf">a</a></p>'),
        ("{% highlight ruby linenos %}\na < b\n\n  {{ page.title }}\n{% endhighlight %}", '<pre><code class="language-ruby">a &lt; b\n\n  Note</code></pre>'),
        ("{% raw %}{{ x }} {% y %}{% endraw %}", "<p>{{ x }} {% y %}</p>"),
        ("`{{ page.title }}`", "<p><code>Note</code></p>"),
        ("{{ '/a' | relative_url }} {{ 'a' | absolute_url }} {{ 'https://x.example' | relative_url }}", '<p>/b/a <a href="https://e.example/b/a">https://e.example/b/a</a> <a href="https://x.example">https://x.example</a></p>'),
        ("{{ page.date | date: '%b %-d, %Y' }} {{ page.date | date_to_string }} {{ 86400 | date: '%Y-%m-%d' }} {{ 'x' | date: '%Y' }}", "<p>Jan 5, 2026 05 Jan 2026 1970-01-02 x</p>"),
        ("{{ 'now' | date: '%Y' }} {{ site.time | date: '%d' }}", "<p>2026 05</p>"),
        ("{{ site.data.people.ada.name }} {{ page.tone }} {{ missing }}.", "<p>Ada loud .</p>"),
        ("{% for t in site.topics %}[{{ t.title }}]({{ t.url }}){% endfor %}", '<p><a href="/t/x/">X</a></p>'),
        ("{% for i in (1..3) %}{{ i }}{% unless forloop.last %}, {% endunless %}{% endfor %}", "<p>1, 2, 3</p>"),
        ("{% capture /dev/null %}x{% endcapture %}{% assign m = page %}{{ m.[\"title\"] }}", "<p>Note</p>"),
        ("{{ '*a*' | markdownify }} {{ 'A b!' | slugify }} {{ 'a b' | number_of_words }}", "<p><em>a</em> a-b 2</p>"),
        ("{% gist ada/0a1b %}", '<iframe src="https://gist.github.com/ada/0a1b"></iframe>'),
    ],
)  # fmt: skip
def test_code_is_what_it_stands_for(typed, made):
    assert jekyll(typed) == (made, [])


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ("a\n{% own 1 %}\n{% own 2 %}", "2: what the shortcode own stands for is not known (2 times)"),
        ("{% own %}x{% endown %}", "1: what the shortcode own stands for is not known"),
        ("{% include own.md %}", "1: _includes/own.md: what the tag own stands for is not known"),
        ("\n{% include none.html %}", "2: there is no file to include: _includes/none.html"),
        ("{% include ../../secret %}", "1: an include may not lead out of its folder: '../../secret'"),
        ("{% include /secret %}", "1: an include may not lead out of its folder: '/secret'"),
        ("{% assign n = '../secret' %}{% include {{ n }} %}", "1: an include may not lead out of its folder: '../secret'"),
        ("{% include_relative ../secret %}", "1: an include may not lead out of its folder: '../secret'"),
        ("{% include self.html %}", "1: includes are more than 30 deep within each other: _includes/self.html"),
        ("{% include odd.md %}", "1: _includes/odd.md: {{ is never closed"),
        ("x\n{{ a", "2: {{ is never closed"),
        ("{% raw %} x", "1: raw is never closed"),
        ("a\n{% if x %}", "its template code cannot be read: "),
        ("{{ a | own }}", "what the filter own stands for is not known"),
        ("{{ site.posts }}", "site.posts is not known here"),
        ("{{ page.url }}", "page.url is not known here"),
        ("{{ site.data.none.x }}", "site.data.none is not known here"),
        ("{% for i in (1..1000) %}{% for j in (1..1000) %}{% endfor %}{% endfor %}", "its template code repeats without end, or nearly so"),
        ("{% for i in (1..99999999999) %}x{% endfor %}", "its template code repeats without end, or nearly so"),
        ("{% for i in (1..299) %}{% for j in (1..299) %}{{ i }}{{ j }}{{ j }}{{ j }}{% endfor %}{% endfor %}", "its template code repeats without end, or nearly so"),
        ("{% assign a = '" + "x" * 9000 + "' %}{% assign b = a | replace: 'x', a %}", "its template code makes too much text of a text"),
        ("{% assign a = (1..99999999) | join: ' ' %}", "its template code makes too much text of a text"),
        ("{% assign a = 'xxxxxxxxxx' %}" + "{% assign a = a | append: a %}" * 30, "its template code makes too much text of a text"),
        ("{% assign a = '" + "x" * 5000 + "' %}{% for i in (1..9000) %}{{ a }}{% endfor %}", "its template code cannot be read: output stream limit reached"),
        ("{% if a %}" * 60 + "{% endif %}" * 60, "its template code cannot be read: "),
        ("{{ 'x' | date: '%Y' | divided_by: 0 }}{{ 1 | divided_by: 0 }}", "its template code cannot be read: "),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_what_cannot_be_expanded_is_named_and_ends(typed, what):
    _, problems = jekyll(typed)
    assert any(what in one for one in problems), problems


def test_the_owners_table_is_for_tags_too():
    own = {
        "note": "<aside>{{ inner }}</aside>",
        "image": '<img src="{{ args[0] }}" alt="{{ alt }}">',
    }
    made, problems = jekyll(
        "{% note %}\nSee [here].\n{% endnote %}\n\n{% image 'a.png', alt: \"<b>\" %}\n\n[here]: /h",
        shortcodes=own,
    )
    assert problems == []
    assert made == (
        '<aside>\n<p>See <a href="/h">here</a>.</p>\n</aside>\n'
        '<p><img src="a.png" alt="&lt;b&gt;"></p>'
    )


def test_a_page_may_want_no_liquid():
    assert jekyll("{{ x }}", render_with_liquid=False) == ("<p>{{ x }}</p>", [])


def test_where_jekyll_is_a_guess_code_is_left_alone_unless_readers_would_see_it():
    site = Site(generator="jekyll", is_guess=True)
    assert expand("`{{ a }}`", site, Page()).text == "`{{ a }}`"
    assert expand("{{ a }} `{{ a }}`", site, Page()).text == " ``"


@example(text="{%}")
@given(st.text(alphabet="{}%|.'\"[]() a-1:=,\n", max_size=60))
def test_any_code_is_expanded_or_refused_by_name(text):
    _, problems = jekyll("{% assign a = 1 %}" + text)
    assert all("fault" not in one for one in problems)
