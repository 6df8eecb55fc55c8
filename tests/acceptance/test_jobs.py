"""A build gives the same bytes with any number of processes, and loses nothing when one dies."""

import os
import signal
from pathlib import Path

import pytest

from publisher.workers import pool
from publisher.workers.starters import starter
from tests.acceptance.test_crash import content, pictures_without_files, states, whole
from tests.processes import below, forkservers
from tests.site import PAGED, Site

FEEDS = '\n[feeds]\nby = ["tag", "section", "author"]\n'
THRESHOLDS = {
    "publisher.sources.ahead._LEAST": 1,
    "publisher.pipeline.indexing._LEAST": 1,
    "publisher.pipeline.pages.related._LEAST": 1,
    "publisher.pipeline.pages.rendered._MANY": 1,
    "publisher.pipeline.pages.writing._FEEDS": 1,
    "publisher.pipeline.pages.writing._TEXTS": 1,
    "publisher.sources.ahead._SLICE": 2,
    "publisher.pipeline.indexing._PART": 2,
    "publisher.pipeline.pages.related._SLICE": 2,
    "publisher.isolation.press._SLICE": 2,
}


class Kept:
    """Starts workers for build after build: what forks them would have to import all anew for each."""

    def __init__(self):
        self._starter = None

    def of(self, modules):
        self._starter = self._starter or starter(modules)
        return self

    def worker(self):
        return self._starter.worker()

    def end(self):
        """The next build goes on with it; each worker ends with the channel to it."""


@pytest.fixture(scope="module")
def kept():
    one = Kept()
    yield one
    one._starter.end()


@pytest.fixture
def eager(monkeypatch, kept):
    """Workers are started for a handful of articles, and get two at a time."""
    monkeypatch.setattr(pool, "starter", kept.of)
    for name, value in THRESHOLDS.items():
        monkeypatch.setattr(name, value)


def own(number):
    """Some words that no other number has."""
    letters = "".join("bcdfghjklm"[int(digit)] + "a" for digit in str(number))
    return " ".join(letters + end for end in ("ron", "lip", "tesk", "mup", "vond", "zirk"))


def made(folder, *, is_reversed=False):
    """A publication of articles that lead to each other, are alike, and are wrong here and there."""
    site = Site(folder, PAGED + FEEDS)
    topics = ["harbour crane ship quay tide", "council vote mayor budget tax", "opera singer stage"]
    files = {
        f"a{n}.md": f"---\ntitle: Story {n} of {topics[n % 3]}\ndate: 2026-11-{n + 1:02}\n"
        f"tags: [t{n % 2}]\nsection: s{n % 3}\nauthor: A{n % 2}\n---\n"
        f"{topics[n % 3]} {own(n)} {own(n // 3 + 100)}. See [before](a{max(n - 1, 0)}.md) and [nothing](gone.md).\n"
        for n in range(14)
    }
    files["broken.md"] = "---\ntitle: [\n---\nText."
    files["twice.md"] = "---\nid: one\ntitle: T\ndate: 2026-11-01\n---\nText."
    files["twice2.md"] = "---\nid: one\ntitle: T2\ndate: 2026-11-02\n---\nText."
    for name in sorted(files, reverse=is_reversed):
        site.article(name, files[name])
    return site


def told(site, jobs):
    """What a build says and leaves."""
    result = site.run("build", "--at", "2026-11-24 07:00", "--jobs", str(jobs))
    problems = site.run("check", "--at", "2026-11-24 07:00").out
    return result.out.replace(str(site.root), ""), problems, site.outbox()


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """What a build in one process says and leaves: the same for all that compare with it."""
    return told(made(tmp_path_factory.mktemp("alone") / "1"), 1)


@pytest.mark.slow
def test_any_number_of_processes_any_seed_and_any_order_of_files_give_the_same(
    alone, tmp_path, eager, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    related = b"".join(data for name, data in alone[2].items() if name.endswith(".html"))
    assert related.count(b'id="related"') > 3, sorted(alone[2])
    for jobs, folder in ((2, "two"), (4, "four")):
        monkeypatch.setenv("PYTHONHASHSEED", str(jobs))
        assert told(made(Path(folder), is_reversed=jobs == 4), jobs) == alone


@pytest.mark.slow
@pytest.mark.parametrize("nth", range(0, 28, 3))
def test_a_worker_that_is_killed_loses_nothing(alone, tmp_path, eager, monkeypatch, nth):
    asked = []
    ask = pool._Worker.ask

    def killed(self, job, items):
        asked.append(items)
        if len(asked) == nth + 1:
            ask(self, job, items)  # now it lives
            os.kill(one_of_them(), signal.SIGKILL)
        return ask(self, job, items)

    monkeypatch.setattr(pool._Worker, "ask", killed)
    assert told(made(tmp_path / "2"), 2) == alone
    assert len(asked) > nth


def one_of_them():
    """A worker that is alive."""
    return [one for server in forkservers() for one in below(server)][-1]


@pytest.mark.slow
def test_an_article_that_kills_who_reads_it_is_named_and_the_others_go_on(
    tmp_path, eager, monkeypatch
):
    site = made(tmp_path / "1")
    ask = pool._Worker.ask

    def deadly(self, job, items):
        if any(one[0] == "a3.md" for one in items if isinstance(one, tuple)):
            self.end()
            raise pool.Closed
        return ask(self, job, items)

    monkeypatch.setattr(pool._Worker, "ask", deadly)
    result = site.run("build", "--at", "2026-11-24 07:00", "--jobs", "2")
    assert "articles/a3.md: cannot be read: the process that read it died" in result.err
    pages = site.outbox()
    assert "web/a4/index.html" in pages
    assert "web/a3/index.html" not in pages
    monkeypatch.undo()
    site.build()  # it was not its fault
    assert "web/a3/index.html" in site.outbox()


@pytest.mark.slow
def test_wherever_a_build_of_several_processes_dies_the_next_makes_it_whole(
    tmp_path, eager, monkeypatch
):
    begun = Site(tmp_path / "begun", PAGED + FEEDS)
    content(begun, "old")
    begun.build()
    old = begun.outbox()
    content(begun, "new")
    begun.article("c.md", "---\ntitle: C\ndate: 2026-11-22\ntags: [one]\n---\nAnother text.")
    monkeypatch.setattr("publisher.pipeline.workspace._cores", lambda: 2)
    left = states(begun, tmp_path, monkeypatch)
    new = begun.outbox()
    assert len(left) > 25
    for step, site in enumerate(left):
        for path, data in whole(site).items():
            assert data in (old.get(path), new.get(path)), (step, path)
        assert pictures_without_files(site) == set(), step
        if step % 8 == 0:
            site.build()
            assert site.outbox() == new, step
