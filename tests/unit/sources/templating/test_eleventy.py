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
    assert eleventy("{{ title }}", {".eleventy.js": "markdownTemplateEngine: 'njk'"}) == (
        "<p>{{ title }}</p>",
        [],
    )


def test_the_owners_table_is_for_filters_too():
    embed = {"embed": '<iframe src="{{ args[0] }}" title="{{ args[1] }}"></iframe>'}
    made = eleventy("{{ '/a\"b' | embed: 'T' }}", shortcodes=embed)
    assert made == ('<iframe src="/a&#34;b" title="T"></iframe>', [])
