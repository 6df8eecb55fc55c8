"""What crawlers are told: addresses in ASCII, those first that changed longest ago."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from publisher.model import Publication
from publisher.pipeline.pages.crawlers import for_crawlers

NOON = datetime(2026, 11, 24, 12, 0, 0, 5, tzinfo=UTC)


def listed(base, *pages):
    """(address, when it changed) of each page as the sitemap has it; `pages` are below `base`."""
    given = [(base + rest, when) for rest, when in pages]
    found = for_crawlers(Publication(title="T", base_url=base), given, [], NOON, robots=False)
    rows = re.findall("<url><loc>(.*?)</loc>(.*?)</url>", found["sitemap.xml"].decode())
    return [(url, re.sub("</?lastmod>", "", when)) for url, when in rows]


@pytest.mark.parametrize(
    "base", ["https://x.example/", "https://x.example/?at=", "https://ü.example/"]
)
def test_addresses_are_in_ascii_and_escaped_wherever_a_site_is(base):
    told = base.replace("ü", "xn--tda")
    pages = [("plain/", NOON), ("ü/", NOON), ("?a=1&b=2", NOON), ("a%2Fb/", NOON)]
    assert dict(listed(base, *pages)).keys() == {
        f"{told}plain/", f"{told}%C3%BC/", f"{told}?a=1&amp;b=2", f"{told}a%2Fb/",
    }  # fmt: skip


def test_the_oldest_come_first_and_those_of_no_time_before_them():
    base, day = "https://x.example/", timedelta(days=1)
    pages = [("c/", NOON), ("b/", NOON), ("z/", None), ("a/", NOON - day), ("y/", None)]
    assert [url.removeprefix(base) for url, _ in listed(base, *pages)] == [
        "y/", "z/", "a/", "b/", "c/",
    ]  # fmt: skip


def test_when_a_page_changed_is_told_to_the_second_wherever_it_was_told():
    summer = NOON.astimezone(timezone(timedelta(hours=2)))
    pages = [("a/", NOON), ("b/", summer), ("c/", None), ("d/", datetime(1970, 1, 1, tzinfo=UTC))]
    assert {url[-2:]: when for url, when in listed("https://x.example/", *pages)} == {
        "a/": "2026-11-24T12:00:00Z",
        "b/": "2026-11-24T14:00:00+02:00",
        "c/": "",
        "d/": "1970-01-01T00:00:00Z",
    }
