"""The same story told again is recognised; a series is none."""

from dataclasses import replace

import pytest

from publisher.related.versions import updates
from tests.unit.related.test_related import ARCHIVE, NOON, SEED, body, finder, story


@pytest.mark.parametrize(
    ("title", "before", "repeated"),
    [
        ("Update: Harbour bridge closed", "Harbour bridge closed", 0.0),
        ("Harbour bridge closed (updated)", "Harbour bridge closed", 0.0),
        ("Correction: Harbour bridge closed", "Harbour bridge closed", 0.0),
        ("Harbour bridge closed", "Harbour bridge closed", 0.5),
        ("Harbour bridge closed for days", "Harbour bridge closed", 0.8),
        ("Live: The storm", "The storm", 0.0),
        ("The storm, part 2", "The storm, part 1", 0.0),
        ("Liveblog: Der Sturm", "Der Sturm", 0.0),
        ("【速報】台風が接近", "台風が接近", 0.0),
    ],
)
def test_a_story_told_again_is_the_same_story(title, before, repeated):
    assert updates(story("b", title=title), story("a", 1, title=before), repeated)


@pytest.mark.parametrize(
    ("title", "before", "repeated"),
    [
        ("Weekly digest", "Weekly digest", 0.05),
        ("Newsletter #91", "Newsletter #90", 0.5),
        ("Announcing tool 1.24.1", "Announcing tool 1.24.0", 0.95),
        ("Steering cycle of March", "Steering cycle of February", 0.95),
        ("Update", "Correction", 0.0),
        ("Live music returns", "Music returns to the quay", 0.1),
        ("Harbour bridge closed", "Museum opens late", 0.9),
    ],
)
def test_a_series_and_another_story_are_not(title, before, repeated):
    assert not updates(story("b", title=title), story("a", 1, title=before), repeated)


def test_what_was_told_long_ago_is_another_story():
    assert not updates(story("b", title="Update: Storm"), story("a", 90, title="Storm"), 0.9)


def test_an_earlier_telling_is_not_related_and_the_reason_says_so():
    seed = replace(SEED, title="Update: harbour strike")
    earlier = story("harbour-0", 1, title="Harbour strike")
    others = [one for one in ARCHIVE if one.slug != "harbour-0"]
    stories = finder(*others, earlier, seed, bodies=body)
    found, left = stories.explained(seed, 4, at=[NOON])
    assert "harbour-0" not in [one.article.slug for one in found]
    assert stories.why(seed, earlier, 4, at=[NOON]).left_out == (
        "it is the same story: this one updates it"
    )
    assert [one.article.slug for one in left] in ([], ["harbour-0"])
