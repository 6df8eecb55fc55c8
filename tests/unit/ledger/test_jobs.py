"""Jobs beside the ledger, on a real PostgreSQL: written with what decides them, or not at all."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from publisher.audience import address, mailbox
from publisher.engine.procrastinate import tables
from publisher.ledger import (
    EVERY_DOMAIN,
    EditionRecord,
    Ledger,
    Limits,
    Mark,
    SendRecord,
    SlotRecord,
)
from publisher.ledger.jobs import WorkerRecord
from publisher.model import Candidate, Outcome, SubjectPlan
from publisher.model.job import (
    PART,
    delivering,
    drafting,
    making_pages,
    reading_returns,
    redelivering,
    settling,
    telling_hub,
)

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
EDITION = "morning@2026-11-24T0700"


@pytest.fixture
def place(new_ledger):
    """Where a ledger on PostgreSQL is, with nothing in it."""
    return new_ledger


@pytest.fixture
def unprepared(place):
    opened = Ledger(place, workers=True)
    yield opened
    opened.close()


@pytest.fixture
def ledger(unprepared):
    unprepared.jobs.prepare(*tables())
    return unprepared


def said(ledger, query, **values):
    with ledger._engine.connect() as db:
        return db.exec_driver_sql(query, values).all()


def waiting(ledger):
    """Task, lane, what it is about, priority; in the order in which they are done."""
    return [
        tuple(row)
        for row in said(
            ledger,
            "SELECT task_name, queue_name, args->>'about', priority FROM public_jobs.procrastinate_jobs "
            "WHERE status = 'todo' ORDER BY priority DESC, id",
        )
    ]


def fetch(ledger, *lanes):
    """Take a job as a worker of Procrastinate does; return (worker, job, task)."""
    with ledger._engine.begin() as db:
        db.exec_driver_sql("SET LOCAL search_path TO public_jobs")
        (worker,) = db.exec_driver_sql("SELECT procrastinate_register_worker_v1()").scalars()
        row = db.exec_driver_sql(
            "SELECT id, task_name FROM procrastinate_fetch_job_v2(%(lanes)s::varchar[], %(worker)s)",
            {"lanes": list(lanes), "worker": worker},
        ).one()
    return worker, row.id, row.task_name


def finish(ledger, job):
    with ledger._engine.begin() as db:
        db.exec_driver_sql("SET LOCAL search_path TO public_jobs")
        db.exec_driver_sql(
            "SELECT procrastinate_finish_job_v1(%(job)s, 'succeeded', true)", {"job": job}
        )


def silent(ledger, worker, seconds):
    """Let a worker's last sign of life be so long ago."""
    with ledger._engine.begin() as db:
        db.exec_driver_sql(
            "UPDATE public_jobs.procrastinate_workers SET last_heartbeat = now() - make_interval(secs => %(s)s) "
            "WHERE id = %(worker)s",
            {"s": seconds, "worker": worker},
        )


def read_by(ledger, count):
    """So many readers, and an edition that was built."""
    people = [Candidate(address=address(f"r{n}@x.example")) for n in range(count)]
    erased = {one.address.key: "erased:" + one.address.key for one in people}
    ledger.readers.join(people, ["morning"], now=NOW, how="", source="", erased=erased)
    ledger.editions.record(
        EditionRecord(
            id=EDITION,
            newsletter="morning",
            slot="2026-11-24T07:00",
            instant=NOW,
            state="built",
            recorded=NOW,
        )
    )


def send_of(**changes):
    send = SendRecord(
        edition=EDITION,
        newsletter="morning",
        state="sending",
        seal="s",
        lane=1,
        readers=0,
        frozen=NOW,
        start=NOW + timedelta(hours=1),
        expires=NOW + timedelta(days=1),
    )
    return replace(send, **changes)


def slot():
    return SlotRecord(
        edition=EDITION,
        newsletter="morning",
        slot="2026-11-24T07:00",
        instant=NOW,
        state="sent",
        recorded=NOW,
    )


def test_a_transaction_that_is_rolled_back_leaves_no_job(ledger):
    with pytest.raises(ZeroDivisionError), ledger._engine.begin() as db:
        assert (
            ledger.jobs.defer(db, [settling("morning", breaking=False), delivering(EDITION)]) == 2
        )
        raise ZeroDivisionError
    assert waiting(ledger) == []
    with ledger._engine.begin() as db:
        assert (
            ledger.jobs.defer(db, [settling("morning", breaking=False), delivering(EDITION)]) == 2
        )
    assert [task for task, *_ in waiting(ledger)] == ["settle", "deliver"]


def test_what_is_more_urgent_comes_first(ledger):
    ledger.jobs.put(
        [
            making_pages(),
            telling_hub(["https://x.example/feed"]),
            delivering("b"),
            settling("weekly", breaking=False),
            delivering("a", breaking=True),
            settling("flash", breaking=True),
        ]
    )
    assert waiting(ledger) == [
        ("settle", "breaking", "flash", 130),
        ("deliver", "breaking", "a", 110),
        ("settle", "editions", "weekly", 30),
        ("deliver", "mail", "b", 10),
        ("pages", "pages", "", 0),
        ("hub", "pages", "", 0),
    ]


def test_of_one_kind_one_waits_for_now_and_one_for_each_time(ledger):
    tomorrow, sooner = NOW + timedelta(days=1), NOW + timedelta(hours=1)
    later = [making_pages(tomorrow, NOW), making_pages(sooner, NOW)]
    assert ledger.jobs.put([*later, making_pages(), making_pages(), *later]) == 3
    assert fetch(ledger, "pages")[2] == "pages"  # the one for now, though it came last
    assert fetch(ledger, "pages")[1] is None
    assert ledger.jobs.put([making_pages(), drafting()]) == 2  # while the first is done


def test_two_who_ask_at_once_ask_once(ledger, place):
    other = Ledger(place, workers=True)
    with ledger._engine.begin() as db:
        with other._engine.begin() as rival:
            other.jobs.defer(rival, [delivering("a")])
            assert ledger.jobs.defer(db, [reading_returns()]) == 1
        assert other.jobs.put([delivering("b")]) == 1
    assert other.jobs.put([reading_returns()]) == 0
    other.close()


def test_a_frozen_edition_has_its_jobs_from_the_same_transaction(ledger):
    read_by(ledger, 2 * PART + 1)
    assert ledger.sends.freeze(send_of(), None, slot()).readers == 2 * PART + 1
    assert [row[:3] for row in waiting(ledger)] == [
        *[("deliver", "mail", EDITION)] * 3,
        ("pages", "pages", ""),
    ]
    (delay,) = {
        (at - asked).total_seconds()
        for at, asked in said(
            ledger,
            "SELECT scheduled_at, (SELECT min(e.at) FROM public_jobs.procrastinate_events e "
            "WHERE e.job_id = j.id AND type = 'deferred') FROM public_jobs.procrastinate_jobs j "
            "WHERE task_name = 'deliver'",
        )
    }
    assert delay == 3600
    ledger.sends.freeze(send_of(), None, slot())  # again: it is frozen already
    assert len(waiting(ledger)) == 4


def test_what_cannot_be_frozen_leaves_no_job(ledger):
    read_by(ledger, 1)
    with pytest.raises(sa.exc.StatementError):
        ledger.sends.freeze(replace(send_of(), seal=None), None, slot())
    assert waiting(ledger) == []


def test_without_tables_of_jobs_all_goes_on_and_a_worker_finds_what_is_due(unprepared):
    read_by(unprepared, 1)
    assert unprepared.sends.freeze(send_of(), None, slot()).readers == 1
    assert unprepared.jobs.put([making_pages()]) == 0
    assert (unprepared.jobs.lanes(), unprepared.jobs.workers(), unprepared.jobs.failures()) == (
        [],
        [],
        [],
    )
    assert unprepared.jobs.take_over(timedelta()) == []
    unprepared.jobs.prepare(*tables())
    assert unprepared.jobs.put([making_pages()]) == 1


def test_tables_are_brought_up_step_by_step(unprepared):
    whole, steps = tables()
    before = {name: step for name, step in steps.items() if name < "03.03"}
    unprepared.jobs.prepare("".join(before.values()), before)
    has = "SELECT count(*) FROM pg_proc WHERE proname = 'procrastinate_retry_job_v2'"
    assert said(unprepared, has) == [(0,)]
    assert unprepared.jobs.prepare(whole, steps) == "public_jobs"
    assert said(unprepared, has) == [(1,)]
    unprepared.jobs.prepare(whole, steps)  # nothing is left to do
    unprepared.jobs.put([making_pages()])
    assert fetch(unprepared, "pages")[2] == "pages"


def test_the_jobs_of_a_worker_that_is_dead_are_done_by_another_under_another_number(ledger):
    ledger.jobs.put([delivering(EDITION), reading_returns()])
    worker, first, _ = fetch(ledger, "mail")
    other, second, _ = fetch(ledger, "pages")
    silent(ledger, worker, 60)
    silent(ledger, other, 10)
    assert ledger.jobs.take_over(timedelta(seconds=30)) == [("deliver", EDITION)]
    _, again, task = fetch(ledger, "mail")
    assert (task, again > second) == ("deliver", True)
    with pytest.raises(sa.exc.DatabaseError, match="not found"):
        finish(ledger, first)  # the first worker wakes up: its job is no more
    finish(ledger, again)
    finish(ledger, second)
    assert ledger.jobs.take_over(timedelta()) == []


def test_one_that_may_run_once_is_free_when_its_worker_is_dead(ledger):
    ledger.jobs.put([settling("morning", breaking=False)])
    worker, *_ = fetch(ledger, "editions")
    ledger.jobs.put([settling("morning", breaking=False)])
    assert fetch(ledger, "editions")[1] is None  # one is being done
    silent(ledger, worker, 60)
    assert ledger.jobs.take_over(timedelta(seconds=30)) == [("settle", "morning")]
    assert fetch(ledger, "editions")[2] == "settle"  # the one that waited does for both
    assert waiting(ledger) == []


def test_a_job_for_tomorrow_does_nothing_of_what_is_due_now(ledger):
    seen = []

    def decide(facts):
        seen.append(dict(facts.live))
        return []

    soon, tomorrow = timedelta(minutes=1), timedelta(days=1)
    ledger.jobs.put([delivering("a"), delivering("a", delay=soon), delivering("a", delay=tomorrow)])
    ledger.jobs.put([redelivering("a", NOW + soon, NOW, breaking=False, part=0)])  # was put off
    ledger.jobs.reconcile(NOW, PART, decide, has_mailbox=False)
    assert seen == [{("deliver", "a"): 2}]


OURS, OTHERS = delivering("a"), delivering("b")
FLASH = settling("flash", breaking=True)
LATER = delivering("b", delay=timedelta(hours=1))


@pytest.mark.parametrize(
    ("jobs", "is_idle", "goes_on", "left"),
    [
        ([], False, True, []),
        ([OURS, OURS, OTHERS], False, True, ["a", "b"]),  # one turn does what one job asks for
        ([OTHERS, OURS], False, False, ["b", "a"]),
        ([OURS, FLASH], False, False, ["flash", "a"]),  # more urgent
        ([making_pages(), LATER], False, True, ["b", ""]),  # of another lane, or not yet
        ([OURS, OURS], True, True, []),
        ([OURS, OTHERS, OURS], True, False, ["b"]),  # those of "a" have nothing to do now
    ],
)
def test_who_sends_an_edition_goes_on_while_no_other_job_is_next(
    ledger, jobs, is_idle, goes_on, left
):
    ledger.jobs.put(jobs)
    assert ledger.jobs.go_on("a", "mail", is_idle=is_idle) is goes_on
    assert [about for _, _, about, _ in waiting(ledger)] == left


def test_breaking_news_goes_on_unless_whoever_else_its_workers_serve_waits(ledger):
    ledger.jobs.put([settling("morning", breaking=False)])
    assert ledger.jobs.go_on("a", "mail", is_idle=False)  # another lane builds
    assert not ledger.jobs.go_on("a", "breaking", is_idle=False)


def test_lanes_workers_and_failures_are_told(ledger):
    ledger.jobs.put([delivering(EDITION)] * 3 + [making_pages(NOW + timedelta(hours=1), NOW)])
    fetch(ledger, "mail")
    lanes = {one.lane: one for one in ledger.jobs.lanes()}
    assert [(one.waiting, one.later, one.doing) for one in lanes.values()] == [(2, 0, 1), (0, 1, 0)]
    assert 0 <= lanes["mail"].oldest < 60
    worker = WorkerRecord(name="w1", host="h1", lanes="mail, pages", concurrency=2)
    ledger.jobs.look(worker)
    ledger.jobs.look(replace(worker, name="w2", host="h2"))
    ledger.jobs.look(replace(worker, name="w2", host="h2", ended=True))
    assert [(one.host, one.lanes, one.concurrency) for one in ledger.jobs.workers()] == [
        ("h1", "mail, pages", 2)
    ]
    ledger.jobs.fail("pages", "", "h1", "the disk is full")
    ledger.jobs.fail("pages", "", "h2", "the disk is full")
    assert [(one.task, one.host, one.times, one.what) for one in ledger.jobs.failures()] == [
        ("pages", "h2", 2, "the disk is full")
    ]
    ledger.jobs.well("pages", "")
    assert ledger.jobs.failures() == []


def test_ledgers_of_one_database_have_jobs_of_their_own(ledger, place):
    with ledger._engine.begin() as db:
        db.exec_driver_sql('CREATE SCHEMA "Other paper"')
    words = {"options": '-c search_path="Other\\ paper"'}
    url = sa.make_url(place).update_query_dict(words)
    other = Ledger(url.render_as_string(hide_password=False), workers=True)
    assert other.jobs.prepare(*tables()) == "Other paper_jobs"
    ledger.jobs.put([making_pages()])
    assert [one.waiting for one in other.jobs.lanes()] == []
    assert other.jobs.put([making_pages()]) == 1
    other.close()


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PLAN = SubjectPlan(subjects={"A": "a", "B": "b"}, share=0.5, wait=2 * HOUR, counted=True)
ANA = address("ana@y.example")


def frozen(ledger, start=NOW, **how):
    read_by(ledger, 4)
    return ledger.sends.freeze(send_of(start=start), None, slot(), **how)


def claimed(ledger, now=NOW):
    frozen(ledger)
    return ledger.queue.claim("w", now, 4, HOUR, Limits())


def marked(ledger, state, *, due=None, place=0):
    """Say that of the reader at a place."""
    rows = said(ledger, "SELECT subscriber FROM deliveries ORDER BY subscriber")
    mark = Mark(1, EDITION, rows[place].subscriber, state, NOW, "unknown", "no", due)
    ledger.queue.mark([mark], HOUR)


def failed(ledger):
    claimed(ledger)
    marked(ledger, "sending")
    marked(ledger, "failed")


def doubtful(ledger):
    claimed(ledger)
    marked(ledger, "sending")
    marked(ledger, "uncertain")


def asked(ledger, now=NOW):
    return ledger.signups.ask(ANA, mailbox(ANA), ["morning"], "en", "net", now)


def taken(ledger):
    asked(ledger)
    return ledger.signups.take(NOW)


def number(ledger):
    return ledger.signups.unconfirmed()[0].id


MAIL, PAGES = ("deliver", EDITION, 0), ("pages", "", 0)
DUE = {
    "an edition is frozen": (lambda one: read_by(one, 4), lambda one: one.sends.freeze(send_of(start=NOW), None, slot()), [MAIL, PAGES]),
    "by zones": (
        lambda one: read_by(one, 4),
        lambda one: one.sends.freeze(send_of(start=NOW), None, slot(), turns={"": NOW + 3 * HOUR}),
        [("deliver", EDITION, 10800), PAGES],
    ),
    "with a test": (
        lambda one: read_by(one, 4),
        lambda one: one.sends.freeze(send_of(start=NOW), None, slot(), test=PLAN),
        [MAIL, ("deliver", "", 7200), PAGES],
    ),
    "it is released": (
        lambda one: (frozen(one), one.sends.hold(EDITION, "")),
        lambda one: one.sends.release(EDITION, NOW, NOW + DAY, NOW),
        [MAIL, PAGES],
    ),
    "it is moved": (
        lambda one: frozen(one, NOW + HOUR),
        lambda one: one.sends.move(EDITION, NOW + 2 * HOUR, NOW + DAY, NOW),
        [("deliver", EDITION, 7200), PAGES],
    ),
    "what failed is tried again": (
        failed,
        lambda one: one.sends.retry(EDITION, NOW + DAY, NOW),
        [MAIL, PAGES],
    ),
    "what is uncertain is to be sent again": (
        doubtful,
        lambda one: one.sends.resolve(EDITION, [], sent=False, now=NOW, expires=NOW + DAY),
        [MAIL, PAGES],
    ),
    "a server puts it off": (
        claimed,
        lambda one: marked(one, "deferred", due=NOW + HOUR),
        [("deliver", EDITION, 3600)],
    ),
    "one never left": (claimed, lambda one: marked(one, "unsent"), [MAIL]),
    "a sender ends": (claimed, lambda one: one.queue.finish(1, NOW), [MAIL]),
    "a sender is dead": (claimed, lambda one: one.queue.recover(NOW, ["w"], resend=True), [MAIL]),
    "a domain is held": (
        claimed,
        lambda one: one.queue.hold_domain("x.example", NOW, NOW + HOUR, "", []),
        [("deliver", EDITION, 3600)],
    ),
    "a domain is found held": (
        lambda one: (frozen(one), one.queue.hold_domain("x.example", NOW, NOW + HOUR, "", [])),
        lambda one: one.queue.claim("w", NOW, 4, HOUR, Limits()),
        [("deliver", EDITION, 3600)],
    ),
    "a hold is lifted": (
        lambda one: one.queue.hold_domain(EVERY_DOMAIN, NOW, NOW + HOUR, "", []),
        lambda one: one.queue.lift(EVERY_DOMAIN, NOW),
        [("deliver", "", 0)],
    ),
    "a test is decided": (
        lambda one: frozen(one, test=PLAN),
        lambda one: one.subject_tests.decide(EDITION, "A", "by hand", Outcome(tallies={}), NOW, DAY),
        [MAIL, PAGES],
    ),
    "a test ends later": (
        lambda one: frozen(one, test=PLAN),
        lambda one: one.subject_tests.postpone(EDITION, NOW + 5 * HOUR, NOW),
        [("deliver", "", 18000)],
    ),
    "somebody signs up": (lambda one: None, asked, [("sign-ups", "", 0)]),
    "its mail is put off": (
        taken,
        lambda one: one.signups.give_back(number(one), NOW + HOUR, NOW),
        [("sign-ups", "", 3600)],
    ),
    "somebody is to be welcomed": (
        taken,
        lambda one: one.signups.confirm(number(one), "none", NOW, "test", ["morning"]),
        [("sign-ups", "", 0)],
    ),
}  # fmt: skip


def delays(ledger):
    """Task, what it is about and in how many seconds, of each job that waits."""
    return [
        (row.task_name, row.about, int(row.delay))
        for row in said(
            ledger,
            "SELECT task_name, args->>'about' AS about, coalesce(extract(epoch FROM scheduled_at - "
            "(SELECT min(e.at) FROM public_jobs.procrastinate_events e WHERE e.job_id = j.id "
            "AND type = 'deferred')), 0) AS delay "
            "FROM public_jobs.procrastinate_jobs j WHERE status = 'todo' ORDER BY id",
        )
    ]


def forget_jobs(ledger):
    with ledger._engine.begin() as db:
        db.exec_driver_sql("SET LOCAL search_path TO public_jobs")
        db.exec_driver_sql("DELETE FROM procrastinate_jobs")


class PowerCut(Exception):
    pass


def cut(_):
    raise PowerCut


@pytest.mark.parametrize("kind", DUE)
def test_whatever_makes_work_due_writes_its_jobs_in_its_own_transaction(ledger, kind):
    before, act, jobs = DUE[kind]
    before(ledger)
    forget_jobs(ledger)
    sa.event.listen(ledger._engine, "commit", cut)
    with pytest.raises(PowerCut):
        act(ledger)
    sa.event.remove(ledger._engine, "commit", cut)
    assert delays(ledger) == []
    act(ledger)  # nothing was decided either: it is decided now
    assert delays(ledger) == jobs


def test_who_gives_back_while_a_job_of_it_is_done_asks_for_none(ledger):
    claimed(ledger)
    fetch(ledger, "mail")
    ledger.queue.finish(1, NOW)
    assert [task for task, *_ in waiting(ledger)] == ["pages"]


def test_those_that_are_given_back_together_are_one_job(ledger):
    chunk = claimed(ledger)
    readers = [one.reader for one in chunk.deliveries]
    forget_jobs(ledger)
    ledger.queue.mark([Mark(1, EDITION, one, "unsent", NOW) for one in readers], HOUR)
    assert delays(ledger) == [("deliver", EDITION, 0)]


def test_what_is_put_off_to_one_time_is_one_job(ledger):
    claimed(ledger)
    soon = NOW + timedelta(seconds=601)
    for place in (0, 1, 2):
        marked(ledger, "deferred", due=soon + timedelta(seconds=place), place=place)
    assert delays(ledger)[2:] == [("deliver", EDITION, 610)]
