"""MDX reads as Markdown: nothing of it is run, and nothing of it is seen."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.sources.dialects.mdx import is_mdx, opened
from publisher.sources.markup import markdown


def html(text, **how):
    text = opened(text, "en", front={"title": "From the head"}, **how).text
    return re.sub(r"\n+", "\n", markdown(text)).strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('import Tabs from "@theme/Tabs";\n\nHello from us.', "<p>Hello from us.</p>"),
        ("import {\n  A,\n  B\n} from 'x'\n\nx", "<p>x</p>"),
        ("export const a = {\n  b: 1,\n\n  c: [2]\n};\nx", "<p>x</p>"),
        ("export const a = {\n\nnever ended", "<p>never ended</p>"),
        ("x\n\nimport taxes, they said", "<p>x</p>\n<p>import taxes, they said</p>"),
        ("a {/* no\n\nno */} b", "<p>a  b</p>"),
        ("a{' '}b {\"c\"} {`d`} {42}", "<p>a b c d 42</p>"),
        ("`{x}` \\{y}\n\n```\nimport a from 'a'\n{z}\n```", "<p><code>{x}</code> {y}</p>\n<pre><code>import a from 'a'\n{z}\n</code></pre>"),
        ("## A {/*#an-id*/}", '<h2 id="an-id">A</h2>'),
        ("## A {#an-id}", '<h2 id="an-id">A</h2>'),
        ('<Tabs>\n  <TabItem value="a" label="A">\n\n    ```js\n    x\n    ```\n\n  </TabItem>\n  <TabItem value="b">\n    *y*\n  </TabItem>\n</Tabs>', '<p><strong>A</strong></p>\n<pre><code class="language-js">x\n</code></pre>\n<p><strong>b</strong></p>\n<p><em>y</em></p>'),
        ('<Admonition type="tip" title="T">\n\nx\n\n</Admonition>', "<blockquote>\n<p><strong>T</strong></p>\n<p>x</p>\n</blockquote>"),
        ("<Callout>Mind the **gap**</Callout>", "<blockquote>\n<p><strong>Note</strong></p>\n<p>Mind the <strong>gap</strong></p>\n</blockquote>"),
        ('<Tabs><TabItem label="A">An *apple*</TabItem></Tabs>', "<p><strong>A</strong></p>\n<p>An <em>apple</em></p>"),
        ("<div>Mind the **gap**</div>", "<div>\n<p>Mind the <strong>gap</strong></p>\n</div>"),
        ("<div>Mind it</div>", "<div>Mind it</div>"),
        ("<p>Mind the **gap**</p>\n<p>Mind it</p>", "<p>Mind the <strong>gap</strong></p>\n<p>Mind it</p>"),
        ("<Callout>\n  x\n</Callout>", "<blockquote>\n<p><strong>Note</strong></p>\n<p>x</p>\n</blockquote>"),
        ("import a from './a.png'\n\n<Image src={a} alt=\"A\" width={3} />", '<img src="./a.png" alt="A" width="3">'),
        ("<img src={require('./b.png').default} style={{float: 'left'}} className=\"c\" />", '<img src="./b.png" class="c">'),
        ("<span style={{display: 'none', margin: 5}}>x</span>", '<p><span style="display:none">x</span></p>'),
        ("<p hidden={true}>*x*</p>\n\ny", "<p hidden>*x*\n<p>y</p>"),
        ("<b hidden={!open}>x</b> <i hidden={false}>y</i>", "<p><b hidden>x</b> <i>y</i></p>"),
        ("<YouTube id='ab-c' />", '<iframe src="https://www.youtube.com/embed/ab-c"></iframe>'),
        ('<Link to="/x">a</Link>', '<p><a href="/x">a</a></p>'),
        ("<Foo bar={{a: '}'}}>*x*</Foo>", "<p><em>x</em></p>"),
        ("<>\n\nx\n\n</>", "<p>x</p>"),
        ('<div className="c">\n  **x**\n</div>', '<div class="c">\n<p><strong>x</strong></p>\n</div>'),
        ("<details>\n<summary>S</summary>\n\nx\n</details>", "<details>\n<summary>S</summary>\n<p>x</p>\n</details>"),
        ("a < b, {never ended and 1 <2", "<p>a &lt; b, {never ended and 1 &lt;2</p>"),
        ("An Array<T> of <Name>", "<p>An Array&lt;T&gt; of &lt;Name&gt;</p>"),
        ('<Card title="A">\n  b <Badge text="new" />\n</Card>', "<p><strong>A</strong></p>\n<p>b new</p>"),
        ("a {x.y} b", "<p>a  b</p>"),
        ("The <Highlight color='red'>word</Highlight> of <Note>it</Note>, <Kbd>F1</Kbd>.", "<p>The <mark>word</mark> of it, <kbd>F1</kbd>.</p>"),
        ("the\n<Highlight>word\nor two</Highlight> of it", "<p>the\n<mark>word\nor two</mark> of it</p>"),
        ("- <Note>x</Note>\n- y", "<ul>\n<li>\n<blockquote>\n<p><strong>Note</strong></p>\n<p>x</p>\n</blockquote>\n</li>\n<li>\n<p>y</p>\n</li>\n</ul>"),
        ('<Details summary="S & T">\n\nx\n\n</Details>', "<details><summary>S &amp; T</summary>\n<p>x</p>\n</details>"),
        ("<Accordion title={<b>S</b>}>x</Accordion>", "<details><summary>S</summary>\n<p>x</p>\n</details>"),
        ("1. a\n\n   <CodeBlock language='js' title='b.js'>{`c {\n\n  d < e\n}`}</CodeBlock>\n", '<ol>\n<li>\n<p>a</p>\n<p><strong>b.js</strong></p>\n<pre><code class="language-js">c {&#10;&#10;  d &lt; e&#10;}&#10;</code></pre>\n</li>\n</ol>'),
        ("a\n\n<pre>{`\nb <2> {c}\n\n  d\n`}</pre>\n\ne", "<p>a</p>\n<pre><code>b &lt;2&gt; {c}&#10;&#10;  d&#10;</code></pre>\n<p>e</p>"),
        ("<pre>\n  <code className=\"language-js\">{`b\\``}{'\\n'}{`\nc`}</code>\n</pre>", '<pre><code class="language-js">b`&#10;&#10;c&#10;</code></pre>'),
        ("- <pre>{`a\n\nb`}</pre>\n- c", "<ul>\n<li>\n<pre><code>a&#10;&#10;b&#10;</code></pre>\n</li>\n<li>c</li>\n</ul>"),
        ("a{'\\n'}b {\"\\u00e9\\x41\\u{1F600}\\ud83d\\ude00\\ud83d\"} {'it\\'s'}", "<p>a\nb éA😀😀 it's</p>"),
        ("```\n<pre>{`a\nb`}</pre>\n```", "<pre><code>&lt;pre&gt;{`a\nb`}&lt;/pre&gt;\n</code></pre>"),
        ("<pre>\na {`b`}\n</pre>", "<pre>\na {`b`}\n</pre>"),
        ("<CodeBlock>\n  npm i\n    x\n</CodeBlock>", "<pre><code>npm i&#10;  x&#10;</code></pre>"),
        ("<Tooltip tip='said of it'>word</Tooltip>", '<p><abbr title="said of it">word</abbr></p>'),
        ('<Card title="T" href="/x" description="D" />', '<p><strong><a href="/x">T</a></strong></p>\n<p>D</p>'),
        ("export const a = 'A'\nexport const m = {\n  b: 'B', c: {d: 1},\n}\n\n{a} {m.b} {m.c}{m.d}", "<p>A B</p>"),
        ("1. a\n\n   <Note title='T'>\n\n   b\n\n   </Note>\n\n2. c", "<ol>\n<li>\n<p>a</p>\n<blockquote>\n<p><strong>T</strong></p>\n<p>b</p>\n</blockquote>\n</li>\n<li>\n<p>c</p>\n</li>\n</ol>"),
        ("import X from 'x'\nexport const a = 'A'\n\n{a}", "<p>A</p>"),
        ("{frontMatter.title}, {frontmatter.no}", "<p>From the head,</p>"),
        ("- a\n\n  <Foo>\n    b\n  </Foo>\n- c", "<ul>\n<li>\n<p>a</p>\n<p>b</p>\n</li>\n<li>\n<p>c</p>\n</li>\n</ul>"),
    ],
)  # fmt: skip
def test_mdx_becomes(text, expected):
    assert html(text) == expected


def test_what_is_left_out_is_counted_by_name():
    found = opened("<Bar />, <Bar/> <Foo>x</Foo> <Foo/> {a.b} {a.b} {c()}", "en")
    assert (dict(found.lost), dict(found.unwrapped)) == ({"Bar": 2, "Foo": 1}, {"Foo": 1})
    assert dict(found.expressions) == {"{a.b}": 2, "{c()}": 1}


def test_words_of_attributes_that_stand_nowhere_are_told():
    found = opened('<Foo title="A b">x</Foo> <Image src="/a.png" alt={b} title="T" />', "en")
    assert dict(found.words) == {'title="A b" of <Foo>': 1}
    assert dict(found.expressions) == {"alt={b}": 1}


def test_in_other_markdown_only_tags_with_braces_are_changed():
    text = "{x} <b>y</b> <Foo>z</Foo> <img src=a style={{ margin: 5 }} />"
    assert opened(text, "en", whole=False).text == '{x} <b>y</b> <Foo>z</Foo> <img src="a">'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import A from './a'\n\n<A />", True),
        ("```\nimport A from './a'\n```\n<A />", False),
        ("We import A from 'a'. <A />", False),
        ("import A from './a'\n\nno component", False),
    ],
)
def test_a_text_is_mdx_if_it_imports_and_shows_a_component(text, expected):
    assert is_mdx(text) is expected


PIECES = st.sampled_from(
    "<A> </A> <A/> <Tabs> </Tabs> <div> </div> { } {x} {' '} {/* */} ` `` ``` import export a=\" ' "
    "<a <A b={ } > /> \\ \n \n\n - import␣a␣from␣'b' <TabItem␣label='x'> =".split(" ")
).map(lambda piece: piece.replace("␣", " "))


@settings(deadline=None, max_examples=150)
@given(st.lists(PIECES, max_size=30).map(" ".join) | st.text(max_size=200))
def test_whatever_is_written_it_is_read(text):
    assert isinstance(opened(text, "en").text, str)
    assert isinstance(opened(text, "en", whole=False).text, str)


@settings(deadline=None, max_examples=50)
@given(st.text("abc .,\n", max_size=200))
def test_prose_without_signs_loses_no_word(text):
    assert opened(text, "en").text.split() == text.split()
