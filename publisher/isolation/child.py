"""The child process, as its parent sees it: started when it is needed, and anew when it is lost."""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from typing import IO

import msgspec

from publisher.errors import PublisherError
from publisher.isolation.channel import BUSY, GRACE, Ask, Done, Failed, decoded
from publisher.workers.channel import Channel, Closed
from publisher.workers.starting import environment

_WORKER = "publisher.isolation.worker"
_START = 60.0
"""Seconds that Python and its libraries may need to start, on a machine that is busy."""


class Lost(Exception):
    """The child has died. `trace` is its last word; `article` the id of the body it asked for."""

    def __init__(self, trace: str, article: str) -> None:
        self.trace, self.article = trace, article
        super().__init__(trace)


class _Running(msgspec.Struct, frozen=True):
    process: subprocess.Popen[bytes]
    channel: Channel
    errors: IO[bytes]
    parent: int
    limits: tuple[str, int, int]

    @property
    def is_ours(self) -> bool:
        """Whether it answers this process, and not one that we were forked from."""
        return self.parent == os.getpid()


_spare: list[_Running] = []  # who closes a publication often opens the next one
_MOST_SPARE = 2


@atexit.register
def end_spare() -> None:
    """End the process that waits for the next publication, if there is one."""
    while _spare:
        _end(_spare.pop())


class Child:
    """A process that renders, with limits. Threads take turns."""

    def __init__(self, seconds: int, megabytes: int) -> None:
        """Nothing is started yet. A request may take `seconds`, the process have `megabytes`."""
        self.seconds, self.megabytes = seconds, megabytes
        self.starts = 0
        # It ends by itself before: this is for one that was stopped.
        self.patience = seconds * BUSY + 2.0 * GRACE
        self._running: _Running | None = None
        self._is_coming = False  # it has not said yet that it is there
        self._finalizer: weakref.finalize[..., Child] | None = None
        self._lock = threading.RLock()
        self._opened: object = None

    @property
    def pid(self) -> int | None:
        """The process, None where there is none."""
        return self._running.process.pid if self._running else None

    def start(self) -> None:
        """Start it, and wait for nothing: it gets ready while its parent does something else."""
        with self._lock, suppress(PublisherError):  # who asks it is told
            self._begun()

    def call(
        self,
        verb: str,
        opened: object,
        args: tuple[object, ...],
        values: dict[str, object],
        bodies: Callable[[str], str],
    ) -> Done | Failed:
        """Return the answer to a request; `bodies` gives those of articles, by id.

        `opened` is what the request is about, sent once; None where it is about nothing that is
        known. Raises Lost where the process dies.
        """
        with self._lock:
            running = self._started()
            known = opened is None or self._opened is opened
            asked = ""
            try:
                request = (verb, None if known else opened, args, values)
                running.channel.send(pickle.dumps(request, pickle.HIGHEST_PROTOCOL))
                while True:
                    data = running.channel.receive(self.patience)
                    answer = decoded(data)
                    if not isinstance(answer, Ask):
                        self._opened = self._opened if opened is None else opened
                        return answer
                    asked = answer.article
                    running.channel.send(bodies(asked).encode())
            except Closed:
                raise Lost(self._ended(), asked) from None
            except BaseException:  # half a conversation: the next one needs another process
                self._ended()
                raise

    def close(self) -> None:
        """Have no process any more: it waits for the next publication that needs one."""
        with self._lock:
            running = self._let_go()
            if running is None or not running.is_ours:
                return
            is_ready = not self._is_coming and running.process.poll() is None
            if is_ready and len(_spare) < _MOST_SPARE:
                _spare.append(running)
            else:
                _end(running)

    def _started(self) -> _Running:
        """The process, when it is there."""
        running = self._begun()
        if self._is_coming:
            self._is_coming = False
            with suppress(Closed):  # it is found out soon enough
                running.channel.receive(_START)  # from here on its time counts
        return running

    def _begun(self) -> _Running:
        """The process, which may be getting ready."""
        running = self._running
        if running is not None and running.is_ours:
            return running
        self._let_go()
        limits = (_WORKER, self.seconds, self.megabytes)
        running = _taken(limits)
        self._is_coming = running is None
        if running is None:
            try:
                running = _start(limits)
            except OSError as error:
                raise PublisherError(
                    f"the process that renders cannot be started: {error.strerror}",
                    todo=f"Look at the rights of {sys.executable}, and at the machine's memory.",
                ) from None
            self.starts += 1
            with suppress(Closed):
                running.channel.send(pickle.dumps(limits[1:]))
        self._running, self._opened = running, None
        self._finalizer = weakref.finalize(self, _end, running)
        return running

    def _ended(self) -> str:
        """End the process; return what it said last."""
        running = self._let_go()
        return _end(running) if running else ""

    def _let_go(self) -> _Running | None:
        running, self._running = self._running, None
        if self._finalizer is not None:
            self._finalizer.detach()
        return running


def _taken(limits: tuple[str, int, int]) -> _Running | None:
    """The process that waits, if it is alive and has the same limits."""
    while _spare:
        running = _spare.pop()
        if not running.is_ours:
            continue
        if running.limits == limits and running.process.poll() is None:
            return running
        _end(running)
    return None


def _start(limits: tuple[str, int, int]) -> _Running:
    errors = tempfile.TemporaryFile()  # noqa: SIM115 it is closed with the process
    process = subprocess.Popen(  # noqa: S603 ourselves
        # -P: nothing in the folder that we stand in is a module.
        [sys.executable, "-P", "-m", _WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env=environment(),
        cwd=os.sep,
    )
    assert process.stdin and process.stdout
    channel = Channel(process.stdout.fileno(), process.stdin.fileno())
    return _Running(process, channel, errors, os.getpid(), limits)


def _end(running: _Running) -> str:
    process = running.process
    if running.errors.closed or not running.is_ours:
        return ""
    if process.poll() is None:
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with suppress(OSError):
                pipe.close()
    running.errors.seek(0)
    said = running.errors.read().decode("utf-8", "replace")
    running.errors.close()
    return said
