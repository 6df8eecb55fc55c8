"""A Maildir into which the mail server of this machine delivers, as a way in."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from imapclient.imap_utf7 import encode

from publisher import files
from publisher.errors import WayDown, WayRefused
from publisher.returns import MOST
from publisher.returns.ways.recipient import Ours, envelope_recipient
from publisher.returns.ways.way import Arrived, Collected, Kind, Take

_A_ROUND = 200  # messages of a round
_PARTS = ("tmp", "new", "cur")


class MaildirBox:
    """Takes what lies in new/ and cur/, and moves it into folders of ours in it; see `way.Way`.

    They are Maildir++ folders, `.Publisher.read/cur` and its like, which Dovecot and mail programs
    show beside the inbox; in modified UTF-7, as IMAP has their names. A message is never in two
    places, and no file is ever overwritten. What others do at the same time (deliver into new/,
    move into cur/, mark by another name) at worst leaves a message to the next round.
    """

    name = "maildir"

    def __init__(self, folder: Path, ours: Ours, keep_in: str = "Publisher") -> None:
        self._folder, self._ours = folder, ours
        self._kept = "." + encode(keep_in.replace("/", ".")).decode("ascii")
        self._ended = threading.Event()
        self._unread: dict[str, str] = {}  # by name: what keeps us from reading it

    def collect(self, take: Take) -> Collected:
        """Take what is there, the oldest first; see `way.Way.collect`."""
        taken = 0
        unread, self._unread = self._unread, {}
        # A name begins with the second of the delivery; what could not be read keeps none waiting.
        found = self._found()
        for path in sorted(found, key=lambda one: (one.name in unread, one.name))[:_A_ROUND]:
            if self._ended.is_set():
                break
            data = self._read(path)
            if data is None:
                continue
            kind = take(Arrived(data=data, to=envelope_recipient(data, self._ours)))
            self._move(path, kind)
            taken += 1
        return Collected(count=taken, problem=self._problem())

    def waiting(self) -> int:
        """How many lie there; see `way.Way`."""
        return len(self._found())

    def _found(self) -> list[Path]:
        """Files of messages; raises where there is no Maildir."""
        try:
            return [entry for part in ("new", "cur") for entry in _messages(self._folder / part)]
        except (FileNotFoundError, NotADirectoryError):
            raise WayRefused(
                f"{self._folder} is no Maildir: it has no folders new and cur",
                todo="Name the folder that your mail server delivers into: returns.maildir.",
            ) from None
        except OSError as error:
            raise WayDown(f"{self._folder} cannot be read: {error.strerror}") from None

    def _read(self, path: Path) -> bytes | None:
        """The beginning of a message; None for one that is gone, or cannot be read."""
        try:
            if path.is_symlink():  # no server delivers one, and it may lead anywhere
                raise OSError(errno.ELOOP, "it is a link, no file")
            return files.read_beginning(path, MOST)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._unread[path.name] = error.strerror or str(error)
            return None

    def _problem(self) -> str:
        for name, what in self._unread.items():
            others = f", and {len(self._unread) - 1} more" if len(self._unread) > 1 else ""
            return f"{self._folder}: {name} cannot be read: {what}{others}"
        return ""

    def _move(self, path: Path, kind: Kind) -> None:
        """Move a message into the cur/ of a folder, under a name that nothing has there.

        Not by a link, which Linux lets nobody make to a file that is another's to write.
        """
        target = self._folder / f"{self._kept}.{kind}"
        name = path.name if ":2," in path.name else f"{path.name}:2,"
        try:
            _make(target)
            names = (f"{number}.{name}" if number else name for number in count())
            place = next(one for one in map((target / "cur").joinpath, names) if not one.exists())
            path.rename(place)
            _sync(target / "cur")
        except FileNotFoundError:
            return  # another program has moved or marked it: it is found again, if it is there
        except OSError as error:
            raise WayDown(
                f"{path} cannot be moved into {target.name}: {error.strerror}",
                todo="Look at the disk's space, and who may write there.",
            ) from None

    def stay(self, take: Take, seconds: float) -> bool:
        """Tell of nothing: the folder is looked at again."""
        return False

    def end(self) -> None:
        """Take no more."""
        self._ended.set()

    def close(self) -> None:
        """Nothing is open."""


def _messages(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith("."):
                yield Path(entry.path)


def _make(folder: Path) -> None:
    """Make a Maildir++ folder: its file tells servers that it is one."""
    if (folder / "cur").is_dir():
        return
    for part in _PARTS:
        (folder / part).mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "maildirfolder").touch(mode=0o600)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
