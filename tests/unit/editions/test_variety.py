"""Over an edition, related blocks point at different authors, sections and series."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from publisher.editions.variety import Variety
from publisher.model import Related
from tests.unit.related.test_related import story


def one(name, score=0.5, **keys):
    own = ("picked", "fallback", "relation", "claim")
    kept = {key: keys.pop(key) for key in own if key in keys}
    return Related(article=story(name, **keys), score=score, **kept)


def names(chosen):
    return [related.article.slug for related in chosen]


def test_of_those_as_good_one_of_another_author_comes():
    variety = Variety()
    ann = [one(f"ann-{n}", authors=("Ann",)) for n in range(3)]
    other = one("ben", 0.46, authors=("Ben",))
    assert names(variety.chosen([ann[0]], 1)) == ["ann-0"]
    assert names(variety.chosen([ann[1], other], 1)) == ["ben"]


def test_a_worse_one_does_not_come_for_variety():
    variety = Variety()
    variety.chosen([one("ann", authors=("Ann",))], 1)
    found = [one("ann-1", authors=("Ann",)), one("ben", 0.4, authors=("Ben",))]
    assert names(variety.chosen(found, 1)) == ["ann-1"]


def test_the_first_place_is_given_to_one_with_as_good_a_claim_to_it():
    variety = Variety()
    variety.chosen([one("ann", authors=("Ann",))], 1)
    first = one("ann-1", 0.3, claim=0.9, authors=("Ann",))
    weak = one("ben", 0.5, claim=0.6, authors=("Ben",))
    strong = one("cy", 0.28, claim=0.82, authors=("Cy",))
    assert names(variety.chosen([first, weak, strong], 2)) == ["cy", "ben"]
    before = one("before", relation="update")
    assert names(variety.chosen([before, first, weak], 2)) == ["before", "ann-1"]


def test_sections_and_series_count_as_well():
    variety = Variety()
    first = one("a", section="world", extra={"series": ["Waters"]})
    variety.chosen([first], 1)
    found = [
        replace(first, article=first.article.but(slug="b", extra={})),
        replace(first, article=first.article.but(slug="c", section="arts")),
        one("d", 0.47, section="arts"),
    ]
    assert names(variety.chosen(found, 2)) == ["d", "b"]


def test_what_is_picked_tells_the_same_story_or_is_a_fallback_keeps_its_place():
    variety = Variety()
    variety.chosen([one("a", section="world")], 1)
    found = [
        one("picked", 1.0, section="world", picked=True),
        one("before", 0.1, section="world", relation="update"),
        one("other", 0.5, section="arts"),
    ]
    assert names(variety.chosen(found, 2)) == ["picked", "before"]
    assert names(variety.chosen(found[::-1][:2], 2)) == ["other", "before"]  # no more than wanted
    fallback = [one("x", 0.0, section="world", fallback=True), one("y", 0.0, fallback=True)]
    assert names(variety.chosen(fallback, 1)) == ["x"]


FOUND = st.lists(
    st.builds(
        lambda n, score, author, section, picked: one(
            f"s{n}", score, authors=(author,), section=section, picked=picked
        ),
        st.integers(0, 99), st.floats(0, 1), st.sampled_from("ab"), st.sampled_from(["", "w"]),
        st.booleans(),
    ),
    max_size=8,
    unique_by=lambda related: related.article.id,
)  # fmt: skip


@given(st.lists(FOUND, max_size=4), st.integers(0, 5))
def test_a_block_has_as_many_as_without_variety_and_nothing_much_worse(blocks, k):
    variety = Variety()
    for found in blocks:
        found = sorted(found, key=lambda related: (not related.picked, -related.score))
        chosen = variety.chosen(found, k)
        assert len(chosen) == min(k, len(found))
        assert len({related.article.id for related in chosen}) == len(chosen)
        assert all(related in found for related in chosen)
        plain = found[:k]
        assert [r for r in chosen if r.picked] == [r for r in plain if r.picked]
        assert sum(r.score for r in chosen) >= 0.9 * sum(r.score for r in plain) - 1e-9


def test_a_series_may_be_whatever_stands_in_front_matter():
    variety = Variety()
    for value in (3, True, 2.5, {"name": "Waters"}, [1, "Waters"], None):
        assert names(variety.chosen([one("a", extra={"series": value})], 1)) == ["a"]
