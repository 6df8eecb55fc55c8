"""A folder of posts is a site, whatever made it; folders of other texts are none."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from publisher.adoption import read_site
from publisher.adoption.configuration import draft, written
from publisher.errors import UsageError
from tests.sites_of_generators import write_site

POST = "---\ntitle: A\ndate: 2026-01-05\n---\n\nText.\n"
NEXT = {
    "package.json": '{"name": "tides", "homepage": "https://tides.example"}',
    "apps/site/pages/en/blog/release/v1.0.0.md": POST,
    "apps/site/pages/en/blog/news/ebb.mdx": POST,
    "apps/site/pages/en/blog/index.md": "# Blog\n",
    "node_modules/a/posts/b.md": POST,
    "node_modules/a/posts/c.md": POST,
    "node_modules/a/posts/d.md": POST,
}


def test_a_folder_of_posts_is_a_site_without_a_generator(tmp_path):
    site = read_site(write_site(tmp_path, NEXT))
    assert (site.generator, site.rendered) == ("", False)
    assert [(one.path, one.files) for one in site.contents] == [("apps/site/pages/en/blog", 3)]
    made = draft(site, "../site", date(2026, 11, 24))
    own = tomllib.loads(written(made, site, "../site", ""))
    assert own["publication"] | {"since": 0} == {
        "title": "tides",
        "base_url": "https://tides.example",
        "since": 0,
        "articles": "../site/apps/site/pages/en/blog",
        "article_url": "en/blog/{folder}/{filename}/",
    }
    assert own["web"] == {"pages": "editions"}
    assert "sources" not in own
    assert [note.severity for note in made.notes if "is not known" in note.what] == ["warning"]


def test_sphinxs_texts_with_a_day_are_posts(tmp_path):
    post = ".. post:: Oct 19, 2021\n   :tags: a\n\nTitle\n=====\n\nText.\n"
    files = {
        "conf.py": "import os\nproject = 'Docs'\nblog_baseurl = 'https://docs.example'\n",
        "blog/a.rst": post,
        "blog/b.rst": post,
        "guide/c.rst": "Guide\n=====\n",
    }
    site = read_site(write_site(tmp_path, files))
    assert [one.path for one in site.contents] == ["blog"]
    assert site.title and site.title.place == "from conf.py:2 project"
    assert site.base_url and site.base_url.value == "https://docs.example"


@pytest.mark.parametrize(
    "files",
    [
        {"posts/a.md": "# A\n", "posts/b.md": "# B\n"},  # notes of no site
        {"posts/a.md": POST},  # one alone
        {"posts/a.md": POST, "posts/b.md": "---\ntitle: B\n---\nB\n", "posts/c.md": "C"},
        {"texts/a.md": POST, "texts/b.md": POST},  # not called posts
        {"docs/blog/a.md": POST, "tests/posts/b.md": POST},
        {"posts/a.md": "---\n[a\n---\n", "posts/b.md": POST},
    ],
)
def test_other_texts_are_no_site(tmp_path, files):
    with pytest.raises(UsageError, match="no known generator"):
        read_site(write_site(tmp_path, files))


def test_posts_that_each_have_a_folder_of_their_own_are_posts(tmp_path):
    config = "module.exports = {siteMetadata: {title: `Tides`, siteUrl: `https://tides.example`}}"
    files = {
        "gatsby-config.js": config,
        "package.json": '{"name": "gatsby-starter-blog"}',
        "content/blog/ebb/index.md": POST,
        "content/blog/flow/index.mdx": POST,
        "content/blog/topics/index.md": "# Topics\n",
    }
    site = read_site(write_site(tmp_path, files))
    assert [one.path for one in site.contents] == ["content/blog"]
    assert (site.title.value, site.base_url.value) == ("Tides", "https://tides.example")


@pytest.mark.parametrize(
    "about", ["[", "[]", '{"name": 7, "homepage": "javascript:a"}', "[" * 9999]
)
def test_a_package_json_of_anything_is_no_fault(tmp_path, about):
    files = {"package.json": about, "posts/a.md": POST, "posts/b.md": POST}
    site = read_site(write_site(tmp_path, files))
    assert (site.title, site.base_url) == (None, None)
