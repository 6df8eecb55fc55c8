"""Feeds on their way to the disk: several at once, or one by one where one of them fails."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from publisher.errors import Held
from publisher.feeds import FeedFile
from publisher.outbox import Memory, later, packed_beside, put, put_all, with_packed
from publisher.pipeline.built import Built

_BYTES = 16_000_000  # of feeds that wait together


class Shelf:
    """Puts the files of feeds below a folder; `memory` learns what they were made from."""

    def __init__(
        self, folder: Path, memory: Memory, built: Built, now: datetime, *, packing: bool
    ) -> None:
        """With `packing`, what web servers send compressed lies beside each file."""
        self._packing = packing
        self._folder, self._memory, self._built, self._now = folder, memory, built, now
        self._waiting: list[tuple[str | None, Sequence[FeedFile]]] = []
        self._bytes = 0
        self.failed: list[OSError | Held] = []

    def put(self, key: str | None, files: Sequence[FeedFile]) -> None:
        """Make files lie there: after `flush` at the latest. Without a `key` they are made again
        by every build.
        """
        self._waiting.append((key, files))
        self._bytes += sum(len(one.data) for one in files)
        if self._bytes >= _BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what waits. A feed that fails stops none of the others: see `failed`."""
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        try:
            self._together(waiting)
        except OSError:
            for one in waiting:
                self._alone(*one)

    def _together(self, waiting: Sequence[tuple[str | None, Sequence[FeedFile]]]) -> None:
        files = [(key, one) for key, several in waiting for one in several]
        with ThreadPoolExecutor() as threads:  # packing leaves the interpreter to others
            packed = list(threads.map(self._packed, [one for _, one in files]))
        times = {
            path: self._instant(one)
            for (_, one), whole in zip(files, packed, strict=True)
            for path in whole
        }
        changed = put_all({path: data for whole in packed for path, data in whole.items()}, times)
        for (key, one), whole in zip(files, packed, strict=True):
            self._note(one, not changed.isdisjoint(whole))
            if key is not None:
                all_ = with_packed(self._folder / one.path)
                parts = [whole[path] for path in all_ if path in whole]
                self._memory.keep(one.path, key, parts=parts)

    def _packed(self, one: FeedFile) -> dict[Path, bytes]:
        """A feed's file and, before it, what web servers send of it compressed.

        Whoever looks in between finds an old feed in two sizes rather than a new one in one.
        """
        path = self._folder / one.path
        if self._packing:
            return {**packed_beside(path, one.data, one.packed), path: one.data}
        for former in with_packed(path)[1:]:
            former.unlink(missing_ok=True)
        return {path: one.data}

    def _alone(self, key: str | None, files: Sequence[FeedFile]) -> None:
        try:
            for one in files:
                whole, instant = self._packed(one), self._instant(one)
                put_ = [put(path, data, instant) for path, data in whole.items()]
                self._note(one, any(put_))
            if key is not None:
                for one in files:
                    self._memory.keep(one.path, key)
        except OSError as error:
            self.failed.append(error)

    def _instant(self, one: FeedFile) -> float:
        return later(self._folder / one.path, min(one.updated, self._now))  # RFC 9110 §8.8.2.1

    def _note(self, one: FeedFile, is_new: bool) -> None:
        if is_new:
            self._built.written.append(self._folder / one.path)
        else:
            self._built.unchanged += 1
