"""Who works, and what keeps jobs from being done, in words."""

from datetime import UTC, datetime

from publisher.ledger.jobs import FailureRecord, LaneRecord, WorkerRecord
from publisher.ledger.parts import Shared
from publisher.pipeline.reports.working import JobCounts, Working

ALL = "breaking, editions, mail, pages"


def worker(host="h1", lanes=ALL, **keys):
    return WorkerRecord(name=f"{host}-1", host=host, lanes=lanes, concurrency=1, **keys)


def lane(name, waiting=0, doing=0):
    return LaneRecord(lane=name, waiting=waiting, later=0, doing=doing, oldest=0.0, given_up=0)


def working(workers=(), silent=(), lanes=(), failures=(), parts=None):
    return Working(workers=workers, silent=silent, lanes=lanes, failures=failures, parts=parts)


def test_a_line_says_who_works_and_how_much_waits():
    hosts = [worker("h1"), worker("h1"), worker("h2")]
    found = working(hosts, lanes=[lane("mail", 1200, 2), lane("pages", 1, 1)])
    assert found.line == "3 workers on 2 hosts: 1,201 jobs waiting, 3 at work"
    assert working([worker()]).line == "1 worker on 1 host: 0 jobs waiting, 0 at work"
    assert JobCounts(waiting=1, doing=2).line == "1 job waiting, 2 at work"


def test_a_line_says_how_far_pages_are_that_workers_share():
    parts = Shared(build="b", turn=1, parts=8, done=3, is_taken=False, is_old=False)
    found = working([worker()], lanes=[lane("pages", 4, 1)], parts=parts)
    assert found.line == "1 worker on 1 host: 4 jobs waiting, 1 at work; pages: 3 of 8 parts"


def test_where_nobody_works_it_is_said():
    (problem,) = working(lanes=[lane("mail", 5)]).problems
    assert str(problem) == (
        "no worker does what is due\n"
        '  publisher.toml has [engine] kind = "procrastinate".\n'
        "  Start one, on any host: publisher worker"
    )


def test_a_lane_that_nobody_serves_is_named():
    found = working(
        [worker(lanes="mail")], lanes=[lane("breaking", 1), lane("mail", 9), lane("pages", 2)]
    )
    (problem,) = found.problems  # who mails does breaking news first
    assert str(problem) == (
        "2 jobs of lane pages waiting, and no worker does them\n"
        "  Start one: publisher worker --lanes pages"
    )
    assert working([worker(lanes="pages")], lanes=[lane("pages", 2), lane("mail")]).problems == []


def test_workers_that_give_no_sign_of_life_and_jobs_that_fail_are_named():
    failure = FailureRecord(
        task="deliver",
        about="morning@2026-11-24T0700",
        host="h2",
        at=datetime(2026, 11, 24, tzinfo=UTC),
        times=3,
        what="the disk is full",
    )
    silent, failing = working([worker()], [worker("h2", silent=95.0)], failures=[failure]).problems
    assert silent.what == "the worker on h2 gave its last sign of life 95s ago"
    assert failing.what == (
        "the job “deliver morning@2026-11-24T0700” failed 3 times, last on h2: the disk is full"
    )
    assert {silent.severity, failing.severity} == {"warning"}
