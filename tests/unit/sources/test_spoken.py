"""Which folders are named for a language, and which are only called so."""

import pytest

from publisher.sources.spoken import Spoken, language_of


def of(path, paths, main="en", used=("en",), configured=None):
    return Spoken([*paths, path], main, used, configured or {}).of(path)


@pytest.mark.parametrize(
    ("path", "others", "language", "place"),
    [
        ("content/de/post/a.md", ["content/en/post/a.md"], "de", "content/post/a.md"),
        ("de/a.md", ["a.md"], "de", "a.md"),
        ("pt-br/post/a.md", ["en/post/a.md", "en/post/b.md"], "pt-BR", "post/a.md"),
        ("en/post/a.md", ["pt-br/post/a.md"], "en", "post/a.md"),
        ("blog/ja/a/index.md", ["blog/en/a/index.md", "blog/ja/b.md", "blog/en/b.md"], "ja", "blog/a/index.md"),
        ("i18n/fr/docusaurus-plugin-content-blog/a.md", [], "fr", "a.md"),
    ],
)  # fmt: skip
def test_folders_that_hold_the_same_files_are_languages(path, others, language, place):
    found = of(path, others)
    assert found[0] == language
    assert found[1] in (place, path.replace("/ja/", "/"))


@pytest.mark.parametrize(
    ("path", "others"),
    [
        ("it/news.md", ["hr/news.md", "sales/news.md"]),
        ("it/a.md", ["world/b.md"]),
        ("it/index.md", ["index.md"]),
        ("js/a.md", ["a.md"]),
        ("de/a.md", ["fr/a.md"]),
        ("it/a.md", ["a.md", "it/b.md", "it/c.md", "it/d.md"]),
    ],
)
def test_other_folders_of_two_letters_are_none(path, others):
    assert of(path, others) == ("", path)


def test_a_folder_of_the_publications_own_language_is_one_at_the_top():
    assert of("de/a.md", ["b.md"], used=("en", "de")) == ("de", "a.md")
    assert of("de-at/a.md", ["b.md"], used=("en", "de")) == ("de-AT", "a.md")
    assert of("world/de/a.md", ["b.md"], used=("en", "de")) == ("", "world/de/a.md")


def test_so_is_one_that_the_site_names_or_that_stands_among_languages_alone():
    assert of("de/b.md", ["en/a.md"]) == ("de", "b.md")
    assert of("de/b.md", ["en/a.md", "c.md"]) == ("", "de/b.md")
    assert of("german/a.md", [], configured={"german": "de"}) == ("de", "a.md")


def test_a_tag_is_written_as_tags_are():
    assert [language_of(one) for one in ("zh-tw", "sr-latn", "PT_br")] == [
        "zh-TW",
        "sr-Latn",
        "pt-BR",
    ]
