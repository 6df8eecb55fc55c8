"""The same story told again is recognised, and said so; a series of its kind is none."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model import Hint, RelatedSettings
from publisher.related import Index, RelatedStories, Relation
from publisher.related.retitled import is_numbered, told
from publisher.related.versions import Overlap, Overlaps, is_possible, reach, relation
from tests.unit.related.test_related import ARCHIVE, NOON, SEED, body, finder, found, story

NOTHING = Overlap(0.0, 0.0, 0.0)
MOST = Overlap(0.6, 0.5, 1.0)

OPENING = "The old harbour bridge was closed to all traffic on Monday night after "
OPENING += "inspectors had found long cracks in two of the seven pillars that carry the tramway"
DETAILS = "Buses of line nine go by way of the mill and stop at each corner until further notice"
MORE = "Engineers from the capital said on Tuesday that repairs would last well into the spring"


def between(title, before, overlap, days=1.0, links=False):
    return relation(
        story("b", title=title), story("a", days, title=before), lambda: overlap, links=links
    )


@pytest.mark.parametrize(
    ("title", "before", "overlap", "found"),
    [
        # of a newsroom: what is new stands first in the title
        (
            "Shapiro admin approves major SEPTA cash infusion to reverse cuts",
            "SEPTA could get a major cash infusion to reverse cuts",
            Overlap(0.58, 0.61, 1.0),
            Relation("update"),
        ),
        (
            "Parents charged after toddler slips into wolf area",
            "Toddler injured by wolf after crawling under a fence",
            Overlap(0.45, 0.28, 0.9),
            Relation("update"),
        ),
        ("Updated: Harbour bridge closed", "Harbour bridge closed", MOST, Relation("update")),
        ("Harbour bridge closed (updated)", "Harbour bridge closed", MOST, Relation("update")),
        ("[Korrektur] Brücke gesperrt", "Brücke gesperrt", MOST, Relation("correction")),
        ("Correction: Bridge is closed", "Bridge is closed", MOST, Relation("correction")),
        ("【訂正】橋が通行止め", "橋が通行止め", MOST, Relation("correction")),
        ("Remote Work - Part 2", "Remote Work - Part 1", NOTHING, Relation("part", 1)),
        ("Linux memory (Part II)", "Linux memory (Part I)", NOTHING, Relation("part", 1)),
        ("Der Sturm am Kai, Teil 3", "Der Sturm am Kai, Teil 2", NOTHING, Relation("part", 2)),
        (
            "Product work at 18F, part 3 - Products",
            "Product work at 18F, part 2 – Acquisitions",
            NOTHING,
            Relation("part", 2),
        ),
        ("Live: The great storm (3)", "Live: The great storm (2)", NOTHING, Relation("part", 2)),
        ("A Thousand Tokens: Part II", "A Thousand Tokens", NOTHING, Relation("part", 1)),
    ],
)
def test_a_story_told_again_is_the_same_story(title, before, overlap, found):
    assert between(title, before, overlap) == found


@pytest.mark.parametrize(
    ("title", "before", "overlap"),
    [
        ("Newsletter #91", "Newsletter #90", MOST),
        ("Announcing Tool 1.24.1", "Announcing Tool 1.24.0", MOST),
        ("Tuesday Community Week Sessions", "Monday Community Week Sessions", MOST),
        ("Malicious crates foo and bar", "Malicious crates baz and qux", Overlap(0.5, 0.4, 0.5)),
        ("Who is Judge Stabile?", "Who is Judge Panella?", Overlap(0.42, 0.35, 0.6)),
        # a digest quotes the whole of it
        ("Weekly News 155: Attachmate acquisition", "Attachmate acquisition", Overlap(1, 0.1, 1)),
        ("Lang team April update", "Lang team March update", MOST),
        ("Update", "Correction", MOST),
        ("Live music returns to the quay", "Music returns", Overlap(0.1, 0.1, 1.0)),
        ("Museum opens late", "Harbour bridge closed", MOST),
        ("Remote Work - Part 1", "Remote Work - Part 2", MOST),
        ("Remote Work - Part 2", "Garden Work - Part 1", MOST),
        ("Remote Work - Part 3", "Remote Work", NOTHING),
    ],
)
def test_a_series_and_another_story_are_not(title, before, overlap):
    assert between(title, before, overlap) is None


def test_parts_with_longer_titles_belong_together_where_they_are_linked():
    titles = ("Executives part 2: Go on", "Executives are the allies that teams need, part 1")
    assert between(*titles, NOTHING, links=True) is None  # one word is no title
    titles = tuple(f"Senior {title}" for title in titles)
    assert between(*titles, NOTHING) is None
    assert between(*titles, NOTHING, links=True) == Relation("part", 1)


def test_what_was_told_long_ago_is_another_story():
    assert between("Storm closes the bridge", "Storm closes bridge", MOST, days=2)
    assert between("Storm closes the bridge", "Storm closes bridge", MOST, days=4) is None
    assert between("Update: Storm on the bridge", "Storm on the bridge", MOST, days=30)
    assert between("Update: Storm on the bridge", "Storm on the bridge", MOST, days=90) is None
    assert between("Remote Work, part 2", "Remote Work, part 1", MOST, days=400) is None


TITLES = st.sampled_from(
    [
        "Harbour bridge closed", "Updated: Harbour bridge closed", "Harbour bridge, part 2",
        "Harbour bridge, part 1", "Correction: Harbour bridge closed", "Harbour talks 3", "", "1",
        "Harbour talks 4", "橋が通行止め", "Live: Harbour bridge (2)", "Teil 2",
    ]
)  # fmt: skip
PARTS = st.floats(0, 1)


@given(TITLES, TITLES, st.integers(-100, 500), st.builds(Overlap, PARTS, PARTS, PARTS))
def test_of_two_articles_only_the_later_can_be_another_telling(one, two, days, overlap):
    later, earlier = story("b", title=one), story("a", days, title=two)
    both = [relation(a, b, lambda: overlap) for a, b in ((later, earlier), (earlier, later))]
    assert None in both
    if days <= 0:
        assert both[0] is None


@given(TITLES, TITLES, st.floats(0.1, 400), st.tuples(PARTS, PARTS, PARTS), PARTS)
def test_more_in_common_never_makes_another_story_of_it(one, two, days, had, more):
    fewer = between(one, two, Overlap(*had), days)
    if fewer:
        assert between(one, two, Overlap(*(max(part, more) for part in had)), days) == fewer


@given(st.text(max_size=60))
def test_any_title_can_be_taken_apart(title):
    parts = told(title)
    assert parts.part >= 0
    assert parts.mark in ("", "update", "correction")
    assert not is_numbered(title, title)


@given(st.lists(st.integers(1, 9), max_size=60), st.lists(st.integers(1, 9), max_size=60))
def test_overlaps_are_parts_of_a_whole(ours, theirs):
    texts = [np.array([1, 0, *text, 0], np.uint32) for text in (ours, theirs)]
    overlaps = Overlaps(texts, [NOON, NOON])
    one, two = overlaps.of(0, 1), overlaps.of(1, 0)
    assert (one.kept, one.own) == (two.own, two.kept)
    assert all(0 <= part <= 1 for part in one)


def test_what_a_text_of_another_time_has_as_well_is_no_sign():
    text = np.array([1, 0, *range(10, 70), 0], np.uint32)
    moments = [NOON, NOON - timedelta(days=1), NOON - timedelta(days=9)]
    assert Overlaps([text] * 2, moments[:2]).of(0, 1).kept == 1
    assert Overlaps([text] * 3, [*moments[:2], NOON]).of(0, 1).kept == 1  # told three times
    assert Overlaps([text] * 3, moments).of(0, 1).kept == 0


# Shown


def told_by(article):
    texts = {
        "first": f"<p>{OPENING}. {DETAILS}.</p>",
        "second": f"<p>{MORE}. {OPENING}. {DETAILS}.</p>",
        "third": f"<p>{MORE}, and that the mayor had been told in June. {OPENING}. {DETAILS}.</p>",
    }
    return texts.get(article.slug) or body(article)


FIRST = story("first", 2, title="Harbour bridge closed for all traffic")
SECOND = story("second", 1, title="Harbour bridge closed until spring")
THIRD = story("third", 0, title="Harbour bridge closed: mayor knew")


def settled(*articles, **settings):
    settings_ = RelatedSettings(same=0.99, **settings)
    return finder(*articles, *ARCHIVE, bodies=told_by, settings_=settings_)


def relations(finder_, article, k=5):
    return {
        one.article.slug: one.relation for one in finder_.of(article, k, at=[NOON]) if one.relation
    }


def test_the_newest_earlier_telling_stands_first_and_is_called_so():
    stories = settled(FIRST, SECOND, THIRD)
    (one, *rest) = stories.of(THIRD, 5, at=[NOON])
    assert (one.article.slug, one.relation) == ("second", "update")
    assert "first" not in [other.article.slug for other in rest]
    assert relations(stories, SECOND) == {"first": "update"}


def test_why_says_that_an_older_telling_is_the_same_story():
    stories = settled(FIRST, SECOND, THIRD)
    why = stories.why(THIRD, FIRST, 5, at=[NOON])
    assert (why.place, why.left_out) == (None, "it is the same story: this one updates it")
    assert stories.why(THIRD, SECOND, 5, at=[NOON]).relation == Relation("update")


def test_of_two_candidates_that_tell_one_story_the_newer_stands_there():
    about = "<p>the harbour bridge, its pillars, cracks and tramway: engineers and inspectors.</p>"
    seed = story("seed", -5, title="Harbour bridge pillars and cracks")
    articles = [FIRST, SECOND, seed, *ARCHIVE]
    index = Index(None)
    index.update(articles, lambda one: about if one is seed else told_by(one))
    stories = RelatedStories(articles, index, RelatedSettings(same=0.99, minimum=0.0))
    slugs = found(stories, seed, at=[NOON + timedelta(days=9)])
    assert "second" in slugs
    assert "first" not in slugs


def test_an_earlier_telling_of_what_the_edition_carries_is_not_related():
    about = "<p>the harbour bridge, its pillars, cracks and tramway: engineers and inspectors.</p>"
    seed = story("seed", -5, title="Harbour bridge pillars and cracks")
    articles = [FIRST, SECOND, seed, *ARCHIVE]
    index = Index(None)
    index.update(articles, lambda one: about if one is seed else told_by(one))
    stories = RelatedStories(articles, index, RelatedSettings(same=0.99, minimum=0.0))
    later, without = [NOON + timedelta(days=9)], {"tag:second": "it stands in this edition"}
    assert "first" not in found(stories, seed, at=later, without=without)


def test_a_telling_that_readers_had_lately_is_not_shown_nor_an_older_one_instead_of_it_as_related():
    stories = settled(FIRST, SECOND, THIRD)
    got = stories.of(THIRD, 5, at=[NOON], without={"tag:second": "they had it"})
    assert [(one.article.slug, one.relation) for one in got][:1] == [("first", "update")]
    assert "second" not in [one.article.slug for one in got]


def test_what_an_editor_names_as_updated_or_corrected_stands_first():
    seed = SEED.but(hint=Hint(updates=("music-1",), corrects=("kitchen 1",), related=("x",)))
    got = finder(*ARCHIVE, seed).of(seed, 4, at=[NOON])
    assert [(one.article.slug, one.relation, one.picked) for one in got][:2] == [
        ("kitchen-1", "correction", True),
        ("music-1", "update", True),
    ]


def test_what_an_editor_ruled_out_is_no_earlier_telling():
    third = THIRD.but(hint=Hint(unrelated=("second", "first")))
    assert relations(settled(FIRST, SECOND, third), third) == {}


def test_a_hand_picked_telling_is_the_only_one():
    third = THIRD.but(hint=Hint(related=("first",)))
    got = settled(FIRST, SECOND, third).of(third, 5, at=[NOON])
    assert got[0].article.slug == "first"
    assert got[0].picked
    assert "second" not in [one.article.slug for one in got]


def test_what_was_shown_as_another_telling_is_shown_so_again():
    stories = settled(FIRST, SECOND, THIRD)
    before = stories.of(THIRD, 5, at=[NOON])
    keep = [one.reason for one in before]
    assert keep[0]["relation"] == "update"
    assert "relation" not in keep[-1] or len(keep) == 1
    assert stories.of(THIRD, 5, at=[NOON], keep=keep) == before


def test_a_translation_is_called_so_where_other_languages_may_be_shown_whatever_its_date():
    german = story("seed-de", -1, "de", title="Der Hafen")
    known = {SEED.id: (german.id,), german.id: (SEED.id,)}
    later = [NOON + timedelta(days=2)]
    articles = [*ARCHIVE, SEED, german]
    index = Index(None)
    index.update(articles, body)
    anywhere = RelatedSettings(languages="any")
    finder = RelatedStories(articles, index, anywhere, translations=known)
    both = finder.of(SEED, 3, at=later)
    keep = [one.reason for one in both]
    again = finder.of(SEED, 3, at=later, keep=keep)
    assert [(one.article, one.reason) for one in again] == list(
        zip([one.article for one in both], keep, strict=True)
    )
    hidden = [*ARCHIVE, SEED, german.but(draft=True)]
    finder = RelatedStories(hidden, index, anywhere, translations=known)
    assert german.id not in [one.article.id for one in finder.of(SEED, 9, at=later)]
    assert german.id not in [one.article.id for one in finder.of(SEED, 9, at=later, keep=keep)]
    assert (both[0].article.id, both[0].relation) == (german.id, "translation")
    same = RelatedStories(articles, index, RelatedSettings(), translations=known)
    assert german.id not in [one.article.id for one in same.of(SEED, 9, at=later)]


def test_a_translation_may_be_asked_about_by_itself():
    german = story("seed-de", -1, "de", title="Der Hafen")
    known = {SEED.id: (german.id,), german.id: (SEED.id,)}
    seed = SEED.but(hint=Hint(related=("music-1",)))  # it takes the only place
    articles = [*ARCHIVE, seed, german]
    index = Index(None)
    index.update(articles, lambda one: "Etwas ganz anderes." if one is german else body(one))
    finder = RelatedStories(articles, index, RelatedSettings(languages="any"), translations=known)
    why = finder.why(seed, german, 1, at=[NOON + timedelta(days=2)])
    assert (why.relation, finder.damage) == (Relation("translation"), "")


TITLES = [
    "Harbour bridge closed", "Updated: Harbour bridge closed", "Harbour bridge closed (updated)",
    "The harbour bridge, closed!", "Mayor’s bridge", "Mayor's bridge", "mayors bridge", "ÉTÉ bridge",
    "Remote Work - Part 2", "Remote Work", "Harbour-bridge closed again", "!", "",
]  # fmt: skip


@given(
    st.sampled_from(TITLES),
    st.sampled_from(TITLES),
    st.sampled_from([0.0, 0.5, 3.0, 3.5, 59.0, 61.0, 364.0, 366.0]),
    st.booleans(),
)
def test_what_tells_the_same_story_is_never_taken_for_impossible(title, before, days, links):
    age, ours = timedelta(days=days), told(title)
    if between(title, before, MOST, days, links):
        assert timedelta() < age <= reach(ours)
        assert is_possible(ours, age, before)


def test_of_old_articles_with_other_titles_nothing_else_is_asked():
    ours, age = told("Harbour bridge closed"), timedelta(days=9)
    assert is_possible(ours, age, "Again: HARBOUR bridge, closed")
    assert not is_possible(ours, age, "Harbour closed")
