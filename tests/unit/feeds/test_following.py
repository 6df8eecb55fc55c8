"""What readers of one feed show once another stands in its place."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from publisher.feeds.following import READERS, Seen, counted, most_resurrected, same_page, shown

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
BY_KEY = [one for one in READERS if not one.by_date]
GUID = [one for one in BY_KEY if "link" not in one.name]


def seen(name, days=1, **keys):
    given_ = {
        "id": f"tag:x,2026:{name}", "url": f"https://x.example/{name}/", "title": f"Title {name}",
        "published": NOON - timedelta(days=days), "text": f"Text {name}", **keys,
    }  # fmt: skip
    return Seen(**given_)


OLD = tuple(seen(name, days) for days, name in enumerate("abcdefgh", 1))


def kinds(reader, new, old=OLD):
    return [(one.kind, one.entry.title.removeprefix("Title ")) for one in shown(reader, old, new)]


@pytest.mark.parametrize("reader", READERS, ids=lambda one: one.name)
def test_the_same_feed_shows_nothing(reader):
    assert kinds(reader, OLD) == []


@pytest.mark.parametrize("reader", READERS, ids=lambda one: one.name)
def test_a_story_younger_than_all_is_new(reader):
    assert kinds(reader, (seen("z", 0), *OLD[:-1])) == [("new", "z")]


@pytest.mark.parametrize("reader", GUID, ids=lambda one: one.name)
def test_another_id_resurrects_a_story(reader):
    new = [replace(one, id=one.url) for one in OLD]
    assert {kind for kind, _ in kinds(reader, new)} == {"resurrected"}
    assert len(kinds(reader, new)) == len(OLD)
    (first, *_) = shown(reader, OLD, new)
    assert "tag:x,2026:a" in first.why


def test_another_address_resurrects_for_those_who_go_by_address_alone():
    new = [replace(one, url=one.url.replace("x.example", "x.example/blog")) for one in OLD]
    by_link = next(one for one in READERS if "link" in one.name)
    by_guid = next(one for one in READERS if one.name.startswith("by guid"))
    assert {kind for kind, _ in kinds(by_link, new)} == {"resurrected"}
    assert kinds(by_guid, new) == []


@pytest.mark.parametrize("reader", BY_KEY, ids=lambda one: one.name)
def test_a_longer_feed_resurrects_what_is_older_than_all_of_it(reader):
    assert kinds(reader, (*OLD, seen("y", 100))) == [("resurrected", "y")]


@pytest.mark.parametrize("reader", BY_KEY, ids=lambda one: one.name)
def test_a_story_that_was_forgotten_is_new_whatever_its_date(reader):
    assert kinds(reader, (*OLD, seen("y", 3))) == [("new", "y")]


def test_a_column_with_the_same_title_every_month_is_new_each_time():
    old = [seen("a", 31, title="Column")]
    new = [seen("b", 0, title="Column"), *old]
    for reader in BY_KEY:
        assert counted(shown(reader, old, new)) == {"new": 1, "updated": 0, "resurrected": 0}


def test_a_date_moved_on_resurrects_in_mails_made_of_feeds_alone():
    new = (replace(OLD[3], published=NOON), *OLD[:3], *OLD[4:])
    assert [kind for kind, _ in kinds(READERS[-1], new)] == ["resurrected"]
    assert all(kinds(reader, new) == [] for reader in GUID)


def test_what_changed_of_a_story_is_an_update_where_the_reader_compares_it():
    new = (replace(OLD[0], tags=("sea",)), *OLD[1:])
    found = {reader.name: [kind for kind, _ in kinds(reader, new)] for reader in READERS}
    assert found["FreshRSS"] == found["Miniflux"] == ["updated"]
    assert found["by guid (NetNewsWire, newsboat, rss2email)"] == []


def test_freshrss_goes_by_address_and_day_where_many_guids_are_equal():
    old = [replace(one, id="same") for one in OLD]
    other = [replace(one, id="another") for one in OLD]
    moved = [replace(one, url=f"{one.url}x") for one in old]
    assert kinds(READERS[0], other, old) == []
    assert {kind for kind, _ in kinds(READERS[0], moved, old)} == {"resurrected"}


def test_the_worst_reader_is_named():
    moved = [replace(one, id=one.url) for one in OLD]
    assert most_resurrected(OLD, moved)[0] == len(OLD)
    assert most_resurrected(OLD, OLD)[0] == 0


@pytest.mark.parametrize(
    "other",
    [
        "http://x.example/a", "https://www.x.example/a/", "https://X.EXAMPLE/a/index.html",
        "https://x.example:443/a/#part", "https://x.example/%61/?utm_source=rss", "https://x.example/a.html",
    ],
)  # fmt: skip
def test_writings_of_one_address_are_one_page(other):
    assert same_page(other) == same_page("https://x.example/a/")


@pytest.mark.parametrize(
    "other",
    [
        "https://x.example/A/",
        "https://x.example/a/?p=1",
        "https://y.example/a/",
        "https://x.example/ab",
    ],
)
def test_other_addresses_are_other_pages(other):
    assert same_page(other) != same_page("https://x.example/a/")


@given(st.text())
def test_no_address_is_too_strange(text):
    same_page(text)
    same_page(f"https://{text}")


@given(st.lists(st.sampled_from(OLD), unique=True), st.lists(st.sampled_from(OLD), unique=True))
def test_whatever_is_left_out_or_comes_back_no_known_id_is_shown_again(old, new):
    for reader in GUID:
        fresh = [one for one in shown(reader, old, new) if one.kind != "updated"]
        assert not {one.entry.id for one in fresh} & {one.id for one in old}
