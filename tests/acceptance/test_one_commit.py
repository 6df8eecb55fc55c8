"""Feeds, pages and drafts of one commit, whichever host makes them: real git, PostgreSQL, two clones."""

import contextlib
import shutil
from datetime import timedelta

import pytest

from publisher.delivery import Stop
from publisher.engine import bodies
from publisher.engine.bodies import BODIES, Asked, Work
from publisher.engine.procrastinate import tables
from publisher.errors import Held, Locked, SourceError
from publisher.ledger import Ledger
from publisher.ledger.jobs import WorkerRecord
from publisher.model.job import drafting, making_pages
from publisher.outbox.objects import Objects
from publisher.pipeline import commits, turns
from publisher.pipeline.editions import build
from publisher.pipeline.workspace import Workspace
from publisher.service.events import Events
from tests.acceptance.test_service import DRAFT
from tests.crash.hosts import with_keys
from tests.site import NOW, PAGED, Site, tree
from tests.stores import BUCKET, prefix
from tests.unit.pipeline.test_checkouts import commit, git

pytest.importorskip("procrastinate", reason="no workers: pip install '.[test]'")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("git") is None, reason="no git"),
]

ENGINE = '\n[engine]\nkind = "procrastinate"\npart_pages = {}\n'
EDITION = "morning@2026-11-24T0700"
LAST = NOW + timedelta(hours=17)  # the last hour before its slot


class Host(Site):
    """A clone of the publication, and the jobs that it does."""

    def __init__(self, root, open_):
        super().__init__(root)
        self.said, self.put, self._open = [], [], open_

    def job(self, task, about="", at=NOW):
        """Do a job here, as a worker would; what it asks for is in `put`."""
        self.put.clear()
        space = Workspace(self.root, at, writing=True)
        with contextlib.closing(space):
            work = Work(
                space=space,
                now=lambda: at,
                stop=Stop(),
                events=Events(lambda: at, self.said.append),
                put=self.put.extend,
            )
            assert BODIES[task](work, Asked(about=about)) is None

    def push(self, *words):
        """Commit all, and push it; return the commit."""
        named = commit(self.root)
        git(self.root, "push", "-q", *words, "origin", "HEAD:main")
        return named

    def pull(self):
        git(self.root, "pull", "-q", "--ff-only", "origin", "main")

    def withdraw(self, name):
        self.story(name, draft="true")

    @property
    def errors(self):
        return [one.text for one in self.said if one.what == "error"]


class Hosts:
    """Two hosts at the same commit, a ledger that they share, and what readers see."""

    def __init__(self, folder, url, outbox, open_, config=PAGED, part_pages=1000):
        git(folder, "init", "-q", "--bare", "-b", "main", "all")
        keys = (f'outbox = "{outbox}"', f'ledger = "{url}"')
        self.outbox, self.url = str(outbox), url
        self.one = Host(folder / "one", open_)
        self.one.config(with_keys(config, *keys) + ENGINE.format(part_pages))
        (self.one.root / ".gitignore").write_text(".publisher\n")
        for name in "ab":
            self.one.story(name)
        git(self.one.root, "init", "-q", "-b", "main")
        git(self.one.root, "remote", "add", "origin", str(folder / "all"))
        self.one.push()
        git(folder, "clone", "-q", str(folder / "all"), "other")
        self.other = Host(folder / "other", open_)
        self.ledger = Ledger(url, workers=True)
        open_.callback(self.ledger.close)
        self.ledger.jobs.prepare(*tables())

    @property
    def newest(self):
        found = self.ledger.commits.newest()
        return found.commit if found else None

    def shown(self):
        """What readers see, by place."""
        if not self.outbox.startswith("s3:"):
            return {
                name: data
                for part in ("web", "feeds")
                for name, data in tree_of(self.outbox, part).items()
            }
        store = Objects(self.outbox)
        return {
            name: store.get(name).data for part in ("web", "feeds") for name in store.list(part)
        }

    def shows(self, name):
        """Whether readers see a story anywhere."""
        return any(f"paragraph of {name}".encode() in data for data in self.shown().values())


def tree_of(outbox, part):
    from pathlib import Path

    return {f"{part}/{name}": data for name, data in tree(Path(outbox) / part).items()}


@pytest.fixture
def hosts(tmp_path, new_ledger, monkeypatch):
    monkeypatch.setattr(bodies, "_AWAY", 0)
    with contextlib.ExitStack() as open_:

        def made(outbox=tmp_path / "outbox", **keys):
            return Hosts(tmp_path, new_ledger, outbox, open_, **keys)

        yield made


@pytest.fixture
def store(s3):
    """The address of an outbox in an object store."""
    return f"s3://{BUCKET}/{prefix()}"


@pytest.fixture(params=["folder", "s3"])
def outbox(request, tmp_path):
    if request.param == "folder":
        return tmp_path / "outbox"
    return request.getfixturevalue("store")


def test_a_story_that_was_withdrawn_stays_away_though_a_host_has_not_pulled(hosts, outbox):
    both = hosts(outbox)
    both.other.job("pages")
    assert both.shows("a")
    both.one.withdraw("a")
    newer = both.one.push()
    both.one.job("pages")
    expected = both.shown()
    assert (both.shows("a"), both.shows("b"), both.newest) == (False, True, newer)
    before = tree(both.other.root / "articles")
    both.other.job("pages")
    assert both.shown() == expected
    assert tree(both.other.root / "articles") == before  # its own folder is an editor's
    assert both.other.errors == []


def test_whichever_host_makes_them_the_bytes_are_the_same(hosts, outbox):
    both = hosts(outbox)
    both.other.job("pages")
    both.one.story("c", tags="[one, two]")
    both.one.story("b", title="Another")
    (both.one.root / "templates").mkdir()
    (both.one.root / "templates/x.txt").write_text("of no use")
    both.one.push()
    both.one.job("pages")
    by_one = both.shown()
    if not both.outbox.startswith("s3:"):
        shutil.rmtree(both.outbox)
    else:
        store = Objects(both.outbox)
        for name in [*both.shown()]:
            store.delete(name)
    both.other.job("pages")
    assert both.shown() == by_one
    assert b"Another" in by_one["web/b/index.html"]


def test_a_host_that_pulls_makes_them_of_its_own_folder_again(hosts):
    both = hosts()
    both.one.withdraw("a")
    both.one.push()
    both.one.job("pages")
    both.other.job("pages")
    copies = both.other.root / ".publisher/checkouts"
    assert [one.name for one in copies.iterdir() if one.is_dir()] == [both.newest]
    shutil.rmtree(copies)
    both.other.pull()
    both.other.story("c")
    newer = both.other.push()
    both.other.job("pages")
    assert (both.newest, both.shows("c"), copies.exists()) == (newer, True, False)
    both.one.job("pages")
    assert both.shows("c")


def test_a_commit_that_nobody_pushed_leaves_the_job_to_who_has_it(hosts):
    both = hosts()
    both.one.withdraw("a")
    newer = commit(both.one.root)
    both.one.job("pages")
    expected = both.shown()
    with pytest.raises(SourceError) as error:
        both.other.job("pages")
    said = str(error.value)
    assert said.startswith(f"feeds, pages and drafts are to be made of commit {newer[:12]}, and it")
    assert "Of an older one nothing is shown; another host may do it." in said
    assert "publisher build --from-here" in said
    assert (both.shown(), both.other.put) == (expected, [making_pages()])  # for others, at once
    git(both.one.root, "push", "-q", "origin", "HEAD:main")
    both.other.job("pages")
    assert both.shown() == expected


def test_another_history_is_shown_when_a_person_says_so(hosts):
    both = hosts()
    both.one.story("c")
    before = both.one.push()
    both.one.job("pages")
    both.other.pull()
    git(both.one.root, "reset", "-q", "--hard", "HEAD~1")
    both.one.withdraw("a")
    after = both.one.push("--force")
    both.one.job("pages")  # of what was: nothing of it is taken back without a word
    assert (both.newest, both.shows("a"), both.shows("c")) == (before, True, True)
    (told,) = both.one.errors
    assert told.startswith(
        f"commit: this host's folder is at commit {after[:12]}, and feeds, pages and drafts are "
        f"made of {before[:12]}, which is not in its history, nor the other way round\n"
    )
    stands = both.one.run("status")
    assert "at commit " + after[:12] in stands.out + stands.err
    refused = both.one.run("build")
    assert (refused.code, "publisher build --from-here" in refused.err) == (3, True)
    assert both.shows("c")
    anew = both.one.run("build", "--from-here")
    assert anew.code == 0, anew.err
    assert (both.newest, both.shows("a"), both.shows("c")) == (after, False, False)
    both.other.job("pages")  # which still has what was
    assert (both.newest, both.shows("a"), both.shows("c")) == (after, False, False)
    assert len(both.other.errors) == 1
    both.one.said.clear()
    both.one.job("pages")
    assert both.one.errors == []


def test_what_is_typed_on_a_host_that_has_not_pulled_shows_nothing_older(hosts):
    both = hosts()
    both.one.withdraw("a")
    newer = both.one.push()
    built = both.one.run("build")
    assert (built.code, both.newest, both.shows("a")) == (0, newer, False)
    own = git(both.other.root, "rev-parse", "HEAD")
    expected = both.shown()
    for words in (["build"], ["feeds", "build"]):
        refused = both.other.run(*words)
        assert refused.code == 3
        assert refused.err.splitlines()[0] == (
            f"publisher: this host's folder is at commit {own[:12]}, and feeds, pages and drafts "
            f"are made of {newer[:12]}"
        )
        assert refused.err.endswith("Bring the folder up: git pull\n")
    assert both.shown() == expected
    page = both.other.root.parent / "outbox/web/b/index.html"
    page.unlink()
    assert both.other.run("outbox", "verify").code == 3
    assert not page.exists()
    assert both.one.run("build").code == 0
    assert both.shown() == expected
    stands = both.other.run("status")
    assert "Bring the folder up: git pull" in stands.out + stands.err
    both.other.pull()
    assert both.other.run("build").code == 0
    assert both.shown() == expected
    stands = both.other.run("status")
    assert "git pull" not in stands.out + stands.err


def test_who_waited_for_the_lock_shows_nothing_that_is_older_by_then(hosts, monkeypatch):
    both = hosts()
    both.one.withdraw("a")
    both.one.push()
    original = bodies.build_or_share

    def late(space, events):
        monkeypatch.setattr(bodies, "build_or_share", original)
        space.archive  # noqa: B018 it has read them
        both.one.job("pages")  # the other one was first
        return original(space, events)

    monkeypatch.setattr(bodies, "build_or_share", late)
    with pytest.raises(Locked, match="is not the newest any more"):
        both.other.job("pages")
    assert not both.shows("a")
    assert both.other.put == [making_pages()]
    both.other.job("pages")
    assert not both.shows("a")


def test_who_was_stopped_while_it_showed_an_older_one_asks_for_another_job(hosts, monkeypatch):
    both = hosts()
    both.one.withdraw("a")
    both.one.push()
    original = bodies.build_or_share

    def stopped(space, events):
        monkeypatch.setattr(bodies, "build_or_share", original)
        both.one.job("pages")
        for module in (turns, commits):  # it has looked before
            monkeypatch.setattr(module, "check_commit", lambda _: None)
        try:
            return original(space, events)
        finally:
            monkeypatch.undo()

    monkeypatch.setattr(bodies, "build_or_share", stopped)
    both.other.job("pages")
    assert both.shows("a")
    assert both.other.put == [making_pages()]
    both.other.job("pages")
    assert not both.shows("a")


def test_a_store_is_not_put_what_was_made_by_who_was_stopped(hosts, store, monkeypatch):
    both = hosts(store)
    both.one.withdraw("a")
    both.one.push()
    put = build.put_feeds

    def stopped(space, *words, **keys):
        monkeypatch.setattr(build, "put_feeds", put)
        with both.ledger._engine.begin() as db:  # another host takes the lock, and shows its own
            db.exec_driver_sql("UPDATE locks SET fence = fence + 1 WHERE name = 'web.lock'")
        return put(space, *words, **keys)

    monkeypatch.setattr(build, "put_feeds", stopped)
    with pytest.raises(Locked, match="another run has taken over"):
        both.other.job("pages")
    assert both.shown() == {}
    both.one.job("pages")
    assert (both.shows("a"), both.shows("b")) == (False, True)


def test_who_dies_once_it_has_named_a_commit_leaves_it_to_the_others(hosts, monkeypatch):
    both = hosts()
    both.other.job("pages")
    both.one.withdraw("a")
    newer = both.one.push()

    def dies(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(bodies, "build_or_share", dies)
    with pytest.raises(KeyboardInterrupt):
        both.one.job("pages")
    monkeypatch.undo()
    assert (both.newest, both.shows("a")) == (newer, True)
    both.other.job("pages")  # which was taken over
    assert not both.shows("a")


def test_a_folder_that_is_pulled_in_the_midst_of_a_job_is_made_again(hosts, monkeypatch):
    both = hosts()
    both.one.withdraw("a")
    both.one.push()
    original = bodies.build_or_share

    def pulled(space, events):
        space.archive  # noqa: B018 it has read them
        both.other.pull()
        return original(space, events)

    monkeypatch.setattr(bodies, "build_or_share", pulled)
    both.other.job("pages")
    assert both.other.put == [making_pages()]
    monkeypatch.undo()
    both.other.job("pages")
    assert (both.shows("a"), both.other.put) == (False, [])


def test_a_draft_is_of_the_newest_commit_and_its_approval_stays(hosts):
    both = hosts(config=DRAFT)
    both.one.withdraw("a")
    both.one.push()
    both.one.job("drafts", at=LAST)
    approved = both.one.run("approve", EDITION, "--at", "2026-11-24 06:10")
    assert approved.code == 0, approved.err
    lies = tree_of(both.outbox, "editions")
    both.other.job("drafts", at=LAST)
    assert tree_of(both.outbox, "editions") == lies
    assert both.ledger.approvals.get(EDITION) is not None
    assert both.other.errors == both.other.said == []


def test_a_draft_that_waited_for_the_lock_is_not_put_in_place_of_a_newer_one(hosts, monkeypatch):
    both = hosts(config=DRAFT)
    both.one.withdraw("a")
    both.one.push()
    from publisher.pipeline.slots import drafts

    rehearse = drafts.rehearse

    def late(space, *words):
        monkeypatch.undo()
        rehearse(space, *words)
        both.one.job("drafts", at=LAST)

    monkeypatch.setattr(drafts, "rehearse", late)
    both.other.job("drafts", at=LAST)
    assert "paragraph of a." not in str(tree_of(both.outbox, "editions"))
    assert drafting() in both.other.put


def test_what_is_not_committed_is_told_and_of_no_older_commit(hosts):
    both = hosts()
    both.one.withdraw("a")
    newer = both.one.push()
    both.one.story("c")
    both.one.job("pages")
    (told,) = both.one.errors
    assert told.startswith("commit: what all hosts build from is not committed: 'articles/c.md'\n")
    assert (both.newest, both.shows("a"), both.shows("c")) == (newer, False, True)
    both.other.job("pages")
    assert (both.shows("a"), both.shows("c")) == (False, False)


def test_a_folder_of_no_git_shows_nothing_where_a_commit_was_named(hosts):
    both = hosts()
    both.one.job("pages")
    expected = both.shown()
    shutil.rmtree(both.other.root / ".git")
    both.other.withdraw("a")
    with pytest.raises(SourceError, match="this host's folder is no checkout of git"):
        both.other.job("pages")
    refused = both.other.run("build")
    assert (refused.code, "is no checkout of git" in refused.err) == (3, True)
    assert both.shown() == expected
    assert both.other.run("build", "--from-here").code == 0
    assert (both.newest, both.shows("a")) == (None, False)


def test_a_copy_without_the_stories_of_other_feeds_is_not_shown(hosts):
    feed = '\n[[sources.feeds]]\nurl = "https://there.example/feed"\n'
    both = hosts(config=PAGED + feed)
    both.one.withdraw("a")
    both.one.push()
    both.one.job("pages")
    expected = both.shown()
    with pytest.raises(Held, match="Bring the folder up: git pull"):
        both.other.job("pages")
    assert both.shown() == expected
    both.other.pull()
    both.other.job("pages")
    assert both.shown() == expected


def test_a_git_that_cannot_be_asked_shows_nothing_where_a_commit_was_named(hosts, monkeypatch):
    both = hosts()
    monkeypatch.setenv("PATH", "")
    both.other.job("pages")  # as ever, and told
    assert (both.shows("a"), both.newest, len(both.other.errors)) == (True, None, 1)
    monkeypatch.undo()
    both.one.withdraw("a")
    both.one.push()
    both.one.job("pages")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SourceError, match="git cannot be run"):
        both.other.job("pages")
    assert not both.shows("a")


def test_parts_are_made_by_a_host_that_is_behind_and_all_are_of_one_commit(hosts):
    both = hosts(part_pages=1)
    for number in range(8):
        both.one.story(f"s{number}", tags=f"[t{number % 3}]")
    both.one.withdraw("a")
    both.one.push()
    for name in ("first", "second"):
        both.ledger.jobs.look(WorkerRecord(name=name, host=name, lanes="pages", concurrency=1))
    both.one.job("pages")
    stands = both.ledger.parts.stands()
    assert stands and stands.parts > 1
    for part in range(stands.parts):
        both.other.job("part", f"{stands.build}/{part}")
    made = [one.text for one in both.other.said if one.what == "pages"]
    assert sum(int(one.split(": ")[1].split(" of")[0]) for one in made) > 5, made
    both.other.job("pages")
    assert both.ledger.parts.stands().is_taken
    shared = both.shown()
    assert not both.shows("a")
    shutil.rmtree(both.outbox)
    both.ledger.parts.forget()
    both.one.config(
        (both.one.root / "publisher.toml").read_text().replace("_pages = 1", "_pages = 1000")
    )
    both.one.job("pages")
    assert both.shown() == shared
