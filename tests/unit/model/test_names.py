"""Names that differ have addresses of their own, and keep them."""

import doctest
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.model import names as module
from publisher.model.names import names, same

DAY = datetime(2026, 1, 1, tzinfo=UTC)


def addresses(*tags):
    """Each tag's address; all were seen at the same time."""
    found = names([(tag, DAY) for tag in tags])
    return [found[same(tag)] for tag in tags]


def test_examples_in_the_documentation_hold():
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["C", "C++", "C#"], ["c", "c-plus-plus", "c-sharp"]),
        (["NET", ".NET"], ["net", "dot-net"]),
        (["F", "F#", "F*"], ["f", "f-sharp", "f-star"]),
        (["A/B", "A B"], ["a-slash-b", "a-b"]),
        (["A", "A+", "A-", "AB-"], ["a", "a-plus", "a-minus", "ab"]),
        (["Go", "Go!"], ["go", "go-bang"]),
        (["किला", "काल", "कला"], ["किला", "काल", "कला"]),
        (["ค่า", "คา"], ["ค่า", "คา"]),
        (["🎉", "☕"], ["🎉", "☕"]),
        (["👩‍💻"], ["👩‍💻"]),
        # As they always were
        (["C++"], ["c"]),
        ([".NET"], ["net"]),
        (["R&D", "r & d"], ["r-d", "r-d"]),
        (["Open Source", "open-source", "open_source"], ["open-source"] * 3),
        (["東京", "Größe", "São Paulo"], ["東京", "grösse", "são-paulo"]),
        (["China’s", "chinas"], ["chinas", "chinas"]),
    ],
)
def test_tags_have_addresses(tags, expected):
    assert addresses(*tags) == expected


def test_what_was_there_first_keeps_its_address_whatever_comes():
    before = names([("C++", DAY)])
    after = names([("C++", DAY), ("C", DAY + timedelta(1)), ("c plus plus", DAY + timedelta(2))])
    assert before["c++"] == after["c++"] == "c"
    assert after["c"].startswith("c-")
    more = names([("C++", DAY), ("C", DAY + timedelta(1)), ("C#", DAY + timedelta(3))])
    assert more["c"] == after["c"]
    assert more["c#"] == "c-sharp"


@settings(deadline=None)
@given(st.lists(st.text(alphabet="cC+#. -&é\u0301🎉?", min_size=1, max_size=6), max_size=12))
def test_no_two_names_have_one_address(tags):
    found = names([(tag, DAY + timedelta(days=day)) for day, tag in enumerate(tags)])
    assert len(set(found.values())) == len(found) == len(set(map(same, tags)))
    assert all(found.values())
