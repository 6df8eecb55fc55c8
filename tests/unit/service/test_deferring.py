"""A service of a publication with workers asks them, in the ledger, and does nothing itself."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest

from publisher.delivery import Stop
from publisher.engine.bodies import BODIES, Asked, Work
from publisher.engine.procrastinate import tables
from publisher.ledger import Ledger
from publisher.pipeline.workspace import Workspace
from publisher.service import Service
from publisher.service.events import Events
from tests.acceptance.test_service import DRAFT
from tests.site import CONFIG
from tests.unit.pipeline.test_checkouts import commit, git

pytestmark = pytest.mark.slow

SLOT = datetime(2026, 11, 24, 6, tzinfo=UTC)  # 07:00 in Berlin
EDITION = "morning@2026-11-24T0700"
SETTLE = ("settle", "editions", "morning")
PAGES, DRAFTS = ("pages", "pages", ""), ("drafts", "editions", "")


@pytest.fixture
def service(site, new_ledger):
    """Makes a service, with a clock that a test moves; `jobs` takes those that wait."""
    with contextlib.ExitStack() as open_:
        ledger = open_.enter_context(contextlib.closing(Ledger(new_ledger, workers=True)))
        ledger.jobs.prepare(*tables())

        class Here(Service):
            now = SLOT - timedelta(hours=3)

            def __init__(self, config=CONFIG):
                keys = f'ledger = "{new_ledger}"\n'
                engine = '\n[engine]\nkind = "procrastinate"\n'
                site.config(config.replace("[publication]\n", f"[publication]\n{keys}") + engine)
                self.said = []
                super().__init__(site.root, lambda: self.now, self.said.append, Stop())
                open_.callback(self.close)

            def jobs(self):
                words = (
                    "DELETE FROM procrastinate_jobs RETURNING task_name, queue_name, args->>'about'"
                )
                with ledger._engine.begin() as db:
                    db.exec_driver_sql("SET LOCAL search_path TO public_jobs")
                    return sorted(map(tuple, db.exec_driver_sql(words)))

            def settle(self):
                with contextlib.closing(Workspace(site.root, self.now, writing=True)) as space:
                    work = Work(
                        space=space,
                        now=lambda: self.now,
                        stop=Stop(),
                        events=Events(lambda: self.now, self.said.append),
                        put=space.ledger.jobs.put,
                    )
                    BODIES["settle"](work, Asked(about="morning"))

        yield Here


def test_a_slot_is_asked_for_until_a_worker_has_settled_it(site, service):
    site.story("a")
    one = service()
    assert "deliver" not in one.threads
    one.tick()
    assert one.jobs() == [PAGES]  # as ever when a service begins
    one.tick()
    assert one.jobs() == []
    one.now = SLOT + timedelta(seconds=1)
    one.tick()
    assert one.jobs() == [SETTLE]
    one.settle()
    assert one.jobs() == []  # nobody reads it: there is no edition, and no mail
    one.now += timedelta(seconds=1)
    one._agenda._retry.clear()  # some seconds later
    one.tick()
    assert (one.jobs(), one.standing()) == ([], 0)
    assert [event.text for event in one.said if event.what == "slot"] == [
        "skipped: nobody subscribes to morning"
    ]
    one.now += timedelta(days=1)
    one.tick()
    assert one.jobs() == [SETTLE]


def test_of_which_commit_a_slot_is_built_is_named_with_its_job(site, service):
    site.story("a")
    one = service()
    site.run("subscribers", "add", "ana@x.example")
    (site.root / ".gitignore").write_text("outbox\n.publisher\n")
    git(site.root, "init", "-q")
    first = commit(site.root)
    one.tick()
    one.jobs()
    commits = one._configuration.space.ledger.commits
    one.now = SLOT + timedelta(seconds=1)
    one.tick()
    assert (one.jobs(), commits.of(EDITION).commit) == ([SETTLE], first)
    site.story("b")
    commit(site.root)
    one._agenda._retry.clear()
    one.tick()
    assert (one.jobs(), commits.of(EDITION).commit) == ([SETTLE], first)  # as it was first asked


def test_what_is_not_committed_is_said_and_names_nothing(site, service):
    site.story("a")
    one = service()
    git(site.root, "init", "-q")
    commit(site.root)
    site.story("b")
    one.tick()
    one.now = SLOT + timedelta(seconds=1)
    one.tick()
    commits = one._configuration.space.ledger.commits
    assert (SETTLE in one.jobs(), commits.of(EDITION)) == (True, None)
    (told,) = [event.text for event in one.said if event.what == "error"]
    assert told.startswith("commit: what all hosts build from is not committed: 'articles/b.md'")


def in_git(site):
    (site.root / ".gitignore").write_text("outbox\n.publisher\n")
    git(site.root, "init", "-q")
    return commit(site.root)


def test_of_which_commit_pages_are_is_named_with_their_job(site, service):
    site.story("a")
    one = service()
    first = in_git(site)
    one.tick()
    commits = one._configuration.space.ledger.commits
    assert (one.jobs(), commits.newest().commit) == ([PAGES], first)
    site.story("b")
    second = commit(site.root)
    one._changed.set()
    one.tick()
    assert (one.jobs(), commits.newest().commit) == ([PAGES], second)


def test_a_commit_that_comes_after_its_files_is_seen_by_itself(site, service):
    site.story("a")
    one = service()
    first = in_git(site)
    site.story("b")  # as `git pull` does: files first
    one.tick()
    commits = one._configuration.space.ledger.commits
    assert (one.jobs(), commits.newest().commit) == ([PAGES], first)
    second = commit(site.root)
    one.now += timedelta(seconds=4)
    one.tick()
    assert one.jobs() == []  # git is not asked at each tick
    one.now += timedelta(seconds=1)
    one.tick()
    assert (one.jobs(), commits.newest().commit) == ([PAGES], second)
    one.now += timedelta(seconds=5)
    one.tick()
    assert one.jobs() == []
    assert [event.what for event in one.said if event.what in ("error", "mended")] == [
        "error",
        "mended",
    ]


def test_a_host_that_has_not_pulled_names_nothing_older_neither_for_a_slot(site, service):
    site.story("a")
    one = service()
    site.run("subscribers", "add", "ana@x.example")
    first = in_git(site)
    site.story("b")
    second = commit(site.root)
    one.tick()
    one.jobs()
    git(site.root, "checkout", "-q", first)
    one.now = SLOT + timedelta(seconds=1)
    one.tick()
    commits = one._configuration.space.ledger.commits
    assert (commits.newest().commit, commits.of(EDITION).commit) == (second, second)
    assert [event.text for event in one.said if event.what == "error"] == []


def test_a_git_that_cannot_be_asked_keeps_nothing_from_being_made(site, service, monkeypatch):
    site.story("a")
    one = service()
    in_git(site)
    monkeypatch.setenv("PATH", "")
    one.tick()
    assert one.jobs() == [PAGES]
    (told,) = [event.text for event in one.said if event.what == "error"]
    assert told.startswith("commit: git cannot be run")


def test_two_hosts_ask_once(site, service):
    one, other = service(), service()
    one.tick()
    other.tick()
    assert one.jobs() == [PAGES]
    one.now = other.now = SLOT + timedelta(seconds=1)
    one.tick()
    other.tick()
    assert one.jobs() == [SETTLE]


def test_drafts_and_pages_are_asked_for_when_something_has_changed(site, service):
    one = service(DRAFT)
    one.tick()
    assert one.jobs() == [DRAFTS, PAGES]
    one._changed.set()
    one.tick()
    assert one.jobs() == [DRAFTS, PAGES]


def test_another_engine_is_said_to_want_another_start(site, service):
    one = service()
    one.tick()
    text = (site.root / "publisher.toml").read_text()
    site.config(text.replace('kind = "procrastinate"', 'kind = "local"'))
    one.reload()
    one.tick()
    (said,) = [event.text for event in one.said if "engine" in event.text]
    assert said.startswith("engine: the engine is procrastinate still, and publisher.toml names")
    assert "Start `publisher run` again." in said
