"""`publisher` in processes of their own that start at once: forked from one that has imported it.

A sender or service of a test has its own files, signals and exit code, as from a shell; only
Python and the libraries are not read anew for each, which takes a second of a core; and the process
that renders for it is one of them. What they are forked from has no threads, and has opened nothing.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from tests.renderers import lend

_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(
    # What cannot be found by its name is imported by each process: that is slower, and no mistake.
    [
        "tests.warm",
        "tests.crash.dying",
        "publisher.schedule.clock",
        "publisher.web",
        # Of hosts: half of what a process of theirs would do is to import these.
        "sqlalchemy.dialects.postgresql.psycopg",
        "psycopg",
        "publisher.cli.worker",
        "publisher.engine.worker",
        "publisher.engine.procrastinate",
        "obstore.store",
    ]
)


class Child:
    """`program(words)` in a process that leads a session, with the methods of `subprocess.Popen`.

    `program` is a function of a module. What it prints is appended to a file.
    """

    def __init__(
        self,
        program: Callable[[list[str]], None],
        words: list[str],
        out: Path | str = os.devnull,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.args = words
        ready, told = _FORKS.Pipe(duplex=False)
        self._process = _FORKS.Process(
            target=_run,
            args=(program, words, str(out), {**os.environ, **(env or {})}, told),
            daemon=True,  # it dies with the tests
        )
        self._process.start()
        told.close()
        with ready:
            ready.recv()  # a signal that came before would find no session
        self.pid: int = self._process.pid or 0

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0.0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _run(
    program: Callable[[list[str]], None],
    words: list[str],
    out: str,
    env: Mapping[str, str],
    ready: Connection,
) -> None:
    os.setsid()
    os.environ.clear()
    os.environ.update(env)
    _redirect(os.devnull, os.O_RDONLY, 0)
    _redirect(out, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 1, 2)
    with ready:
        ready.send(None)
    lend()
    program(words)


def _redirect(path: str, flags: int, *numbers: int) -> None:
    opened = os.open(path, flags, 0o666)
    for number in numbers:
        os.dup2(opened, number)
    os.close(opened)


def forkservers() -> set[int]:
    """The processes of this one that fork workers (Linux)."""
    told = (Path(f"/proc/{one}/cmdline") for one in below(os.getpid()))
    return {int(one.parent.name) for one in told if b"workers.forkserver" in one.read_bytes()}


def below(pid: int) -> list[int]:
    """The processes that one started (Linux)."""
    listed = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(one) for some in listed for one in some.read_text().split()]


def until(condition, seconds=120, pause=0.05):
    """Wait for what another process is about to do; return it. No wait lasts that long.

    It is looked for every `pause` seconds.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(pause)
    raise AssertionError("it did not come to be")
