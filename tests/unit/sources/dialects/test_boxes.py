"""Boxes of other Markdowns become quotations with their title."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.sources.dialects.boxes import opened
from publisher.sources.markup import markdown, sanitised


def html(text, language="en", **how):
    return re.sub(r"\n+", "\n", markdown(opened(text, language, **how).text)).strip()


def box(title, inner):
    return f"<blockquote>\n<p><strong>{title}</strong></p>\n{inner}\n</blockquote>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (":::note\nx\n:::", box("Note", "<p>x</p>")),
        ("::: tip\nx\n:::", box("Tip", "<p>x</p>")),
        (":::note Read this\n\nBack *at* noon.\n\n:::", box("Read this", "<p>Back <em>at</em> noon.</p>")),
        (":::tip[Did `you` know?]\nx\n:::", box("Did <code>you</code> know?", "<p>x</p>")),
        (":::info{title=\"A b\"}\nx\n:::", box("A b", "<p>x</p>")),
        (':::{.callout-warning title="Hot"}\nx\n:::', box("Hot", "<p>x</p>")),
        ("::: {.note}\nx\n:::", box("Note", "<p>x</p>")),
        ("::::info\na\n:::tip\nb\n:::\nc\n::::", box("Info", "<p>a</p>\n" + box("Tip", "<p>b</p>") + "\n<p>c</p>")),
        (":::note\n**Note:** x\n:::", "<blockquote>\n<p><strong>Note:</strong> x</p>\n</blockquote>"),
        (":::details Click me\nx\n:::", box("Click me", "<p>x</p>")),
        (":::table-wrapper\nx\n:::", "<p>x</p>"),
        (":::tip x :::", box("Tip", "<p>x</p>")),
        ("- a\n\n  :::note\n  x\n  :::\n- b", "<ul>\n<li>\n<p>a</p>\n" + box("Note", "<p>x</p>") + "\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>"),
        ("> :::note\n> x\n> :::", "<blockquote>\n" + box("Note", "<p>x</p>") + "\n</blockquote>"),
        ("```\n:::note\n```\n`:::`", "<pre><code>:::note\n</code></pre>\n<p><code>:::</code></p>"),
        ('!!! warning "Mind *it*"\n    a\n\n    b\n\nc', box("Mind <em>it</em>", "<p>a</p>\n<p>b</p>") + "\n<p>c</p>"),
        ("!!! tip\n    a\n    !!! note\n        b\nc", box("Tip", "<p>a</p>\n" + box("Note", "<p>b</p>")) + "\n<p>c</p>"),
        ('!!! note ""\n    a', "<blockquote>\n<p>a</p>\n</blockquote>"),
        ('???+ note "More"\n    ```js\n    x\n    ```', box("More", '<pre><code class="language-js">x\n</code></pre>')),
        ("!!! what a day\nx", "<p>!!! what a day\nx</p>"),
        ("A ratio ::: of it, std::move", "<p>A ratio ::: of it, std::move</p>"),
        ("::youtube{#ab-c}", '<iframe src="https://www.youtube.com/embed/ab-c"></iframe>'),
    ],
)  # fmt: skip
def test_a_box_becomes(text, expected):
    assert html(text) == expected


@pytest.mark.parametrize(
    ("opens", "hidden"),
    [
        ("::: hidden", True), ("::: {.hidden}", True), ("::: {.lead .hidden}", True), (":::table-wrapper", False),
        ("::: {.content-hidden}", True), ('::: {.content-hidden when-format="html"}', True),
        ('::: {.content-hidden when-format="pdf"}', False), ('::: {.content-hidden unless-format="pdf"}', True),
        ('::: {.content-visible when-format="html"}', False), ('::: {.content-visible when-format="pdf"}', True),
        ('::: {.content-visible unless-format="html"}', True), ('::: {.content-visible when-profile="in"}', True),
        ('::: {.content-visible when-format="html" when-profile="in"}', True),
    ],
)  # fmt: skip
def test_a_box_that_its_own_generator_shows_to_nobody_is_hidden(opens, hidden):
    found = sanitised(html(f"a\n\n{opens}\n*x*\n\n- y\n:::\n\nb"), "https://x.example/")
    assert ("<em>x</em>" not in found) is hidden
    assert found.startswith("<p>a</p>")
    assert found.endswith("<p>b</p>")


def test_titles_are_in_the_language_of_the_article_and_only_where_the_generator_has_them():
    assert html(":::warning\nx\n:::", "de") == box("Warnung", "<p>x</p>")
    assert html("::: warning\nx\n:::", titled=False) == "<blockquote>\n<p>x</p>\n</blockquote>"


def test_a_box_that_never_ends_is_told_with_its_line():
    found = opened("a\n\n:::note\nx\n", "en")
    assert found.unclosed == [3]
    assert markdown(found.text).count("<blockquote>") == markdown(found.text).count("</blockquote>")


def test_a_directive_of_another_program_is_counted():
    found = opened('::card[Words]{to="x"}\n\n::other{a=b}\n', "en")
    assert (dict(found.leaves), "Words" in found.text) == ({"::card": 1, "::other": 1}, True)


LINES = st.sampled_from(
    [":::note", ":::", "::::", "::::tip[a]", "  :::x", "> :::info", "!!! note", "    a", "```", "a",
     "", "- b", '??? tip "x"', "        c", "</blockquote>", "<pre>", "::x{y}", "~~~"]
)  # fmt: skip


@settings(deadline=None, max_examples=100)
@given(st.lists(LINES, max_size=25).map("\n".join) | st.text(":!? {}[]ab\n>`", max_size=60))
def test_whatever_is_written_each_quotation_of_ours_ends(text):
    made = opened(text, "en").text
    added = made.count("<blockquote>") - made.count("</blockquote>")
    assert added == text.count("<blockquote>") - text.count("</blockquote>")
