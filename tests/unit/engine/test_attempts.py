"""When a job that failed is tried again."""

import pytest

from publisher.engine.attempts import pause
from publisher.errors import DeliveryError, Locked, StateUnavailable, WayRefused

ERROR = RuntimeError("x")


@pytest.mark.parametrize("task", ["settle", "drafts", "deliver", "pages"])
def test_what_builds_and_sends_is_tried_every_few_seconds(task):
    assert {pause(task, ERROR, attempts) for attempts in (0, 1, 5, 1000)} == {5.0}


def test_servers_of_others_are_asked_later_and_later():
    assert [pause("returns", ERROR, n) for n in (0, 1, 2, 7, 8, 1000)] == [5, 10, 20, 640, 900, 900]
    assert pause("returns", WayRefused("no"), 0) == 300  # who insists is locked out


def test_what_passes_by_itself_is_tried_soon():
    for error in (Locked("x"), StateUnavailable("x")):
        assert pause("returns", error, 9) == 5.0


def test_a_hub_that_does_not_answer_is_given_up():
    tries = [pause("hub", DeliveryError("no"), n) for n in range(9)]
    assert tries == [5, 10, 20, 40, 80, 160, 320, None, None]
