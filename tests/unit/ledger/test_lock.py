"""The files of locks: what else may lie in their place is left as it is."""

import os
import socket

import pytest

from publisher.errors import Locked, NoLock
from publisher.ledger.lock import dead, locked, present


def link(path):
    path.symlink_to(path.parent / "precious.txt")


def nowhere(path):
    path.symlink_to(path.parent / "made-by-a-link.txt")


def bound(path):
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(os.path.relpath(path))


ODD = {
    "a link to a file": link,
    "a link to no file": nowhere,
    "a folder": os.mkdir,
    "a pipe": os.mkfifo,
    "a socket": bound,
}


@pytest.fixture
def precious(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "precious.txt"
    file.write_text("everything")
    return file


@pytest.mark.parametrize("kind", ODD)
def test_what_is_no_file_is_no_lock_and_nothing_behind_it_is_written(tmp_path, precious, kind):
    path = tmp_path / "lock"
    ODD[kind](path)
    with pytest.raises(NoLock) as refused, locked(path):
        pass
    assert refused.value.problem.headline == f"{path}: it is no file, and a lock is one of ours"
    with pytest.raises(NoLock), present(tmp_path, "lock"):
        pass
    assert precious.read_text() == "everything"
    assert not (tmp_path / "made-by-a-link.txt").exists()


@pytest.mark.parametrize("kind", ODD)
def test_what_is_no_file_among_senders_is_nobody(tmp_path, precious, kind):
    folder = tmp_path / "senders"
    folder.mkdir()
    (folder / "gone").touch()
    ODD[kind](folder / "odd")
    with dead(folder) as found:
        assert found == ["gone"]
    assert [one.name for one in folder.iterdir()] == ["odd"]


def test_what_lies_in_a_lock_is_told_only_where_it_is_a_process(tmp_path):
    path = tmp_path / "lock"
    with locked(path):
        path.write_text("\x1b[31m" + "9" * 1000)
        with pytest.raises(Locked) as refused, locked(path):
            pass
        assert refused.value.problem.what == "another run is at work on this publication"
        path.write_text("4711\n")
        with pytest.raises(Locked, match=r"\(process 4711\)"), locked(path):
            pass
