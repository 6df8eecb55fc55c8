"""Into how many parts pages go, and which page is of which part."""

import pytest

from publisher.engine.sharing import _count
from publisher.pipeline.pages.sharing import Plan, WantedFeed, WantedPage, is_of
from tests.site import NOW


@pytest.mark.parametrize(
    ("weight", "workers", "parts"),
    [(2000, 2, 2), (2999, 3, 2), (3000, 3, 3), (3999, 2, 2), (4000, 2, 4), (50_000, 3, 6)],
)
def test_parts_are_large_enough_and_as_many_for_each_worker(weight, workers, parts):
    assert _count(weight, workers, 1000) == parts


def test_each_page_is_of_one_part_whichever_others_there_are():
    names = [f"s{number}/index.html" for number in range(500)]
    parts = [[one for one in names if is_of(one, part, 4)] for part in range(4)]
    assert sorted(one for part in parts for one in part) == sorted(names)
    assert min(map(len, parts)) > 80
    assert [one for one in names[:100] if is_of(one, 1, 4)] == [
        one for one in parts[1] if one in names[:100]
    ]


def test_a_plan_is_named_after_all_that_is_in_it():
    def plan(**keys):
        about = {"settings": "s", "now": NOW, "pages": [], "editions": {}, "feeds": []}
        return Plan(**{**about, **keys})

    page, feed = WantedPage("a.html", "k"), WantedFeed("tag/a", "k")
    others = [plan(settings="t"), plan(pages=[page]), plan(feeds=[feed]), plan(editions={"a": 1})]
    assert len({one.packed()[0] for one in (plan(), *others)}) == 5
    assert plan().packed() == plan().packed()
    assert plan(pages=[page] * 3, feeds=[feed]).weight == 23
