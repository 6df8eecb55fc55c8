"""Workers on a real PostgreSQL, with jobs that a test does by hand."""

import contextlib
import threading
from datetime import timedelta

import pytest

from publisher.delivery import Stop
from publisher.engine.endings import Again, Done, GivenUp
from publisher.engine.procrastinate import Lanes, Place, tables
from publisher.ledger import Ledger
from publisher.model.job import LANES, delivering, making_pages, settling, telling_hub

pytestmark = pytest.mark.slow

SOON = 60  # seconds: none is waited for in full


@pytest.fixture
def ledger(new_ledger):
    """A ledger with tables of jobs, and `place`, where they are."""
    opened = Ledger(new_ledger, workers=True)
    words, options = opened.dialled()
    opened.place = Place(words=words, options=options, schema=opened.jobs.prepare(*tables()))
    yield opened
    opened.close()


@contextlib.contextmanager
def working(ledger, do, lanes=LANES, concurrency=1):
    """A worker in a thread; afterwards it has ended."""
    stop, complaints = Stop(), []
    works = Lanes(
        place=ledger.place,
        lanes=lanes,
        concurrency=concurrency,
        takeover=timedelta(seconds=30),
        do=do,
        stop=stop,
        complain=complaints.append,
    )
    thread = threading.Thread(target=works.work)
    thread.start()
    try:
        yield stop
    finally:
        stop.ask()
        thread.join(SOON)
        assert not thread.is_alive()
        assert complaints == []


def states(ledger):
    with ledger._engine.connect() as db:
        words = "SELECT task_name, status::text FROM public_jobs.procrastinate_jobs ORDER BY id"
        return [tuple(row) for row in db.exec_driver_sql(words)]


class Desk:
    """Does jobs as it is told, and remembers which."""

    def __init__(self, wanted, ending=lambda task, attempts: Done()):
        self.done, self.all, self._wanted, self._ending = [], threading.Event(), wanted, ending

    def __call__(self, task, args, attempts):
        self.done.append((task, args["about"], attempts))
        if len(self.done) == self._wanted:
            self.all.set()
        return self._ending(task, attempts)


def test_jobs_are_done_by_urgency_and_their_rows_go(ledger):
    ledger.jobs.put(
        [delivering("a"), settling("flash", breaking=True), delivering("b", breaking=True)]
    )
    desk = Desk(3)
    with working(ledger, desk, lanes=["mail"]):
        assert desk.all.wait(SOON)
    assert desk.done == [("settle", "flash", 0), ("deliver", "b", 0), ("deliver", "a", 0)]
    assert states(ledger) == []


def test_a_lane_does_no_jobs_of_others(ledger):
    ledger.jobs.put([delivering("a"), making_pages()])
    desk = Desk(1)
    with working(ledger, desk, lanes=["pages"]):
        assert desk.all.wait(SOON)
    assert (desk.done, states(ledger)) == ([("pages", "", 0)], [("deliver", "todo")])


def test_a_job_that_is_written_later_is_done_at_once(ledger):
    desk = Desk(1)
    with working(ledger, desk):
        ledger.jobs.put([delivering("a")])
        assert desk.all.wait(SOON)


def test_a_job_is_asked_again_when_its_ending_says_so(ledger):
    desk = Desk(2, lambda _, attempts: Done() if attempts else Again(ledger.jobs.clock()))
    ledger.jobs.put([delivering("a")])
    with working(ledger, desk):
        assert desk.all.wait(SOON)
    assert desk.done == [("deliver", "a", 0), ("deliver", "a", 1)]
    assert states(ledger) == []


def test_a_job_that_is_to_be_asked_again_is_done_where_another_like_it_waits(ledger):
    def ending(_, attempts):
        if len(desk.done) == 1:
            ledger.jobs.put(
                [settling("morning", breaking=False)]
            )  # meanwhile somebody asks for it once more
            return Again(ledger.jobs.clock())
        return Done()

    desk = Desk(2, ending)
    ledger.jobs.put([settling("morning", breaking=False)])
    with working(ledger, desk):
        assert desk.all.wait(SOON)
    assert [about for _, about, _ in desk.done] == ["morning", "morning"]
    assert states(ledger) == []


def test_one_for_tomorrow_waits_and_one_that_is_given_up_stays_to_be_seen(ledger):
    endings = {
        "deliver": lambda: Again(ledger.jobs.clock() + timedelta(days=1)),
        "hub": lambda: GivenUp(RuntimeError("no")),
    }
    desk = Desk(2, lambda task, _: endings[task]())
    ledger.jobs.put([delivering("a"), telling_hub(["https://x.example/feed"])])
    with working(ledger, desk):
        assert desk.all.wait(SOON)
    assert states(ledger) == [("deliver", "todo"), ("hub", "failed")]
    assert [(one.lane, one.later, one.given_up) for one in ledger.jobs.lanes()] == [
        ("mail", 1, 0),
        ("pages", 0, 1),
    ]


def test_so_many_of_a_lane_are_done_at_a_time_and_of_one_kind_one(ledger):
    meet = threading.Barrier(3)

    def do(task, args, attempts):
        meet.wait(SOON)
        return Done()

    with working(ledger, do, lanes=["mail"], concurrency=2):
        ledger.jobs.put([delivering("a")] * 2)
        meet.wait(SOON)  # both are at it
        ledger.jobs.put([settling("flash", breaking=True)])
        ledger.jobs.put([delivering("b")])
        meet.wait(SOON)


def test_a_worker_that_is_to_end_ends_what_is_at_hand_and_begins_no_more(ledger):
    begun, go_on = threading.Event(), threading.Event()

    def do(task, args, attempts):
        begun.set()
        assert go_on.wait(SOON)
        return Done()

    ledger.jobs.put([delivering("a"), delivering("b")])
    with working(ledger, do, lanes=["mail"]) as stop:
        assert begun.wait(SOON)
        stop.ask()
        go_on.set()
    assert states(ledger) == [("deliver", "todo")]
