"""Which articles are one in several languages, and in which languages lists stand."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model import Article, Publication, Visible
from publisher.site import site_of
from publisher.site.languages import Languages
from publisher.site.translations import Translations

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
OWN = Publication(title="T", base_url="https://x.example/", language="en", zone="UTC")


def story(path, language="en", hours=1, **keys):
    moment = NOON - timedelta(hours=hours)
    slug = path.rpartition("/")[2].partition(".")[0]
    at = f"{slug}/" if language == "en" else f"{language}/{slug}/"
    given_ = {
        "title": f"Title {path}", "url": f"https://x.example/{at}", "slug": slug, "summary": "",
        "version": "1", **keys,
    }  # fmt: skip
    return Article(
        id=f"tag:{path}",
        path=path,
        language=language,
        published=moment,
        updated=moment,
        **given_,
    )


def groups(*articles):
    """The paths of each article's translations."""
    found, seen = Translations(articles, "en"), {one.id: one for one in articles}
    return [[other.path for other in found.of(one, seen)] for one in articles]


def pages(*articles, own=OWN, first_seen=None, **keys):
    site = site_of(own, Visible(articles, NOON, first_seen), [], **keys)
    return {page.path: page for page in site.pages}


def shown(page):
    return [article.path for article in page.values["articles"]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a.md", "en", {}), ("a.de.md", "de", {})),
        (("a.md", "en", {}), ("de/a.md", "de", {})),
        (("en/city/a.md", "en", {}), ("de/city/a.md", "de", {})),
        (("a/index.en.md", "en", {}), ("a/index.pt-br.md", "pt-BR", {})),
        (("pt_BR/a.md", "pt-BR", {}), ("a.md", "en", {})),
        (("a.md", "en", {"translationKey": "k"}), ("b.md", "de", {"translationkey": "k"})),
        (("a.md", "en", {"lang-ref": "k"}), ("b.md", "de", {"ref": "k"})),
        (("a.md", "en", {"extra": {"page_id": 7}}), ("b.md", "de", {"page_id": "7"})),
        (("city/a.md", "en", {}), ("b.md", "de", {"translation_of": "A"})),
        (("city/a.md", "en", {}), ("b.md", "de", {"translation_of": "city/a.md"})),
        (("city/a.md", "en", {}), ("b.md", "de", {"translation_of": "Title city/a.md"})),
        (("city/a.md", "en", {}), ("b.md", "de", {"translation_of": "https://x.example/a/"})),
    ],
)
def test_translations_know_each_other_by_their_files_or_what_they_say(one, other):
    first, second = (story(path, tag, extra=extra) for path, tag, extra in (one, other))
    both = [[x.path for x in sorted((first, second), key=lambda x: x.language != "en")]] * 2
    assert groups(first, second) == both
    assert groups(second, first) == both


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a.md", "en", {}), ("b.md", "de", {})),
        (("a.md", "en", {}), ("city/a.md", "de", {})),
        (("a.md", "en", {"ref": "k"}), ("de/a.md", "de", {"ref": "l"})),
        (("a.md", "en", {}), ("a.js.md", "en", {})),
        (("a.md", "en", {"ref": True}), ("b.md", "de", {"ref": True})),
        (("a.md", "en", {"ref": ""}), ("b.md", "de", {"ref": " "})),
    ],
)
def test_what_nothing_makes_a_translation_is_none(one, other):
    first, second = (story(path, tag, extra=extra) for path, tag, extra in (one, other))
    assert groups(first, second) == [[first.path], [second.path]]


def test_all_who_translate_one_or_each_other_are_one_story_and_of_a_language_one():
    keys = {"extra": {"translation_of": "a"}}
    fr, de, en = story("f.md", "fr", **keys), story("d.md", "de", 2, **keys), story("a.md", "en", 3)
    assert groups(fr, de, en) == [["a.md", "d.md", "f.md"]] * 3
    later = story("l.md", "it", 0, extra={"translation_of": "d"})
    assert groups(later, fr, de, en) == [["a.md", "d.md", "f.md", "l.md"]] * 4
    again = story("e.md", "de", 0, **keys)
    assert groups(again, fr, de, en) == [
        ["a.md", "f.md", "e.md"], ["a.md", "f.md", "e.md"], ["d.md"], ["a.md", "f.md", "e.md"],
    ]  # fmt: skip


def test_a_translation_of_nothing_is_told():
    lost = story("b.md", "de", extra={"translation_of": "gone"})
    assert site_of(OWN, Visible([lost, story("a.md")], NOON), []).lost == ((lost, "gone"),)


def test_of_articles_in_one_language_none_is_looked_at():
    assert not Translations([story("a.md"), story("b.md", extra={"translationKey": "k"})], "en")
    assert Translations([story("a.md"), story("a.de.md", "de")], "en")
    assert Translations([story("a.md"), story("b.md", extra={"translation_of": "a"})], "en")


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["en", "de", "fr"])), max_size=9)
)
def test_who_is_a_translation_of_another_is_so_the_other_way_round(given_):
    articles = [
        story(f"{number}.md", tag, number, extra={"ref": key})
        for number, (key, tag) in enumerate(given_)
    ]
    found = dict(zip((one.path for one in articles), groups(*articles), strict=True))
    for path, others in found.items():
        assert path in others
        assert all(found[other] == others for other in others)


def test_each_page_that_lists_articles_has_one_language():
    made = pages(
        story("a.md", tags=("sea",), section="city"),
        story("de/b.md", "de", tags=("sea",), section="city"),
        story("de/c.md", "de-AT", section="stadt"),
    )
    assert shown(made["index.html"]) == ["a.md"]
    assert shown(made["de/index.html"]) == ["de/b.md", "de/c.md"]
    assert shown(made["sections/city/index.html"]) == shown(made["tags/sea/index.html"]) == ["a.md"]
    assert shown(made["de/sections/city/index.html"]) == ["de/b.md"]
    assert shown(made["de/archive/2026-11/index.html"]) == ["de/b.md", "de/c.md"]
    assert made["de/search/index.html"].values["written"] == ["de", "de-AT"]
    assert shown(made["search/index.html"]) == ["a.md"]
    alone = made["sections/stadt/index.html"]  # where it always was
    assert (alone.language, shown(alone), alone.translations) == ("de", ["de/c.md"], ())
    for place in (
        "de/index.html",
        "de/archive/index.html",
        "de/subscribe/index.html",
        "de/search/index.html",
    ):
        assert made[place].language == "de"
    assert [one.url for one in made["archive/index.html"].values["months"]] == [
        "https://x.example/archive/2026-11/"
    ]
    for place in ("index.html", "de/index.html"):
        assert [(one.language, one.url) for one in made[place].translations] == [
            ("en", "https://x.example/"), ("de", "https://x.example/de/"),
        ]  # fmt: skip
    article = made["de/b/index.html"]
    assert article.values["section"].url == "https://x.example/de/sections/city/"
    assert [one.url for one in article.values["tags"]] == ["https://x.example/de/tags/sea/"]


def test_a_page_names_its_translations_as_long_as_they_may_be_seen():
    english, german = story("a.md"), story("a.de.md", "de")
    made = pages(english, german)
    for place in ("a/index.html", "de/a/index.html"):
        assert [one.language for one in made[place].translations] == ["en", "de"]
        assert set(made[place].shows) == {english.id, german.id}
    for other in (german.but(draft=True), german.but(extra={"noindex": True})):
        one = pages(english, other)["a/index.html"]
        assert (one.translations, one.shows) == ((), (english.id,))


def test_one_language_is_the_publications_whatever_it_is_called():
    for tag in ("en", "en-GB", "de"):
        made = pages(story("a.md", tag, url="https://x.example/a/"))
        assert not any(page.translations for page in made.values())
        assert made["index.html"].language == "en"
        assert {page.language for page in made.values()} <= {"en", tag}


def test_where_no_article_is_in_the_publications_language_that_of_most_is_first():
    made = pages(story("a.md", "de"), story("b.md", "fr"), story("c.md", "de"))
    assert (made["index.html"].language, shown(made["index.html"])) == ("de", ["a.md", "c.md"])
    assert made["fr/index.html"].language == "fr"
    assert "de/index.html" not in made


def test_an_article_or_a_file_that_has_the_address_of_a_languages_page_keeps_it():
    english = story("a.md")
    german = story("b.md", "de", url="https://x.example/de/")
    for made in (
        pages(english, german),
        pages(english, story("b.md", "de"), static={"de/index.html"}),
    ):
        assert shown(made["index.html"]) == ["a.md", "b.md"]
        assert made["index.html"].translations == ()
    assert pages(english, german)["de/index.html"].article == german
    whole = pages(english, story("b.md", "de"), static={"de/search/index.html"})[
        "search/index.html"
    ]
    assert (shown(whole), whole.values["written"]) == (["a.md", "b.md"], [])
    kept = pages(
        story("a.md", tags=("sea",)),
        story("b.md", "de", tags=("sea",)),
        static={"de/tags/sea/index.html"},
    )
    assert shown(kept["tags/sea/index.html"]) == ["a.md", "b.md"]


def test_tags_that_differ_in_signs_have_pages_of_their_own_and_old_addresses_answer():
    first = story("a.md", hours=3, tags=("C++",))
    then = story("b.md", hours=2, tags=("C", "c++"))
    last = story("c.md", hours=1, tags=("C#", "once"))
    made = pages(last, then, first)
    listed = {place: shown(page) for place, page in made.items() if place.startswith("tags/")}
    assert listed.pop("tags/c/index.html") == ["b.md", "a.md"]  # C++ was there first
    assert listed.pop("tags/c-sharp/index.html") == ["c.md"]
    assert list(listed.values()) == [["b.md"]]
    urls = [one.url for one in made["b/index.html"].values["tags"]]
    assert urls[1] == "https://x.example/tags/c/" != urls[0]
    swapped = pages(last, then, first, first_seen={first.id: NOON})
    assert shown(swapped["tags/c/index.html"]) == ["b.md"]


def test_the_language_of_lists_for_a_reader_is_the_nearest():
    found = Languages([story("a.md"), story("b.md", "de"), story("c.md", "pt-BR")], "en")
    assert [found.of(tag) for tag in ("en", "de-CH", "pt-BR", "pt", "fr")] == [
        "en", "de", "pt-BR", "en", "en",
    ]  # fmt: skip
    assert [found.place(tag, "archive/") for tag in ("en", "de-CH")] == ["archive/", "de/archive/"]
