"""What may be seen at an instant is gathered once for all who ask."""

from datetime import UTC, datetime, timedelta

from publisher.model import Article, Visible

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def story(name, **keys):
    given = {"published": NOON, "tags": (), **keys}
    return Article(
        id=name, path=f"{name}.md", slug=name, url=f"https://x.example/{name}/", title=name,
        summary="", language="en", updated=given["published"], version="1", **given,
    )  # fmt: skip


def test_what_is_hidden_is_among_all_and_bears_no_name():
    old, coming = story("old", tags=("Sea",)), story("new", tags=("Ice",), embargo=NOON)
    before, then = (Visible([coming, old], NOON - timedelta(hours=one)) for one in (1, 0))
    assert (before.all, before.articles) == ([coming, old], [])
    assert then.by_id == {"new": coming, "old": old}
    assert {key: one.at for key, one in then.borne("tag").items()} == {"ice": [0], "sea": [1]}
    early = Visible([coming, old], NOON - timedelta(hours=1))
    assert early.borne("tag") == {}


def test_a_name_that_was_seen_first_has_the_address():
    two = [story("a", tags=("C++",)), story("b", tags=("C",))]
    seen = {"a": NOON - timedelta(days=1), "b": NOON + timedelta(days=1)}
    assert Visible(two, NOON).borne("tag")["c"].slug == "c"
    assert Visible(two, NOON, seen).borne("tag")["c++"].slug == "c"


def test_what_is_no_news_stands_in_no_feed_and_has_its_names_even_so():
    dated, undated = story("a", section="Sea"), story("b", section="Ice", news=False)
    whole = Visible([dated, undated], NOON)
    assert list(whole.borne("section")) == ["sea", "ice"]
    assert list(whole.news.borne("section")) == ["sea"]
    assert Visible([dated], NOON).news.articles == [dated]


def test_feeds_and_pages_are_told_of_the_same_names():
    one = Visible([story("a", authors=("Ana",))], NOON)
    assert one.news is one
    assert one.borne("author") is one.borne("author")
