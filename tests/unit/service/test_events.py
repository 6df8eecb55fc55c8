"""What a service says: once, until it goes right again."""

from datetime import UTC, datetime

import pytest

from publisher.errors import Locked, Problem, PublisherError
from publisher.service.events import Events

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def said():
    return []


@pytest.fixture
def events(said):
    return Events(lambda: NOON, lambda event: said.append((event.what, event.text)))


def test_what_goes_wrong_is_said_once_and_when_it_goes_right_again(events, said):
    for _ in range(3):
        events.complain("web", PublisherError("it is closed"))
    assert events.is_anything_wrong
    events.well("web")
    events.well("web")
    assert said == [
        ("error", "web: it is closed"),
        ("mended", "web goes on; no more: it is closed"),
    ]
    assert not events.is_anything_wrong


def test_one_fault_met_in_two_places_is_said_once_and_mended_with_the_last(events, said):
    for about in ("delivery", "sign-ups"):
        events.complain(about, PublisherError("there is no server"))
    events.well("delivery")
    assert said == [("error", "delivery: there is no server")]
    events.well("sign-ups")
    assert said[1:] == [("mended", "sign-ups goes on; no more: there is no server")]


def test_a_lock_that_another_command_holds_is_no_fault(events, said):
    events.complain("service", Locked("build is at work"))
    assert (said, events.is_anything_wrong) == ([], False)


def test_an_article_that_is_left_out_is_named_again_when_its_fault_is_another(events, said):
    first, second = (Problem(what=what, path="a.md") for what in ("no date", "no title"))
    for problems in ([first], [first], [second], []):
        events.left_out(problems)
    assert said == [("error", str(first)), ("error", str(second)), ("mended", "a.md")]


def test_a_log_that_cannot_be_written_stops_nothing():
    def full(_):
        raise OSError(28, "No space left on device")

    Events(lambda: NOON, full).say("feeds", "written")
