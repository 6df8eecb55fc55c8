"""Scores that are worked out when they come into question: the order is that of all of them."""

from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from publisher.model import RelatedSettings
from publisher.related.index import Near
from publisher.related.matching import Together
from publisher.related.scores import Scores
from tests.unit.related.test_related import NOON, story

NONE = Together.of([])
TAGS = st.lists(st.sampled_from("abc"), max_size=4).map(tuple)  # a tag may stand there twice
WEIGHTS = st.sampled_from([0.0, 0.2, 1.0])


@st.composite
def candidates(draw):
    count = draw(st.integers(1, 12))
    articles = [
        story(
            f"n{n}",
            draw(st.integers(0, 2)),
            tags=draw(TAGS),
            section=draw(st.sampled_from(["", "x", "y"])),
            draft=draw(st.booleans()),
        )
        for n in range(count)
    ]
    place = st.integers(0, count - 1)
    near = Near(
        ids=[one.id for one in articles],
        extra=draw(st.integers(0, count)),
        likeness=SimpleNamespace(
            whole=np.array(
                [draw(st.sampled_from([0.0, 0.1, 0.13, 0.17, 0.23, 0.9])) for _ in articles]
            )
        ),
        recent=np.ones(count),
        cites=draw(st.lists(st.tuples(place, place), max_size=6)),
        texts=NONE,
        asked=draw(st.frozensets(place, max_size=2)),
    )
    unknown = draw(st.frozensets(place, max_size=2))
    return near, {one.id: one for n, one in enumerate(articles) if n not in unknown}


def in_order(article, near, by_id, settings):
    """Each score worked out as the documentation has it, then sorted."""
    alike = {}
    for number, name in enumerate(near.ids):
        if other := by_id.get(name):
            shared = [tag for tag in article.tags if tag in other.tags]
            tags = len(shared) / max(len({*article.tags, *other.tags}), 1)
            same = bool(article.section) and article.section == other.section
            score = near.likeness.whole[number] * (1 + settings.weight_tags * tags)
            alike[number] = min(score * (1 + settings.weight_section * same), 1.0)
    best = max((score for number, score in alike.items() if number < near.extra), default=0.0)
    rows = []
    for number, score in alike.items():
        other = by_id[near.ids[number]]
        links = [
            round(alike[one] / best * 1e6)
            for one, to in near.cites
            if to == number and best and one in alike and not by_id[near.ids[one]].draft
        ]
        raised = score + settings.weight_links * (min(sum(links) / 1e6, 3) / 3) * best
        rows.append((-round(min(raised, 1.0), 9), -other.published.timestamp(), other.id))
    return sorted(rows)


@given(candidates(), TAGS, st.sampled_from(["", "x"]), WEIGHTS, WEIGHTS, WEIGHTS)
def test_scores_come_in_the_order_of_all_of_them(found, tags, section, by_tags, by_section, links):
    near, by_id = found
    article = story("seed", tags=tags, section=section)
    settings = RelatedSettings(weight_tags=by_tags, weight_section=by_section, weight_links=links)
    told = [
        (-one.score, -one.article.published.timestamp(), one.article.id)
        for one in Scores(article, near, by_id, settings).best_first([NOON])
    ]
    assert told == in_order(article, near, by_id, settings)


def test_of_most_candidates_nothing_is_asked():
    asked = []

    class Told(dict):
        def get(self, name, default=None):
            asked.append(name)
            return super().get(name, default)

    articles = [story(f"n{n}", n) for n in range(50)]
    near = Near(
        ids=[one.id for one in articles],
        extra=50,
        likeness=SimpleNamespace(whole=np.linspace(0.9, 0.1, 50)),
        recent=np.ones(50),
        cites=[],
        texts=NONE,
    )
    known = Told({one.id: one for one in articles})
    scores = Scores(story("seed"), near, known, RelatedSettings()).best_first([NOON])
    assert [next(scores).number for _ in range(5)] == [0, 1, 2, 3, 4]
    assert len(asked) < 15


def test_a_tag_that_an_article_has_twice_counts_twice():
    articles = [story("plain", 1), story("tagged", 2, tags=("a",))]
    near = Near(
        ids=[one.id for one in articles],
        extra=2,
        likeness=SimpleNamespace(whole=np.array([0.13, 0.1])),
        recent=np.ones(2),
        cites=[],
        texts=NONE,
    )
    seed, by_id = story("seed", tags=("a", "a")), {one.id: one for one in articles}
    found = Scores(seed, near, by_id, RelatedSettings(weight_tags=0.2)).best_first([NOON])
    assert [one.article.slug for one in found] == ["tagged", "plain"]
