"""Eleventy's Liquid, with its data files."""

import pytest

from publisher.sources.templating import Page, Site
from tests.unit.sources.templating.texts import seen

FILES = {
    ".eleventy.js": "module.exports = { dir: { input: 'src', includes: \"parts\" } }",
    "src/parts/hint.html": "<p>{{ who }} {{ site.title }}</p>",
}


def eleventy(text, files=FILES, shortcodes=None, **values):
    site = Site(
        generator="eleventy",
        read=files.get,
        data=lambda: {"site": {"title": "T"}},
        shortcodes=shortcodes or {},
    )
    return seen(text, site, Page(path="2026-01-05-note.md", values={"title": "N", **values}))


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ('[a]({{ "/blog/" | url }}) {{ "A b" | slug }} {{ title }}', '<p><a href="/blog/">a</a> a-b N</p>'),
        ("{{site.baseurl}}/a {{ page.fileSlug }}", "<p>/a note</p>"),
        ("{% include 'hint', who: 'Ada' %}", "<p>Ada T</p>"),
        ('{% render "hint.html" who: title %}', "<p>N T</p>"),
        ("{% raw %}{{ x }}{% endraw %}", "<p>{{ x }}</p>"),
        ("{% if none %}a{% else %}b{% endif %}", "<p>b</p>"),
    ],
)  # fmt: skip
def test_code_is_what_it_stands_for(typed, made):
    assert eleventy(typed) == (made, [])


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ("{{ computed }}", "what computed stands for is not known"),
        ("{{ page.url }}", "page.url is not known here"),
        ("{{ collections.posts }}", "collections.posts is not known here"),
        ('{% image "a.png", "b" %}', "what the shortcode image stands for is not known"),
        ("{% include 'none' %}", "there is no file to include: none"),
        ("{{ 'a' | own }}", "what the filter own stands for is not known"),
    ],
)
def test_what_a_script_may_compute_is_not_known(typed, what):
    assert what in " ".join(eleventy(typed)[1])


def test_a_page_says_what_it_is_written_in():
    assert eleventy("{{ x }}", templateEngineOverride="md")[0] == "<p>{{ x }}</p>"
    assert (
        eleventy("{{ x }}", {".eleventy.js": "markdownTemplateEngine: false"})[0]
        == "<p>{{ x }}</p>"
    )


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("{% set a = 'x(y) | z' %}{{ a | replace('x', 'set loop.') | upper }}", "<p>SET LOOP.(Y) | Z</p>"),
        ("{# a\n{{ b #}{{ '/c' | url }}", "<p>/c</p>"),
        ("{% if not title %}a{% elif title == 'N' %}b{% endif %}", "<p>b</p>"),
        ("{% verbatim %}{{ x | y(1) }}{% endverbatim %}", "<p>{{ x | y(1) }}</p>"),
        ("{% for a in tags %}{{ loop.index }}{{ a }}{% endfor %}", "<p>1p2q</p>"),
        ('{% image "a.png", "A" %}', '<p><img src="a.png" alt="A"></p>'),
    ],
)  # fmt: skip
def test_nunjucks_that_liquid_has_too(typed, made):
    table = {"image": '<img src="{{ args[0] }}" alt="{{ args[1] }}">'}
    files = {".eleventy.js": "markdownTemplateEngine: 'njk'"}
    assert eleventy(typed, files, table, tags=["p", "q"]) == (made, [])


@pytest.mark.parametrize(
    "typed", ["{{ a() }}", "{{ 'a' ~ 'b' }}", "{% macro x() %}{% endmacro %}", "{{ 'a' if b }}"]
)
def test_nunjucks_that_liquid_has_not_is_refused(typed):
    files = {".eleventy.js": "markdownTemplateEngine: 'njk'"}
    assert len(eleventy(typed, files)[1]) == 1


def test_the_owners_table_is_for_filters_too():
    embed = {"embed": '<iframe src="{{ args[0] }}" title="{{ args[1] }}"></iframe>'}
    made = eleventy("{{ '/a\"b' | embed: 'T' }}", shortcodes=embed)
    assert made == ('<iframe src="/a&#34;b" title="T"></iframe>', [])
