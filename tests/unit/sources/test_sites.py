"""Folders as sites have them: what their articles' dates, authors, sections and languages are."""

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from publisher import config
from publisher.errors import ConfigError
from publisher.sources.cache import Cache
from publisher.sources.scanning import cache_key, scan

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
HEAD = '[publication]\ntitle = "S"\nbase_url = "https://site.example"\nsince = 2020-01-01\n'
POST = "---\ntitle: {}\ndate: 2026-01-05\n{}---\nText.\n"


def post(title="T", **keys):
    return POST.format(title, "".join(f"{key}: {value}\n" for key, value in keys.items()))


def archive(
    root: Path, files, *, generator="", sources="", url="{slug}/", known=(), now=NOW,
    articles="content",
):  # fmt: skip
    """Read a site's folder."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    named = f'generator = "{generator}"\n{sources}'
    toml = f'{HEAD}articles = "{articles}"\narticle_url = "{url}"\n[sources]\n{named}'
    publication = config.parse(toml)
    cache = Cache(root / ".publisher/cache.db", cache_key(publication))
    found = scan(root, publication, known, now, cache)
    cache.commit()
    cache.close()
    return found


def told(found):
    return {one.path: one for one in found.articles}


@pytest.mark.parametrize("keys", ["", "---\ntitle: A ferry\n---\n"])
def test_what_has_no_date_is_no_news_and_stands_last(tmp_path, keys):
    old = POST.replace("2026", "2014").format("Old", "")
    found = archive(tmp_path, {"content/a.md": f"{keys}# A ferry\n\nText.", "content/b.md": old})
    assert [(one.path, one.news, one.undated) for one in found.articles] == [
        ("b.md", True, False),
        ("a.md", False, True),
    ]
    assert found.problems == ()


@pytest.mark.parametrize("setting", ["site", "first-seen"])
def test_what_the_ledger_knows_as_news_goes_on_being_it(tmp_path, setting):
    files = {"content/a.md": "# A ferry\n\nText."}
    first = archive(tmp_path, files, sources='undated = "first-seen"\n', now=NOW - timedelta(9))
    assert [one.dated for one in first.new_identities] == [True]
    later = archive(
        tmp_path,
        {**files, "content/b.md": "# New\n\nText."},
        sources=f'undated = "{setting}"\n',
        known=first.new_identities,
    )
    assert {one.path: one.news for one in later.articles} == {
        "a.md": True,
        "b.md": setting == "first-seen",
    }
    assert told(later)["a.md"].published == NOW - timedelta(9)
    assert told(later)["a.md"].version == first.articles[0].version


def test_the_meta_of_nikolas_posts_dates_and_names_them(tmp_path):
    meta = ".. title: The ferry is back\n.. date: 2014-05-01 09:00:00 UTC\n.. tags: boats\n"
    plain = "The buses\nbuses\n2014/06/01 09:00\ncity, night\n\nA description\n"
    files = {
        "content/ferry.txt": "The ferry sails again.\n\nMore soon.\n",
        "content/ferry.meta": meta,
        "content/buses.txt": "The buses run.\n\nMore soon.\n",
        "content/buses.meta": plain,
    }
    found = told(archive(tmp_path, files))
    ferry, buses = found["ferry.txt"], found["buses.txt"]
    assert (ferry.title, ferry.published.year, ferry.tags) == (
        "The ferry is back", 2014, ("boats",),
    )  # fmt: skip
    assert (buses.title, buses.slug, buses.published.month, buses.tags) == (
        "The buses", "buses", 6, ("city", "night"),
    )  # fmt: skip


@pytest.mark.parametrize("head", ["date: 2021-02-29T16:00:00Z", "date: soon", "date: 2021-13-01"])
def test_a_bad_date_is_named_and_the_name_of_the_file_has_another(tmp_path, head):
    text = f"---\ntitle: Leap\n{head}\n---\nText."
    found = archive(tmp_path, {"content/leap.md": text, "content/2021-03-01-day.md": text})
    assert [problem.severity for problem in found.problems] == ["warning", "warning"]
    day, leap = told(found)["2021-03-01-day.md"], told(found)["leap.md"]
    assert (leap.news, day.news, day.published.month) == (False, True, 3)


def test_so_it_is_in_toml(tmp_path):
    text = "+++\ntitle = 'Leap'\ndate = 2021-02-29T16:00:00Z\nlastmod = 2021-3-1 # late\n+++\nText."
    found = archive(tmp_path, {"content/leap.md": text})
    (leap,) = found.articles
    assert (leap.news, leap.published) == (True, datetime(2021, 3, 1, tzinfo=UTC))


def test_robots_and_logs_are_no_articles_unless_they_say_so(tmp_path):
    files = {
        "content/extra/robots.txt": "User-agent: *\nDisallow: /\n",
        "content/run.txt": "2026-01-05 10:00:00 INFO up\n" * 4,
        "content/readme.txt": "Title: Read me\nDate: 2026-01-05\n\nA story of that name.\n",
        "content/real.md": post(),
    }
    found = archive(tmp_path, files)
    assert sorted(told(found)) == ["readme.txt", "real.md"]
    assert [(one.severity, one.path) for one in found.problems] == [
        ("note", "content/extra/robots.txt"),
        ("note", "content/run.txt"),
    ]


def test_a_changed_table_of_authors_is_read_again(tmp_path):
    files = {"content/a.md": post(authors="[ann]"), "data/authors.yml": "ann: {name: Ann Lee}\n"}
    assert archive(tmp_path, files).articles[0].authors == ("Ann Lee",)
    files["data/authors.yml"] = "ann: {name: Ann Lee-Ray}\n"
    assert archive(tmp_path, files).articles[0].authors == ("Ann Lee-Ray",)


@pytest.mark.parametrize(
    ("generator", "url", "path", "section"),
    [
        ("", "{section}/{slug}/", "blog/a.md", "blog"),
        ("", "{slug}/", "blog/a.md", ""),
        ("", "{section}/{slug}/", "posts/a.md", ""),
        ("", "{slug}/", "technotes/a.md", "technotes"),
        ("hugo", "{slug}/", "blog/2026/a.md", "blog"),
        ("hugo", "{slug}/", "posts/a/index.md", "posts"),
        ("jekyll", "{slug}/", "news/_posts/2026-01-05-a.md", "news"),
        ("pelican", "{slug}/", "city/port/a.md", "port"),
        ("eleventy", "{slug}/", "src/blog/a.md", "blog"),
    ],
)
def test_which_folder_is_the_section(tmp_path, generator, url, path, section):
    found = archive(tmp_path, {f"content/{path}": post()}, generator=generator, url=url)
    assert [one.section for one in found.articles] == [section]


def test_categories_and_topics_are_section_and_tags(tmp_path):
    keys = {"categories": "[Release, Security]", "topics": "[harbour, c++]"}
    (one,) = archive(tmp_path, {"content/a.md": post(**keys)}).articles
    assert (one.section, one.tags) == ("release", ("harbour", "c++"))


def test_folders_of_languages_give_language_section_and_address(tmp_path):
    files = {
        "content/de/post/tides.md": post("Gezeiten"),
        "content/en/post/tides.md": post("Tides"),
    }
    found = told(archive(tmp_path, files, url="{year}/{slug}/"))
    german, english = found["de/post/tides.md"], found["en/post/tides.md"]
    assert (german.language, german.section) == ("de", "post")
    assert german.url == "https://site.example/de/2026/tides/"
    assert (english.language, english.url) == ("en", "https://site.example/2026/tides/")


def test_hugos_configuration_names_folders_of_languages_and_taxonomies(tmp_path):
    files = {
        "config/_default/hugo.toml": '[taxonomies]\ntag = "tags"\nplace = "places"\n',
        "config/_default/languages.toml": '[de]\ncontentDir = "content/deutsch"\n',
        "config/_default/languages.fr.toml": 'contentDir = "content/fr"\n',
        "content/places/sea/_index.md": "---\ntitle: The Sea\n---\n",
        "content/deutsch/post/a.md": post(places="[sea, c++]"),
        "content/fr/post/b.md": post(),
        "content/post/c.md": post(),
    }
    found = told(archive(tmp_path, files, generator="hugo"))
    languages = [found[path].language for path in sorted(found)]
    assert languages == ["de", "fr", "en"]
    assert {one.section for one in found.values()} == {"post"}
    assert found["deutsch/post/a.md"].tags == ("The Sea", "c++")


def test_what_is_handed_down_stands_below_an_articles_own(tmp_path):
    cascade = "---\ntitle: Notes\ncascade:\n  author: The desk\n  tags: [sea]\n---\n"
    files = {
        "content/notes/_index.md": cascade,
        "content/notes/a.md": post(),
        "content/notes/b.md": post(author="Ann Lee"),
    }
    found = told(archive(tmp_path, files, generator="hugo"))
    assert {one.authors for one in found.values()} == {("The desk",), ("Ann Lee",)}
    assert {one.tags for one in found.values()} == {("sea",)}
    assert {one.authors for one in archive(tmp_path, files).articles} == {(), ("Ann Lee",)}


def test_jekylls_defaults_hold_by_path_and_type(tmp_path):
    defaults = (
        "defaults:\n- scope: {path: ''}\n  values: {author: The desk}\n"
        "- scope: {path: de, type: posts}\n  values: {lang: de, author: Das Blatt}\n"
        "- scope: {path: '', type: drafts}\n  values: {author: Nobody}\n"
    )
    files = {
        "blog/_config.yml": defaults,
        "blog/_posts/2026-01-05-a.md": post(tags="sea port"),
        "blog/de/_posts/2026-01-05-b.md": post(),
        "blog/de/about.md": post(),
    }
    site = 'site = "blog"\n'
    found = archive(tmp_path, files, generator="jekyll", sources=site, articles="blog")
    assert {one.path: (one.language, one.authors, one.tags) for one in found.articles} == {
        "_posts/2026-01-05-a.md": ("en", ("The desk",), ("sea", "port")),
        "de/_posts/2026-01-05-b.md": ("de", ("Das Blatt",), ()),
        "de/about.md": ("en", ("The desk",), ()),
    }


def test_eleventys_folder_data_hold_for_a_folder(tmp_path):
    files = {
        "content/blog/blog.json": '{"tags": ["posts"], "authors": ["The desk"], "lang": "fr"}',
        "content/blog/a.md": post(),
        "content/blog/b.md": post(author="Ann Lee", locale="de"),
    }
    found = told(archive(tmp_path, files, generator="eleventy"))
    a, b = found["blog/a.md"], found["blog/b.md"]
    assert (a.tags, a.authors, a.language) == ((), ("The desk",), "fr")
    assert (b.authors, b.language) == (("Ann Lee",), "de")


def test_docusaurus_keeps_names_of_authors_and_tags_beside_its_posts(tmp_path):
    files = {
        "content/authors.yml": "ann:\n  name: Ann Lee\n",
        "content/tags.yml": "sea:\n  label: The Sea\n",
        "content/2026-01-05-a/index.md": "---\ntitle: T\nauthors: ann\ntags: [sea]\n---\nText.\n",
    }
    (one,) = archive(tmp_path, files, generator="docusaurus").articles
    assert (one.authors, one.tags, one.news) == (("Ann Lee",), ("The Sea",), True)


def test_a_draft_section_of_zola_hides_what_is_below(tmp_path):
    files = {"content/notes/_index.md": "+++\ndraft = true\n+++\n", "content/notes/a.md": post()}
    (one,) = archive(tmp_path, files, generator="zola").articles
    assert one.draft


def git(root, *words, at):
    names = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@x.example"}
    names |= {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@x.example"}
    day = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}
    subprocess.run(
        ["git", "-C", str(root), *words], check=True, capture_output=True,
        env={**os.environ, **names, **day},
    )  # fmt: skip


def test_the_first_commit_dates_a_file_if_the_editor_lets_it(tmp_path):
    (tmp_path / "content").mkdir()
    many = {f"content/m{number}.md": "# Many\n\nText." for number in range(25)}
    for name, text in {**many, "content/a.md": "# A ferry\n\nIt sails again."}.items():
        (tmp_path / name).write_text(text)
    git(tmp_path, "init", at="2019-01-01T00:00:00Z")
    git(tmp_path, "add", "content/a.md", at="2019-01-01T00:00:00Z")
    git(tmp_path, "commit", "-m", "x", at="2019-01-02T00:00:00Z")
    git(tmp_path, "mv", "content/a.md", "content/b c.md", at="2020-01-01T00:00:00Z")
    git(tmp_path, "commit", "-m", "x", at="2020-01-02T00:00:00Z")
    git(tmp_path, "add", ".", at="2021-01-01T00:00:00Z")
    git(tmp_path, "commit", "-m", "many", at="2021-01-02T00:00:00Z")
    found = told(archive(tmp_path, {}, sources="history = true\n"))
    assert found["b c.md"].published == datetime(2019, 1, 2, tzinfo=UTC)
    assert found["b c.md"].news
    assert not any(found[f"m{number}.md"].news for number in range(25))
    assert not any(one.news for one in archive(tmp_path, {}).articles)


def test_without_a_history_it_is_said_that_there_is_none(tmp_path):
    found = archive(tmp_path, {"content/a.md": "# A\n\nText."}, sources="history = true\n")
    assert [one.path for one in found.problems] == ["publisher.toml"]
    assert not found.articles[0].news


def test_a_slug_of_restructuredtext_is_as_it_was_typed(tmp_path):
    text = "Ferry 4.7\n#########\n\n:date: 2021-10-01\n:slug: ferry-4.7-is-out\n\nText.\n"
    files = {"content/news/4.7.rst": text}
    (one,) = archive(tmp_path, files, generator="pelican", url="{slug}.html").articles
    assert one.url == "https://site.example/ferry-4.7-is-out.html"
    assert one.id.startswith("tag:site.example,2020-01-01:")


@pytest.mark.parametrize(
    ("generator", "ids", "name"),
    [
        ("pelican", "tag", "tag:site.example,2026-01-05:/a-ferry.html"),
        ("hugo", "permalink", "https://site.example/a-ferry.html"),
        ("jekyll", "{url_bare}", "https://site.example/a-ferry"),
    ],
)
def test_an_article_keeps_the_id_that_its_generator_gave_it(tmp_path, generator, ids, name):
    files = {"content/a-ferry.md": post("A Ferry")}
    found = archive(
        tmp_path, files, generator=generator, sources=f'ids = "{ids}"\n', url="{slug}.html"
    )
    assert [one.id for one in found.articles] == [name]


@pytest.mark.parametrize(
    ("generator", "path", "text", "title"),
    [
        ("jekyll", "_posts/2026-01-05-a-late-ferry.md", "---\n---\nText.", "A Late Ferry"),
        ("docusaurus", "2026-01-05-late.md", "Text.", "late"),
        ("docusaurus", "2026-01-05-late/index.md", "---\ntags: [a]\n---\nText.", "late"),
        ("jekyll", "_posts/2026-01-05-no-post.md", "Text.", ""),
        ("jekyll", "tags.md", "---\nlayout: tags\n---\nText.", ""),
        ("hugo", "2026-01-05-late.md", "---\ntags: [a]\n---\nText.", ""),
        ("", "2026-01-05-late.md", "---\ntags: [a]\n---\nText.", ""),
    ],
)
def test_what_has_no_title_is_called_as_its_generator_calls_it(
    tmp_path, generator, path, text, title
):
    found = archive(tmp_path, {f"content/{path}": text}, generator=generator)
    assert [one.title for one in found.articles] == [title] * bool(title)
    told = ["it has no title" in one.what for one in found.problems]
    assert True in told if title else "the article has no title" in found.problems[0].what


@pytest.mark.parametrize(
    ("path", "head", "generator"),
    [
        ("a.md", "<!--\n.. title: T\n.. date: 2026-01-05\n.. link: https://x.example/\n-->\n", ""),
        ("a.rst", ".. title: T\n.. date: 2026-01-05\n.. link: https://x.example/\n\n", ""),
        ("a.md", "---\ntitle: T\ndate: 2026-01-05\nlink: https://x.example/\n---\n", "nikola"),
    ],
)
def test_what_a_post_of_nikola_is_about_is_not_its_address(tmp_path, path, head, generator):
    (found,) = archive(
        tmp_path, {f"content/{path}": f"{head}Text.\n"}, generator=generator
    ).articles
    assert (found.url, found.extra["link"]) == ("https://site.example/a/", "https://x.example/")


@pytest.mark.parametrize(
    ("generator", "is_read"),
    [("", True), ("jekyll", True), ("eleventy", True), ("astro", False), ("docusaurus", False)],
)
def test_a_folder_of_posts_is_read_though_its_name_hides_others(tmp_path, generator, is_read):
    files = {"content/_posts/2026-01-05-a.md": post(), "content/_layouts/b.md": post()}
    found = told(archive(tmp_path, files, generator=generator))
    assert list(found) == (["_posts/2026-01-05-a.md"] if is_read else [])


def test_where_folders_are_named_nothing_else_holds_articles(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/x.md").write_text(post())
    (tmp_path / "site").mkdir()
    (tmp_path / "site/out").symlink_to(tmp_path / "elsewhere")
    files = {
        "site/_posts/2026-01-05-a.md": post("A"),
        "site/en/news/_posts/2026-01-06-b.md": post("B"),
        "site/en/news/about.md": post("No article"),
        "site/README.md": post("No article"),
    }
    found = archive(
        tmp_path,
        files,
        generator="jekyll",
        sources='folders = ["_posts", "en/news/_posts", "gone", "out"]\n',
        articles="site",
    )
    assert sorted(told(found)) == ["_posts/2026-01-05-a.md", "en/news/_posts/2026-01-06-b.md"]
    assert [one.path for one in found.problems if one.severity == "error"] == [
        "site/gone",
        "site/out",
    ]


@pytest.mark.parametrize("folder", ["", ".", "/etc", "../other", "a/../../b", "a/./../b"])
def test_folders_of_the_articles_lie_in_their_folder(folder):
    with pytest.raises(ConfigError, match=r"sources\.folders names no folder of the articles"):
        config.parse(f'{HEAD}[sources]\nfolders = ["{folder}"]\n')


@pytest.mark.parametrize(
    "name", ["a\\u0000b.png", "a%00b.png", "a%20b%00.png", "a" * 300 + "%20.png"]
)
def test_a_picture_whose_name_no_file_can_have_is_not_there(tmp_path, name):
    text = f'{{"title": "T", "date": "2026-01-05", "image": "{name}"}}\n\nText.'
    found = archive(tmp_path, {"content/a.md": text})
    assert [one.path for one in found.articles] == ["a.md"]
    assert [one.severity for one in found.problems] == ["warning"]
    assert "there is no file" in found.problems[0].what


def test_hexo_has_categories_in_rows(tmp_path):
    keys = "categories:\n- [Tech, Web]\n- Life\n"
    files = {"content/_posts/2026-01-05-a.md": f"---\ntitle: A\n{keys}---\nText.\n"}
    found = archive(tmp_path, files, generator="jekyll")
    assert [one.section for one in found.articles] == ["tech"]
    assert found.articles[0].categories == ("Tech", "Web", "Life")
    assert not found.problems


@pytest.mark.parametrize(("generator", "read"), [("jekyll", 0), ("", 1)])
def test_a_file_among_posts_with_neither_day_nor_front_matter_is_one_of_jekylls_alone(
    tmp_path, generator, read
):
    found = archive(
        tmp_path, {"content/_posts/part.md": "# A part\n\nText.\n"}, generator=generator
    )
    assert len(found.articles) == read


def test_an_issue_that_is_no_day_hides_no_date_of_the_file(tmp_path):
    text = "---\ntitle: T\nwhen: in the winter of 2026\n---\nText.\n"
    (one,) = archive(tmp_path, {"content/2026-01-05-a.md": text}).articles
    assert (one.published.date().isoformat(), one.undated) == ("2026-01-05", False)
