"""The example publication: what `make demo` promises."""

import json
import re
from pathlib import Path

import pytest
from lxml import html as lxml_html

ROOT = Path(__file__).resolve().parents[2]
SEED = "Trump Criticizes U.S.-Japan Security Pact as “Nonreciprocal”"
HEADINGS = [
    "The U.S.-Japan Security Treaty",
    "Trump’s History of Criticism",
    "Calls for Increased Defense Spending",
    "Implications for the Alliance",
]
PICKED = [
    "Top 10 Tokyo Wards for Expats: Who Lives Where and Why",
    "Japan Faces Uncertainty as U.S. Commitment to Allies Wavers",
]
MISSING = (
    "China’s Foreign Minister Highlights Momentum in Japan Relations, Warns Against Militarism"
)


@pytest.mark.slow
def test_the_first_article_stands_in_the_html_with_its_headings_and_related_block(example):
    page = lxml_html.document_fromstring(example.part("message.html"))
    titles = [" ".join(e.text_content().split()) for e in page.iter("h2", "h3")]
    assert titles[:5] == [SEED, *HEADINGS]
    text = " ".join(page.text_content().split())
    assert "“That’s the way the deal reads… and by the way, they make a fortune" in text
    block = text.index("Stories you will also like")
    assert [title for title in PICKED if text.index(title) > block] == PICKED


def test_the_first_article_stands_in_the_text_part(example):
    text = example.part("message.txt")
    flat = " ".join(text.split())
    assert SEED in text
    assert [h for h in HEADINGS if h.upper() in text] == HEADINGS
    assert all(title in flat for title in PICKED)
    assert "you will also like" in text
    prose = (line for line in text.split("\n") if "://" not in line and "[[" not in line)
    assert max(map(len, prose)) <= 72


def test_the_first_article_stands_in_every_feed(example):
    for name in ("rss.xml", "atom.xml", "feed.json"):
        for place in ("", "section/world/"):
            data = (example.root / "outbox/feeds" / (place + name)).read_text()
            assert SEED in data
            assert all(re.search(re.escape(h), data) for h in HEADINGS)
            assert "Stories You Will Also Like" not in data
            assert "Sources" not in data.split(SEED)[1].split("Implications")[0]


def test_a_related_title_that_is_not_in_the_archive_is_told_and_printed_nowhere(example):
    out = example.run("check", "--at", "2026-11-24 07:00").out
    assert (
        f"warning: articles/world/000_77ff806de3e8b1fa.txt: no article is called '{MISSING}'" in out
    )
    for path, data in example.outbox().items():
        assert MISSING.encode() not in data, path


def test_the_example_has_some_twenty_articles_in_several_formats_and_two_languages(example):
    articles = [
        p for p in (example.root / "articles").rglob("*") if p.suffix in (".md", ".txt", ".html")
    ]
    assert len(articles) >= 20
    assert {p.suffix for p in articles} == {".md", ".txt", ".html"}
    assert set(example.run("status", "--at", "2026-11-24 07:00", "--json").json["languages"]) == {
        "en",
        "de",
    }


def test_what_the_example_hides_is_in_no_byte(example):
    for path, data in example.outbox().items():
        for title in (
            "Ferry Lines Will Merge",
            "Leaders Meet in Busan",
            "Autumn Ferries",
            "Harbour Master</",
            "Interview With",
        ):
            assert title.encode() not in data, path


def test_every_template_of_the_theme_is_used_by_the_example(example):
    assert example.run("build", "flash", "--at", "2026-11-24 07:00").code == 0
    used = {
        json.loads(path.read_text())["newsletter"]
        for path in (example.root / "outbox/editions").glob("*/manifest.json")
    }
    assert used == {"morning", "weekend", "brief", "flash"}


def test_the_feeds_of_the_example_have_no_faults(example):
    found = example.run("feeds", "check", "--at", "2026-11-24 07:00")
    assert (found.code, found.out) == (0, "")
    assert re.fullmatch(r"\d+ files, 0 with faults\.\n", found.err)


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "morning"),
        ("status",),
        ("check",),
        ("related", "sento"),
        ("outbox", "list"),
        ("outbox", "verify"),
        ("feeds", "check"),
        ("templates", "list"),
        ("config", "show"),
        ("outbox", "show", "weekend"),
    ],
)
def test_whatever_prints_data_prints_json_when_asked(example, words):
    result = example.run(*words, "--json")
    assert json.loads(result.out) is not None


def test_related_stories_come_with_their_reasons(example):
    out = example.run("related", "trump-criticizes", "--at", "2026-11-24 07:00").err
    assert "there is no article 'trump-criticizes'" in out
    slug = "trump-criticizes-u-s-japan-security-pact-as-nonreciprocal"
    out = example.run("related", slug, "--at", "2026-11-24 07:00").out.split("\n")
    assert out[1:4] == [
        f"  1. {PICKED[0]}",
        "     picked by hand · 27 days earlier",
        f"  2. {PICKED[1]}",
    ]
    out = example.run("related", "pacific-radar", "--at", "2026-11-24 07:00").out.split("\n")
    assert out[1] == f"  1. {PICKED[1]}"
    reasons = (
        r"score 0\.\d{3} · shares \d+% · .*, Japan, South Korea · tags security, diplomacy · 4 days"
    )
    assert re.search(reasons, out[2])


def test_the_preview_shows_a_newsletter_or_what_lies_in_the_outbox(example):
    for words in (("weekend", "--at", "2026-11-24 07:00"), ("morning@2026-11-24T0700",)):
        path = Path(example.run("preview", *words, "--no-open").out.strip())
        assert "375 px" in path.read_text()
