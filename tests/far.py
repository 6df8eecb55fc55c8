"""A host in a network of its own, whose connection is cut for real: packets are lost, nobody is told.

    ip netns exec NAME python -m tests.far URL

As a program it is that host: it opens the ledger, asks for an answer that takes its time, and says
what becomes of it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from publisher.errors import LedgerUnavailable
from publisher.ledger import Ledger
from tests.crash.harness import ROOT

NOBODY = "02:00:00:00:00:01"
"""The hardware address of no host."""

ASKS = "SELECT pg_sleep(3), repeat('x', 100000)"


@dataclass(frozen=True)
class Network:
    """A network of two: this machine, and a host in a namespace."""

    name: str
    here: str
    there: str

    def start(self, url: str) -> subprocess.Popen[str]:
        """Start the host's program."""
        words = ["ip", "netns", "exec", self.name, sys.executable, "-m", "tests.far", url]
        return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    def cut(self) -> None:
        """Let packets of both go to nobody."""
        _ip("neigh", "replace", self.there, "lladdr", NOBODY, "dev", self.name, "nud", "permanent")
        far = ("neigh", "replace", self.here, "lladdr", NOBODY, "dev", "far", "nud", "permanent")
        _ip("-n", self.name, *far)


def missing() -> str:
    """Why there can be no such network here, "" where there can."""
    if os.geteuid() or not shutil.which("ip"):
        return "a network of its own needs root, and ip of iproute2"
    try:
        with network():  # containers often may not, or have no such cables
            return ""
    except subprocess.CalledProcessError as error:
        return f"no network of its own can be made here: {error.stderr.strip()}"


@contextmanager
def network() -> Iterator[Network]:
    """Make one, and take it away."""
    number = os.getpid() % 250
    one = Network(f"pub-{os.getpid()}", f"10.213.{number}.1", f"10.213.{number}.2")
    _ip("netns", "add", one.name)
    try:
        peer = ("type", "veth", "peer", "name", "far", "netns", one.name)
        _ip("link", "add", one.name, *peer)
        _ip("address", "add", f"{one.here}/24", "dev", one.name)
        _ip("link", "set", one.name, "up")
        _ip("-n", one.name, "address", "add", f"{one.there}/24", "dev", "far")
        _ip("-n", one.name, "link", "set", "far", "up")
        yield one
    finally:
        _ip("netns", "del", one.name)  # and both ends of the cable


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


def main(url: str) -> None:
    """Be that host."""
    ledger = Ledger(url)
    with ledger._engine.connect() as db:
        db.exec_driver_sql("SELECT 1")
        print("here", flush=True)
        try:
            db.exec_driver_sql(ASKS)
            print("answered", flush=True)
        except LedgerUnavailable:
            print("does not answer", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
