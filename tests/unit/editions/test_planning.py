"""What an edition holds, and why the rest is left out."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from publisher.editions import Pins, edition, in_question, plan
from publisher.model import Article, Hint, Newsletter, Related, SectionQuery, Slot

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SLOT = Slot(local=NOON.replace(tzinfo=None), zone="UTC", instant=NOON)


def story(name, hours=1.0, **keys):
    moment = NOON - timedelta(hours=hours)
    given_ = {"language": "en", "published": moment, "updated": moment, "version": "1", **keys}
    return Article(id=name, path=f"{name}.md", slug=name, url="", title=name, summary="", **given_)


def newsletter(*sections, **keys):
    sections = sections or (SectionQuery(name="all"),)
    return Newsletter(name="n", title="N", language="en", sections=sections, **keys)


def planned(letter, *articles, now=NOON, sent=(), pins=None):
    ordered = sorted(articles, key=lambda a: a.published, reverse=True)
    return plan(letter, ordered, SLOT, now=now, sent=dict(sent), pins=pins or Pins())


def names(plan_):
    return [[a.id for a in block.articles] for block in plan_.blocks]


def reasons(plan_):
    return {out.article.id: out.reason for out in plan_.left_out}


def test_sections_take_what_they_ask_for_and_each_story_stands_once():
    letter = newsletter(
        SectionQuery(name="lead", max=1),
        SectionQuery(name="world", sections=("world",)),
        SectionQuery(name="tagged", tags=("x", "y"), authors=("A",)),
    )
    found = planned(
        letter,
        story("a", 1),
        story("b", 2, section="world"),
        story("c", 3, tags=("y",), authors=("A",)),
        story("d", 4, tags=("y",)),
    )
    assert names(found) == [["a"], ["b"], ["c"]]
    assert reasons(found) == {"d": "section 'lead' is full (1)"}


def test_orders_are_newest_oldest_or_by_title():
    stories = [story("b", 1), story("c", 2), story("a", 3)]
    for order, expected in (("newest", "bca"), ("oldest", "acb"), ("title", "abc")):
        letter = newsletter(SectionQuery(name="all", order=order))
        assert names(planned(letter, *stories)) == [list(expected)]


def test_every_story_left_out_has_its_reason():
    found = planned(
        newsletter(SectionQuery(name="s", sections=("s",), max=1)),
        story("draft", draft=True),
        story("future", -1),
        story("expired", 2, expires=NOON),
        story("embargoed", 2, embargo=NOON + timedelta(minutes=1)),
        story("old", 24 * 8, section="s"),
        story("foreign", language="de"),
        story("was", 2),
        story("hand", 2),
        story("matter", 2, hint=Hint(exclude=("n",))),
        story("in", 1, section="s"),
        story("over", 2, section="s"),
        story("none", 2, section="t"),
        sent={"was": "n@yesterday"},
        pins=Pins(excluded={"hand"}),
    )
    assert names(found) == [["in"]]
    assert reasons(found) == {
        "draft": "draft",
        "future": "not before 2026-11-24 13:00 UTC",
        "expired": "expired 2026-11-24 12:00 UTC",
        "embargoed": "under embargo until 2026-11-24 12:01 UTC",
        "old": "older than 7 days",
        "foreign": "in another language (de)",
        "was": "already in n@yesterday",
        "hand": "excluded by hand",
        "matter": "excluded in its front matter",
        "over": "section 's' is full (1)",
        "none": "no section takes it",
    }


def test_what_is_not_in_question_is_in_no_edition():
    letter = newsletter(
        SectionQuery(name="s", sections=("s",), max_age=timedelta(days=20)),
        SectionQuery(name="short", max_age=timedelta(days=1)),
        max_age=timedelta(days=3),
    )
    stories = [
        story(f"{days} {kind}", 24 * days, **keys)
        for days in (0, 2, 4, 19, 20, 21, 90)
        for kind, keys in {
            "s": {"section": "s"},
            "any": {},
            "pinned": {"hint": Hint(pin=("n",))},
            "elsewhere": {"hint": Hint(pin=("m",))},
            "hand": {},
        }.items()
    ]
    pins = Pins(pinned=["90 hand"])
    asked = in_question(letter, stories, NOON, pins)
    whole, recent = planned(letter, *stories, pins=pins), planned(letter, *asked, pins=pins)
    assert recent.blocks == whole.blocks
    assert "90 hand" in names(recent)[0] + names(recent)[1]
    gone = {one.id for one in stories} - {one.id for one in asked}
    assert gone == {f"{d} {kind}" for d in (21, 90) for kind in ("s", "any", "elsewhere")} | {
        f"{d} hand" for d in (21,)
    }
    assert {one: reasons(whole)[one] for one in reasons(recent)} == reasons(recent)


def test_pinned_stories_go_first_however_old():
    found = planned(
        newsletter(),
        story("new", 1),
        story("older", 24 * 90),
        story("front", 24 * 60, hint=Hint(pin=("*",))),
        pins=Pins(pinned=["older"]),
    )
    assert names(found) == [["older", "front", "new"]]


def test_a_pinned_draft_stays_hidden():
    found = planned(newsletter(), story("a", draft=True), pins=Pins(pinned=["a"]))
    assert names(found) == [[]]


def test_a_late_build_neither_adds_what_came_after_the_slot_nor_keeps_what_expired_since():
    later = NOON + timedelta(hours=3)
    found = planned(
        newsletter(), story("after", -1), story("gone", 1, expires=later), story("in", 1), now=later
    )
    assert names(found) == [["in"]]


def test_too_few_stories_skip_the_edition_and_say_so():
    assert planned(newsletter()).skipped == "no stories"
    assert planned(newsletter(skip_if_fewer_than=3), story("a")).skipped == "1 story, fewer than 3"
    assert planned(newsletter(skip_if_fewer_than=1), story("a")).skipped == ""


def test_an_edition_names_no_related_story_twice_nor_one_it_holds():
    letter = newsletter(SectionQuery(name="all", show="full"), related=2)
    found = planned(letter, story("a"), story("b", 2))
    archive = [story("b", 2), story("x", 30), story("y", 31), story("z", 32)]

    def related(_article, k, without):
        fresh = [one for one in archive if one.id not in without]
        return tuple(Related(article=one, score=1.0) for one in fresh[:k])

    made = edition(found, related)
    assert [[r.article.id for r in s.related] for s in made.stories] == [["x", "y"], ["z"]]


def test_only_stories_in_full_show_related_ones_unless_a_section_says_so():
    letter = newsletter(SectionQuery(name="a", max=1), SectionQuery(name="b", related=1), related=3)
    asked = []
    edition(planned(letter, story("a"), story("b", 2)), lambda _, k, __: asked.append(k) or ())
    assert asked == [0, 1]


ARTICLES = st.lists(
    st.builds(
        lambda n, hours, section, draft: story(f"s{n}", hours, section=section, draft=draft),
        st.integers(0, 30),
        st.floats(-20, 300),
        st.sampled_from(["", "a", "b"]),
        st.booleans(),
    ),
    unique_by=lambda article: article.id,
    max_size=20,
)


@given(ARTICLES, st.integers(0, 4), st.integers(0, 4))
def test_every_article_is_either_in_or_left_out_never_both_and_hidden_ones_never_in(
    articles, one, two
):
    letter = newsletter(
        SectionQuery(name="a", sections=("a",), max=one), SectionQuery(name="x", max=two)
    )
    found = planned(letter, *articles)
    taken = [article.id for article in found.articles]
    left = [out.article.id for out in found.left_out]
    assert sorted(taken + left) == sorted(article.id for article in articles)
    assert not any(article.hidden(NOON) for article in found.articles)
    assert replace(found) == planned(letter, *articles)
