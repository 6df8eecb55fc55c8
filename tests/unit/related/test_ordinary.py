"""Reasons that are words which anybody writes: more must speak for such a story."""

import pytest

from publisher.model import RelatedSettings
from publisher.related.evidence import Term
from publisher.related.floor import weakness
from publisher.related.ordinary import is_ordinary
from publisher.related.rank import Judged
from publisher.related.terms import words
from tests.unit.related.test_related import NOON, finder, found, story

ORDINARY = ["careful", "asking", "expected"]


def judged(said, sure, language="en", vouched=False):
    terms = [Term(text, 0.1, tuple(words(text))) for text in said]
    rest = dict.fromkeys(("score", "whole", "share", "age", "tagged", "placed", "cited"), 1.0)
    return Judged(
        number=0,
        article=story("told", 1, language),
        citing=0,
        sure=sure,
        vouched=vouched,
        terms=terms,
        **rest,
    )


@pytest.mark.parametrize(
    ("said", "sure", "language"),
    [
        (ORDINARY, 6.1, "en"),
        (["careful", "certiorari"], 1.1, "en"),
        (["careful", "garbage collection"], 1.1, "en"),  # two side by side name a thing
        (ORDINARY, 1.1, "sv"),
    ],
)
def test_as_much_as_ever_must_speak_where_reasons_name_something(said, sure, language):
    assert weakness(judged(said, sure, language), RelatedSettings()) == ""


@pytest.mark.parametrize("said", [ORDINARY, ["careful"], [*ORDINARY, "certiorari"]])
def test_more_must_speak_where_all_that_readers_see_is_what_anybody_writes(said):
    told = weakness(judged(said, 5.9, "en-GB"), RelatedSettings())
    assert told.endswith(
        "words that anybody writes: 5.90 speaks for it, and 6.00 is wanted of such"
    )


def test_a_title_or_a_related_storys_link_is_enough_whatever_the_words_are():
    assert weakness(judged(ORDINARY, 1.1, vouched=True), RelatedSettings()) == ""


def test_nothing_more_is_wanted_of_them_where_nothing_is_wanted_at_all():
    assert weakness(judged(ORDINARY, 0.1), RelatedSettings(minimum=0)) == ""


def test_the_list_has_words_as_texts_have_them():
    said = "careful asking setting expected April specialists café colour color"
    assert all(is_ordinary(word, "en") for word in words(said))
    assert not any(is_ordinary(word, "en") for word in words("certiorari Fetterman Pittsburgh"))


def test_a_story_that_only_ordinary_words_tie_is_left_out_and_told_so():
    """The same texts in a language of which nothing is known are tied."""

    def body(article):
        name = article.slug.replace("-", "")
        own = [f"{name}{chr(97 + n)}x" for n in range(120)]
        if article.slug in ("told", "seed"):  # each alone among words of its own
            own[::10] = ["careful", "asking", "mix", "expected", "setting", "extra"] * 2
        return f"<p>{' '.join(own)}</p>"

    def why(language):
        told = story("told", 1, language, title="Plums")
        seed = story("seed", 0, language, title="Bridges")
        rest = [story(f"other-{n}", n + 5, language, title=f"Tale {n}") for n in range(200)]
        stories = finder(*rest, told, seed, bodies=body)
        why = stories.why(seed, told, 5, at=[NOON])
        assert (why.place == 1) == (found(stories, seed) == ["told"])
        return why.place, why.left_out

    assert why("sv") == (1, "")
    place, left_out = why("en")
    assert place is None and left_out.startswith("no title says what both are about")
