"""What lies in a folder may be no file, and a file may have no end."""

import os
import socket
import tracemalloc
from pathlib import Path

import pytest

from publisher import files


def test_a_file_is_read_up_to_its_limit(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"x" * 100)
    assert files.read(path, 100) == b"x" * 100
    with pytest.raises(files.TooLarge, match="it has more than 99 bytes"):
        files.read(path, 99)


def test_a_pipe_is_named_and_nobody_waits_for_it(tmp_path):
    os.mkfifo(tmp_path / "a")
    with pytest.raises(OSError, match="it is a named pipe, no file"):
        files.read(tmp_path / "a", 100)


def test_a_socket_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the name of a socket may not be long
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("a")
        with pytest.raises(OSError, match="it is a socket, no file"):
            files.read(Path("a"), 100)


@pytest.mark.parametrize(
    ("path", "kind"), [("/dev/zero", "a device"), ("/dev/full", "a device"), ("/", "a folder")]
)
def test_what_has_no_end_is_named(path, kind):
    with pytest.raises(OSError, match=f"it is {kind}, no file"):
        files.read(Path(path), 100)


def test_a_link_to_a_device_is_that_device(tmp_path):
    (tmp_path / "a").symlink_to("/dev/zero")
    with pytest.raises(OSError, match="it is a device, no file"):
        files.read(tmp_path / "a", 100)


class Writer:
    """Somebody who writes into a file each time it has been read, so many times."""

    def __init__(self, path: Path, times: int) -> None:
        self.path, self.times, self.asked = path, times, 0
        self.real = os.fstat

    def fstat(self, handle: int) -> os.stat_result:
        self.asked += 1
        if self.asked % 3 == 0 and self.asked <= 3 * self.times:  # the last time after reading
            with self.path.open("ab") as file:
                file.write(b"more")
        return self.real(handle)


def test_a_file_that_is_being_written_is_read_again(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_bytes(b"some")
    monkeypatch.setattr(os, "fstat", Writer(path, times=2).fstat)
    assert files.read(path, 100) == b"somemoremore"


def test_a_file_that_never_rests_is_named(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_bytes(b"some")
    monkeypatch.setattr(os, "fstat", Writer(path, times=100).fstat)
    with pytest.raises(OSError, match="it changes while it is read"):
        files.read(path, 1000)


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda path: path.write_text("x"), ""),
        (os.mkfifo, "a named pipe"),
        (Path.mkdir, "a folder"),
        (lambda path: path.symlink_to("/dev/null"), "a device"),
        (lambda path: path.symlink_to("nowhere"), "No such file or directory"),
    ],
)
def test_what_is_no_file_says_what_it_is(tmp_path, make, kind):
    make(tmp_path / "a")
    assert files.oddity(tmp_path / "a") == kind


def test_no_more_memory_is_taken_than_a_file_has_bytes_however_many_it_may_have(tmp_path):
    (tmp_path / "a").write_bytes(b"words")
    tracemalloc.start()
    try:
        assert files.read(tmp_path / "a", 1 << 30) == b"words"
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no file system without sizes")
def test_a_file_whose_file_system_tells_no_size_is_read_to_its_end():
    assert files.read(Path("/proc/self/status"), 1 << 20).endswith(b"\n")
    with pytest.raises(files.TooLarge):
        files.read(Path("/proc/self/status"), 10)
