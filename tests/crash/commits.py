"""Hosts at different commits, killed while an editor withdraws stories: none of them comes back."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.harness import SOON, with_group
from tests.crash.hosts import Server, served, with_keys
from tests.crash.slots import SlotTally
from tests.crash.workers import ENGINE, TAKEOVER, Staff, waits_for
from tests.site import PAGED, Site, tree

LANE = ("--lanes", "pages")
_LOOK = 0.02  # seconds between two looks at what readers see
_WHO = {
    **{f"GIT_{one}_NAME": "x" for one in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{one}_EMAIL": "x@x.example" for one in ("AUTHOR", "COMMITTER")},
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
}


@dataclass
class CommitTally(SlotTally):
    """What a sweep found: `slots` are commits, `lost` stories that were shown again, `unsettled`
    ends that were not as one host builds them; `looks` is how often was looked.
    """

    looks: int = 0

    def row(self) -> tuple[str, ...]:
        found = (self.kills, self.slots, self.looks, self.lost, self.unsettled)
        return (self.name, *(f"{n:,}" for n in found))


class Reader(threading.Thread):
    """Looks at a site again and again: once a story is there, those that it came with the
    withdrawal of must not be. A page may be away for a moment, after who made it was killed.
    """

    def __init__(self, web: Path, newest: int = -1) -> None:
        super().__init__(daemon=True)
        self.looks, self.back = 0, set[int]()
        self._web, self._newest = web, newest
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(_LOOK):
            self._look()

    def end(self) -> None:
        """Look once more, and then no more."""
        self._over.set()
        self.join()
        self._look()

    def _look(self) -> None:
        shown = {int(path.parent.name[1:]) for path in self._web.glob("s[0-9]*/index.html")}
        self.back |= {one for one in shown if one < self._newest}
        self._newest = max(self._newest, *shown, -1)
        self.looks += 1


@dataclass
class Clones:
    """An editor's folder, a repository that all pull from, and hosts with clones of it."""

    folder: Path
    editor: Site
    hosts: list[Path] = field(default_factory=list)
    commits: int = 0

    def write(self) -> None:
        """Publish a story, and withdraw the one before; push it."""
        number = self.commits
        self.editor.story(f"s{number}", f"Story {number}")
        if number:
            self.editor.story(f"s{number - 1}", f"Story {number - 1}", draft="true")
        _git(self.editor.root, "add", "-A")
        _git(self.editor.root, "commit", "-qm", f"{number}")
        _git(self.editor.root, "push", "-q", "origin", "HEAD:main")
        self.commits += 1

    def pull(self, host: int) -> bool:
        """Bring a host up; not while a worker fetches there."""
        done = _git(self.hosts[host], "pull", "-q", "--ff-only", "origin", "main", check=False)
        return done == 0

    def as_built_alone(self) -> dict[str, bytes]:
        """The site as one host builds it by itself."""
        text = (self.editor.root / "publisher.toml").read_text()
        alone = Site(self.folder / "alone", PAGED)
        keep = [one for one in text.splitlines() if not one.startswith(("outbox =", "ledger ="))]
        alone.config("\n".join(keep).split("\n[engine]")[0] + "\n")
        for path in (self.editor.root / "articles").iterdir():
            alone.article(path.name, path.read_bytes())
        alone.build("2026-11-23 13:00")
        return _shown(alone.root / "outbox")


def at_random(rounds: int, seed: int, hosts: int = 3, design: str = "") -> CommitTally:
    """Let an editor commit, hosts pull or not, and kill or stop what is at work on them.

    With `design` "own" each host makes pages of its own folder, as it is.
    """
    rng = random.Random(seed)
    bad = f": a bad design ({design})" if design else ""
    tally = CommitTally(f"{hosts} hosts at different commits{bad}")
    own = (f"--{design}",) if design else ()
    with served() as (folder, database):
        one = _cloned(folder, database, hosts)
        with _staff(one, own, one.hosts) as (staff, keep):
            keep()
            reader = Reader(folder / "outbox/web")
            reader.start()
            for _ in range(rounds):
                one.write()
                _one_round(one, staff, keep, rng)
            keep()
            ended = _ended(one, folder / "outbox", rng, SOON / (20 if design else 2))
            reader.end()
            tally.kills, tally.slots, tally.looks = staff.kills, one.commits, reader.looks
            tally.lost, tally.unsettled = len(reader.back), int(not ended)
            if not design:
                tally.faults += staff.end()
                staff.running.clear()
    return tally


def behind(design: str = "") -> CommitTally:
    """One host shows what an editor withdrew no more, and ends; another, which has not pulled, makes
    the front page that somebody took away meanwhile. Both end in order: no fault need strike.
    """
    own = (f"--{design}",) if design else ()
    tally = CommitTally("a host that has not pulled makes pages")
    with served() as (folder, database):
        one, outbox = _cloned(folder, database, 2), folder / "outbox"
        one.write()
        assert one.pull(0)
        expected, front = one.as_built_alone(), outbox / "web/index.html"
        with _staff(one, own, one.hosts[:1]) as (staff, keep):
            keep()
            assert not waits_for(lambda: _shown(outbox) == expected)
            tally.faults += staff.end()
        front.unlink()
        reader = Reader(outbox / "web", newest=one.commits - 1)
        reader.start()
        with _staff(one, own, one.hosts[1:]) as (staff, keep):
            keep()
            assert not waits_for(front.exists)
            tally.faults += staff.end()  # once the job at hand is done
        reader.end()
        tally.slots, tally.looks, tally.lost = one.commits, reader.looks, len(reader.back)
        tally.unsettled = int(_shown(outbox) != expected)
    return tally


def _one_round(one: Clones, staff: Staff, keep: Callable[[], None], rng: random.Random) -> None:
    """One host pulls for sure, the others perhaps; meanwhile things die."""
    order = rng.sample(range(len(one.hosts)), len(one.hosts))
    for number, host in enumerate(order):
        keep()
        if number == 0 or rng.random() < 0.4:
            one.pull(host)
        threading.Event().wait(0.3 + rng.random() * 2)
        which, word = rng.randrange(len(one.hosts)), rng.choice(["worker", "worker", "run"])
        if rng.random() < 0.8:
            staff.kill(which, word)
        else:
            staff.freeze(which, word, rng.random() * 2 * TAKEOVER)


def _ended(one: Clones, outbox: Path, rng: random.Random, patience: float) -> bool:
    """Let one host pull, and wait until readers see what it has: not all need have pulled."""
    host = rng.randrange(len(one.hosts))
    waits_for(lambda: one.pull(host), SOON / 6)
    expected = one.as_built_alone()
    return not waits_for(lambda: _shown(outbox) == expected, patience)


def _shown(outbox: Path) -> dict[str, bytes]:
    try:
        return {name: data for part in ("web", "feeds") for name, data in _in(outbox, part)}
    except FileNotFoundError:  # it is being made
        return {}


def _in(outbox: Path, part: str) -> Iterator[tuple[str, bytes]]:
    for name, data in tree(outbox / part).items():
        if not name.startswith(("pictures/", ".")) and ".aside" not in name:
            yield f"{part}/{name}", data


def _cloned(folder: Path, database: Server, hosts: int) -> Clones:
    keys = (f'outbox = "{folder / "outbox"}"', f'ledger = "{database.url}"')
    config = with_keys(PAGED, *keys) + "\n[web]\nserve = false\n" + ENGINE
    _git(folder, "init", "-q", "--bare", "-b", "main", "all")
    one = Clones(folder, Site(folder / "editor", config))
    (one.editor.root / ".gitignore").write_text(".publisher\n")
    _git(one.editor.root, "init", "-q", "-b", "main")
    _git(one.editor.root, "remote", "add", "origin", str(folder / "all"))
    one.write()
    for number in range(hosts):
        _git(folder, "clone", "-q", str(folder / "all"), f"host{number}")
        one.hosts.append(folder / f"host{number}")
    return one


@contextmanager
def _staff(
    one: Clones, own: tuple[str, ...], hosts: list[Path]
) -> Iterator[tuple[Staff, Callable[[], None]]]:
    """Who is at work on some hosts, and what starts a run and a worker where there is none."""
    staff = Staff(hosts, one.folder / "said.log")

    def keep() -> None:
        staff.keep_at_work("worker", own=own, more=LANE)
        staff.keep_at_work("run", own=own)

    try:
        yield staff, keep
    finally:
        for process in staff.running.values():
            if process.poll() is None:
                with_group(process, signal.SIGKILL)
                process.wait(SOON)


def _git(folder: Path, *words: str, check: bool = True) -> int:
    done = subprocess.run(
        ["git", "-C", str(folder), *words],
        check=check,
        capture_output=True,
        env={**os.environ, **_WHO},
    )
    return done.returncode
