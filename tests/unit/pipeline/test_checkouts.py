"""Slots built from the commit that was named for them, on whichever host: real git, two clones."""

import os
import shutil
import subprocess
from datetime import UTC, datetime

import pytest

from publisher.errors import SourceError
from publisher.ledger import CommitRecord
from publisher.pipeline import checkouts
from publisher.pipeline.checkouts import committed
from publisher.pipeline.commits import named
from publisher.pipeline.workspace import Workspace
from publisher.sources.history import standing
from tests.site import CONFIG, Site, tree

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git")

SEVEN = datetime(2026, 11, 24, 6, tzinfo=UTC)
EDITION = "morning@2026-11-24T0700"


def git(folder, *words, at=""):
    who = dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "x")
    mails = dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "x@x.example")
    who |= {"GIT_AUTHOR_DATE": at} if at else {}
    clean = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    done = subprocess.run(
        ["git", "-C", str(folder), *words],
        check=True,
        capture_output=True,
        env={**os.environ, **who, **mails, **clean},
    )
    return os.fsdecode(done.stdout).strip()


def commit(folder, at=""):
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "change", at=at)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def host(site):
    """A host whose folder is a work tree of git, with nothing that is not committed."""
    (site.root / ".gitignore").write_text("outbox\n.publisher\n")
    site.config(CONFIG)
    site.story("a")
    git(site.root, "init", "-q", "-b", "main")
    commit(site.root)
    return site


@pytest.fixture
def other(host, tmp_path):
    """Another host, that has a clone of it."""
    git(tmp_path, "clone", "-q", str(host.root), "other")
    return Site(tmp_path / "other")


@pytest.fixture
def opened():
    spaces = []

    def open_(site, at=SEVEN):
        spaces.append(Workspace(site.root, at, writing=True))
        return spaces[-1]

    yield open_
    for one in spaces:
        one.close()


def source(commit):
    return CommitRecord(edition=EDITION, commit=commit, host="first", named=SEVEN)


def titles(space, commit):
    with committed(space, source(commit)) as there:
        return sorted(one.title for one in there.archive.articles)


def test_a_clean_folder_is_named_by_its_commit(host, opened):
    space = opened(host)
    space.outbox.claim()  # what we make ourselves is of no edition
    host.run("check")
    (found,) = named(space, [EDITION])
    assert (found.edition, found.commit) == (EDITION, git(host.root, "rev-parse", "HEAD"))


@pytest.mark.parametrize("place", ["articles/a.md", "articles/new.md", "templates/x.txt"])
def test_what_is_not_committed_is_named_instead(host, opened, place):
    path = host.root / place
    path.parent.mkdir(exist_ok=True)
    path.write_text("something else")
    with pytest.raises(SourceError, match=f"is not committed: '{place}'"):
        named(opened(host), [EDITION])


def test_outbox_and_state_count_for_nothing_though_git_knows_them_not(host, opened):
    (host.root / ".gitignore").unlink()
    commit(host.root)
    host.build()
    assert len(named(opened(host), [EDITION])) == 1


def test_without_git_nothing_is_named_and_git_is_not_asked(site, opened, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert named(opened(site), [EDITION]) == []


def test_nor_where_the_articles_lie_in_another_repository(host, opened):
    git(host.root / "articles", "init", "-q")
    assert named(opened(host), [EDITION]) == []


def test_a_host_that_is_behind_fetches_and_its_own_files_stay(host, other, opened):
    host.story("b")
    newer = commit(host.root)
    other.story("mine")
    before = tree(other.root / "articles")
    assert titles(opened(other), newer) == ["A", "B"]
    assert tree(other.root / "articles") == before


def test_the_same_edition_comes_of_it_on_both(host, other, opened):
    host.run("subscribers", "add", "ana@x.example")
    host.story("b")
    wanted = commit(host.root)
    expected = opened(host)
    other.story("a", title="Changed")
    other.config(CONFIG.replace("A first", "Another"))
    from publisher.pipeline.editions.compose import bundled
    from publisher.pipeline.editions.plan import plan_of

    def seal(space):
        slot = space.timetable.recorded(EDITION, "2026-11-24T07:00", SEVEN)
        newsletter = space.newsletter("morning")
        return bundled(space, plan_of(space, newsletter, slot, SEVEN, whole=False))[0].seal

    ids = seal(expected)  # the ids of articles are the ledger's
    space = opened(other)
    own, space._store = space._store, expected._store
    assert seal(space) != ids
    space.refresh()
    with committed(space, source(wanted)) as there:
        assert seal(there) == ids
        assert there.publication == expected.publication
    space._store = own


def test_what_git_dates_is_dated_by_the_history_of_that_commit(host, other, opened):
    host.config(CONFIG + "\n[sources]\nhistory = true\n")
    host.article("b.md", "---\ntitle: B\n---\n\nWithout a date.")
    newer = commit(host.root, at="2026-11-20T08:00:00Z")
    with committed(opened(other), source(newer)) as there:
        dates = {one.title: one.published for one in there.archive.articles}
    assert dates["B"] == datetime(2026, 11, 20, 8, tzinfo=UTC)


def test_a_commit_that_nobody_pushed_is_waited_for_by_name(host, other, opened):
    other.story("b")
    unknown = commit(other.root)
    with (
        pytest.raises(SourceError, match=f"commit {unknown[:12]}, and it cannot be had") as error,
        committed(opened(host), source(unknown)),
    ):
        pass
    assert "from first" in error.value.problem.todo
    assert not (host.root / ".publisher/checkouts" / unknown).exists()


def test_copies_are_few_and_made_of_each_other(host, opened):
    space, places, inodes = opened(host), [], []
    for number in range(5):
        host.story(f"b{number}")
        places.append(commit(host.root))
        assert len(titles(space, places[-1])) == number + 2
        copy = host.root / ".publisher/checkouts" / places[-1]
        inodes.append((copy / "files/articles/a.md").stat().st_ino)
    kept = {one.name for one in (host.root / ".publisher/checkouts").iterdir() if one.is_dir()}
    assert kept == set(places[-checkouts.KEPT :])
    assert inodes[3] == inodes[0]  # an article that is the same is not written anew


def test_a_copy_that_is_used_stays(host, opened):
    space, first = opened(host), git(host.root, "rev-parse", "HEAD")
    with committed(space, source(first)) as there:
        for number in range(4):
            host.story(f"b{number}")
            titles(space, commit(host.root))
        assert [one.title for one in there.archive.articles] == ["A"]


def test_one_that_died_while_it_made_a_copy_leaves_nothing_in_the_way(host, opened):
    making = host.root / ".publisher/checkouts/making"
    making.mkdir(parents=True)
    (making / "files.index.lock").touch()
    assert titles(opened(host), git(host.root, "rev-parse", "HEAD")) == ["A"]


def test_no_program_of_the_repository_runs(host, other, opened, tmp_path):
    host.story("b")
    newer = commit(host.root)
    for name in ("post-checkout", "post-index-change", "reference-transaction", "fsmonitor"):
        hook = other.root / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        hook.chmod(0o755)
    git(other.root, "config", "core.fsmonitor", str(other.root / ".git/hooks/fsmonitor"))
    assert titles(opened(other), newer) == ["A", "B"]
    named(opened(other), [EDITION])
    assert not (tmp_path / "ran").exists()


def test_names_of_files_say_nothing_to_git(host, opened):
    for name in ("-rf.md", "--output=x.md", ":(exclude)a.md", "new\nline.md", "ü \udcff.md"):
        host.story("plain").rename(host.root / "articles" / name)
    commit(host.root)
    space = opened(host)
    (found,) = named(space, [EDITION])
    titles(space, found.commit)
    copy = host.root / ".publisher/checkouts" / found.commit / "files"
    assert tree(copy / "articles") == tree(host.root / "articles")


def test_a_publication_in_a_folder_of_a_repository(tmp_path, opened):
    inner = Site(tmp_path / "all/letter", CONFIG)
    inner.story("a")
    git(tmp_path / "all", "init", "-q")
    wanted = commit(tmp_path / "all")
    inner.story("b")
    assert titles(opened(inner), wanted) == ["A"]
    ours = [inner.root / ".publisher"]
    assert standing(tmp_path / "all", ours)[1] == ("letter/articles/b.md",)
