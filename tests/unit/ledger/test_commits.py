"""Of which commit things are made, by both databases: named once, and the newest in turn."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from publisher.engine.procrastinate import tables
from publisher.ledger import CommitRecord, Ledger
from publisher.model.job import making_pages

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
FIRST = CommitRecord(edition="", commit="1" * 40, host="one", named=NOON)
SECOND = replace(FIRST, commit="2" * 40, host="other")
THIRD = replace(FIRST, commit="3" * 40)


def test_the_newest_is_named_in_place_of_the_one_that_was_seen(ledger):
    commits = ledger.commits
    assert commits.newest() is None
    assert commits.advance(FIRST, "")
    assert not commits.advance(SECOND, "")  # another host was first
    assert commits.newest() == FIRST
    assert commits.advance(SECOND, FIRST.commit)
    assert not commits.advance(THIRD, FIRST.commit)
    assert commits.newest() == SECOND
    commits.forget_newest()
    assert commits.newest() is None


def test_a_slot_s_commit_and_the_newest_are_apart(ledger):
    commits, slot = ledger.commits, replace(THIRD, edition="morning@2026-11-24T0700")
    commits.advance(FIRST, "")
    commits.ask([slot], [])
    commits.advance(SECOND, FIRST.commit)
    commits.forget_newest()
    assert (commits.of(slot.edition), commits.newest()) == (slot, None)


@pytest.fixture
def working(new_ledger):
    """A ledger of workers."""
    opened = Ledger(new_ledger, workers=True)
    opened.jobs.prepare(*tables())
    yield opened
    opened.close()


def waiting(ledger):
    return sum(one.waiting for one in ledger.jobs.lanes())


@pytest.mark.slow
def test_a_commit_and_what_is_asked_of_it_are_written_together_or_not_at_all(working, monkeypatch):
    def dies(*_):
        raise KeyboardInterrupt

    commits = working.commits
    with monkeypatch.context() as patch:
        patch.setattr(working.jobs, "defer", dies)
        with pytest.raises(KeyboardInterrupt):
            commits.advance(FIRST, "", [making_pages()])
    assert (commits.newest(), waiting(working)) == (None, 0)
    assert commits.advance(FIRST, "", [making_pages()])
    assert (commits.newest(), waiting(working)) == (FIRST, 1)
    assert not commits.advance(SECOND, "", [making_pages(NOON, NOON)])
    assert waiting(working) == 1
