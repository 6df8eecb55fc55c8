"""Work that several do at once comes in order, and what is next is taken meanwhile."""

from contextlib import closing
from threading import Event

import pytest

from publisher.workers.side_by_side import SideBySide, one_ahead

PATIENCE = 30  # seconds


def test_the_next_is_taken_while_one_is_in_use():
    taken = [Event() for _ in range(3)]

    def items():
        for number, one in enumerate(taken):
            one.set()
            yield number

    found = one_ahead(items())
    assert next(found) == 0
    assert taken[1].wait(PATIENCE)
    assert not taken[2].is_set()
    assert list(found) == [1, 2]


def test_what_taking_the_next_raises_is_raised_where_it_would_come():
    def items():
        yield 1
        raise KeyError("2")

    found = one_ahead(items())
    assert next(found) == 1
    with pytest.raises(KeyError, match="2"):
        next(found)


def test_two_at_work_wait_for_each_other_and_answers_come_in_order():
    both = {name: Event() for name in "ab"}

    def do(name, numbers):
        both[name].set()
        assert all(one.wait(PATIENCE) for one in both.values())
        return [10 * number for number in numbers]

    with closing(SideBySide("ab")) as together:
        assert list(together.each(do, range(7), 2)) == [0, 10, 20, 30, 40, 50, 60]


def test_what_one_raises_is_raised_in_its_place():
    def do(_, numbers):
        if 3 in numbers:
            raise KeyError("3")
        return numbers

    found = []
    with closing(SideBySide("ab")) as together, pytest.raises(KeyError, match="3"):
        found.extend(together.each(do, range(9), 2))
    assert found == [0, 1]
    with closing(SideBySide("ab")) as together:
        each = together.each(do, range(9), 2)
        assert [next(each), next(each)] == [0, 1]
        each.close()
