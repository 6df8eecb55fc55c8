"""Links between articles: what a reference means, and what is left of one that means nothing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import fragment_fromstring
from msgspec.structs import replace

from publisher.model import Article, Publication, SourceSettings
from publisher.sources import markup
from publisher.sources.cache import Cache
from publisher.sources.resolving import Resolver, as_reference, references, resolved, unresolved
from publisher.sources.scanning import scan

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HUGO = Publication(
    title="T",
    base_url="https://x.example/",
    articles=Path("content/blog"),
    sources=SourceSettings(generator="hugo"),
)


def article(path, *, language="en", slug="", title="", **more):
    url = "https://x.example/" + path.rpartition(".")[0] + "/"
    return Article(
        id=path, path=path, slug=slug or "s-" + path, url=url, title=title or path, summary="",
        language=language, published=NOON, updated=NOON, version="1", **more,
    )  # fmt: skip


ARTICLES = [
    article("bay.md"),
    article("news/2026-01-05-hello.mdx", slug="hello"),
    article("news/reef/index.md"),
    article("news/reef/index.de.md", language="de"),
    article("de/wind.md", language="de"),
    article("en/wind.md"),
    article("a/twin.md"),
    article("b/twin.md"),
    article("My Note.md", title="Wölfe & Bären"),
    article("secret.md", draft=True),
]
SOURCE = ARTICLES[1]
GERMAN = ARTICLES[4]


def meant(reference, source=SOURCE, publication=HUGO):
    return Resolver(ARTICLES, publication, NOON).of(reference, source)


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("../bay.md", "bay"),
        ("@/blog/bay.md", "bay"),  # Zola: from `content` on
        ("/bay.md", "bay"),
        ("/blog/bay", "bay"),
        ("@site/content/blog/bay.md", "bay"),
        ("../../../content/blog/bay.md", "bay"),
        ("BAY.md", "bay"),
        ("./2026-01-05-hello.mdx", "news/2026-01-05-hello"),
        ("2026-01-05-hello", "news/2026-01-05-hello"),
        ("hello", "news/2026-01-05-hello"),
        ("news/reef", "news/reef/index"),
        ("reef/index.md", "news/reef/index"),
        ("/news/reef/_index.md", "news/reef/index"),
        ("elsewhere/bay.md", "bay"),
        ("My%20Note", "My Note"),
        ("w%C3%B6lfe%20%26%20b%C3%A4ren", "My Note"),
        ("en/wind.md", "en/wind"),
    ],
)
def test_a_reference_means_the_article_that_its_generator_means(reference, path):
    assert meant(reference) == (f"https://x.example/{path}/", "")


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("wind.md", "de/wind"),
        ("/wind.md", "de/wind"),
        ("/news/reef/", "news/reef/index.de"),
        ("/news/reef/index.md", "news/reef/index.de"),
        ("bay.md", "bay"),
    ],
)
def test_a_text_leads_to_the_one_of_its_own_language_first(reference, path):
    assert meant(reference, GERMAN).url == f"https://x.example/{path}/"


@pytest.mark.parametrize("reference", ["@/bay.md", "/bay.md", "@/BAY.md"])
def test_a_path_from_the_root_means_no_namesake_in_the_folder_of_the_text(reference):
    bays = [article("bay.md"), article("blog/bay.md"), article("blog/bay.de.md", language="de")]
    resolver = Resolver(bays, HUGO, NOON)
    sources = [article("blog/fish.md"), bays[2]]

    found = [resolver.of(reference, source).url for source in sources]

    assert found == ["https://x.example/bay/"] * 2


def test_a_part_of_the_article_stays_in_the_address():
    assert meant("../bay.md#tide").url == "https://x.example/bay/#tide"
    assert meant("#top").url == f"{SOURCE.url}#top"


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("nowhere.md", "no article is called so"),
        ("twin", "2 articles are called so, such as a/twin.md"),
        ("/secret.md", "secret.md is hidden: draft"),
        ("index.md", "no article is called so"),
        ("../../../../../etc/passwd.md", "no article is called so"),
    ],
)
def test_what_means_nothing_readers_may_see_has_no_address(reference, why):
    assert meant(reference) == ("", why)


def test_without_a_generator_an_address_of_no_article_stays_what_it_was():
    plain = replace(HUGO, sources=SourceSettings())
    found = meant("notes.md#x", publication=plain)
    assert found.url == "https://x.example/news/2026-01-05-hello/notes.md#x"
    assert found.why
    assert meant("notes", publication=plain).url == ""


def test_an_article_that_will_appear_is_linked_when_it_has():
    later = article("later.md")
    later = later.but(published=NOON + timedelta(hours=1))
    for now, is_linked in ((NOON, False), (NOON + timedelta(hours=2), True)):
        found = Resolver([later, SOURCE], HUGO, now).of("/later.md", SOURCE)
        assert bool(found.url) is is_linked


@pytest.mark.parametrize(
    ("typed", "reference"),
    [
        ("./x.md", "article:./x.md"),
        ("../y.mdx#part", "article:../y.mdx#part"),
        ("@/bay.md", "article:@/bay.md"),
        ("a b.RST", "article:a%20b.RST"),
        ("x.md?plain=1", "article:x.md"),
        ("x.html", None),
        ("/x/", None),
        ("//host/x.md", None),
        ("", None),
    ],
)
def test_an_address_that_names_a_source_text_is_a_reference(typed, reference):
    assert as_reference(typed) == reference


def body_of(text):
    return markup.sanitised(markup.markdown(text), "https://x.example/a/", locate=lambda _: None)


def test_references_pass_the_sanitiser_in_links_alone():
    body = body_of(
        'See [b](./b.md "B > A") and <a title="x" href="article:c">c</a>.\n\n'
        '<img src="article:d" alt="d"> <video src="e.md" poster="article:f"></video> ![g](g.md)\n\n'
        '<blockquote cite="article:h">h</blockquote>\n\n[m](mailto:a@x.example) [j](javascript:x)'
    )
    assert [one for one, _ in references(body, "")] == ["./b.md", "c"]
    assert body.count("article:") == 2
    assert "article:" not in markup.sanitised('<a href="article:c">c</a>', "https://x.example/")


def test_words_stay_where_a_link_leads_nowhere():
    body = body_of('See [*the* b](b.md "x > y"), [c](c.md) &lt;a href="article:z"&gt; article:z.')
    assert resolved(body, {"b.md": "", "c.md": "https://x.example/?a&b#c"}) == (
        '<p>See <em>the</em> b, <a href="https://x.example/?a&amp;b#c">c</a> '
        '&lt;a href="article:z"&gt; article:z.</p>'
    )


def test_an_address_that_is_typed_as_text_is_shown_whole():
    body = '<a href="article:b.md">article:b.md</a> <a href="article:c">article:c</a>'
    assert resolved(body, {"b.md": "https://x.example/?a&b", "c": ""}) == (
        '<a href="https://x.example/?a&amp;b">https://x.example/?a&amp;b</a> c'
    )


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(["<a ", 'href="article:x"', ">", "</a>", "w", '"', "<b>", "<", "&"]))
)
def test_no_reference_is_left_in_whatever_was_typed(pieces):
    clean = markup.sanitised("".join(pieces), "https://x.example/", locate=lambda _: None)
    for links in ({}, {"x": "https://x.example/"}):
        tree = fragment_fromstring(resolved(clean, links), create_parent=True)
        assert not [one for one in tree.iter("a") if "article:" in one.get("href", "")]


def test_the_line_is_told_on_which_a_link_stands():
    text = "One\n\n[b](./b.md)\n[c](c%20d.md)"
    body = body_of(text)
    assert references(body, text, 4) == (("./b.md", 6), ("c%20d.md", 7))
    told = unresolved(SOURCE, "./b.md", 6, "no article is called so", stays=False)
    assert (told.what, told.why, told.line, told.severity) == (
        "the link to ./b.md leads to no article: no article is called so",
        "Its words stand without the link.",
        6,
        "warning",
    )


@pytest.fixture
def scanned(tmp_path):
    """Reads some files as articles, with what was kept of the last time."""
    publication = replace(HUGO, articles=Path("articles"))
    (tmp_path / "articles").mkdir()

    def read(files, only=None):
        for name, text in files.items():
            (tmp_path / "articles" / name).write_text(text)
        cache = Cache(tmp_path / "cache.db", "key")
        found = scan(tmp_path, publication, (), NOON, cache, only=only)
        by_path = {one.path: one for one in found.articles}
        return by_path, {path: found.body(one) for path, one in by_path.items()}, found.problems

    return read


def dated(title, body, slug):
    return f"---\ntitle: {title}\ndate: 2026-11-01\nslug: {slug}\n---\n{body}\n"


def test_a_target_that_has_another_address_takes_its_links_along(scanned):
    a, b = dated("A", "See [b](b.md), [c](c.md).", "a"), dated("B", "Calm.", "b")
    first, bodies, problems = scanned({"a.md": a, "b.md": b})
    assert bodies["a.md"] == '<p>See <a href="https://x.example/b/">b</a>, c.</p>'
    assert [(one.path, one.line) for one in problems if "c.md" in one.what] == [
        ("articles/a.md", 6)
    ]
    again, _, _ = scanned({})
    assert again == first
    moved, bodies, _ = scanned({"b.md": dated("B", "Calm.", "sea")})
    assert 'href="https://x.example/sea/"' in bodies["a.md"]
    assert moved["a.md"].version != first["a.md"].version
    alone, bodies, _ = scanned({}, only={"a.md"})
    assert alone["a.md"] == moved["a.md"]
