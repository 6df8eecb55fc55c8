"""What is kept of a job that fails: what a person reads in `status`."""

from datetime import UTC, datetime

import pytest

from publisher.delivery import Stop
from publisher.engine import worker
from publisher.engine.endings import Again
from publisher.engine.worker import Doing
from publisher.errors import Locked, SourceError
from publisher.service.events import Events

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


class Noted:
    """The jobs of a ledger, as far as a job that fails needs them."""

    def __init__(self):
        self.failed = []

    def fail(self, task, about, host, what):
        self.failed.append((task, about, what))
        return len(self.failed)

    def put(self, jobs):
        raise AssertionError(jobs)

    def clock(self):
        return NOW


@pytest.fixture
def failing(site, monkeypatch):
    """Fail a job with an error; return how it ends, and what is kept of it."""

    def fail(error):
        def body(work, asked):
            raise error

        monkeypatch.setitem(worker.BODIES, "settle", body)
        jobs = Noted()
        events = Events(lambda: NOW, lambda _: None)
        doing = Doing(site.root, lambda: NOW, Stop(), events, jobs)
        try:
            return doing.do("settle", {"about": "morning"}, 0), jobs.failed
        finally:
            doing.close()

    return fail


def test_what_is_wrong_is_kept_with_what_to_do(failing):
    ending, kept = failing(SourceError("it cannot be had", why="Because.", todo="Push it"))
    assert isinstance(ending, Again)
    assert kept == [("settle", "morning", "it cannot be had. Push it")]


@pytest.mark.parametrize(
    ("error", "kept"),
    [
        (SourceError("it is gone"), ["it is gone"]),
        (ValueError("of ours\nand more"), ["ValueError: of ours"]),
        (Locked("somebody else is at it", todo="Wait"), []),
    ],
)
def test_a_mistake_of_ours_is_named_and_a_turn_that_is_anothers_is_no_failure(failing, error, kept):
    assert [what for _, _, what in failing(error)[1]] == kept
