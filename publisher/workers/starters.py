"""How workers come to be: forked by one process that has all imported, or each started anew."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import weakref
from collections.abc import Sequence
from contextlib import suppress
from threading import Lock
from typing import Protocol

from publisher.workers.channel import Channel, widen
from publisher.workers.starting import environment

_WORKER, _FORKSERVER = "publisher.workers.process", "publisher.workers.forkserver"


class Starter(Protocol):
    """Starts workers; threads may ask at once."""

    def worker(self) -> Started:
        """Return another; raise OSError where there can be none."""
        ...

    def end(self) -> None:
        """End all that are left."""
        ...


class Started(Protocol):
    """A worker that lives: the channel to it."""

    @property
    def channel(self) -> Channel:
        """What it is asked by."""
        ...

    def end(self) -> None:
        """End it, and close the channel."""
        ...


def starter(modules: Sequence[str]) -> Starter:
    """Return how workers come to be here; `modules` are those that all of them need.

    Elsewhere than on Linux libraries do not take being forked well.
    """
    return _Forking(modules) if sys.platform == "linux" else _Spawning()


class _Spawning:
    """Each is a process of its own from the start."""

    def worker(self) -> Started:
        return _Spawned()

    def end(self) -> None:
        """Who was started is ended by whoever has it."""


class _Spawned:
    def __init__(self) -> None:
        process = _run(_WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert process.stdin and process.stdout
        self.channel = Channel(process.stdout.fileno(), process.stdin.fileno())
        widen(self.channel.reading)
        widen(self.channel.writing)
        self.end = weakref.finalize(self, _end, process, os.getpid())


class _Forking:
    """One process is started, with the first worker, and forks each of them."""

    def __init__(self, modules: Sequence[str]) -> None:
        self._modules, self._turn = modules, Lock()
        self._server: socket.socket | None = None
        self._finalizer: weakref.finalize[..., _Forking] | None = None

    def worker(self) -> Started:
        with self._turn:
            try:
                return _Forked(self._running())
            except ConnectionError:  # it was killed
                self.end()
                return _Forked(self._running())

    def end(self) -> None:
        if self._finalizer is not None:
            self._finalizer()
        self._server, self._finalizer = None, None

    def _running(self) -> socket.socket:
        if self._server is None:
            ours, theirs = socket.socketpair()
            with theirs:
                process = _run(_FORKSERVER, *self._modules, stdin=theirs.fileno())
            self._server = ours
            self._finalizer = weakref.finalize(self, _end_all, ours, process, os.getpid())
        return self._server


class _Forked:
    """It ends by itself when its channel does."""

    def __init__(self, server: socket.socket) -> None:
        """Ask for it; raise ConnectionError where nobody is there to be asked."""
        theirs, writing = os.pipe()
        try:
            reading, answering = os.pipe()
        except OSError:
            os.close(theirs)
            os.close(writing)
            raise
        self.channel = Channel(reading, writing)
        self.end = weakref.finalize(self, _close, (reading, writing), os.getpid())
        try:
            widen(writing)
            widen(reading)
            socket.send_fds(server, [b"1"], [theirs, answering])
        except OSError:
            self.end()
            raise
        finally:
            os.close(theirs)
            os.close(answering)


def _run(module: str, *args: str, stdin: int, stdout: int | None = None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 ourselves
        # -P: nothing in the folder that we stand in is a module.
        [sys.executable, "-P", "-m", module, *args],
        stdin=stdin,
        stdout=subprocess.DEVNULL if stdout is None else stdout,
        stderr=subprocess.DEVNULL,
        env=environment(),  # and our folder: paths may begin there
    )


def _end(process: subprocess.Popen[bytes], parent: int) -> None:
    if os.getpid() != parent:  # we were forked from it
        return
    if process.poll() is None:
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with suppress(OSError):
                pipe.close()


def _end_all(asked: socket.socket, process: subprocess.Popen[bytes], parent: int) -> None:
    asked.close()
    if os.getpid() == parent:
        process.wait()  # it ends all that it forked, then itself


def _close(pipes: Sequence[int], parent: int) -> None:
    if os.getpid() == parent:
        for one in pipes:
            with suppress(OSError):
                os.close(one)
