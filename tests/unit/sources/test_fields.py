"""The key names of six generators, and values of the wrong type."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model import Hint
from publisher.sources.dates import as_instant
from publisher.sources.fields import Habits, read
from publisher.sources.keys import below
from publisher.sources.months import _months

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def fields(zone="Europe/Berlin", **values):
    return read(values, {key: n for n, key in enumerate(values, 2)}, "a.md", zone)


@pytest.mark.parametrize(
    ("generator", "keys"),
    {
        "Hugo": {
            "title": "T",
            "date": "2026-11-24T12:00:00+01:00",
            "lastmod": "2026-11-24 12:00",
            "authors": ["A", "B"],
            "tags": ["x"],
            "categories": ["s"],
            "slug": "t",
            "description": "D",
            "images": ["i.png"],
        },
        "Jekyll": {
            "title": "T",
            "date": "2026-11-24 12:00:00 +0100",
            "last_modified_at": "2026-11-24 12:00",
            "author": "A, B",
            "tags": "x",
            "category": "s",
            "slug": "t",
            "excerpt": "D",
            "image": {"path": "i.png"},
        },
        "Pelican": {
            "title": "T",
            "date": "2026-11-24 12:00",
            "modified": "2026-11-24 12:00",
            "authors": "A; B",
            "tags": "x",
            "category": "s",
            "slug": "t",
            "summary": "D",
            "image": "i.png",
        },
        "Nikola": {
            "title": "T",
            "date": "2026-11-24 12:00:00 UTC+01:00",
            "updated": "2026-11-24 12:00",
            "author": "A, B",
            "tags": "x",
            "category": "s",
            "slug": "t",
            "description": "D",
            "previewimage": "i.png",
        },
        "Eleventy": {
            "title": "T",
            "date": "2026-11-24T11:00:00Z",
            "updated": "2026-11-24T11:00:00Z",
            "author": ["A", "B"],
            "tags": ["x"],
            "section": "s",
            "slug": "t",
            "description": "D",
            "image": "i.png",
        },
        "Ghost": {
            "title": "T",
            "published_at": "2026-11-24T11:00:00.000Z",
            "updated_at": "2026-11-24T11:00:00.000Z",
            "authors": [{"name": "A"}, {"name": "B"}],
            "tags": [{"name": "x"}],
            "section": "s",
            "slug": "t",
            "custom_excerpt": "D",
            "feature_image": "i.png",
        },
    }.items(),
)
def test_each_generators_keys_mean_the_same(generator, keys):
    found = fields(**keys)
    assert found.problems == []
    assert found.extra == {}
    assert (found.title, found.published, found.updated) == ("T", NOON, NOON)
    assert (found.authors, found.tags, found.section) == (("A", "B"), ("x",), "s")
    assert (found.slug, found.summary, found.image["url"]) == ("t", "D", "i.png")


@pytest.mark.parametrize(
    "keys",
    [
        {"draft": True},
        {"draft": "yes"},
        {"hidden": True},
        {"published": False},
        {"status": "draft"},
        {"status": "hidden"},
        {"status": "scheduled"},
        {"visibility": "members"},
        {"eleventyExcludeFromCollections": True},
    ],
)
def test_every_way_to_say_draft_is_understood(keys):
    assert fields(title="T", **keys).draft


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ({"draft": True}, "draft"),
        ({"status": "draft"}, "draft"),
        ({"is_draft": True}, "draft"),
        ({"status": "private"}, "hidden by its status: private"),
        ({"published": False}, "hidden by its published"),
        ({"unlisted": True}, "hidden by its unlisted"),
        ({"password": "s3cret"}, "hidden by its password"),
        ({"unlisted": True, "draft": True}, "draft"),
        ({"published": False, "status": "private"}, "hidden by its status: private"),
        ({}, ""),
    ],
)
def test_what_hides_an_article_is_told_by_its_key(keys, why):
    assert fields(title="T", **keys).hidden_by == why


@pytest.mark.parametrize(
    "keys", [{}, {"draft": False}, {"draft": "no"}, {"published": True}, {"status": "published"}]
)
def test_what_is_not_a_draft_is_public(keys):
    assert not fields(title="T", **keys).draft


def test_a_published_key_that_holds_a_date_is_the_date():
    found = fields(title="T", published="2026-11-24 12:00")
    assert (found.published, found.draft) == (NOON, False)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-11-20 10:00:00 Europe/Berlin", 9),
        ("2026-07-20 10:00 America/New_York", 14),
        ("2026-11-20T10:00:00+02:00 Europe/Berlin", 8),
        ("Fri Nov 20 2026 10:00:00 GMT+0100 (Central European Standard Time)", 9),
    ],
)
def test_a_date_may_name_its_zone(text, hour):
    assert fields("Asia/Tokyo", date=text).published.hour == hour


def test_a_date_in_a_zone_that_is_nowhere_is_no_date():
    found = fields(date="2026-11-20 10:00 Nowhere/Land")
    assert (found.published, found.misdated) == (None, True)


def test_naive_dates_are_in_the_publications_zone():
    assert fields(date="2026-07-01 12:00").published == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert fields("Asia/Tokyo", date="2026-07-01").published == datetime(
        2026, 6, 30, 15, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026/11/02", 2),
        ("2 Nov 2026", 2),
        ("November 2nd, 2026", 2),
        ("02.11.2026", 2),
        ("2.11.2026 12:00", 2),
        ("Mon, 2 Nov 2026 12:00:00 +0100", 2),
        ("2026年11月2日", 2),
        ("25/11/2026 13:00:00 PM UTC", 25),
        ("11/25/2026", 25),
        ("11/11/2026", 11),
        ("Mon, 2 Nov 2026 06:00:00 EST", 2),
        ("2026-11-02T12:00:00Z", 2),
        (20261102, 2),
        ("20261102", 2),
        ("202611021200", 2),
        (1793620800, 2),
        ("1793620800", 2),
        (1793620800000, 2),
        ("2026-11-02T12:00:00+01:00[Europe/Berlin]", 2),
        ("2026-11-02T12:00[Asia/Tokyo][u-ca=japanese]", 2),
        ("2. November 2026", 2),
        ("Montag, 2. November 2026, 10.30 Uhr", 2),
        ("1er novembre 2026 à 10h30", 1),
        ("2 de noviembre de 2026", 2),
        ("2 ноября 2026 г.", 2),
        ("2026. november 2.", 2),
        ("٢ نوفمبر ٢٠٢٦", 2),
        ("2 בנובמבר 2026", 2),
        ("2026년 11월 2일 (월) 10시 30분", 2),
        ("令和8年11月2日（月）", 2),
        ("２０２６年１１月２日", 2),
        ("ngày 2 tháng 11 năm 2026", 2),
        ("25-11-2026", 25),
    ],
)
def test_dates_are_read_as_people_write_them(text, day):
    found = fields(date=text)
    assert found.problems == []
    assert (found.published.month, (found.published + timedelta(hours=2)).day) == (11, day)


@pytest.mark.parametrize(
    "text",
    [
        "11/12/2026",
        "11-12-2026",
        "Nov 2026",
        "2026",
        "12:00",
        "2 Nov 2026 12:00 XYZ",
        "2026110210",  # with its hour, or of 2034
        20261302,
        "2 listopada 2026",  # October in Croatian, November in Polish
        "2 พฤศจิกายน 2569",
        "2026-11-02T12:00[Nowhere/Land]",
    ],
)
def test_a_date_that_could_mean_several_is_no_date_and_is_named(text):
    found = fields(date=text)
    assert [problem.severity for problem in found.problems] == ["warning"]
    assert (found.published, found.misdated) == (None, True)


def test_the_language_of_an_article_tells_which_month_is_meant():
    assert fields(date="2 listopada 2026", lang="pl").published.month == 11
    assert fields(date="2 listopada 2026", lang="hr").published.month == 10


@pytest.mark.parametrize(
    ("key", "value", "is_date", "told"),
    [
        ("releaseDate", "2026-11-24 12:00", True, []),
        ("Issue-Date", "2026-11-24 12:00", True, []),
        ("timestamp", int(NOON.timestamp()), True, []),
        ("day", "2026-11-24 12:00", True, []),
        ("posted", "24 Nov 2026 12:00", True, []),
        ("day", "Monday", False, []),
        ("time", "10:30", False, []),
        ("released", True, False, []),
        ("issued", 12, False, []),
        ("posted", "11/12/2026", False, ["posted must be a date such as 2026-11-24 07:00, not '11/12/2026'"]),
        ("date", date(1, 1, 1), False, ["date must be a date such as 2026-11-24 07:00, not '0001-01-01'"]),
    ],
)  # fmt: skip
def test_keys_that_may_be_a_date_are_one_where_they_hold_one(key, value, is_date, told):
    found = fields(**{key: value})
    assert found.published == (NOON if is_date else None)
    assert [problem.what for problem in found.problems] == told


def test_a_clock_hides_no_date_that_others_say():
    others = {"date": "2026-11-24"}
    assert below({"time": "10:30", "released": True}, others) == others
    assert below({"timestamp": 1793620800}, others) == {}


def test_another_key_has_the_date_where_one_cannot_be_read():
    found = fields(date="2026-11-24 12:00", pubDate="soon")
    assert (found.published, len(found.problems)) == (NOON, 1)


@pytest.mark.parametrize(
    "keys",
    [
        {"pubDatetime": "2026-11-24 12:00"},
        {"pubDate": "2026-11-24 12:00"},
        {"publish_date": "2026-11-24 12:00"},
        {"Publish-Date": "2026-11-24 12:00"},
        {"date_published": "2026-11-24 12:00"},
        {"date_created": "2026-11-24 12:00"},
        {"Date": "2026-11-24 12:00"},
        {"publishedAt": "2026-11-24 12:00"},
        {"createdAt": "2026-11-24 12:00"},
        {"extra": {"date": "2026-11-24 12:00"}},
        {"params": {"pubDate": "2026-11-24 12:00"}},
        {"date": {"created": "2026-11-24 12:00"}},
    ],
)
def test_a_date_has_many_names(keys):
    found = fields(**keys)
    assert (found.published, found.problems) == (NOON, [])


@pytest.mark.parametrize(
    "keys",
    [
        {"modDatetime": "2026-11-24 12:00"},
        {"updatedDate": "2026-11-24 12:00"},
        {"last_update": {"date": "2026-11-24 12:00", "author": "A"}},
    ],
)
def test_so_has_the_date_of_a_change(keys):
    assert fields(**keys).updated == NOON


def test_a_picture_has_many_names_and_a_flag_is_none_of_them():
    assert fields(heroImage="a.png").image == {"url": "a.png"}
    assert fields(ogImage={"src": "a.png"}).image["url"] == "a.png"
    found = fields(hero=True, banner="Read this")
    assert (found.image, found.problems) == (None, [])
    assert found.extra == {"hero": True, "banner": "Read this"}


def test_other_taxonomies_are_tags_and_stay_at_hand_for_templates():
    found = fields(tags=["a"], topics=["b", "c++"], series="A, b")
    assert found.tags == ("a", "b", "c++", "A")
    assert found.extra == {"topics": ["b", "c++"], "series": "A, b"}
    assert fields(keywords="x, y").tags == ("x", "y")
    assert fields(tags="z", keywords="x, y").tags == ("z",)


def test_names_mean_what_the_site_makes_of_them():
    known = {"ann": "Ann Lee"}
    habits = Habits("jekyll", lambda who: known.get(who, ""), taxonomies=("place",))
    values = {"tags": "sea port", "authors": ["ann", "Bo Chan"], "place": "harbour"}
    found = read(values, {}, "a.md", "UTC", habits=habits)
    assert (found.authors, found.tags) == (("Ann Lee", "Bo Chan"), ("sea", "port", "harbour"))
    tags = read({"tags": ["posts", "sea"]}, {}, "a.md", "UTC", habits=Habits("eleventy")).tags
    assert tags == ("sea",)


def test_names_of_tags_and_categories_are_words_and_no_html():
    found = fields(tags=["R&amp;D", "a &lt; b", "R&D", "AT&T"], categories=["News &amp; Views"])
    assert found.tags == ("R&D", "a < b", "AT&T")
    assert (found.section, found.categories) == ("News & Views", ("News & Views",))


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ({"categories": "news local"}, ("news", "local")),
        ({"categories": "Local News, Sea"}, ("Local News, Sea",)),
        ({"categories": ["Local News", "Sea"]}, ("Local News", "Sea")),
        ({"category": "Local News"}, ("Local News",)),
    ],
)
def test_jekyll_parts_a_text_of_categories_by_spaces(keys, found):
    said = read(keys, {}, "a.md", "UTC", habits=Habits("jekyll"))
    assert (said.section, said.categories) == (found[0], found)


def test_our_own_keys_live_under_newsletter():
    own = {"related": ["a", "b"], "unrelated": "c", "pin": True, "exclude": "weekly"}
    assert fields(newsletter=own).hint == Hint(
        related=("a", "b"), unrelated=("c",), pin=("*",), exclude=("weekly",)
    )


def test_unknown_keys_are_kept_as_plain_values():
    found = fields(title="T", series={"name": "s", "since": datetime(2026, 1, 2)}, params=[1])
    assert found.extra == {"series": {"name": "s", "since": "2026-01-02T00:00:00"}, "params": [1]}


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"title": ["x"]}, "title must be a text, not a list"),
        ({"expires": 5}, "expires must be a date such as 2026-11-24 07:00, not 5"),
        ({"expires": "soon"}, "expires must be a date such as 2026-11-24 07:00, not 'soon'"),
        ({"embargo": "10:30"}, "embargo must be a date such as 2026-11-24 07:00, not '10:30'"),
        ({"draft": "maybe"}, "draft must be true or false, not 'maybe'"),
        ({"expires": {}, "draft": 3}, "draft must be true or false, not 3"),
        ({"newsletter": "x"}, "newsletter must be a table of keys, not 'x'"),
        ({"newsletter": {"embargoed": "2099-01-01"}}, "unknown key newsletter.embargoed"),
        ({"published": 0}, "published must be a date such as 2026-11-24 07:00, not 0"),
        (
            {"expires": "0001-01-01"},
            "expires must be a date such as 2026-11-24 07:00, not '0001-01-01'",
        ),
        (
            {"newsletter": {"embargo": "never"}},
            "newsletter.embargo must be a date such as 2026-11-24 07:00, not 'never'",
        ),
    ],
)
def test_a_wrong_type_that_could_publish_wrongly_is_an_error(keys, message):
    (problem,) = fields(**keys).problems
    assert (problem.what, problem.severity, problem.path) == (message, "error", "a.md")
    assert problem.line is not None


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"tags": 5}, "tags must be a list of texts, not 5"),
        ({"authors": True}, "authors must be a list of texts, not True"),
        ({"image": 7}, "image must be the address of a picture, not 7"),
        ({"lang": "english!"}, "lang must be a language such as en or pt-BR, not 'english!'"),
        ({"summary": {"a": 1}}, "summary must be a text, not a table"),
    ],
)
def test_any_other_wrong_type_is_a_warning(keys, message):
    (problem,) = fields(**keys).problems
    assert (problem.what, problem.severity) == (message, "warning")


def test_of_many_tags_the_first_two_hundred_count():
    found = fields(tags=[f"t{n}" for n in range(5000)])
    (problem,) = found.problems
    assert len(found.tags) == 200
    assert (problem.what, problem.severity) == (
        "tags holds 5000 names, the first 200 count",
        "warning",
    )


def one_or_many(inner):
    """A value, or a list or a table of such values."""
    return inner | st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes()
# Not st.recursive: it reads its function's source, and fails if this file is saved meanwhile.
VALUES = one_or_many(one_or_many(one_or_many(SCALARS)))
NAMES = st.sampled_from(
    "title date published draft status authors tags section slug permalink url summary image "
    "images enclosure lang newsletter id canonical_url expires updated".split()
)


@given(st.dictionaries(NAMES, VALUES, max_size=6))
def test_any_value_of_any_key_is_read_or_told(values):
    found = read(values, {}, "a.md", "Europe/Berlin")
    assert all(problem.path == "a.md" for problem in found.problems)


def test_no_names_of_months_are_loaded_for_what_has_no_day():
    before = _months.cache_info().misses
    with pytest.raises(ValueError, match="Founded"):
        as_instant("Founded in 1999 by us", ZoneInfo("UTC"))
    assert _months.cache_info().misses == before


@pytest.mark.parametrize(
    ("text", "language"),
    [("mar. 5 mai 2026", "fr"), ("mar 5 maggio 2026", "it"), ("mar. 5 mai 2026", "")],
)
def test_a_weekday_that_is_called_as_a_month_elsewhere_is_one(text, language):
    assert as_instant(text, ZoneInfo("UTC"), language) == datetime(2026, 5, 5, tzinfo=UTC)


def test_a_month_that_is_called_as_a_weekday_elsewhere_is_one():
    assert as_instant("5 mar 2026", ZoneInfo("UTC"), "es") == datetime(2026, 3, 5, tzinfo=UTC)
