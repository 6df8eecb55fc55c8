"""State that can be made anew is: whatever lies in its place, with one line said.

The whole corpus of damages is tried on each file's own reader: tests/unit/…/test_damage.py.
"""

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.hostile.damage import CORPUS, DATABASES, OF_NOTES, QUIET
from tests.site import AT, PAGED, Site

LATER = "2026-11-24 09:00"
OF_ALL = {
    "it was cut in its middle",
    "noise from its middle on",
    "a folder",
    "a named pipe",
    "a link to an endless file",
    "in UTF-16",
    "its rows are gone",
    "a page of it is noise",
    "a journal that is noise",
    "a log that is a pipe",
    "lists within lists",
    "every entry is a number",
    *OF_NOTES,
}
SOME = [one for one in CORPUS if one[1] in OF_ALL]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A publication of some stories, with pages, feeds, an edition that was sent, and related."""
    site = Site(tmp_path_factory.mktemp("state") / "site", PAGED)
    for number in range(5):
        words = "harbour ferry council budget vote".split()[number % 2 :]
        site.story(f"s{number}", f"Story of the {' '.join(words)}", tags=f"[t{number % 2}]")
    site.build()
    site.run("subscribers", "add", "reader@test.example", "--newsletter", "morning", "--at", AT)
    assert site.run("send", "morning", "--yes", "--at", AT).code == 0
    site.build(LATER)
    return site


@pytest.fixture
def site(built, tmp_path):
    shutil.copytree(built.root, tmp_path / "site", symlinks=True)
    return Site(tmp_path / "site")


def said(result, name: str) -> list[str]:
    return [line for line in (result.out + result.err).split("\n") if f".publisher/{name}" in line]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "what", "damage"), SOME, ids=[f"{n}: {w}" for n, w, _ in SOME])
def test_whatever_becomes_of_state_the_outbox_stays_and_one_line_is_said(site, name, what, damage):
    state, before = site.root / ".publisher", site.outbox()
    damage(state / name)
    if name in DATABASES:
        (state / "pages.json").unlink()  # else nobody looks at what is related
        looked = site.run("check", "--at", LATER)
        assert looked.code == 0, looked.err
    found = site.build(LATER)
    assert site.outbox() == before
    assert len(said(found, name)) == ((name, what) not in QUIET)
    again = site.build(LATER)
    assert said(again, name) == []
    assert site.outbox() == before
    assert (state / name).is_file()


def test_the_line_says_what_lay_there_and_what_becomes_of_it(site):
    path = site.root / ".publisher/cache.db"
    path.write_bytes(b"nonsense" * 1000)
    looked = site.run("check", "--at", LATER)
    line = "note: .publisher/cache.db: it could not be used, {}: file is not a database\n"
    assert line.format("the next build makes it anew") in looked.err
    assert line.format("it is made anew") in site.build(LATER).err


@pytest.mark.parametrize("is_touched", [False, True])
def test_an_article_that_is_gone_from_the_cache_is_read_from_its_file(site, is_touched):
    site.story("new", date="2026-11-24 08:30")
    site.build(LATER)  # since it was copied, no file was as the cache has it
    before = site.outbox()
    if is_touched:
        (site.root / "articles/s3.md").touch()
    site.story("newer", date="2026-11-26 08:30")
    with closing(sqlite3.connect(site.root / ".publisher/cache.db")) as db, db:
        db.execute("DELETE FROM articles WHERE path = 's3.md'")
    found = site.build(LATER)
    assert "cache.db: it could not be used, it is made anew: an article is missing" in found.err
    assert site.outbox() == before
    assert said(site.build(LATER), "cache.db") == []


@pytest.fixture
def somebodys(built):
    """The publication in a folder of somebody who is not root, whom no mode hinders."""
    base = Path(tempfile.mkdtemp(prefix="publisher-state-"))
    base.chmod(0o755)
    shutil.copytree(built.root, base / "site")
    for path in (base / "site", *(base / "site").rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    yield Site(base / "site")
    shutil.rmtree(base)


NOBODY = 65534


@pytest.mark.skipif(os.geteuid() != 0, reason="root alone can become somebody else")
@pytest.mark.parametrize("name", ["cache.db", "related.db", "feeds.json", "pages.json"])
def test_a_file_that_may_only_be_read_is_no_hindrance(somebodys, name):
    site = somebodys
    (site.root / ".publisher" / name).chmod(0o444)
    site.story("new", date="2026-11-24 08:00")
    os.seteuid(NOBODY)
    try:
        site.build(LATER)
    finally:
        os.seteuid(0)
    assert "web/new/index.html" in site.outbox()


@pytest.mark.skipif(os.geteuid() != 0, reason="root alone can become somebody else")
@pytest.mark.parametrize("ending", ["-shm", "-wal"])
def test_what_sqlite_keeps_beside_the_ledger_may_be_written_again(somebodys, ending):
    """A minute of a read-only ledger leaves both with mode 0444."""
    site = somebodys
    beside = site.root / f".publisher/ledger.db{ending}"
    beside.touch(0o444)
    beside.chmod(0o444)
    os.chown(beside, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        result = site.run(
            "subscribers", "add", "b@test.example", "--newsletter", "morning", "--at", LATER
        )
    finally:
        os.seteuid(0)
    assert result.code == 0, result.err
