"""How a folder stands, by sizes and times alone."""

import os
import sqlite3

import pytest

from publisher.stamps import Stats, is_as_before, stand, standing

NEVER = 1 << 62


@pytest.fixture
def folder(tmp_path):
    for name in ("a.md", "below/b.md", "below/deep/c.md", "made/d.html"):
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "site"


def test_a_folder_that_nobody_touched_stands_as_it_did(folder):
    assert stand(folder, NEVER).digest == stand(folder, NEVER).digest


def _put_time_back(folder):
    path = folder / "below/b.md"
    before = path.stat()
    path.write_text("other")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _link(folder, target):
    (folder / "below/b.md").unlink()
    (folder / "below/b.md").symlink_to(target)


@pytest.mark.parametrize(
    "change",
    [
        lambda f: (f / "below/deep/c.md").write_text("another text"),
        _put_time_back,
        lambda f: (f / "below/deep/c.md").unlink(),
        lambda f: (f / "new.md").write_text(""),
        lambda f: (f / "new").mkdir(),
        lambda f: (f / "a.md").rename(f / "z.md"),
        lambda f: os.utime(f / "a.md", ns=(0, 0)),
        lambda f: _link(f, "../a.md"),
        lambda f: _link(f, "nowhere"),
    ],
)
def test_whatever_changes_in_it_it_stands_otherwise(folder, change):
    before = stand(folder, NEVER).digest
    change(folder)
    assert stand(folder, NEVER).digest != before


def test_a_file_that_a_link_leads_to_is_looked_at(folder, tmp_path):
    (tmp_path / "elsewhere.md").write_text("one")
    _link(folder, tmp_path / "elsewhere.md")
    before = stand(folder, NEVER).digest
    (tmp_path / "elsewhere.md").write_text("another")
    assert stand(folder, NEVER).digest != before


def test_a_link_to_nowhere_hides_none_of_the_others(folder):
    for name in ("0", "m", "zz"):
        (folder / name).symlink_to("nowhere")
    before = stand(folder, NEVER).digest
    (folder / "a.md").write_text("changed")
    assert stand(folder, NEVER).digest != before


def test_what_lies_apart_does_not_count(folder):
    apart = {str(folder / "made")}
    before = stand(folder, NEVER, apart).digest
    (folder / "made/d.html").write_text("made anew")
    assert stand(folder, NEVER, apart).digest == before


def test_what_changed_lately_is_told_and_links_to_folders_are(folder, tmp_path):
    os.utime(folder / "a.md", ns=(0, 0))  # its entry changed now, whatever its time says
    (folder / "out").symlink_to(tmp_path)
    found = stand(folder, 1)
    assert set(found.recent) == {
        str(folder / one) for one in ("a.md", "below/b.md", "below/deep/c.md", "made/d.html", "out")
    }
    assert found.linked == [str(folder / "out")]
    assert stand(folder, NEVER).recent == {}


def test_a_folder_that_is_not_there_stands_in_its_own_way(folder):
    before = stand(folder / "below", NEVER).digest
    (folder / "below").rename(folder / "gone")
    assert stand(folder / "below", NEVER).digest != before


def test_who_opens_and_closes_a_database_leaves_it_as_it_is_and_who_writes_does_not(tmp_path):
    path = tmp_path / "x.db"

    def write(number):
        db = sqlite3.connect(path)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE IF NOT EXISTS t (n)")
        db.execute("INSERT INTO t VALUES (?)", (number,))
        db.commit()
        return db

    write(1).close()
    before = standing(path)
    reading = sqlite3.connect(path)
    assert reading.execute("SELECT n FROM t").fetchall() == [(1,)]
    assert is_as_before(path, before)
    reading.close()
    assert is_as_before(path, before)
    writing = write(2)
    assert not is_as_before(path, before)  # it is in the -wal as yet
    writing.close()
    assert not is_as_before(path, before)


def test_how_files_stand_is_known_by_path_until_it_is_another_or_dropped():
    stats = Stats()
    first, second = (1, 2, 3), (0, -5, 2**62)
    stats.put("a", first)
    stats.put("b", second)
    assert stats.of("abc") == (first, second, ())
    stats.put("a", second)
    stats.drop("b")
    stats.drop("b")
    assert stats.of(["a", "b"]) == (second, ())
    assert (list(stats), "a" in stats, "b" in stats) == (["a"], True, False)
