"""Markdown as other generators have it: what each sign becomes, and where it stays a sign."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.model import Publication, SourceSettings
from publisher.sources.composing import compose
from publisher.sources.dialects.markdown import prepared
from publisher.sources.dialects.marks import emoji
from publisher.sources.identity import Identity
from publisher.sources.markup import markdown
from publisher.sources.parts import take_apart

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


def article(text, path="a.md", generator="", language="en"):
    publication = Publication(
        title="T", base_url="https://x.example/", language=language,
        sources=SourceSettings(generator=generator),
    )  # fmt: skip
    head = "---\ntitle: T\ndate: 2026-01-05\n---\n"
    parts = take_apart(path, (head + text).encode(), publication)
    identity = Identity(id="tag:x:1", path=path, first_seen=NOW, digest="", body="", title="")
    return compose(parts, identity, publication, lambda *_: None)


def html(text, generator="", is_mdx=False):
    made = prepared(text, "en", generator, is_mdx=is_mdx)
    return made.finished(markdown(made.text, "en", more=made.extensions)).strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Emoji
        ("It runs :tada: :rocket:", "<p>It runs 🎉 🚀</p>"),
        (":+1::smile:!", "<p>👍😄!</p>"),
        ("10:30:45, 1:100:2, a:b:c, :nobody: `:tada:`", "<p>10:30:45, 1:100:2, a:b:c, :nobody: <code>:tada:</code></p>"),
        ("http://a.example/:tada: std::tada::x", '<p><a href="http://a.example/:tada">http://a.example/:tada</a>: std::tada::x</p>'),
        # Links of wikis
        ("[[Ferry|the boat]] [[My page#Part]]", '<p><a href="article:Ferry">the boat</a> <a href="article:My%20page#Part">My page#Part</a></p>'),
        ("[[Get]] and [[a-page]]", '<p><a href="article:Get">[[Get]]</a> and <a href="article:a-page">a-page</a></p>'),
        ("[[Ferry]] or [[Bay|bay]]", '<p><a href="article:Ferry">Ferry</a> or <a href="article:Bay">bay</a></p>'),
        ("[[1]] [[noreturn]] [[x]](y) [[ -f x ]] `[[a]]`", '<p>[[1]] [[noreturn]] <a href="y">[x]</a> [[ -f x ]] <code>[[a]]</code></p>'),
        ("![[a b.png|300]]", '<p><img src="a%20b.png" alt="" width="300"></p>'),
        # Marks and the like
        ("a ==marked== b, x==y or z==w, `==a==`", "<p>a <mark>marked</mark> b, x==y or z==w, <code>==a==</code></p>"),
        ("10^6^ H~2~O", "<p>10^6^ H~2~O</p>"),
        ("The HTML of it, HTMLs\n\n*[HTML]: Hyper \"Text\"", '<p>The <abbr title="Hyper &quot;Text&quot;">HTML</abbr> of it, HTMLs</p>'),
        # Tables of contents
        ("[TOC]\n\nx", "<p>x</p>"), ("[[toc]]\n\nx", "<p>x</p>"), ("${toc}\n\nx", "<p>x</p>"),
        ("[[_TOC_]]\n\nx", "<p>x</p>"), ("* TOC\n{:toc}\n\nx", "<p>x</p>"),
        # Attributes
        ('[a](b){:target="_blank"} *c*{: .d}', '<p><a href="b">a</a> <em>c</em></p>'),
        ("x\n{: .lead #a}", "<p>x</p>"),
        ("|a|\n|-|\n|b|\n{.table .striped}", "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>b</td>\n</tr>\n</tbody>\n</table>"),
        ("{: .note }\nx\n\n## A\n{: .no_toc}\n\n- {:.b} y", "<p>x</p>\n<h2>A</h2>\n<ul>\n<li>y</li>\n</ul>"),
        ('![a](b.png){:width="20" height="3"} `c`{:.d}', '<p><img src="b.png" alt="a" /> <code>c</code></p>'),
        ("# A {#here}", '<h1 id="here">A</h1>'),
        ("{::options parse_block_html=\"true\" /}\n\nx", "<p>x</p>"),
        ("a\n\n{::comment}\nno\n{:/comment}\n\nb", "<p>a</p>\n<p>b</p>"),
        # Footnotes
        ("a[^1]\n\n[^1]: b", '<p>a<sup id="footnote-ref-1">[1]</sup></p>\n<hr>\n<section class="footnotes" data-footnotes>\n<ol>\n<li id="footnote-1">\n<p>b</p>\n</li>\n</ol>\n</section>'),
        ("a^[An *inline* note.]", '<p>a<sup id="footnote-ref-1">[1]</sup></p>\n<hr>\n<section class="footnotes" data-footnotes>\n<ol>\n<li id="footnote-1">\n<p>An <em>inline</em> note.</p>\n</li>\n</ol>\n</section>'),
        ("a[^x] b[^é] c[^x]\n\n[^x]: d[^é]\n[^é]: e", '<p>a<sup id="footnote-ref-1">[1]</sup> b<sup id="footnote-ref-2">[2]</sup> c<sup id="footnote-ref-1-2">[1]</sup></p>\n<hr>\n<section class="footnotes" data-footnotes>\n<ol>\n<li id="footnote-1">\n<p>d<sup id="footnote-ref-2-2">[2]</sup></p>\n</li>\n<li id="footnote-2">\n<p>e</p>\n</li>\n</ol>\n</section>'),
        ('<li id="fn-1">a</li>\n\nb[^1]\n\n[^1]: c', '<li id="fn-1">a</li>\n<p>b<sup id="footnote-ref-1">[1]</sup></p>\n<hr>\n<section class="footnotes" data-footnotes>\n<ol>\n<li id="footnote-1">\n<p>c</p>\n</li>\n</ol>\n</section>'),
        ("2^[n] and x^[1]", "<p>2^[n] and x^[1]</p>"),
        # Definitions
        ("Term\n: Words", "<dl>\n<dt>Term</dt>\n<dd>Words</dd>\n</dl>"),
        ("It is: so\n\n12:30", "<p>It is: so</p>\n<p>12:30</p>"),
        # Code
        ('```js{1,3-4} title="x"\na\n```', '<pre><code class="language-js">a\n</code></pre>'),
        ("~~~ruby {.line-numbers}\na\n~~~", '<pre><code class="language-ruby">a\n</code></pre>'),
        ("```{.python .numberLines}\na {: .b}\n[TOC]\n```", '<pre><code class="language-python">a {: .b}\n[TOC]\n</code></pre>'),
        ("a\n\n    :::python\n    x\n\n      y\n\nb", '<p>a</p>\n<pre><code class="language-python">x\n\n  y\n</code></pre>\n<p>b</p>'),
        ("    #!sh\n    ls", '<pre><code class="language-sh">ls\n</code></pre>'),
        # HTML
        ('<div markdown="1">\n*a*\n</div>', "<div>\n<p><em>a</em></p>\n</div>"),
        ('<div class="b" markdown=1>*a*</div>', '<div class="b">\n<p><em>a</em></p>\n</div>'),
        ("<img src=a style={{ margin: 5 }} />", '<img src="a">'),
    ],
)  # fmt: skip
def test_a_sign_becomes(text, expected):
    assert html(text) == expected


def test_docusaurus_reads_md_as_mdx_and_names_the_files_of_code():
    text = 'import A from "a";\n\n```js title="src/x.js" {1}\n// highlight-next-line\na\n```'
    assert html(text, "docusaurus") == (
        '<p><strong>src/x.js</strong></p>\n<pre><code class="language-js">a\n</code></pre>'
    )
    assert "import A" in html(text)


def test_the_notes_of_github_are_in_the_language_of_the_article():
    _, body, _ = article("> [!WARNING]\n> x", language="de")
    assert body.startswith("<blockquote>\n<p><strong>Warnung</strong></p>")


@pytest.mark.parametrize(
    ("path", "generator", "text", "problems"),
    [
        ("a.md", "", "[TOC]\n\nx", ["its table of contents is left out"]),
        ("a.md", "", ":::note\nx", ["a box that ::: begins is never ended"]),
        ("a.mdx", "", "<Foo/> {a}\n\nx", ["left out: the component <Foo/>", "left out: the expression {a}"]),
        ("a.md", "docusaurus", "<Foo>x</Foo> <Foo>y</Foo>", ["the component <Foo> is not known: what it holds stays (2 times)"]),
    ],
)  # fmt: skip
def test_what_is_left_out_is_told(path, generator, text, problems):
    found = article(text, path, generator)[2]
    assert sorted(one.what for one in found) == sorted(problems)
    assert {one.path for one in found} == {path}


def test_a_box_without_end_is_told_with_its_line_in_the_file():
    assert [one.line for one in article("a\n\n:::note\nx")[2]] == [7]


@pytest.mark.parametrize(
    ("path", "generator", "text", "summary"),
    [
        ("a.md", "hugo", "A b.\n\nC *d*.\n\n<!--more-->\n\ne", "A b. C d."),
        ("a.md", "docusaurus", "A.\n\nB.\n\n<!-- truncate -->\n\ne", "A. B."),
        ("a.mdx", "", "A.\n\nB.\n\n{/* truncate */}\n\ne", "A. B."),
        ("a.md", "", "A b.\n\nC *d*.\n\n<!--more-->\n\ne", "A b."),
    ],
)
def test_a_teaser_is_the_summary_where_the_generator_has_one(path, generator, text, summary):
    assert article(text, path, generator)[0].summary == summary


def test_every_name_of_an_emoji_is_one_of_comraks_table():
    assert [emoji(name) for name in ("tada", "+1", "nobody", "x")] == ["🎉", "👍", "", "❌"]


@pytest.mark.parametrize("generator", ["jekyll", "nikola", "pelican"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("![Plage](la plage.png)", 'src="la%20plage.png" alt="Plage"'),
        ('![Plage](la plage.png "Été")', 'src="la%20plage.png" alt="Plage" title="Été"'),
        ("[List](/files/The List.pdf) and [b](b.md)", 'href="/files/The%20List.pdf"'),
        ("`![a](b c.png)`", "<code>![a](b c.png)</code>"),
        ("    ![a](b c.png)", "<code>![a](b c.png)"),
        ("- a\n\n    ![a](b c.png)", 'src="b%20c.png"'),
        ("[a](b.md 'T') (c d)", 'href="b.md" title="T"'),
    ],
)
def test_an_address_may_hold_spaces_where_its_generator_takes_them(generator, text, expected):
    assert expected in html(text, generator)


def test_to_others_it_is_no_address():
    assert html("![a](b c.png)", "hugo") == "<p>![a](b c.png)</p>"


PIECES = st.sampled_from(
    ":tada: [[a|b]] [[ ]] == ==a== *[A]: A {: .a} {.b} {#c} ``` ~~~ [TOC] ^[a␣bc] [^1] [^1]:␣x :␣y "
    "::: !!!␣note <div␣markdown=1> </div> <p <code> </code> \n \n\n | - |-| A a".split(" ")
).map(lambda piece: piece.replace("␣", " "))


@settings(deadline=None, max_examples=150)
@given(st.lists(PIECES, max_size=30).map(" ".join) | st.text(max_size=150))
def test_whatever_is_written_it_is_read(text):
    for generator in ("", "docusaurus"):
        assert isinstance(html(text, generator), str)


@settings(deadline=None, max_examples=60)
@given(st.text("abc *_.,\n`<>&#-é", max_size=120))
def test_what_has_no_such_sign_is_rendered_as_it_was(text):
    assert html(text) == markdown(text, "en").strip()


@pytest.mark.parametrize(
    ("text", "shown", "lines"),
    [
        ("a\n\n%%\nsecret\n\n*secret*\n%%\n\nb", "<p>a</p>\n<p>b</p>", [3]),
        ("a\n\n%% secret %%\n\n%% secret\nsecret %%\n\nb", "<p>a</p>\n<p>b</p>", [3, 5]),
        ("a\n\n%%\nnever ended", "<p>a</p>\n<p>%%\nnever ended</p>", []),
        ("```\n%%\nx\n%%\n```", "<pre><code>%%\nx\n%%\n</code></pre>", []),
        ("%%FNAME%% has 50%% of 20%%", "<p>%%FNAME%% has 50%% of 20%%</p>", []),
        ("a\n\n%%secret note%%\n\n%%\nsecret\nsecret%%\n\nb", "<p>a</p>\n<p>b</p>", [3, 5]),
        ("%% Of Erlang\n\nb\n\nc, 50 %%", "<p>%% Of Erlang</p>\n<p>b</p>\n<p>c, 50 %%</p>", []),
        ("%% Two of\n%% Erlang", "<p>%% Two of\n%% Erlang</p>", []),
    ],
)
def test_comments_of_obsidian_are_left_out_and_noted(text, shown, lines):
    found = prepared(text, "en")
    assert markdown(found.text, more=found.extensions).strip() == shown
    assert [one.line for one in found.problems] == lines
