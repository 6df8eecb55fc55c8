"""What counts as evidence that two stories belong together, and how a reason is worded."""

from dataclasses import replace

import pytest

from publisher.model import RelatedSettings
from publisher.related import Index, RelatedStories, Term
from publisher.related.names import Silent
from publisher.related.terms import is_number
from publisher.related.wording import prose_of, reasons
from tests.unit.related.test_related import ARCHIVE, NOON, SEED, body, finder, story


def shown(seed, *others, bodies, called=(), **settings):
    index = Index(None)
    articles = [*others, *ARCHIVE, seed]
    index.update(articles, lambda one: bodies.get(one.slug) or body(one))
    stories = RelatedStories(articles, index, RelatedSettings(**settings), called)
    return {one.article.slug: one for one in stories.of(seed, 5, at=[NOON])}


@pytest.mark.parametrize("word", ["184", "20ms", "v15", "1st", "32bit", "rc2", "2026"])
def test_numbers_units_and_versions_are_numbers(word):
    assert is_number(word)


@pytest.mark.parametrize("word", ["covid19", "g7", "bip324", "web3", "harbour"])
def test_names_that_hold_digits_are_none(word):
    assert not is_number(word)


FOREIGN = "Foxes moved under a bridge, watched by nobody at dusk; wolves followed slowly."


def test_one_name_alone_is_no_evidence():
    seed, other = story("seed"), story("profile", 1)
    bodies = {
        "seed": f"<p>{FOREIGN} Zimmermann was told.</p>",
        "profile": "<p>Old Zimmermann baked bread, ovens glowing, flour everywhere.</p>",
    }
    assert shown(seed, other, bodies=bodies) == {}


def test_numbers_alone_are_no_evidence():
    seed, other = story("seed"), story("table", 1)
    bodies = {
        "seed": f"<p>{FOREIGN} 184, 281, 473, 915.</p>",
        "table": "<p>Old bakers bread, ovens glowing: 184, 281, 473, 915.</p>",
    }
    assert shown(seed, other, bodies=bodies) == {}


def test_code_alone_is_no_evidence():
    listing = "<pre><code>frobnicate quux spawn tokio mutex</code></pre>"
    inline = "<p>See <code>frobnicate quux spawn tokio mutex</code></p>"
    seed, other = story("seed"), story("howto", 1)
    for code in (listing, inline):
        bodies = {
            "seed": f"<p>{FOREIGN}</p>{code}",
            "howto": f"<p>Old bakers bread, ovens glowing, flour.</p>{code}",
        }
        assert shown(seed, other, bodies=bodies) == {}


def test_authors_and_the_publication_are_no_evidence():
    seed = story("seed", authors=("Wanda Petrova",))
    other = story("bakers", 1, authors=("Wanda Petrova",))
    signed = "<p>Wanda Petrova writes for the Quillton Bugle.</p>"
    bodies = {"seed": f"<p>{FOREIGN}</p>{signed}", "bakers": f"<p>Old ovens, flour.</p>{signed}"}
    assert shown(seed, other, bodies=bodies, called=("The Quillton Bugle",)) == {}


def test_an_author_in_the_title_is_what_the_story_is_about():
    silent = Silent([replace(SEED, authors=("Wanda Petrova",))], ["Bugle"])
    held = {"wanda", "petrova", "bugle", "fox"}
    assert silent.among(held) == {"wanda", "petrova", "bugle"}
    assert silent.among(held, {"wanda", "petrova"}) == {"bugle"}
    assert silent.among({"wanda", "fox"}) == set()


def test_a_story_that_links_to_another_may_show_it_whatever_they_share():
    seed, other = story("seed"), story("profile", 1)
    link = '<a href="https://x.example/profile/">then</a>'
    bodies = {
        "seed": f"<p>{FOREIGN} Zimmermann was told {link}.</p>",
        "profile": "<p>Old Zimmermann baked bread, ovens glowing, flour everywhere.</p>",
    }
    assert [*shown(seed, other, bodies=bodies)][:1] == ["profile"]


def test_what_frames_a_section_is_no_evidence():
    frame = "Ahoy readers: quarterly bulletin compiled overnight, subscribe kindly."
    news = [
        story(f"brief-{n}", n + 1, section="briefs", title=f"Brief {'abcdefghij'[n] * 4}")
        for n in range(10)
    ]
    texts = [
        "otters swim", "trams halted", "quarry flooded", "choir toured", "mayors argued",
        "orchards froze", "kilns cooled", "ferries docked", "lamps dimmed", "quilts shown",
    ]  # fmt: skip
    bodies = {
        one.slug: f"<p>{frame} {text} there.</p>" for one, text in zip(news, texts, strict=True)
    }
    seed = story("seed", section="briefs")
    bodies["seed"] = f"<p>{frame} {FOREIGN}</p>"
    assert shown(seed, *news, bodies=bodies) == {}


def test_a_reason_is_worded_as_the_article_writes_it_names_first():
    told = "The bill goes to Katie Meyer. Later Katie Meyer of the Universal Service Fund spoke."
    shared = [
        Term("", 0.3, ("bill",)),
        Term("", 0.2, ("meyer", "katie")),
        Term("", 0.1, ("fund", "universal", "service")),
        Term("", 0.05, ("spoke",)),
    ]
    named = [one.text for one in reasons(shared, "", told)]
    assert named == ["Katie Meyer", "Universal Service Fund", "bill"]


def test_what_stands_in_code_alone_is_not_named():
    text = prose_of("<p>Plain words</p><pre><code>let quux = 1;</code></pre>")
    assert reasons([Term("quux", 1.0, ("quux",))], "", text) == []


def test_reasons_in_scripts_without_spaces_are_named_as_they_are():
    shared = [Term("安全保", 0.2, ("安全", "全保"))]
    assert [one.text for one in reasons(shared, "", "日本の安全保障")] == ["安全保"]


def test_no_minimum_means_no_floor():
    strict = finder(*ARCHIVE, SEED).of(SEED, 20, at=[NOON])
    loose = finder(*ARCHIVE, SEED, settings_=RelatedSettings(minimum=0.0)).of(SEED, 20, at=[NOON])
    assert len(loose) >= len(strict)
