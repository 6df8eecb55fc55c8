"""Why one article stands under another, in a sentence: golden."""

import pytest
from msgspec.structs import replace

from publisher.related import Relation, Term, Why, sentence
from publisher.related.rank import Judged
from publisher.related.saying import apart, listed
from tests.unit.related.test_related import story

NEW = story("new")
OLD = story("old", 3)
ROW = Judged(
    number=0, article=OLD, score=0.1, whole=0.1, share=0.2, age=1.0, tagged=1.0, placed=1.0,
    cited=0.0, citing=0, sure=2.0,
)  # fmt: skip
TERMS = tuple(Term(text, 0.1) for text in ("Katie Meyer", "the quay", "ships", "cranes"))
WHY = Why(judged=ROW, place=1, left_out="", terms=TERMS)


@pytest.mark.parametrize(
    ("why", "told"),
    [
        (WHY, "Both are about Katie Meyer, the quay and ships; published 3 days apart."),
        (replace(WHY, terms=TERMS[:1]), "Both are about Katie Meyer; published 3 days apart."),
        (
            replace(WHY, terms=TERMS[:2], linked=True),
            "Both are about Katie Meyer and the quay; the newer one links to it; "
            "published 3 days apart.",
        ),
        (
            replace(WHY, terms=TERMS[:1], tags=("port",)),
            "Both are about Katie Meyer; the tag port stands on both; published 3 days apart.",
        ),
        (
            replace(WHY, terms=(), tags=("port", "work"), judged=replace(ROW, citing=2)),
            "Many of their words are the same, and none of them can be named; "
            "the tags port and work stand on both; 2 related stories link to it; "
            "published 3 days apart.",
        ),
        (
            replace(WHY, terms=TERMS[:1], judged=replace(ROW, citing=1)),
            "Both are about Katie Meyer; a related story links to it; published 3 days apart.",
        ),
        (
            replace(WHY, terms=(), judged=replace(ROW, whole=0.0)),
            "They have no word in common that tells anything; published 3 days apart.",
        ),
        (
            replace(WHY, relation=Relation("update"), tags=("port",)),
            "It is the same story: this one updates it; published 3 days apart.",
        ),
        (
            replace(WHY, relation=Relation("correction"), linked=True),
            "It is the same story: this one corrects it; the newer one links to it; "
            "published 3 days apart.",
        ),
        (
            replace(WHY, relation=Relation("part", 2)),
            "It is part 2 of the same story; published 3 days apart.",
        ),
        (
            replace(WHY, relation=Relation("translation")),
            "It is the same article in another language; published 3 days apart.",
        ),
        (replace(WHY, picked=True), "An editor picked it; published 3 days apart."),
        (
            replace(WHY, judged=None, fallback=True),
            "Nothing is related, and a fallback is wanted; published 3 days apart.",
        ),
        (replace(WHY, judged=None), "No word tells them together; published 3 days apart."),
    ],
)
def test_what_speaks_for_an_article_is_one_sentence(why, told):
    assert sentence(NEW, OLD, why) == told


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (0, "published within a day"),
        (0.4, "published within a day"),
        (1, "published a day apart"),
        (-1.6, "published 2 days apart"),
        (400, "published 400 days apart"),
    ],
)
def test_how_far_apart_two_are_is_said_in_days(days, told):
    assert apart(NEW, story("other", days)) == told


def test_names_are_listed_as_sentences_have_them():
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == [
        "", "a", "a and b", "a, b and c",
    ]  # fmt: skip
