"""reStructuredText reads as an article, as Pelican and Nikola have it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.errors import SourceError
from publisher.model import Publication
from publisher.sources.composing import compose
from publisher.sources.dialects.rst import is_certain
from publisher.sources.dialects.rst.reading import parse
from publisher.sources.frontmatter import split
from publisher.sources.identity import Identity
from publisher.sources.inherited import Inherited
from publisher.sources.parts import take_apart

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
PUBLICATION = Publication(title="T", base_url="https://x.example/")


def article(path, text, publication=PUBLICATION):
    parts = take_apart(path, text.encode(), publication)
    identity = Identity(id="tag:x:1", path=path, first_seen=NOW, digest="", body="", title="")
    return compose(parts, identity, publication, lambda *_: None)


def html(text, language="en"):
    return parse(text).html(language)[0].strip()


def told(text):
    return [(one.line, one.what) for one in parse(text).problems]


PELICAN = """Harbour news
############

:date: 2026-01-05
:author: Ann Lee
:tags: boats, *ferries*
:summary: It is open
    again.

The `harbour <https://h.example/>`_ is open.
"""

NIKOLA = """.. title: Nikola post
.. slug: nikola-post
.. date: 2026-01-05 08:00:00 UTC

The `harbour <https://h.example/>`__ is ``open``.

.. TEASER_END

.. image:: /img/a.png
"""


def test_a_post_of_pelican_has_its_fields_and_its_links():
    found, body, problems = article("harbour.rst", PELICAN)
    assert (found.title, found.authors, found.tags) == (
        "Harbour news", ("Ann Lee",), ("boats", "ferries"),
    )  # fmt: skip
    assert (f"{found.published:%Y-%m-%d}", found.summary) == ("2026-01-05", "It is open again.")
    assert body == '<p>The <a href="https://h.example/">harbour</a> is open.</p>'
    assert problems == []


@pytest.mark.parametrize("path", ["nikola.txt", "nikola.rst"])
def test_a_post_of_nikola_has_its_comments_and_a_teaser(path):
    found, body, _ = article(path, NIKOLA)
    assert (found.title, found.slug, found.summary) == (
        "Nikola post", "nikola-post", "The harbour is open.",
    )  # fmt: skip
    assert body.split("\n") == [
        '<p>The <a href="https://h.example/">harbour</a> is <code>open</code>.</p>',
        '<p><img src="https://x.example/img/a.png" alt=""></p>',
    ]


def test_the_text_of_a_post_of_two_files_is_rest():
    meta = Inherited(meta={"title": "A", "date": "2026-01-05"}, is_nikola=True)
    parts = take_apart("ferry.txt", b"It *sails*.\n", PUBLICATION, meta)
    assert (parts.title, parts.markup.strip()) == ("A", "<p>It <em>sails</em>.</p>")


def test_a_title_in_the_text_beside_another_one_stays_as_a_heading():
    _, body, _ = article("a.rst", ".. title: Own\n.. date: 2026-01-05\n\nOther\n=====\n\nx\n")
    assert body == '<h2 id="other">Other</h2>\n<p>x</p>'
    _, body, _ = article("a.rst", ".. title: Own\n.. date: 2026-01-05\n\nOwn\n===\n\nx\n")
    assert body == "<p>x</p>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (".. code-block:: python\n   :linenos:\n   :emphasize-lines: 1\n\n   a < b", '<pre><code class="language-python">a &lt; b\n</code></pre>'),
        (".. sourcecode:: sh\n\n   ls", '<pre><code class="language-sh">ls\n</code></pre>'),
        ("Code::\n\n   x\n", "<p>Code:</p>\n<pre><code>x\n</code></pre>"),
        (".. figure:: a.png\n   :alt: A\n   :width: 30px\n   :figclass: x\n\n   Said", '<figure>\n<img src="a.png" alt="A" width="30"><figcaption>\n<p>Said</p>\n</figcaption>\n</figure>'),
        (".. thumbnail:: a.png", '<figure>\n<img src="a.png" alt=""></figure>'),
        (".. warning:: Mind it.", "<blockquote>\n<p><strong>Warning</strong></p>\n<p>Mind it.</p>\n</blockquote>"),
        (".. admonition:: Read\n\n   it", "<blockquote>\n<p><strong>Read</strong></p>\n<p>it</p>\n</blockquote>"),
        (".. youtube:: a_b-c\n   :width: 3", '<iframe src="https://www.youtube.com/embed/a_b-c"></iframe>'),
        (".. vimeo:: 123", '<iframe src="https://player.vimeo.com/video/123"></iframe>'),
        ("A note [#]_ and [CIT]_.\n\n.. [#] Said.\n.. [CIT] So.", '<p>A note <sup id="footnote-ref-1">[1]</sup> and <sup id="footnote-ref-2">[CIT]</sup>.</p>\n<p id="footnote-1">[1] Said.</p>\n<p id="footnote-2">[CIT] So.</p>'),
        ("a [#x]_ b [2]_ c [#x]_ d [3]_\n\n.. [2] By number.\n.. [#x] By name.\n.. [3]", '<p>a <sup id="footnote-ref-2">[1]</sup> b <sup id="footnote-ref-1">[2]</sup> c <sup id="footnote-ref-2-2">[1]</sup> d <sup>[3]</sup></p>\n<p id="footnote-1">[2] By number.</p>\n<p id="footnote-2">[1] By name.</p>'),
        ("H\\ :sub:`2`\\ O, 10\\ :sup:`6`, :math:`a^2`", "<p>H<sub>2</sub>O, 10<sup>6</sup>, <code>a^2</code></p>"),
        ("See :doc:`the ferry <posts/ferry>`.", '<p>See <a class="reference external" href="article:posts/ferry">the ferry</a>.</p>'),
        (":kbd:`Ctrl` :ref:`a part <part>`", "<p><code>Ctrl</code> <span>a part</span></p>"),
        (".. contents::\n\nx", "<p>x</p>"),
        (".. a remark\n\nx", "<p>x</p>"),
        (".. raw:: html\n\n   <b>x</b>", "<b>x</b>"),
        (".. only:: html\n\n   x", "<div class=\"docutils container\">\n<p>x</p>\n</div>"),
        (".. only:: html or latex\n\n   x\n\n.. only:: not draft\n\n   y", '<div class="docutils container">\n<p>x</p>\n</div>\n<div class="docutils container">\n<p>y</p>\n</div>'),
        (".. only:: (html and not draft) or latex\n\n   x", "<div class=\"docutils container\">\n<p>x</p>\n</div>"),
        ("x\n\n.. only:: not (latex or html)\n\n   y", "<p>x</p>"),
        ("x\n\n.. only:: not html\n\n   y\n\n.. only:: latex\n\n   z", "<p>x</p>"),
        ("See https://x.example/k（注） and https://ru.example/путь?я=1, ok", '<p>See <a class="reference external" href="https://x.example/k">https://x.example/k</a>（注） and <a class="reference external" href="https://ru.example/путь?я=1">https://ru.example/путь?я=1</a>, ok</p>'),
        ("https://x.example/é).", '<p><a class="reference external" href="https://x.example/é">https://x.example/é</a>).</p>'),
        ("`here <https://x.example>`_é", "<p>`here &lt;<a class=\"reference external\" href=\"https://x.example\">https://x.example</a>&gt;`_é</p>"),
        (":strike:`a` :del:`b` :mark:`c` :u:`d`", "<p><s>a</s> <s>b</s> <mark>c</mark> <u>d</u></p>"),
        (".. role:: gone\n   :class: strike\n\n:gone:`a`", "<p><s>a</s></p>"),
        ("term : of a kind\n  It.", "<dl class=\"simple\">\n<dt>term : <em>of a kind</em></dt>\n<dd><p>It.</p>\n</dd>\n</dl>"),
        (".. dropdown:: A & B\n\n   x", "<details><summary>A &amp; B</summary>\n<p>x</p>\n</details>"),
        (".. code-block:: sh\n   :caption: do.sh\n\n   ls", "<p><strong>do.sh</strong></p>\n<pre><code class=\"language-sh\">ls\n</code></pre>"),
    ],
)  # fmt: skip
def test_what_is_written_becomes(text, expected):
    assert html(text) == expected


def test_notes_have_their_titles_in_the_language_of_the_article():
    assert "<strong>Warnung</strong>" in html(".. warning:: x", "de-AT")
    assert "<strong>Siehe auch</strong>" in html(".. seealso:: x", "de")


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("x\n\n.. chart:: Bar\n   :title: y\n", [(None, "left out: the directive .. chart::")]),
        ("x\n\n.. nonsense:: y\n", [(3, "left out: the directive .. nonsense::")]),
        ("x\n\n.. include:: /etc/passwd\n", [(3, "left out: the directive .. include::")]),
        ("x\n\n.. raw:: html\n   :file: /etc/passwd\n", [(3, "left out: the directive .. raw::")]),
        ("x\n\n.. csv-table::\n   :url: http://a.example/\n", [(3, 'reST: File and URL access deactivated; ignoring "csv-table" directive')]),
        ("x\n\n.. only:: draft\n\n   y\n", [(None, "left out: the directive .. only::")]),
        ("x\n\n.. todo:: ask her\n", [(None, "left out: the directive .. todo::")]),
        (".. date::\n", [(None, "left out: the directive .. date::")]),
        ("An *end\n", [(1, "reST: Inline emphasis start-string without end-string")]),
        (":func:`a` :func:`b`", [(None, "reST: the role 'func' is not known: what it names stands as code (2 times)")]),
    ],
)  # fmt: skip
def test_what_docutils_has_to_say_is_a_problem_with_its_line(text, problems):
    assert [one for one in told(text) if "Unknown" not in one[1]] == problems


def test_no_message_of_docutils_stands_in_the_text():
    body = html("An *end and |nothing| and `none`_\n\n.. nonsense:: y\n\n   z\n\nT\n=\n")
    assert body.startswith("<p>An *end and |nothing| and `none`_</p>")
    assert not any(word in body for word in ("system", "Unknown", "ERROR", "WARNING", "nonsense"))


def test_lines_are_those_of_the_file():
    found = article("a.rst", ".. title: A\n.. date: 2026-01-05\n\nx\n\n.. nonsense:: y\n")[2]
    assert [(one.path, one.line) for one in found] == [("a.rst", 6)]


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("Harbour\n=======\n\n:date: 2026-01-05\n\nx", True),
        (".. image:: a.png\n\nSee `it <https://a.example>`_.", True),
        ("The price: 10\n\nDate: today", False),
        ("A title\n=======\n\nA text of lines.", False),
        ("He said :: nothing. .. image of it", False),
        ("To quote reST, write `x <https://a.example>`_.", False),
    ],
)
def test_a_plain_text_is_rest_only_where_that_is_certain(text, certain):
    assert is_certain(text, False) is certain


@pytest.mark.parametrize("top", [".. image:: a.png", ".. _top:", ".. a remark"])
def test_what_looks_like_nikolas_lines_on_top_is_no_front_matter(top):
    assert split(f"{top}\n\nTitle\n=====\n").values == {}


def test_a_target_may_stand_before_the_title():
    found, body, _ = article("a.rst", ".. _top:\n\nTitle\n=====\n\n:date: 2026-01-05\n\nx\n")
    assert (found.title, body) == ("Title", "<p>x</p>")


@pytest.mark.parametrize(
    "text",
    [
        "".join(f".. |a{n}| replace:: |a{n - 1}| |a{n - 1}|\n" for n in range(1, 40)) + ".. |a0| image:: x\n\n|a39|",
        "".join("  " * n + "* a\n\n" for n in range(400)),
        "> " * 3000 + "x",
        "".join(" " * n + "a\n\n" for n in range(600)),
    ],
    ids=["substitutions", "lists", "quotations", "indents"],
)  # fmt: skip
def test_what_would_take_for_ever_is_refused_or_read(text):
    try:
        assert len(html(text)) < 100 * len(text) + 1000
    except SourceError as error:
        assert error.problem.what


PIECES = st.sampled_from(
    "* - # `` ` *a* **b** |a| [1]_ [#]_ a_ `a <b>`_ .. :: .. image:: .. note:: .. |a| replace:: "
    ".. [1] .. _a: === --- +--+ | a :a: b :sub:`x` \\ \n \n\n    \t :: > http://a é".split(" ")
)


@settings(deadline=None, max_examples=60)
@given(st.lists(PIECES, max_size=40).map(" ".join) | st.text(max_size=200))
def test_whatever_is_written_is_read_or_refused(text):
    try:
        found = parse(text)
        assert isinstance(found.html("en")[0], str)
    except SourceError as error:
        assert error.problem.what
