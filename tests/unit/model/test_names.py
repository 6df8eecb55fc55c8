"""Names that differ have addresses of their own, and keep them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.model.names import borne, names, same
from publisher.model.words import slugify

DAY = datetime(2026, 1, 1, tzinfo=UTC)


def addresses(*tags):
    """Each tag's address; all were seen at the same time."""
    found = names([(tag, DAY) for tag in tags])
    return [found[same(tag)] for tag in tags]


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


NAMES = st.sampled_from(["C", "c", "C++", "C#", "A-", "A", "a-", "", "Go!", "go", "🎉", "R&D"])


@settings(deadline=None)
@given(st.lists(st.tuples(st.lists(NAMES, max_size=3), st.integers(0, 3)), max_size=8))
def test_who_bears_a_name_is_who_writes_it_in_whatever_way(rows):
    held, shown = [one for one, _ in rows], [DAY + timedelta(days=day) for _, day in rows]
    written = [(at, name) for at, theirs in enumerate(held) for name in theirs if name]
    found = borne(held, shown)
    assert list(found) == list(dict.fromkeys(same(name) for _, name in written))
    assert {key: one.slug for key, one in found.items()} == names(
        (name, shown[at]) for at, name in written
    )
    for key, one in found.items():
        assert one.title == next(name for _, name in written if same(name) == key)
        assert one.at == sorted({at for at, name in written if same(name) == key})
        told = slugify(one.title) or key
        assert one.merged == len(
            {at for at, name in written if (slugify(name) or same(name)) == told}
        )
