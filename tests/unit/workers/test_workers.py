"""Slices of work go out, answers come in order, and a worker that dies costs what it died of."""

import contextlib
import errno
import os
import resource
import signal
import sys
from pathlib import Path

import pytest

from publisher.workers import Trouble, Workers
from publisher.workers.starters import starter
from tests.processes import below, forkservers, until
from tests.unit.workers.works import Broken, Doubling, Lying


@pytest.fixture(scope="module")
def workers():
    two = Workers(2)
    yield two
    two.close()


def test_answers_come_in_the_order_of_what_was_asked(workers, tmp_path):
    found = workers.each(Doubling(tmp_path / "once"), iter(range(20, 60)), 3)
    assert list(found) == [2 * one for one in range(20, 60)]


def test_one_that_fails_fails_alone(workers, tmp_path):
    found = workers.each(Doubling(tmp_path / "once"), [1, -1, 2], 3)
    assert list(found) == [2, Trouble.FAILED, 4]


def test_a_worker_that_dies_is_followed_by_another_and_costs_what_it_died_of(workers, tmp_path):
    found = workers.each(Doubling(tmp_path / "once"), [1, 13, 2, 3, 4, 5], 3)
    assert list(found) == [2, Trouble.DIED, 4, 6, 8, 10]


def test_one_that_was_killed_once_is_asked_again(workers, tmp_path):
    assert list(workers.each(Doubling(tmp_path / "once"), [1, 7, 2], 3)) == [2, 14, 4]
    assert list(workers.each(Doubling(tmp_path / "again"), [7], 3)) == [14]


@pytest.mark.parametrize("work", [Broken(), Lying()])
def test_work_that_comes_to_nothing_is_told_of_each(workers, work):
    assert all(isinstance(one, Trouble) for one in workers.each(work, [1, 2], 2))


def test_who_wants_no_more_may_go(workers, tmp_path):
    taken = []

    def endless():
        for number in range(20, 10_000):
            taken.append(number)
            yield number

    found = workers.each(Doubling(tmp_path / "once"), endless(), 2)
    assert next(found) == 40
    found.close()
    assert len(taken) <= 12  # no further ahead than keeps both busy
    assert list(workers.each(Doubling(tmp_path / "once"), [30], 2)) == [60]


def test_one_process_is_no_worker():
    alone = Workers(1)
    assert not alone.pays(10_000, 1)
    assert Workers(2).pays(10, 10)
    assert not Workers(2).pays(9, 10)
    alone.close()


def test_no_password_is_told_to_a_worker(monkeypatch):
    from publisher.workers.starting import environment

    monkeypatch.setenv("SMTP_PASSWORD", "secret")
    assert "secret" not in str(environment())
    assert environment()["PATH"] == os.environ["PATH"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each is started by itself")
def test_a_worker_is_born_where_the_one_that_bears_them_was_killed(tmp_path):
    two = Workers(2)
    assert list(two.each(Doubling(tmp_path / "once"), [30], 1)) == [60]
    for pid in forkservers():
        os.kill(pid, signal.SIGKILL)
    assert list(two.each(Doubling(tmp_path / "once"), [13, 31], 1)) == [Trouble.DIED, 62]
    two.close()


@contextlib.contextmanager
def descriptors_left(number):
    """Let this process open so many files more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken = [os.open(os.devnull, os.O_RDONLY)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(opened()) + 1, hard))
    try:
        with contextlib.suppress(OSError):
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))
        with contextlib.ExitStack() as closing:
            for one in taken[number:]:
                closing.callback(os.close, one)
            for one in taken[:number]:
                os.close(one)
            yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def opened():
    """The files that this process has open (Linux)."""
    return {int(one.name) for one in Path("/proc/self/fd").iterdir()}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each is started by itself")
@pytest.mark.parametrize("number", [0, 1, 2, 3])  # two pipes are four
def test_who_has_no_descriptor_left_gets_no_worker_and_keeps_the_others(number):
    others = forkservers()
    bearing = starter([])
    kept = bearing.worker()
    (server,) = until(lambda: forkservers() - others)
    living = until(lambda: below(server))
    before = opened()
    with pytest.raises(OSError) as raised, descriptors_left(number):
        bearing.worker()
    assert raised.value.errno == errno.EMFILE
    assert opened() == before
    assert (forkservers() - others, below(server)) == ({server}, living)
    another = bearing.worker()
    assert set(until(lambda: len(below(server)) == 2 and below(server))) > set(living)
    for one in (kept, another):
        one.end()
    bearing.end()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each is started by itself")
def test_whoever_closes_has_no_process_left(tmp_path):
    before = forkservers()
    two = Workers(2, ["publisher.errors", "no.such.module"])
    assert list(two.each(Doubling(tmp_path / "once"), [30, 31, 32, 33], 1)) == [60, 62, 64, 66]
    two.close()
    assert forkservers() == before


def test_a_worker_that_was_started_anew_does_the_same(monkeypatch, tmp_path):
    monkeypatch.setattr("publisher.workers.starters.sys.platform", "elsewhere")
    two = Workers(2)
    found = list(two.each(Doubling(tmp_path / "once"), [1, 13, 2], 3))
    two.close()
    assert found == [2, Trouble.DIED, 4]
