"""Messages as files: the Maildir that any MTA or mail program can open."""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections.abc import Container
from pathlib import Path

from publisher.errors import TransportRefused
from publisher.model import Envelope, Reply

_MESSAGE_ID = re.compile(rb"^Message-ID: <([^>]+)>", re.MULTILINE)


class Maildir:
    """Drops each message into `folder`/new exactly once, as `<Message-ID>.eml`.

    Written aside, fsynced, linked: a file that is there already was dropped before. Whoever takes
    messages away must move them out of `new`, into `cur` or elsewhere below: what is deleted is not
    known any more.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def connect(self) -> _Drop:
        """Make the folders; raise TransportRefused where they cannot be."""
        try:
            for name in ("tmp", "new", "cur"):
                (self._folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
            seen = {path.name.partition(":")[0] for path in (self._folder / "cur").iterdir()}
        except OSError as error:
            raise TransportRefused(
                f"messages cannot be put into {self._folder}: {error.strerror}"
            ) from None
        return _Drop(self._folder, seen)


class _Drop:
    """A session of a Maildir; `seen` are the messages that a mail program has taken into `cur`."""

    def __init__(self, folder: Path, seen: Container[str]) -> None:
        self._folder, self._seen = folder, seen
        self.is_open = True

    def send(self, envelope: Envelope, message: bytes, following: Envelope | None) -> Reply:
        """Drop a message. A full disk, or any other trouble with it, defers."""
        found = _MESSAGE_ID.search(message)
        assert found
        name = found[1].decode("ascii").replace("/", "_") + ".eml"
        mine = f"{name}.{os.getpid()}.{threading.get_ident()}"
        aside, target = self._folder / "tmp" / mine, self._folder / "new" / name
        try:
            if name not in self._seen and not target.exists():
                _write(aside, message)
                _link(aside, target)
        except OSError as error:
            with contextlib.suppress(OSError):
                aside.unlink(missing_ok=True)
            return Reply(code=451, status="4.3.0", text=f"{self._folder}: {error.strerror}")
        return Reply(code=250, text=f"dropped as {target.name}")

    def skip(self) -> None:
        """Nothing was announced."""

    def close(self) -> None:
        """Nothing is open."""


def _write(path: Path, data: bytes) -> None:
    path.unlink(missing_ok=True)  # never into a file that is linked already
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _link(aside: Path, target: Path) -> None:
    with contextlib.suppress(FileExistsError):  # another sender of the same message was first
        os.link(aside, target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    aside.unlink()
