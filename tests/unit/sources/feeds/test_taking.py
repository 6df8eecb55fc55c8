"""An entry is taken once, whatever its feed does with ids, links and dates."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from publisher.sources.feeds import Entry, Known, take
from publisher.sources.feeds.taking import same_link

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
FEED = "https://blog.example/feed.xml"
STORY = Entry(
    id="1",
    link="https://blog.example/a/",
    title="Harbour opens",
    published=NOW - DAY,
    body="<p>It did.</p>",
)


def taking(entries, known=(), now=NOW, *, is_first=False, most=100, **more):
    found = take(entries, known, feed=FEED, now=now, most=most, is_first=is_first, **more)
    # A file's name is given when it is written.
    return replace(
        found, known=tuple(replace(one, path=one.path or "x.html") for one in found.known)
    )


def test_what_was_taken_is_not_taken_again():
    first = taking([STORY], is_first=True)
    assert [(one.is_new, one.known.published) for one in first.write] == [
        (True, "2026-11-22T12:00:00Z")
    ]
    again = taking([STORY], first.known, NOW + DAY)
    assert again.write == ()
    assert again.known == first.known


def test_trivial_changes_double_nothing():
    known = taking([STORY]).known
    for other in (
        replace(STORY, id="https://blog.example/?p=1"),
        replace(STORY, link="http://www.blog.example/a?utm_source=rss"),
        replace(STORY, id="", link="https://blog.example/2026/a/"),
        replace(STORY, id="new", link="https://elsewhere.example/a/"),
    ):
        assert [one.is_new for one in taking([other], known).write] in ([], [False]), other
        assert {one.id for one in taking([other], known).known} == {one.id for one in known}


def test_a_real_change_moves_updated_and_never_the_date():
    known = taking([STORY]).known
    changed = replace(STORY, body="<p>It did, late.</p>", published=NOW + 2 * DAY)
    (taken,) = taking([changed], known, NOW + 3 * DAY).write
    assert (taken.is_new, taken.known.published) == (False, "2026-11-22T12:00:00Z")
    assert taken.known.updated == "2026-11-26T12:00:00Z"
    told = replace(changed, updated=NOW + DAY)
    (taken,) = taking([told], known, NOW + 3 * DAY).write
    assert taken.known.updated == "2026-11-24T12:00:00Z"


def test_other_markup_and_cache_busters_are_no_change():
    story = replace(STORY, body='<p>It <b>did</b>. <img src="https://b.example/x.png?v=1"></p>')
    known = taking([story]).known
    other = replace(
        STORY, body='<div><p>It <i>did</i>.\n<img src="https://b.example/x.png?v=2"></p></div>'
    )
    assert taking([other], known, NOW + DAY).write == ()


def test_a_date_that_is_now_at_each_poll_is_when_it_was_first_seen():
    known = taking([replace(STORY, published=NOW)]).known
    for hours in (1, 30, 900):
        later = NOW + timedelta(hours=hours)
        assert taking([replace(STORY, published=later)], known, later).write == ()


def test_no_date_and_a_date_to_come_are_the_day_of_first_sight_but_not_in_a_first_look():
    for entry in (replace(STORY, published=None), replace(STORY, published=NOW + 9 * DAY)):
        assert taking([entry], is_first=True).write[0].known.published == ""
        assert taking([entry]).write[0].known.published == "2026-11-23T12:00:00Z"


def test_an_entry_that_drops_out_is_kept_and_one_removed_by_hand_stays_away():
    known = taking([STORY]).known
    assert taking([], known).known == known
    removed = tuple(replace(one, path="") for one in known)
    assert taking([replace(STORY, title="Other words")], removed).write == ()


def test_equal_guids_of_two_feeds_give_two_ids():
    one = take([STORY], (), feed=FEED, now=NOW, most=9, is_first=False)
    two = take([STORY], (), feed="https://other.example/feed", now=NOW, most=9, is_first=False)
    assert one.known[0].id != two.known[0].id
    assert (
        one.known[0].id
        == take([STORY], (), feed=FEED, now=NOW + DAY, most=9, is_first=False).known[0].id
    )


def test_a_guid_or_link_that_all_entries_share_identifies_none():
    entries = [
        replace(
            STORY, id="0", link="https://blog.example/", title=f"Story {n}", published=NOW - n * DAY
        )
        for n in range(4)
    ]
    first = taking(entries)
    assert len(first.write) == 4
    assert taking(entries, first.known, NOW + DAY).write == ()
    assert len({one.id for one in first.known}) == 4
    fresh = replace(entries[0], title="Story 9", published=NOW)
    assert [
        one.entry.title for one in taking([fresh, *entries[:3]], first.known, NOW + DAY).write
    ] == ["Story 9"]


def test_two_revisions_of_one_entry_are_the_last_one():
    old, new = replace(STORY, updated=NOW - DAY), replace(STORY, title="New words", updated=NOW)
    for entries in ([old, new], [new, old]):
        assert [one.entry.title for one in taking(entries).write] == ["New words"]


def test_of_too_many_the_newest_are_taken():
    entries = [
        replace(STORY, id=str(n), link="", title=str(n), published=NOW - n * DAY) for n in range(10)
    ]
    found = taking(entries[::-1], most=3)
    assert {one.entry.id for one in found.write} == {"0", "1", "2"}
    assert found.over == 7


def test_what_another_feed_has_brought_is_left_to_it():
    found = taking([STORY], links_elsewhere={"blog.example/a"}.__contains__)
    assert (found.write, found.elsewhere) == ((), 1)


def test_a_feeds_own_ids_are_kept_where_that_is_asked_for():
    assert taking([STORY], keeps_ids=True).known[0].id == "1"


def test_same_link_survives_what_is_no_address():
    assert same_link("http://[") == "http://["
    assert same_link("https://A.example/a/?p=2&utm_x=1#t") == "a.example/a?p=2"


ENTRIES = st.lists(
    st.builds(
        Entry,
        id=st.sampled_from(["", "1", "2", "3"]),
        link=st.sampled_from(["", "https://a.example/1", "https://a.example/2"]),
        title=st.sampled_from(["x", "y", ""]),
        published=st.sampled_from([None, NOW, NOW - DAY, NOW + DAY]),
        body=st.sampled_from(["", "<p>a</p>"]),
    ),
    max_size=5,
)


@settings(max_examples=30)
@given(ENTRIES)
def test_whatever_a_feed_holds_the_same_again_changes_nothing(entries):
    first = taking(entries)
    assert len({one.id for one in first.known}) == len(first.known)
    again = taking(entries, first.known, NOW + DAY)
    assert again.write == ()
    assert {one.id for one in again.known} == {one.id for one in first.known}


def test_known_has_defaults_so_that_older_memories_are_read():
    assert Known(id="x").path == ""
