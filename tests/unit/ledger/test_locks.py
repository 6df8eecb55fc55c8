"""One suite over both kinds of locks: of files, and of all hosts by PostgreSQL."""

import os
import signal
import threading
import time
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context

import pytest
import sqlalchemy as sa

from publisher.errors import Locked, StateUnavailable
from publisher.ledger import Ledger, server_locks

FORKS = get_context("forkserver")


@pytest.fixture
def hosts(place, tmp_path):
    """Opens the locks of a host: all by one ledger. One on PostgreSQL has a folder for each."""
    is_shared = isinstance(place, str)
    with ExitStack() as opened:

        def host(name: str = "a"):
            ledger = Ledger(place)
            opened.callback(ledger.close)
            return ledger.locks(tmp_path / (name if is_shared else "state"))

        yield host


@contextmanager
def elsewhere(place, folder, work):
    """A process of another host that does something with its locks until it is ended."""
    ready, told = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=_live, args=(place, folder, work, told), daemon=True)
    process.start()
    try:
        assert ready.recv() == "here"
        yield process
    finally:
        process.kill()
        process.join()


def _live(place, folder, work, told):
    locks = Ledger(place).locks(folder)
    with getattr(locks, work[0])(work[1]):
        told.send("here")
        signal.pause()


@pytest.fixture
def there(place, tmp_path):
    """The folder of another host: a ledger in a file has one alone."""
    return tmp_path / ("other" if isinstance(place, str) else "state")


def until(true, seconds=30):
    """Wait for what another process is about to do."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_free(locks, name):
    try:
        with locks.held(name):
            return True
    except Locked:
        return False


def test_a_lock_has_one_holder_among_all_hosts(hosts, tmp_path):
    one, other = hosts("a"), hosts("b")
    with one.held("lock") as hold:
        assert hold.is_ours
        with pytest.raises(Locked, match=rf"process {os.getpid()}\)"), other.held("lock"):
            pass
        with other.held("web.lock"):
            pass
    with other.held("lock"):
        pass


def test_threads_of_one_process_take_turns(hosts):
    locks, order = hosts(), []
    with locks.held("lock"):
        thread = threading.Thread(target=lambda: order.append(is_free(locks, "lock")))
        thread.start()
        thread.join()
    assert order == [False]
    assert is_free(locks, "lock")


def test_who_waits_gets_the_lock_when_it_is_let_go(hosts):
    one, other, told = hosts("a"), hosts("b"), []

    def wait():
        with other.held("lock", 60):
            told.append("had it")

    with one.held("lock"):
        thread = threading.Thread(target=wait)
        thread.start()
        thread.join(0.3)
        assert told == []
    thread.join(60)
    assert told == ["had it"]


def test_a_lock_of_a_process_that_was_killed_is_free(hosts, place, there):
    locks = hosts("a")
    with elsewhere(place, there, ("held", "lock")) as process:
        with pytest.raises(Locked, match=f"process {process.pid}"), locks.held("lock"):
            pass
        process.kill()
        with locks.held("lock", 30):
            pass


def test_a_sender_that_was_killed_is_known_to_be_dead_and_one_that_ended_is_forgotten(
    hosts, place, there
):
    locks = hosts("a")
    with locks.present("here"), elsewhere(place, there, ("present", "gone")) as process:
        with locks.dead() as names:
            assert names == []
        process.kill()
        process.join()
        found = []

        def was_seen():
            with locks.dead() as names:
                found.extend(names)
            return bool(found)

        until(was_seen)
        assert found == ["gone"]
        with locks.dead() as names:
            assert names == []
    with locks.dead() as names:
        assert names == []


def test_a_sender_that_ended_by_an_error_is_one_of_the_dead(hosts):
    locks = hosts()
    with pytest.raises(KeyError), locks.present("failed"):
        raise KeyError
    with locks.dead() as names:
        assert names == ["failed"]


def test_the_dead_are_told_to_one_and_told_again_where_that_failed(hosts, place, there):
    one, other = hosts("a"), hosts("b")
    with elsewhere(place, there, ("present", "gone")) as process:
        process.kill()
        process.join()

        def is_dead():
            try:
                with one.dead() as names:
                    raise KeyError(*names)
            except KeyError as error:
                return error.args == ("gone",)

        until(is_dead)
    with one.dead() as names, other.dead() as others:
        assert (names, others) == (["gone"], [])


# What is of PostgreSQL alone: sessions that are lost or give no sign of life, and the fence.


@pytest.fixture
def ledger_of(place, tmp_path, request):
    """Opens ledgers with their locks."""
    if not isinstance(place, str):
        pytest.skip("a file's lock is of the kernel, which nobody loses")
    with ExitStack() as opened:

        def one(name):
            ledger = Ledger(place)
            opened.callback(ledger.close)
            return ledger, ledger.locks(tmp_path / name)

        yield one


OURS = (
    "locktype = 'advisory' AND database = "
    "(SELECT oid FROM pg_database WHERE datname = current_database())"
)
"""Tests side by side have a database each, of one server."""


def end_sessions(ledger):
    """What a restart of the server does to all others."""
    end = (
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with ledger._engine.connect() as db:
        return db.exec_driver_sql(end).scalar_one()


def writes(ledger):
    """Whether a ledger writes; it may find its connections ended first."""
    for _ in range(3):
        try:
            with ledger._engine.begin() as db:
                db.execute(sa.text("DELETE FROM domains"))
            return True
        except StateUnavailable:
            continue
        except Locked:
            return False
    raise AssertionError


def holders(ledger):
    """The sessions that hold a lock, as the server sees it."""
    with ledger._engine.connect() as db:
        held = f"SELECT pid FROM pg_locks WHERE {OURS} AND granted"
        return db.exec_driver_sql(held).scalars().all()


def test_a_holder_whose_session_was_lost_takes_the_lock_again(ledger_of, monkeypatch):
    monkeypatch.setattr(server_locks, "BEAT", 0.05)
    monkeypatch.setattr(server_locks, "_AGAIN", 0.05)
    (ours, locks), (theirs, others) = ledger_of("a"), ledger_of("b")
    with locks.held("lock") as hold:
        lost = holders(theirs)
        assert end_sessions(theirs) >= 1
        until(lambda: (found := holders(theirs)) and found != lost)
        assert not is_free(others, "lock")
        assert hold.is_ours
        assert writes(ours)
    assert is_free(others, "lock")


def test_who_looks_for_the_dead_says_so_where_its_session_is_lost(ledger_of):
    (_, locks), (theirs, _) = ledger_of("a"), ledger_of("b")
    with theirs._engine.begin() as db:
        db.execute(sa.text("INSERT INTO locks VALUES ('senders/gone', 1, 'one who died')"))
    with pytest.raises(StateUnavailable), locks.dead() as names:
        assert names == ["gone"]
        assert end_sessions(theirs) >= 1
    with locks.dead() as names:
        assert names == ["gone"]  # nobody was told of it to the end


def test_a_holder_whose_lock_another_has_had_writes_nothing_any_more(ledger_of, monkeypatch):
    monkeypatch.setattr(server_locks, "BEAT", 0.05)
    monkeypatch.setattr(server_locks, "_AGAIN", 0.05)
    (ours, locks), (theirs, others) = ledger_of("a"), ledger_of("b")
    with locks.held("lock") as hold:
        monkeypatch.setattr(server_locks._Session, "_opened_again", lambda self: None)
        end_sessions(theirs)
        assert writes(ours)  # nobody has had it yet
        with others.held("lock", 30):
            assert writes(theirs)
            assert not writes(ours)
        assert not writes(ours)
        monkeypatch.undo()
        monkeypatch.setattr(server_locks, "_AGAIN", 0.05)
        until(lambda: not hold.is_ours)
    assert writes(ours)  # it holds nothing any more


def test_a_holder_that_gives_no_sign_of_life_loses_the_lock(ledger_of, place, there, monkeypatch):
    monkeypatch.setattr(server_locks, "LEASE", 1.0)
    ledger, locks = ledger_of("a")
    with elsewhere(place, there, ("held", "lock")) as process:
        os.kill(process.pid, signal.SIGSTOP)
        with locks.held("lock", 60):
            assert writes(ledger)


def test_who_takes_a_lock_waits_for_what_its_holder_before_was_writing(ledger_of):
    (ours, locks), (theirs, others) = ledger_of("a"), ledger_of("b")
    told = []

    def take():
        with others.held("lock", 60):
            told.append("taken")

    with ExitStack() as holding:
        holding.enter_context(locks.held("lock"))
        with ours._engine.begin() as db:
            db.execute(sa.text("DELETE FROM domains"))
            end = f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE {OURS}"
            with theirs._engine.connect() as other:
                other.exec_driver_sql(end)
            thread = threading.Thread(target=take)
            thread.start()
            thread.join(0.5)
            assert told == []
    thread.join(60)
    assert told == ["taken"]


def test_ledgers_in_two_schemas_of_one_database_do_not_meet(ledger_of, place, tmp_path):
    _, locks = ledger_of("a")
    with locks.held("lock"):
        engine = sa.create_engine(place.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as db:
            db.exec_driver_sql("CREATE SCHEMA second")
        engine.dispose()
        joint = "&" if "?" in place else "?"
        second = Ledger(f"{place}{joint}options=-csearch_path%3Dsecond")
        with second.locks(tmp_path / "b").held("lock"):
            pass
        second.close()
