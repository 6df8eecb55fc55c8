"""Files of a site besides its articles: read as data, inside its folder, and remembered."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from publisher.model import Publication, Shortcode, SourceSettings
from publisher.sources.cache import Cache
from publisher.sources.scanning import cache_key, scan
from publisher.sources.site_files import SiteFiles

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def publication(**sources):
    shortcodes = tuple(
        Shortcode(name=name, template=text) for name, text in sources.pop("shortcodes", {}).items()
    )
    return Publication(
        title="T",
        base_url="https://x.example/",
        articles=Path("articles"),
        sources=SourceSettings(**sources, shortcodes=shortcodes),
    )


@pytest.fixture
def archive(tmp_path):
    """Read the articles of a folder, as often as one likes."""

    def read(own):
        cache = Cache(tmp_path / "cache.db", cache_key(own))
        found = scan(tmp_path, own, (), NOW, cache)
        return {one.path: found.body(one) for one in found.articles}, found.problems

    return read


def put(root, path, text):
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def test_an_article_is_read_again_once_what_it_includes_is_another(tmp_path, archive):
    own = publication(generator="jekyll")
    put(
        tmp_path,
        "articles/a.md",
        "---\ntitle: A\ndate: 2026-01-05\n---\n{% include h.html %} {{ site.x }}",
    )
    refused, problems = archive(own)
    assert not refused and "there is no file to include" in problems[0].what
    put(tmp_path, "_includes/h.html", "<p>One</p>")
    assert "One" in archive(own)[0]["a.md"]
    put(tmp_path, "_includes/h.html", "<p>Two</p>")
    assert "Two" in archive(own)[0]["a.md"]
    put(tmp_path, "_config.yml", "x: Three")
    assert "Three" in archive(own)[0]["a.md"]


def test_jekylls_configuration_names_the_generator(tmp_path, archive):
    put(tmp_path, "_config.yml", 'baseurl: ""')
    put(tmp_path, "_includes/hint.html", "<p>Bring a friend.</p>")
    put(
        tmp_path,
        "articles/a.md",
        "---\ntitle: A\ndate: 2026-01-05\n---\n{% include hint.html %}\n`{{ b }}`",
    )
    put(tmp_path, "articles/c.md", "---\ntitle: C\ndate: 2026-01-05\n---\n`{{ b }}`")
    found = archive(publication())[0]
    assert "<p>Bring a friend.</p>" in found["a.md"] and "{{" not in found["a.md"]
    assert found["c.md"] == "<p><code>{{ b }}</code></p>"


def test_what_shortcodes_leave_out_is_counted_in_one_line(tmp_path, archive):
    head = "---\ntitle: {0}\ndate: 2026-01-05\n---\n"
    for name, code in (("a", "{{< note >}}"), ("b", "{{< note >}} {{< card >}}"), ("c", "x")):
        put(tmp_path, f"articles/{name}.md", head.format(name) + code)
    for own in (publication(generator="hugo"), publication()):
        found, problems = archive(own)
        told = [one.what for one in problems if "articles are left out" in one.what]
        assert list(found) == ["c.md"]
        assert told and told[0].startswith("2 articles are left out for ") and "note 2" in told[0]
    freed, problems = archive(publication(generator="hugo", shortcodes={"note": "N", "card": ""}))
    assert sorted(freed) == ["a.md", "b.md", "c.md"]
    assert [(one.severity, one.line, one.what) for one in problems] == [
        ("note", 5, "left out: the shortcode card")
    ]


def test_a_film_is_a_link_with_a_still_and_never_a_frame(tmp_path, archive):
    put(tmp_path, "articles/a.md", "---\ntitle: A\ndate: 2026-01-05\n---\n{{< youtube abc >}}")
    found, _ = archive(publication(generator="hugo"))
    assert (
        'href="https://www.youtube.com/watch?v=abc"><img src="https://i.ytimg.com' in found["a.md"]
    )
    assert "iframe" not in found["a.md"]


def test_the_line_of_a_problem_is_that_of_the_file(tmp_path, archive):
    put(tmp_path, "articles/a.md", "---\ntitle: A\ndate: 2026-01-05\n---\n\nx\n{{< own >}}")
    assert archive(publication(generator="hugo"))[1][1].line == 7


@pytest.mark.parametrize(
    "path", ["../secret", "/etc/passwd", "a/../../secret", "link", "", "a\\b", "fifo"]
)
def test_nothing_outside_of_the_site_is_read(tmp_path, path):
    put(tmp_path, "secret", "x")
    put(tmp_path, "site/a/b", "x")
    (tmp_path / "site/link").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "site/fifo")
    files = SiteFiles(tmp_path, publication(site=Path("site")))
    assert files.text(path) is None and files.digest(path) == ""
    assert files.text("a/b") == "x"


@pytest.mark.parametrize(
    ("generator", "files", "key", "value"),
    [
        ("hugo", {"hugo.toml": "[params]\na = 1"}, "params", {"a": 1}),
        ("hugo", {"config/_default/config.yaml": "title: T", "config/_default/params.toml": "a = 1"}, "params", {"a": 1}),
        ("pelican", {"pelicanconf.py": "import os\nTAG_URL = 't/{slug}'\nX = os.getcwd()"}, "TAG_URL", "t/{slug}"),
        ("pelican", {"pelicanconf.py": "X = (("}, "X", None),
        ("jekyll", {"_config.yml": "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b, *b, *b]\nd: [" + "*c, " * 900 + "]"}, "a", None),
        ("jekyll", {"_config.yml": "- 1"}, "a", None),
    ],
)  # fmt: skip
def test_settings_are_read_as_data_and_never_run(tmp_path, generator, files, key, value):
    for name, text in files.items():
        put(tmp_path, name, text)
    site = SiteFiles(tmp_path, publication(generator=generator)).of({})
    assert site.values().get(key) == value


def test_eleventys_data_lie_where_its_configuration_says(tmp_path):
    put(tmp_path, ".eleventy.js", "module.exports = () => ({ dir: { input: '.', data: 'facts' } })")
    put(tmp_path, "facts/site.yaml", "title: T")
    put(tmp_path, "facts/odd.json", "{")
    used = {}
    site = SiteFiles(tmp_path, publication(generator="eleventy")).of(used)
    assert site.data() == {"site": {"title": "T"}}
    assert "facts/" in used


def test_eleventys_data_may_be_an_object_that_a_script_exports(tmp_path, archive):
    own = publication(generator="eleventy")
    put(tmp_path, ".eleventy.js", "module.exports = {};")
    put(tmp_path, "_data/site.js", 'export default {name: "Tides", now: new Date()};')
    put(tmp_path, "articles/a.md", "---\ntitle: A\ndate: 2026-01-05\n---\nOf {{ site.name }}.")
    put(tmp_path, "articles/b.md", "---\ntitle: B\ndate: 2026-01-05\n---\nAt {{ site.now }}.")
    found, problems = archive(own)
    assert found == {"a.md": "<p>Of Tides.</p>"}
    assert ["site.now is not known here" in one.what for one in problems] == [True]


@pytest.mark.parametrize(
    ("generator", "path", "front", "typed", "made"),
    [
        ("jekyll", "2026-01-05-A-b.md", "title: A", "{{ page.url }} {{ page.id }}", "<p>/2026/A-b/ /2026/A-b</p>"),
        ("jekyll", "2026-01-05-b.md", "title: A\npermalink: /:year/:title.html", "`{{ page.url | absolute_url }}`", "<p><code>https://x.example/2026/b.html</code></p>"),
        ("jekyll", "2026-01-05-b.md", "title: A\npermalink: /p/", "[a]({{ page.url }}?x)", '<p><a href="https://x.example/p/?x">a</a></p>'),
        ("eleventy", "b.md", "title: A\ndate: 2026-01-05", "{{ page.url }}", "<p>/2026/b/</p>"),
    ],
)  # fmt: skip
def test_an_article_knows_its_own_address(tmp_path, archive, generator, path, front, typed, made):
    own = replace(publication(generator=generator), article_url="{year}/{slug}/")
    put(tmp_path, ".eleventy.js", "")
    put(tmp_path, f"articles/{path}", f"---\n{front}\n---\n{typed}\n")
    found, problems = archive(own)
    assert (list(found.values()), problems) == ([made], ())


def test_an_article_without_a_date_has_no_address_before_it_is_read(tmp_path, archive):
    put(tmp_path, "articles/a.md", "---\ntitle: A\n---\n{{ page.url }}\n")
    found, problems = archive(publication(generator="jekyll"))
    assert not found
    assert "page.url is not known here" in problems[0].what
