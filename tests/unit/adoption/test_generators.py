"""What is read of a site in each generator's manner."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from publisher.adoption import Site, read_site
from publisher.adoption.configuration import draft
from publisher.errors import UnknownName, UsageError
from tests.sites_of_generators import SITES, write_site


@pytest.fixture
def read(tmp_path: Path):
    def _read(generator: str, **more: str) -> Site:
        return read_site(write_site(tmp_path / generator, {**SITES[generator], **more}))

    return _read


def _values(site: Site, *names: str) -> list[object]:
    return [found.value if (found := getattr(site, name)) else None for name in names]


COMMON = ("title", "base_url", "language", "author", "address")

EXPECTED = {
    "hugo": ["Tide Tables", "https://live.tides.example/", "en", "Ana", "{folder}/{slug}/"],
    "jekyll": [
        "Harbour News",
        "https://harbour.example/news",
        "de_DE",
        "Ben",
        "{categories}/{year}/{month}/{day}/{slug}/",
    ],
    "pelican": ["Dunes & Co", "https://dunes.example", "fr", "Cleo", "{year}/{slug}.html"],
    "nikola": ["Ferry Log", "https://ferry.example/", "nl", "Dora", "log/{slug}.html"],
    "eleventy": ["Buoys", "https://buoys.example/", "en", None, "stories/{slug}/"],
    "zola": ["Reef", "https://reef.example", "en", None, "{folder}/{slug}/"],
    "astro": ["Kelp — woods", "https://kelp.example/woods", "en", None, "blog/{slug}/"],
    "docusaurus": [
        "Sonar",
        "https://sonar.example/deep",
        "en",
        None,
        "log/{year}/{month}/{day}/{slug}/",
    ],
}


@pytest.mark.parametrize("generator", SITES)
def test_a_site_is_recognised_and_its_configuration_read(read, generator):
    site = read(generator)
    assert site.generator == generator
    assert _values(site, *COMMON) == EXPECTED[generator]


FOLDERS = {
    "hugo": ["content"],
    "jekyll": ["_posts", "_notes"],
    "pelican": ["content"],
    "nikola": ["posts"],
    "eleventy": ["src/blog"],
    "zola": ["content"],
    "astro": ["src/content/blog"],
    "docusaurus": ["news"],
}


@pytest.mark.parametrize("generator", SITES)
def test_the_folders_of_posts_are_found_and_those_of_pages_not(read, generator):
    assert [one.path for one in read(generator).contents] == FOLDERS[generator]


@pytest.mark.parametrize("generator", SITES)
def test_every_value_names_a_place_that_holds_it(read, tmp_path, generator):
    site = read(generator)
    for name in ("title", "base_url", "language", "author", "zone", "description", "colour"):
        found = getattr(site, name)
        if found is not None:
            line = (tmp_path / generator / found.path).read_text().split("\n")[found.line - 1]
            assert found.key.rpartition(".")[2].partition(",")[0] in line


def test_hugo_has_permalinks_by_section_and_names_those_that_are_not_known(read):
    site = read("hugo")
    assert {name: one.value for name, one in site.addresses.items()} == {
        "post": "{year}/{month}/{slug_or_title}/"
    }
    assert [str(note).split("\n")[0] for note in site.notes] == [
        "hugo.toml:18: the permalink '/:weekday/:slug/' has words that are not known here"
    ]


def test_hugos_pages_are_files_where_it_makes_ugly_addresses(read):
    more = {
        "config/_default/hugo.toml": "[uglyURLs]\npost = true\nnews = true\ndocs = false\n",
    }
    assert {name: one.value for name, one in read("hugo", **more).addresses.items()} == {
        "post": "{year}/{month}/{slug_or_title}.html",
        "news": "{folder}/{slug}.html",
    }


def test_hugos_only_language_names_the_site_where_nothing_else_does(tmp_path):
    files = {
        "hugo.toml": '[languages.en]\ntitle = "Buoys"\nlanguageCode = "en-us"\n',
        "content/en/a.md": "# A\n",
    }
    site = read_site(write_site(tmp_path, files))
    assert site.title and site.title.value == "Buoys"


def test_hugo_says_taxonomies_languages_zone_places_and_what_it_leaves_out(read):
    site = read("hugo")
    assert [one.value for one in site.taxonomies] == ["topics"]
    assert [(one.tag, one.title, one.folder) for one in site.languages] == [
        ("en", "English", ""),
        ("de", "Deutsch", "content/de"),
    ]
    assert _values(site, "zone", "posts", "static") == [
        "Europe/London",
        ["post", "wave", "none"],
        "static",
    ]
    assert {name: one.place for name, one in site.social.items()} == {
        "Mastodon": "from config/_default/params.toml:6 social.mastodon"
    }
    assert [one.value for one in site.ignored] == ["*.Rmd"]


def test_pelican_leaves_out_pages_and_static_files(read):
    assert [one.value for one in read("pelican").ignored] == ["pages/*", "images/*", "extra/*"]


def test_a_site_of_hexos_is_read_as_jekylls_and_said_to_be(tmp_path):
    files = {
        "_config.yml": "title: Tides\nurl: https://tides.example\nsource_dir: source\n"
        "permalink: :year/:month/:title/\n",
        "source/_posts/hello.md": "---\ntitle: Hello\n---\nWords.\n",
    }
    site = read_site(write_site(tmp_path, files))
    assert (site.generator, [one.path for one in site.contents]) == ("jekyll", ["source/_posts"])
    assert _values(site, "address") == [
        "{year}/{month}/{folder}/{slug}/"
    ]  # as `:title` of sub/a.md
    assert [one.value for one in site.feeds] == ["atom.xml"]
    assert site.notes[0].what.startswith("it is a site of Hexo's, which is read as one of Jekyll's")


def test_docusaurus_and_jekyll_name_their_tables_of_authors(read):
    assert read("docusaurus").author_tables == ("news/authors.yml",)
    assert read("jekyll").author_tables == ("_data/authors.yml",)


def test_a_computed_value_that_is_wanted_is_named_with_its_line(read):
    site = read("pelican", **{"publishconf.py": "import os\nSITEURL = os.environ['URL']\n"})
    assert [note.headline for note in site.notes] == [
        "publishconf.py:2: SITEURL is computed: it is not known, for nothing of the site is run"
    ]


def test_a_site_in_the_one_folder_of_a_repository_is_found(tmp_path):
    write_site(tmp_path / "website", SITES["docusaurus"])
    (tmp_path / "scripts").mkdir()
    site = read_site(tmp_path)
    assert (site.generator, site.folder) == ("docusaurus", "website")


def test_several_sites_in_a_folder_are_asked_about(tmp_path):
    for name in ("hugo", "zola"):
        write_site(tmp_path / name, SITES[name])
    with pytest.raises(UsageError, match="several folders"):
        read_site(tmp_path)


def test_two_generators_in_one_folder_are_asked_about_and_one_may_be_named(tmp_path):
    write_site(tmp_path, {**SITES["jekyll"], **SITES["pelican"]})
    with pytest.raises(UsageError) as error:
        read_site(tmp_path)
    assert str(error.value) == (
        f"{tmp_path} may be a site of jekyll or of pelican\n  Say which: --generator jekyll"
    )
    assert read_site(tmp_path, "pelican").generator == "pelican"


def test_a_folder_without_a_generator_is_told_what_was_looked_for(tmp_path):
    with pytest.raises(UsageError) as error:
        read_site(tmp_path)
    assert "_config.yml (jekyll)" in str(error.value)
    assert "By hand: publisher init" in str(error.value)


def test_an_unknown_generator_is_refused_with_the_known_ones(tmp_path):
    with pytest.raises(UnknownName, match="Did you mean hugo"):
        read_site(tmp_path, "hugoo")


def test_zolas_and_hugos_config_toml_are_told_apart(tmp_path):
    zola = write_site(tmp_path / "z", SITES["zola"])
    hugo = write_site(
        tmp_path / "h", {"config.toml": 'baseURL = "https://a.example"', "content/a.md": "# A\n"}
    )
    assert [read_site(one).generator for one in (zola, hugo)] == ["zola", "hugo"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ('[slugify]\npaths = "safe"', ("safe", 4)),
        ('[slugify]\npaths = "off"', ("off", 4)),
        ("slugify_paths = false", ("safe", 3)),
        ('[slugify]\npaths = "on"', None),
    ],
)
def test_how_zola_keeps_names_is_taken_over(tmp_path, said, kept):
    config = f'base_url = "https://z.example"\ntitle = "Z"\n{said}\n'
    files = {"config.toml": config, "content/a.md": "# A\n"}
    site = read_site(write_site(tmp_path, files))
    found = site.slugify and (site.slugify.value, site.slugify.line)
    assert (found, site.notes) == (kept, ())
    lines = draft(site, "../site", date(2026, 11, 24)).lines
    written = [one.value for one in lines if (one.table, one.key) == ("sources", "slugify")]
    assert written == ([kept[0]] if kept else [])


def test_a_permalink_of_unknown_words_gives_no_address_rather_than_a_wrong_one(read):
    for generator, more in (
        ("jekyll", {"_config.yml": "title: A\npermalink: /:weekend/:title/\n"}),
        ("pelican", {"pelicanconf.py": "ARTICLE_URL = '{date:%W}/{slug}'\n"}),
        (
            "pelican",
            {"pelicanconf.py": "ARTICLE_URL = '{date:%b}/{slug}'\nLOCALE = ['de_DE.utf8']\n"},
        ),
        ("eleventy", {"src/blog/blog.json": '{"permalink": "/{{ x | y }}/"}'}),
    ):
        site = read(generator, **more)
        assert site.address is None
        assert any("has words that are not known here" in note.what for note in site.notes)


@pytest.mark.parametrize(
    ("generator", "said", "ours"),
    [
        ("pelican", "ARTICLE_URL = '{date:%Y}/{date:%b}/{date:%-d}/{slug}/'\n", "{year}/{short_month}/{i_day}/{slug}/"),
        ("pelican", "ARTICLE_URL = '{date:%y-%B}/{slug}'\nLOCALE = 'en_US.UTF-8'\n", "{short_year}-{long_month}/{slug}"),
        ("pelican", "ARTICLE_URL = '{date:%-m}/{slug}'\nLOCALE = ('de_DE',)\n", "{i_month}/{slug}"),
        ("jekyll", "permalink: /:short_year/:i_month/:short_month/:title/\n", "{short_year}/{i_month}/{short_month}/{slug}/"),
        ("jekyll", "permalink: /:w_year/:week/:title/\n", "{w_year}/{week}/{slug}/"),
    ],
)  # fmt: skip
def test_words_for_days_in_permalinks_are_followed(read, generator, said, ours):
    name = {"pelican": "pelicanconf.py", "jekyll": "_config.yml"}[generator]
    site = read(generator, **{name: said})
    assert (site.address.value, site.notes) == (ours, ())


def test_folders_of_languages_and_mounts_outside_of_content_are_named(read):
    site = read(
        "hugo",
        **{
            "config/_default/languages.toml": '[fr]\ncontentDir = "fr"\n',
            "config/_default/module.toml": '[[mounts]]\nsource = "more"\ntarget = "content/more"\n',
            "fr/a.md": "# A\n",
            "more/b.md": "# B\n",
        },
    )
    assert [(one.path, one.files) for one in site.contents] == [
        ("content", 4),
        ("fr", 1),
        ("more", 1),
    ]


def test_a_config_toml_of_languages_alone_is_hugos(tmp_path):
    files = {
        "config.toml": '[languages.en]\ncontentDir = "content/en"\n',
        "content/en/post/a.md": "# A\n",
    }
    assert read_site(write_site(tmp_path, files)).generator == "hugo"


def test_somebody_elses_config_file_is_no_site(tmp_path):
    files = {"config.json": '{"port": 1}', "conf.py": "extensions = []\n", "content/a.md": "# A\n"}
    with pytest.raises(UsageError, match="no known generator"):
        read_site(write_site(tmp_path, files))


def test_nikolas_texts_of_several_languages_are_those_of_the_main_one(read):
    text = 'DEFAULT_LANG = "nl"\nBLOG_TITLE = {"en": "Log", DEFAULT_LANG: "Logboek"}\n'
    site = read("nikola", **{"conf.py": text})
    assert site.title is not None and site.title.value == "Logboek"


def test_an_astro_site_may_say_all_in_constants(tmp_path):
    files = {
        "astro.config.ts": 'const url = process.env.URL || "https://kelp.example";\n'
        "export default defineConfig({ site: url, base: BASE });\n",
        "src/config.ts": 'export const SITE = { title: "Kelp", timezone: "Asia/Tokyo" } as const;\n'
        'export const SOCIALS = [{ name: "github", href: "https://github.com/kelp" },\n'
        '  { name: "Mail", href: "mailto:a@kelp.example" }] as const;\n'
        'export const SHARE = [{ name: "X", href: "https://x.example/share?url=" }];\n',
        "src/content.config.ts": 'export const BLOG_PATH = "src/data/blog";\n'
        "const blog = defineCollection({ loader: glob({ base: `./${BLOG_PATH}` }) });\n",
        "src/data/blog/2026/frond.md": "---\ntitle: Frond\n---\n\nGreen.\n",
        "src/pages/posts/[...slug]/index.astro": "",
        "src/pages/posts/[...slug].astro": "",
    }
    site = read_site(write_site(tmp_path, files))
    assert _values(site, "title", "base_url", "zone", "address") == [
        "Kelp",
        "https://kelp.example",
        "Asia/Tokyo",
        "posts/{folder}/{slug}/",
    ]
    assert [one.path for one in site.contents] == ["src/data/blog"]
    assert {name: one.value for name, one in site.social.items()} == {
        "GitHub": "https://github.com/kelp"
    }


@pytest.mark.parametrize(
    "permalink, ours",
    [
        (
            "/{{ page.date | date: '%Y/%m/%d' }}/{{ page.fileSlug }}/",
            "{year}/{month}/{day}/{slug}/",
        ),
        (
            "{{ date | dateFormat('yyyy/LL') }}/{{ title | slugify }}/index.html",
            "{year}/{month}/{title}/",
        ),
        ("/{{ page.date | date: '%B/%Y' }}/{{ page.fileSlug }}/", None),
        ("/{{ page.date | postDate('yyyy/MMM') }}/{{ page.fileSlug }}/", None),
        ("/{% if a %}b{% endif %}/", None),
    ],
)
def test_eleventys_permalinks_are_patterns_where_all_words_are_known(read, permalink, ours):
    data = '{"permalink": "' + permalink + '"}'
    site = read("eleventy", **{"src/blog/blog.json": data})
    assert (site.address.value if site.address else None) == ours


def test_eleventys_posts_may_lie_in_a_folder_of_jekylls_and_have_their_address_from_a_layout(
    tmp_path,
):
    files = {
        ".eleventy.js": """module.exports = config => {
          config.addFilter("day", date => DateTime.fromJSDate(date).toFormat("yyyy/MM"));
        }""",
        "_includes/post.njk": "---\npermalink: /log/{{ page.date | day }}/{{ page.fileSlug }}/\n---\n",
        "_posts/2026-01-05-a.md": "---\nlayout: post\n---\nA",
        "about.md": "# About\n",
    }
    site = read_site(write_site(tmp_path, files))
    assert [(one.path, one.files) for one in site.contents] == [("_posts", 1)]
    assert site.address and site.address.value == "log/{year}/{month}/{slug}/"
    assert site.address.place == "from _includes/post.njk:2 permalink"
