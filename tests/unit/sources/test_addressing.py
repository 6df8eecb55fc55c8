"""Where articles of other generators' sites stand: patterns of sections, front matter, names."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from publisher.config import parse
from publisher.model import Publication, SectionAddress, SourceSettings
from publisher.sources.composing import compose
from publisher.sources.identity import Identity
from publisher.sources.parts import take_apart

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def address(
    path, front, generator="", article_url="{slug}/", articles="articles", *, kept="", **addresses
):
    """The path of an article's address, below the publication's."""
    publication = Publication(
        title="T",
        base_url="https://x.example/",
        article_url=article_url,
        articles=Path(articles),
        sources=SourceSettings(
            generator=generator,
            slugify=kept,
            addresses=tuple(
                SectionAddress(name=name, pattern=one) for name, one in addresses.items()
            ),
        ),
    )
    head = f"---\n{front}\n---\n" if not front.startswith("+++") else front
    parts = take_apart(path, f"{head}Calm.".encode(), publication)
    identity = Identity(id="i", path=path, first_seen=NOON, digest="", body="", title="")
    article, _, problems = compose(parts, identity, publication, lambda *_: None)
    assert article, problems
    return article.url.removeprefix("https://x.example/")


D = "title: Big Day\ndate: 2026-01-05"


@pytest.mark.parametrize(
    ("generator", "path", "front", "pattern", "expected"),
    [
        # Case 12: as each generator makes them.
        ("jekyll", "2026-01-05-About-GAAD.md", D, "{slug}/", "About-GAAD/"),
        ("jekyll", "2026-01-06-safe-c++.md", D, "{slug}/", "safe-c++/"),
        ("jekyll", "2026-01-07-own.md", D + "\nslug: PQ-Certs", "{slug}/", "PQ-Certs/"),
        ("hugo", "own.md", D + "\nslug: PQ-Certs", "{slug}/", "pq-certs/"),
        ("hugo", "safe-c++.md", D, "{slug}/", "safe-c++/"),
        ("hugo", "safe-c++.md", D, "{filename}/", "safe-c/"),
        ("hugo", "posts/2026-01-05-Hello.md", D, "{folder}/{slug}/", "posts/2026-01-05-hello/"),
        ("hugo", "posts/2026-01-05-Hello.md", "title: T", "{folder}/{slug}/",
         "posts/2026-01-05-hello/"),
        ("hugo", "posts/2026-01-05-Hello.md", "title: T", "{year}/{slug}/", "2026/hello/"),
        ("hugo", "My Posts/My Bundle/index.md", D, "{folder}/{slug}/", "my-posts/my-bundle/"),
        ("hugo", "de/posts/x.md", D + "\nlang: de", "{folder}/{slug}/", "de/posts/x/"),
        ("hugo", "posts/x.de.md", D, "{folder}/{slug}/", "de/posts/x/"),
        ("hugo", "x.md", D, "{slug_or_title}/", "big-day/"),
        ("hugo", "x.md", D + "\nslug: y", "{slug_or_title}/", "y/"),
        ("hugo", "x.md", D + "\nurl: /foo/Bar", "{slug}/", "foo/Bar/"),
        ("hugo", "x.md", D + "\nurl: foo/b c.html", "{slug}/", "foo/b%20c.html"),
        ("hugo", "x.md", D + "\nurl: /p/:year/:slug", "{slug}/", "p/2026/x/"),
        ("jekyll", "x.md", D + "\npermalink: /:year/:title.html", "{slug}/", "2026/x.html"),
        ("jekyll", "2026-01-05-x.md", D + "\npermalink: pretty\ncategories: A b",
         "{slug}/", "a/b/2026/01/05/x/"),
        ("jekyll", "x.md", D + "\npermalink: /p/index.html", "{slug}/", "p/index.html"),
        ("jekyll", "x.md", D + "\npermalink: /:short_year/:short_month/:title/", "{slug}/", "26/Jan/x/"),
        ("pelican", "x.md", D, "{year}/{long_month}/{i_month}-{i_day}/{slug}/", "2026/January/1-5/big-day/"),
        ("jekyll", "x.md", D, "{w_year}/{week}/{short_day}-{long_day}-{w_day}/", "2026/02/Mon-Monday-1/"),
        ("jekyll", "x.md", D + "\npermalink: /:unknown/", "{slug}/", "x/"),
        ("jekyll", "2026-01-05-x.md", D, "{categories}/{year}/{title}.html", "2026/x.html"),
        ("pelican", "x.md", D, "{slug}.html", "big-day.html"),
        ("pelican", "2026-01-05-C++0x.md", D, "{filename}.html", "2026-01-05-C++0x.html"),
        ("pelican", "2026-01-05-C++0x.md", D, "{name}.html", "C++0x.html"),
        ("pelican", "x.md", D + "\ncategory: Größe & Co", "{section}/{slug}.html",
         "grosse-co/big-day.html"),
        ("hugo", "My Posts/x.md", D + "\ncategory: Sea", "{section}/{slug}/", "my-posts/x/"),
        ("pelican", "x.md", D + "\nurl: a/\nsave_as: a/index.html", "{slug}.html", "a/"),
        ("nikola", "My Größe.md", D, "posts/{slug}/", "posts/my-grosse/"),
        ("nikola", "x.md", D + "\nslug: C++", "posts/{slug}/", "posts/C++/"),
        ("eleventy", "blog/2026-01-05-Ab C.md", D, "blog/{slug}/", "blog/Ab%20C/"),
        ("eleventy", "blog/2026-01-05-x.md", D, "{folder}/{filename}/", "blog/2026-01-05-x/"),
        ("eleventy", "x.md", D + '\npermalink: "/a/{{ page.fileSlug }}/index.html"',
         "{slug}/", "a/x/"),
        ("eleventy", "x.md", D + '\npermalink: "/{{ title | slug }}/"', "{slug}/", "big-day/"),
        ("eleventy", "x.md", D + "\npermalink: \"{{ page.date | date: '%Y' }}/{{ title | slugify }}.html\"",
         "{slug}/", "2026/big-day.html"),
        ("eleventy", "x.md", D + '\npermalink: "/{{ other }}/"', "{slug}/", "x/"),
        ("docusaurus", "2026-01-05-Hello.mdx", D, "blog/{year}/{month}/{day}/{slug}",
         "blog/2026/01/05/Hello"),
        ("docusaurus", "2026/01-05-Hello/index.md", D, "blog/{year}/{month}/{day}/{slug}",
         "blog/2026/01/05/Hello"),
        ("jekyll", "2026-01-05-x.md", D + "\ncategories:\n- [Tech, Web]\n- Life",
         "{categories}/{slug}/", "tech/web/x/"),
        ("docusaurus", "x.md", D, "blog/{year}/{month}/{day}/{slug}", "blog/x"),
        ("docusaurus", "2026-01-05-x.md", D + "\nslug: /a/b", "blog/{year}/{month}/{day}/{slug}",
         "blog/a/b"),
        ("astro", "2026/2026-01-05-map.md", D, "{year}/{slug}", "2026/map"),
        ("astro", "2026-01-05-Map v1.md", D, "posts/{slug}", "posts/2026-01-05-map-v1"),
        ("zola", "2026-01-05-Bay.md", D, "{slug}/", "bay/"),
        ("zola", "a.md", D + "\npath: /2026/x", "{slug}", "2026/x/"),
        ("zola", "a#b?.md", D, "{slug}/", "a-b/"),
        ("hugo", "a#b.md", D, "{slug}/", "a%23b/"),
        ("hugo", "sin%e2%80%8a.md", D, "{slug}/", "sin%e2%80%8a/"),
    ],
)  # fmt: skip
def test_an_article_stands_where_its_generator_puts_it(generator, path, front, pattern, expected):
    path = path.replace(".mdx", ".md")
    assert address(path, front, generator, pattern) == expected


@pytest.mark.parametrize(
    ("path", "front", "pattern", "expected"),
    [
        ("2026-01-05-About-GAAD.md", D, "{slug}/", "about-gaad/"),
        ("x.md", D + "\npath: /2026/reef", "{slug}/", "2026/reef/"),  # case 04: path of Zola
        ("x.md", D + "\npath: /2026/reef.html", "{slug}/", "2026/reef.html"),
        ("x.md", D + "\npath: /2026/reef", "{slug}", "2026/reef"),
        ("x.md", D + "\nurl: /2026/reef", "{slug}/", "2026/reef"),
        ("x.md", D + "\npermalink: /:year/:title/", "{slug}/", "x/"),
        ("x.md", D + '\npermalink: "/{{ page.fileSlug }}/"', "{slug}/", "x/"),
        ("x.de.md", D, "{section}/{slug}/", "de/articles/x/"),
    ],
)
def test_without_a_generator_an_article_stands_where_it_did(path, front, pattern, expected):
    assert address(path, front, "", pattern) == expected


@pytest.mark.parametrize(
    ("path", "front", "expected"),
    [
        ("blog/x.md", D, "b/2026/x/"),
        ("blog/deep/x.md", D, "deep/x/"),
        ("docs/x.md", D, "docs/x/"),
        ("x.md", D + "\nsection: News", "n/x/"),
        ("docs/blog.md", D, "docs/blog/"),
    ],
)
def test_the_deepest_folder_with_a_pattern_decides(path, front, expected):
    patterns = {
        "blog": "b/{year}/{slug}/",
        "blog/deep": "deep/{slug}/",
        "news": "n/{slug}/",
        "*": "{folder}/{slug}/",
    }
    assert address(path, front, "hugo", **patterns) == expected


def test_the_articles_folder_itself_may_be_the_section():
    assert address("x.md", D, "hugo", articles="content/blog", blog="b/{slug}/") == "b/x/"
    assert address("x.md", D, "hugo", articles="content/blog", news="b/{slug}/") == "x/"


def test_patterns_of_sections_stand_in_the_configuration():
    own = parse(
        '[publication]\ntitle = "T"\nbase_url = "https://x.example"\n[sources]\ngenerator = "hugo"\n'
        '[sources.addresses]\nblog = "{year}/{slug}/"\n"*" = "{folder}/{filename}/"\n'
    )
    assert own.sources.addresses == (
        SectionAddress(name="blog", pattern="{year}/{slug}/"),
        SectionAddress(name="*", pattern="{folder}/{filename}/"),
    )


def test_an_article_in_a_generators_main_language_has_it_in_no_address():
    publication = Publication(
        title="T",
        base_url="https://x.example/",
        language="en-US",
        article_url="{folder}/{slug}/",
        sources=SourceSettings(generator="hugo"),
    )
    parts = take_apart("en/log/a.md", b"---\ntitle: A\nlang: en\n---\nCalm.", publication)
    identity = Identity(id="i", path="en/log/a.md", first_seen=NOON, digest="", body="", title="")
    article, _, _ = compose(parts, identity, publication, lambda *_: None)
    assert article and article.url == "https://x.example/log/a/"


@pytest.mark.parametrize(
    ("path", "front", "expected"),
    [
        ("blog/_posts/2026-01-05-a.md", "categories: [Tools]", "blog/tools/2026/a/"),
        ("de/news/_posts/2026-01-05-a.md", "lang: de", "de/news/2026/a/"),
        ("_posts/2026-01-05-a.md", "lang: de", "de/2026/a/"),
        ("blog/2026-01-05-a.md", "categories: [Tools]", "tools/2026/a/"),
    ],
)
def test_folders_above_jekylls_posts_are_categories(path, front, expected):
    pattern = "{categories}/{year}/{slug}/"
    assert address(path, f"title: A\n{front}", "jekyll", pattern, articles=".") == expected


def test_what_lies_above_articles_outside_of_the_sites_folder_is_no_category():
    pattern = "{categories}/{year}/{slug}/"
    for articles, path in (
        ("../old/_posts", "2026-01-05-a.md"),
        ("../old", "_posts/2026-01-05-a.md"),
    ):
        found = address(path, "title: A\ncategories: [Tools]", "jekyll", pattern, articles=articles)
        assert found == "tools/2026/a/"


@pytest.mark.parametrize(
    ("path", "front", "kept", "expected"),
    [
        ("Blog/Über Dinge (2)?.md", D, "safe", "Blog/%C3%9Cber%20Dinge%20(2)/"),
        ("Blog/東京.md", D, "off", "Blog/%E6%9D%B1%E4%BA%AC/"),
        ("Blog/x.md", D + '\nslug: "A: b"', "off", "Blog/A:%20b/"),
        ("Blog/x.md", D + '\nslug: "A: b"', "safe", "Blog/A%20b/"),
        ("Blog/Über Dinge.md", D, "", "Blog/uber-dinge/"),
    ],
)
def test_zola_keeps_names_as_it_is_told_and_folders_always(path, front, kept, expected):
    assert address(path, front, "zola", "{folder}/{slug}/", kept=kept) == expected
