"""The time machine: past editions made again, byte for byte."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from tests.site import CONFIG, tree

EDITION = "morning@2026-11-24T0700"

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git")


def _git(folder, *words: str, at: str = "2026-11-24T05:00:00Z") -> str:
    who = {
        f"GIT_{one}_{key}": value
        for one in ("AUTHOR", "COMMITTER")
        for key, value in (("NAME", "Ed"), ("EMAIL", "ed@test.example"), ("DATE", at))
    }
    return subprocess.run(
        ["git", "-C", str(folder), *words],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **who},
    ).stdout.strip()


def _commit(folder, at: str) -> str:
    _git(folder, "add", "-A")
    _git(folder, "commit", "-qm", "change", at=at)
    return _git(folder, "rev-parse", "HEAD")


@pytest.fixture
def archive(site):
    """A publication under git, whose edition of the 24th went out, and much happened since."""
    (site.root / ".gitignore").write_text("outbox\n.publisher\n")
    for day in range(1, 8):
        site.story(f"s{day}", date=f"2026-11-{16 + day} 12:00", tags=f"[t{day % 2}]")
    _git(site.root, "init", "-q")
    site.then = _commit(site.root, "2026-11-23T20:00:00Z")
    site.build()
    return site


def _the_present(site) -> None:
    site.story("s7", title="Rewritten since")
    site.story("s8", date="2026-11-23 18:00", tags="[t1]")  # with a date before the edition
    (site.root / "articles/s5.md").unlink()
    site.config(CONFIG.replace('title = "Morning"', 'title = "Evening"'))
    _commit(site.root, "2026-11-25T09:00:00Z")
    site.build("2026-11-25 07:00")
    site.build("2026-11-26 07:00")


def test_an_edition_is_made_again_from_the_folder_while_that_is_as_it_was(archive):
    before = tree(archive.root)
    again = archive.run("replay", EDITION)
    assert (again.code, again.err) == (0, "")
    assert again.out == f"{EDITION}: the same, byte for byte, from the folder as it is\n"
    assert tree(archive.root) == before


def test_what_changed_since_is_brought_back_from_git(archive):
    _the_present(archive)
    before = tree(archive.root)
    again = archive.run("replay", EDITION, "--to", str(archive.root.parent / "again"))
    assert (again.code, again.out) == (
        0,
        f"{EDITION}: the same, byte for byte, from commit {archive.then[:12]}\n",
    )
    assert tree(archive.root) == before
    assert tree(archive.root.parent / "again") == tree(archive.root / "outbox/editions" / EDITION)


def test_a_lost_bundle_comes_back_without_anything_of_it(archive):
    lost = tree(archive.root / "outbox/editions" / EDITION)
    _the_present(archive)
    shutil.rmtree(archive.root / "outbox/editions" / EDITION)
    target = archive.root / "outbox/editions" / EDITION
    assert archive.run("replay", EDITION, "--to", str(target)).code == 0
    assert tree(target) == lost
    assert archive.run("outbox", "verify", EDITION).code == 0


@pytest.mark.slow
def test_what_was_built_and_committed_afterwards_is_found_as_well(archive):
    archive.story("s9", date="2026-11-24 06:00")
    archive.build("2026-11-24 07:20")
    after = _commit(archive.root, "2026-11-24T06:30:00Z")
    _the_present(archive)
    again = archive.run("replay", EDITION)
    assert f"from commit {after[:12]}" in again.out


def test_a_publication_in_a_folder_of_a_repository_is_replayed_too(site):
    _git(site.root.parent, "init", "-q")
    (site.root.parent / ".gitignore").write_text("outbox\n.publisher\n")
    site.story("a")
    then = _commit(site.root.parent, "2026-11-23T20:00:00Z")
    site.build()
    site.story("a", title="Rewritten since")
    assert f"from commit {then[:12]}" in site.run("replay", "morning").out


def test_where_the_past_is_lost_it_says_what_is_not_the_same(archive):
    (archive.root / "articles/s5.md").unlink()
    archive.story("s7", title="Rewritten since")
    shutil.rmtree(archive.root / ".git")
    again = archive.run("replay", EDITION, "--json")
    assert again.code == 1
    assert not again.json["same"]
    assert {"story 'S5' is missing", "story 'S7' was changed", "file message.html"} <= set(
        again.json["differences"]
    )
    assert "cannot be made again as it was" in archive.run("replay", EDITION).out


def test_stories_sent_and_excluded_since_are_in_the_past_edition_still(archive):
    archive.build("2026-11-25 07:00")
    for word, story in (("exclude", "s7"), ("pin", "s6")):
        assert archive.run(word, "morning", story, "--at", "2026-11-26 07:00").code == 0
    assert archive.run("replay", EDITION).code == 0


def test_breaking_news_is_replayed_as_it_was(site):
    site.story("a")
    site.story("b")
    site.run("subscribers", "add", "ana@reader.example", "--newsletter", "morning")
    sent = site.run("breaking", "a", "--newsletter", "morning", "--yes")
    assert sent.code == 0, sent.err
    assert site.run("replay", "morning").code == 0


def test_breaking_news_whose_article_is_gone_comes_back_from_git(site):
    (site.root / ".gitignore").write_text("outbox\n.publisher\n")
    story = site.story("a", date="2026-11-20 09:00")
    site.story("b", date="2026-11-20 10:00")
    _git(site.root, "init", "-q")
    _commit(site.root, "2026-11-21T20:00:00Z")
    site.run("subscribers", "add", "ana@reader.example", "--newsletter", "morning")
    assert site.run("breaking", "a", "--newsletter", "morning", "--yes").code == 0
    story.unlink()
    assert "from commit" in site.run("replay", "morning").out


def test_a_scheduled_edition_of_a_breaking_newsletter_is_replayed_whole(site):
    site.config(CONFIG.replace('title = "Morning"', 'title = "Morning"\ntemplate = "breaking"'))
    for name in "abc":
        site.story(name)
    site.run("subscribers", "add", "ana@reader.example", "--newsletter", "morning")
    for at in ("2026-11-24 06:50", "2026-11-24 07:01"):
        assert site.run("run", "--once", "--at", at).code == 0
    assert site.run("replay", EDITION).code == 0


def test_a_slot_without_edition_and_an_unknown_commit_are_said_plainly(archive):
    archive.config(CONFIG.replace('every = "day"', 'every = "day"\nskip_if_fewer_than = 9'))
    archive.build("2026-11-25 07:00")
    skipped = archive.run("replay", "morning@2026-11-25T0700")
    assert skipped.code == 2
    assert "was never made: " in skipped.err
    unknown = archive.run("replay", EDITION, "--commit", "--output=x")
    assert unknown.code == 1
    assert "git knows no commit '--output=x'" in unknown.err
    assert archive.run("replay", "nothing@2026").code == 2


def test_an_edition_built_by_a_clock_ahead_is_found_in_an_earlier_commit(archive):
    _the_present(archive)
    archive.story("s4", title="Rewritten twice")
    _commit(archive.root, "2026-11-23T21:00:00Z")  # after what was built, and before its time
    assert f"from commit {archive.then[:12]}" in archive.run("replay", EDITION).out
