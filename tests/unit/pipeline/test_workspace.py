"""A publication opened for one command: its parts, its lock, and what is looked at anew."""

from datetime import UTC, datetime

import pytest

from publisher.model import Rule, Schedule
from publisher.pipeline import sent_marks
from publisher.pipeline.editions.seal import withdraw
from publisher.pipeline.turns import Turn, alone
from publisher.pipeline.workspace import Workspace

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def space(site):
    opened = Workspace(site.root, NOON, writing=True)
    yield opened
    opened.close()


def test_a_turn_is_made_by_nobody_but_who_holds_the_lock():
    with pytest.raises(TypeError, match=r"a turn is given by turns\.alone"):
        Turn(object())


def test_a_turn_that_is_over_is_worth_nothing(space):
    with alone(space) as turn:
        withdraw(turn, space, "morning@2026-11-24T0700")
    with pytest.raises(RuntimeError, match="the publication's lock is not held"):
        withdraw(turn, space, "morning@2026-11-24T0700")
    with alone(space), pytest.raises(RuntimeError, match="lock is not held"):
        sent_marks.remember(turn, space)


def test_a_turn_is_over_as_well_when_what_was_done_in_it_fails(space):
    with pytest.raises(KeyError), alone(space) as turn:
        raise KeyError
    with pytest.raises(RuntimeError):
        turn.check(space)


def test_the_turn_of_one_publication_is_none_of_another(space, tmp_path):
    other = space.elsewhere(space.root, NOON)
    with alone(space) as turn, pytest.raises(RuntimeError):
        turn.check(other)


def test_the_timetable_is_made_once_and_anew_after_it_was_forgotten(space):
    before = space.timetable
    made = Schedule(
        name="morning.x",
        newsletter="morning",
        rule=Rule(every="day", zone="UTC"),
        through=NOON,
    )
    assert made not in before.all()
    space.ledger.schedules.put([made], NOON)
    assert space.timetable is before
    space.forget_timetable()
    assert made in space.timetable.all()


def test_articles_written_since_are_seen_after_a_refresh_and_the_ledger_stays(site, space):
    ledger = space.ledger
    assert space.archive.articles == ()
    site.story("a")
    assert space.archive.articles == ()
    space.refresh()
    assert [one.slug for one in space.archive.articles] == ["a"]
    assert space.ledger is ledger


def test_another_folder_is_looked_at_with_the_ledger_and_outbox_of_this_one(space):
    other = space.elsewhere(space.root, NOON)
    assert (other.ledger, other.outbox) == (space.ledger, space.outbox)
    assert not other.writing
    other.refresh()
