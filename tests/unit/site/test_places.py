"""Where a page lies: a plain path is read at once, as any other is read with care."""

from pathlib import PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from publisher import config
from publisher.site.places import Claims, _below, _below_any, place_of
from tests.site import CONFIG

OWN = config.parse(CONFIG)
PARTS = st.sampled_from(
    ["a", "world", ".", "..", "", "/", "//", "%2F", "%41", "é", "?", "#", ";x", "\\", ":", " ",
     ".well-known", "index.html", "a.b", "-", "_x", "~me", "x" * 200, "x" * 201, "\n", "\t", "a/b/"]
)  # fmt: skip
BASES = ["https://news.example/", "https://news.example/deep/", "http://[::1]:80/", "nonsense"]


@given(st.sampled_from(BASES), st.lists(PARTS, max_size=6), st.booleans())
@example(BASES[0], ["a", "/", "b", "/"], True)
@example(BASES[0], ["x" * 200, "/", "x" * 201], True)
def test_a_plain_path_is_what_it_would_be_if_it_were_read_with_care(base, parts, is_ours):
    url = (base if is_ours else "") + "".join(parts)
    try:
        expected = _below_any(url, base)
    except ValueError:
        with pytest.raises(ValueError, match=""):
            _below(url, replace(OWN, base_url=base))
        return
    assert _below(url, replace(OWN, base_url=base)) == expected


PLACES = st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map("/".join)


@given(st.lists(PLACES, max_size=12))
def test_a_place_is_taken_where_no_file_is_it_or_above_it_and_it_is_no_folder(places):
    claims, files, folders = Claims(), set(), set()
    for place in places:
        above = {str(one) for one in PurePosixPath(place).parents} - {"."}
        is_free = place not in files | folders and files.isdisjoint(above)
        assert claims.take(place) == is_free
        files |= {place} if is_free else set()
        folders |= above if is_free else set()


def test_a_page_has_a_file_in_the_folder_that_its_address_names():
    assert place_of(f"{OWN.base_url}world/summit/", OWN) == "world/summit/index.html"
    assert place_of(f"{OWN.base_url}a.html", OWN) == "a.html"
    assert place_of(OWN.base_url, OWN) == "index.html"
    assert place_of(f"{OWN.base_url}.hidden/", OWN) is None
    assert place_of("https://elsewhere.example/a/", OWN) is None


def test_nothing_stands_where_a_folder_of_another_is_and_no_folder_where_a_file_is():
    claims = Claims()
    assert claims.take("a/b/index.html")
    assert not claims.take("a/b")
    assert not claims.take("a/b/index.html/more")
    assert not claims.take("feeds/mine.html")
    assert claims.take("a/c")
