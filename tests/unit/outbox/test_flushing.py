"""Many files are on the disk before the first of them appears."""

import os
import stat

import pytest

from publisher.outbox import files, flushing


@pytest.mark.parametrize("has_syncfs", [True, False])
@pytest.mark.parametrize("count", [3, 40])
def test_every_byte_is_waited_for_before_a_name_appears(tmp_path, monkeypatch, count, has_syncfs):
    told = []
    fsync, replace = os.fsync, os.replace

    def syncfs(_handle):
        told.append("all")
        return 0

    def one(handle):
        told.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "one")
        fsync(handle)

    def renamed(*args):
        told.append("name")
        replace(*args)

    monkeypatch.setattr(flushing, "_whole", lambda: syncfs if has_syncfs else None)
    monkeypatch.setattr(os, "fsync", one)
    monkeypatch.setattr(os, "replace", renamed)
    wanted = {tmp_path / "a" / f"{n}.html": b"%d" % n for n in range(count)}
    assert files.put_all(wanted) == set(wanted)
    assert {path: path.read_bytes() for path in wanted} == wanted
    names = ["name"] * count
    if count > 16 and has_syncfs:
        assert told == ["all", *names, "folder"]
    else:
        assert told == [*["one"] * count, *names, "folder"]


def test_a_disk_that_fails_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(flushing, "_whole", lambda: lambda _: -1)
    wanted = {tmp_path / f"{n}.html": b"x" for n in range(20)}
    with pytest.raises(OSError):
        files.put_all(wanted)
    assert not any(path.exists() for path in wanted)


def test_the_systems_own_way_works_where_there_is_one(tmp_path):
    wanted = {tmp_path / f"{n}.html": b"x" for n in range(20)}
    assert files.put_all(wanted) == set(wanted)
    assert files.put_all(wanted) == set()
