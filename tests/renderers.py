"""Renderers that are forked from who will need them: to start one anew takes a third of a second."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from dataclasses import dataclass
from typing import IO

from publisher.isolation import child, worker
from publisher.workers.channel import Channel
from publisher.workers.starting import environment


@dataclass
class Forked:
    """A process of ours, with what `publisher` uses of `subprocess.Popen`."""

    pid: int
    stdin: IO[bytes]
    stdout: IO[bytes]
    returncode: int | None = None

    def poll(self) -> int | None:
        return self._waited(os.WNOHANG)

    def wait(self) -> int | None:
        return self._waited(0)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)  # its parent alone reaps it

    def _waited(self, how: int) -> int | None:
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, how)
            self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode


def lend() -> None:
    """Fork a renderer now, while there is no other thread; have it taken for the first one started.

    Any other is started as ever, as is one that is no usual one.
    """
    waiting, start, usual = [_forked()], child._start, child._WORKER

    def started(limits):
        if not waiting or limits[0] != usual:
            return start(limits)
        process, errors = waiting.pop()
        channel = Channel(process.stdout.fileno(), process.stdin.fileno())
        return child._Running(process, channel, errors, os.getpid(), limits)

    child._start = started


def _forked() -> tuple[Forked, IO[bytes]]:
    errors = tempfile.TemporaryFile()  # noqa: SIM115 it is closed with the process
    theirs, asking = os.pipe()
    answered, answering = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            for number, one in enumerate((theirs, answering, errors.fileno())):
                os.dup2(one, number)
            os.closerange(3, os.sysconf("SC_OPEN_MAX"))
            os.chdir(os.sep)
            kept = environment()
            os.environ.clear()
            os.environ.update(kept)
            sys.setrecursionlimit(1000)
            worker.main()
        finally:
            os._exit(0)
    os.close(theirs)
    os.close(answering)
    return Forked(pid, os.fdopen(asking, "wb", 0), os.fdopen(answered, "rb", 0)), errors
