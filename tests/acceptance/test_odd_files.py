"""Pipes, devices, sockets, endless and growing files among others: passed over, and named."""

import os
import socket
import sys
import threading
from pathlib import Path

import pytest

from publisher import files
from tests.site import AT

pytestmark = [
    pytest.mark.pages,
    pytest.mark.skipif(sys.platform == "win32", reason="no pipes"),
]


def _pipe(path):
    os.mkfifo(path)


def _socket(path):
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(path.parent)  # a path may be longer than a socket's
        try:
            one.bind(path.name)
        finally:
            os.chdir(here)


def _device(path):
    try:
        os.mknod(path, 0o666 | 0o020000, os.makedev(1, 5))  # zeros without end
    except PermissionError:
        pytest.skip("devices are made by root")


ODD = {"a named pipe": _pipe, "a socket": _socket, "a device": _device}
PLACES = ("static/odd.txt", "templates/mail/odd.txt", "templates/words/en.toml")


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_file_is_passed_over_and_named(site, kind, place):
    site.story("a")
    path = site.root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    ODD[kind](path)
    built = site.run("build", "--at", AT)
    assert built.code in (0, 1)
    assert f"{place}: " in built.err
    assert f"it is {kind}" in built.err
    assert "The first paragraph of a." in site.part("message.html")
    assert (site.root / "outbox/web/a/index.html").is_file()
    if place.startswith("templates"):
        assert f"it is {kind}: it is passed over" in site.run("check", "--at", AT).out


@pytest.mark.parametrize("kind", ["a folder", "a link that leads nowhere"])
def test_what_is_called_as_a_template_and_is_none_is_named(site, kind):
    site.story("a")
    path = site.root / "templates/blocks/footer.mjml"
    path.parent.mkdir(parents=True)
    path.mkdir() if kind == "a folder" else path.symlink_to("nowhere.mjml")
    said = site.run("check", "--at", AT).out
    assert f"templates/blocks/footer.mjml: it is {kind}: it is passed over" in said


def test_a_template_without_end_is_named(site):
    site.story("a")
    path = site.root / "templates/mail/digest.txt"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.truncate(1 << 40)  # of nothing
    built = site.run("build", "--at", AT)
    assert built.code == 1
    assert "templates/mail/digest.txt: cannot be read: it has more than" in built.err


@pytest.mark.slow
def test_a_file_without_end_beside_the_pages_is_named(site):
    site.story("a")
    (site.root / "static").mkdir()
    with (site.root / "static/film.mp4").open("wb") as file:
        file.truncate(1 << 40)
    assert (
        "static/film.mp4: it is not copied: it has more than" in site.run("build", "--at", AT).err
    )
    assert (site.root / "outbox/web/a/index.html").is_file()


def test_a_file_that_grows_while_it_is_read_is_named(site, monkeypatch):
    site.story("a")
    (site.root / "static").mkdir()
    path = site.root / "static/log.txt"
    path.write_text("one")
    fstat = os.fstat

    def growing(handle):
        if threading.current_thread() is threading.main_thread():
            with path.open("a") as file:
                file.write("more")
        return fstat(handle)

    monkeypatch.setattr(files.os, "fstat", growing)
    built = site.run("build", "--at", AT)
    monkeypatch.undo()
    assert "static/log.txt: it is not copied: it changes while it is read" in built.err
    assert not (site.root / "outbox/web/log.txt").exists()
