"""What stands first of a block: what readers take it for."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from publisher.model import RelatedSettings
from publisher.related.evidence import Term
from publisher.related.floor import claim, weakness
from publisher.related.rank import Judged, chosen, related
from tests.unit.related.test_related import ARCHIVE, NOON, finder, found, story

ORDINARY = [Term("suppress", 0.1, ("suppress",)), Term("warnings", 0.1, ("warnings",))]
NAMED = [Term("certiorari", 0.1, ("certiorari",))]
ANY = RelatedSettings()


def judged(name, score, sure, terms=(), vouched=True, number=0):
    return Judged(
        number=number,
        article=story(name, 1),
        score=score,
        sure=sure,
        whole=0.5,
        share=1.0,
        age=1.0,
        tagged=1.0,
        placed=1.0,
        cited=0.0,
        citing=0,
        titled=True,
        vouched=vouched,
        terms=tuple(terms) or None,
    )


def block(*rows, k=5, settings=ANY):
    """The names of what stands in it; texts are nothing alike."""
    rows = [replace(row, number=n) for n, row in enumerate(rows)]
    near = SimpleNamespace(
        extra=len(rows),
        likeness=SimpleNamespace(between=lambda others: lambda _: np.zeros(len(others))),
    )
    evidence = {row.number: row.terms or NAMED for row in rows}
    return [row.article.slug for row in chosen(rows, near, settings, k, evidence.__getitem__)]


def test_a_little_less_alike_stands_first_where_much_more_speaks_for_it():
    rows = judged("alike", 0.026, 2.1), judged("sprint", 0.014, 19.4), judged("rest", 0.013, 13.6)
    assert block(*rows) == ["sprint", "alike", "rest"]


def test_what_is_much_more_alike_stays_first():
    rows = judged("alike", 0.06, 2.1), judged("sprint", 0.014, 19.4), judged("rest", 0.013, 13.6)
    assert block(*rows) == ["alike", "sprint", "rest"]


def test_of_those_for_which_as_much_speaks_the_first_in_order_stands_first():
    rows = [judged(name, 0.02, 3.0) for name in "cab"]
    assert block(*rows) == ["c", "a", "b"]
    assert block(*rows, settings=RelatedSettings(minimum=0)) == ["c", "a", "b"]


@given(
    st.lists(st.tuples(st.floats(0.01, 1), st.floats(1, 50), st.booleans()), max_size=6),
    st.integers(0, 6),
)
def test_a_shorter_block_is_the_beginning_of_a_longer_one(found_, k):
    rows = [
        judged(str(n), score, sure, ORDINARY if ordinary else NAMED)
        for n, (score, sure, ordinary) in enumerate(found_)
    ]
    assert block(*rows, k=k) == block(*rows, k=9)[:k]


@pytest.mark.parametrize(("sure", "there"), [(1.9, []), (2.0, ["told"])])
def test_twice_as_much_is_wanted_of_a_first_one_that_ordinary_words_alone_tie(sure, there):
    assert block(judged("told", 0.02, sure, ORDINARY)) == there
    assert block(judged("told", 0.02, sure, NAMED)) == ["told"]
    assert block(judged("told", 0.02, sure, ORDINARY), settings=RelatedSettings(minimum=0))


def test_below_another_as_much_as_ever_is_enough():
    rows = judged("told", 0.02, 1.9, ORDINARY), judged("named", 0.012, 1.1, NAMED)
    assert block(*rows) == ["named", "told"]


def test_it_is_told_why_one_may_not_stand_first():
    row = judged("told", 0.02, 1.9, ORDINARY)
    assert weakness(row, ANY) == ""
    assert weakness(row, ANY, first=True) == (
        "what they share are words that anybody writes: 1.90 speaks for it, and 2.00 is wanted of "
        "such at the first place"
    )
    silent = weakness(replace(row, vouched=False), ANY, first=True)
    assert silent.endswith("1.90 speaks for it, and 6.00 is wanted of such")


def test_what_may_not_stand_first_has_no_claim_to_that():
    row = judged("told", 0.02, 1.9, ORDINARY)
    assert related(story("seed"), row, ANY).claim == 0
    assert related(story("seed"), replace(row, terms=NAMED), ANY).claim == claim(row) > 0


def test_a_story_whose_only_relative_may_not_stand_first_is_told_why():
    """The word of its title is an ordinary one; in a language of which none is known it stands."""

    def body(article):
        own = [f"{article.slug.replace('-', '')}{chr(97 + n)}x" for n in range(120)]
        if article.slug in ("told", "seed"):
            own[::20] = ["careful", "asking", "warnings"] * 2
        return f"<p>{' '.join(own)}</p>"

    def why(language):
        told = story("told", 1, language, title="Warnings")
        seed = story("seed", 0, language, title="Bridges")
        rest = [story(f"other-{n}", n + 5, language, title=f"Tale {n}") for n in range(200)]
        stories = finder(*rest, told, seed, bodies=body)
        why = stories.why(seed, told, 5, at=[NOON])
        assert (why.place == 1) == (found(stories, seed) == ["told"])
        return why

    assert why("sv").place == 1
    english = why("en")
    assert english.place is None and english.judged.vouched
    assert english.left_out.endswith("at the first place"), english.left_out


def test_each_first_one_has_the_best_claim():
    seed = story("harbour-seed")
    stories = finder(*ARCHIVE, seed)
    block_ = stories.of(seed, 5, at=[NOON])
    assert len(block_) > 2 and block_[0].claim == max(one.claim for one in block_)
