"""Time zones as people look for them."""

from datetime import UTC, datetime

import pytest

from publisher.rendering import found_among, language_name, parts_of_the_world

WINTER, SUMMER = datetime(2026, 11, 24, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
NAMES = (
    "Europe/Vienna", "Europe/Zurich", "Europe/Kyiv", "Europe/Kiev", "Asia/Kolkata", "Asia/Calcutta",
    "America/Sao_Paulo", "America/Argentina/Buenos_Aires", "America/Buenos_Aires", "Asia/Tokyo",
    "Atlantic/Azores", "Indian/Maldives", "Australia/Sydney", "Pacific/Auckland", "Etc/GMT+5", "UTC",
)  # fmt: skip


def cities(parts):
    return {part.title: [one.city for one in part.zones] for part in parts}


def test_zones_stand_once_by_part_of_the_world_in_the_pages_language():
    assert cities(parts_of_the_world(NAMES, "de", WINTER)) == {
        "Amerika": ["Buenos Aires (Argentina)", "São Paulo"],
        "Asien": ["Kalkutta", "Malediven", "Tokio"],
        "Europa": ["Azoren", "Kiew", "Wien", "Zürich"],
        "Ozeanien": ["Auckland", "Sydney"],
    }
    assert cities(parts_of_the_world(("Asia/Tokyo",), "ja", WINTER)) == {"アジア": ["東京"]}
    assert cities(parts_of_the_world(("Asia/Tokyo",), "tlh", WINTER)) == {"Asia": ["Tokyo"]}


@pytest.mark.parametrize(
    ("name", "at", "language", "offset"),
    [
        ("Europe/Vienna", WINTER, "en", "GMT+01:00"),
        ("Europe/Vienna", SUMMER, "en", "GMT+02:00"),
        ("Asia/Kolkata", WINTER, "fr", "UTC+05:30"),
        ("America/Sao_Paulo", WINTER, "en", "GMT-03:00"),
    ],
)
def test_what_a_zone_is_off_utc_is_as_of_now(name, at, language, offset):
    ((one,),) = (part.zones for part in parts_of_the_world((name,), language, at))
    assert one.offset == offset


@pytest.mark.parametrize("own", ["Europe/Kiev", "Europe/Kyiv"])
def test_a_readers_zone_keeps_the_name_that_it_has(own):
    zones = [one for part in parts_of_the_world(NAMES, "en", WINTER, own) for one in part.zones]
    assert [one.name for one in zones if one.city == "Kyiv"] == [own]


def test_a_readers_zone_that_lies_nowhere_can_be_kept():
    first, *others = parts_of_the_world(NAMES, "en", WINTER, "UTC")
    assert (first.title, [one.name for one in first.zones]) == ("UTC", ["UTC"])
    assert others == parts_of_the_world(NAMES, "en", WINTER)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("wien", ["Europe/Vienna"]),
        ("VIENNA", ["Europe/Vienna"]),
        ("zurich", ["Europe/Zurich"]),
        ("sao paulo", ["America/Sao_Paulo"]),
        ("osterreich", ["Europe/Vienna"]),
        ("indien", ["Asia/Kolkata"]),
        ("europa gmt+01:00", ["Europe/Vienna", "Europe/Zurich"]),
        ("  ", 11),
        ("atlantis", []),
    ],
)
def test_zones_are_found_by_city_country_part_of_the_world_and_name(text, names):
    found = found_among(parts_of_the_world(NAMES, "de", WINTER), text)
    zones = [one.name for part in found for one in part.zones]
    assert (zones if isinstance(names, list) else len(zones)) == names


def test_the_zone_that_a_reader_has_is_never_lost_in_a_search():
    parts = parts_of_the_world(NAMES, "en", WINTER, "Asia/Tokyo")
    found = found_among(parts, "switzerland", "Asia/Tokyo")
    assert cities(found) == {"Asia": ["Tokyo"], "Europe": ["Zurich"]}


def test_a_language_is_called_by_its_own_name():
    names = [language_name(tag) for tag in ("de-AT", "en-GB", "ja", "pt-BR", "tlh")]
    assert names == [
        "Deutsch (Österreich)", "English (United Kingdom)", "日本語", "Português (Brasil)", "tlh",
    ]  # fmt: skip
