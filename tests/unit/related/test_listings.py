"""Digests and lists of links neither attract nor swamp: length and subjects are felt."""

import random

from publisher.model import RelatedSettings
from publisher.related import Index, RelatedStories
from tests.unit.related.test_related import ARCHIVE, NOON, TOPICS, body, story

ITEMS = 24


def told(topic, rng, sentences):
    """Sentences about a topic, and about nothing that another article has."""
    own = TOPICS[topic].split()
    for _ in range(sentences):
        said = [*rng.sample(own, 3), *(f"w{rng.randrange(10**6)}" for _ in range(9))]
        rng.shuffle(said)
        yield " ".join(said) + "."


def texts(rng):
    about = list(TOPICS)
    items = [f"<p>{' '.join(told(about[n % len(about)], rng, 1))}</p>" for n in range(ITEMS * 3)]
    one = [f"<p>{' '.join(told('harbour', rng, 3))}</p>"]
    other = [item for n, item in enumerate(items) if about[n % len(about)] != "harbour"] * 2
    return {
        "digest": "".join(other[:30] + one + other[30:]),
        "feature": "".join(f"<p>{line}</p>" for line in told("harbour", rng, ITEMS * 3)),
        "seed": "".join(f"<p>{line}</p>" for line in told("harbour", rng, 30)),
        "note": "".join(f"<p>{line}</p>" for line in told("harbour", rng, 4)),
    }


def shown(seed, *others, bodies, **settings):
    articles = [*others, *(one for one in ARCHIVE if "harbour" not in one.slug), seed]
    index = Index(None)
    index.update(articles, lambda one: bodies.get(one.slug) or body(one))
    stories = RelatedStories(articles, index, RelatedSettings(**settings))
    return [one.article.slug for one in stories.of(seed, 5, at=[NOON])]


DIGEST, FEATURE, NOTE = story("digest", 1), story("feature", 2), story("note", 3)


def test_a_digest_comes_after_what_is_about_the_story_however_much_it_mentions():
    bodies = texts(random.Random(1))
    for seed in (story("seed"), story("note")):
        found = shown(seed, DIGEST, FEATURE, bodies=bodies, minimum=0.0)
        assert found[0] == "feature"


def test_a_short_note_and_a_long_story_come_both_where_they_are_about_it():
    bodies = texts(random.Random(1))
    seed = story("seed", title="Harbour")
    assert {*shown(seed, DIGEST, FEATURE, NOTE, bodies=bodies)} >= {"feature", "note"}


def test_a_digest_itself_has_related_stories():
    bodies = texts(random.Random(1))
    later = story("digest")
    assert "feature" in shown(later, story("feature", 2), bodies=bodies, minimum=0.0)
