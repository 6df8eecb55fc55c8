"""Parts of a build that workers share, on a real PostgreSQL: rows decide who is last."""

from threading import Barrier, Thread

import pytest

from publisher.engine.procrastinate import tables
from publisher.ledger import Ledger
from tests.unit.ledger.test_jobs import ledger, place, unprepared, waiting

__all__ = ["ledger", "place", "unprepared"]  # fixtures

pytestmark = pytest.mark.slow


def jobs(ledger):
    return [(row[0], row[2]) for row in waiting(ledger)]


def test_each_part_gets_a_job_and_the_last_one_that_is_done_gives_one_to_the_end(ledger):
    parts = ledger.parts
    assert parts.stands() is None
    assert parts.begin("b", 2, 1, instead_of="")
    assert jobs(ledger) == [("part", "b/0"), ("part", "b/1")]
    assert (parts.begun("b", 0), parts.begun("b", 0)) == (1, 2)
    parts.done("b", 0)
    stands = parts.stands()
    assert (stands.build, stands.done, stands.parts, stands.is_made) == ("b", 1, 2, False)
    assert ("pages", "") not in jobs(ledger)
    assert parts.begun("b", 0) == 0  # nobody wants it again
    parts.done("b", 1)
    assert ("pages", "") in jobs(ledger)
    assert (parts.stands().is_made, parts.stands().is_taken) == (True, False)
    parts.taken("b")
    assert parts.stands().is_taken
    parts.forget()
    assert parts.stands() is None


def test_parts_that_are_done_at_once_give_one_job_to_the_end(place, ledger):
    ledger.parts.begin("b", 8, 1, instead_of="")
    at_once, others = Barrier(8), [Ledger(place, workers=True) for _ in range(8)]

    def end(number, other):
        at_once.wait()
        other.parts.done("b", number)

    threads = [Thread(target=end, args=one) for one in enumerate(others)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    for one in others:
        one.close()
    assert [task for task, _ in jobs(ledger)].count("pages") == 1


def test_of_two_who_share_a_build_one_does_and_the_other_ones_parts_are_nobodys(ledger):
    assert ledger.parts.begin("a", 2, 1, instead_of="")
    assert not ledger.parts.begin("b", 2, 1, instead_of="")
    assert ledger.parts.begin("c", 3, 2, instead_of="a")
    assert ledger.parts.begun("a", 0) == 0
    ledger.parts.done("a", 0)
    stands = ledger.parts.stands()
    assert (stands.build, stands.turn, stands.parts, stands.done) == ("c", 2, 3, 0)


def test_tables_that_were_made_before_there_were_parts_are_brought_up(ledger):
    with ledger._engine.begin() as db:
        db.exec_driver_sql("DROP TABLE public_jobs.parts")
        db.exec_driver_sql("DELETE FROM public_jobs.prepared WHERE step = 'ours: parts'")
    assert ledger.parts.stands() is None
    assert not ledger.parts.begin("b", 2, 1, instead_of="")
    ledger.jobs.prepare(*tables())
    assert ledger.parts.begin("b", 2, 1, instead_of="")
