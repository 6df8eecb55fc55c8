"""A service under fire: hostile articles arrive, are removed and arrive again while it sends.

What is measured is another newsletter's mail: its queue, and the edition of each minute.
`python -m benchmarks hostile` does it for three minutes; a test for some seconds.
"""

from __future__ import annotations

import itertools
import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from publisher.isolation import child
from tests.processes import Child
from tests.site import AHEAD, Site, now, publisher
from tests.smtpd import Server

HEAD = "---\ntitle: Bad\ndate: 2026-11-23 11:00\ntags: [fire]\n---\n\n"
KILLER = "killer.md"
ARTICLES = {
    "ruby.md": "<div>" + "<rt>" * 10_000,
    "attributes.md": "<div>" + '<b title="</b>">' * 2_700,
    "comments.md": "<div>" + "<b><!--</b>-->" * 3_000,
    "quotations.md": "> " * 20_000 + "x",
    "late.md": "<p>one<p>two" * 10_000 + "<rt>" * 20_000,
    "formatting.md": "".join(f"<b lang=x{n}>" for n in range(5_000)) + "<p>x" * 5_000,
    "sections.md": "<p>one<p>two" + "<section>" * 40_000,
    KILLER: "<p>" + "KILLER " * 5,
}
"""Each of them ended a build, or made it last minutes; the last ends whatever inlines styles."""

LOOPS = "{% for a in range(99999) %}{% for b in range(99999) %}\n{{ b }}\n{% endfor %}{% endfor %}"
CONFIG = """\
[publication]
title = "Under fire"
base_url = "https://fire.example"
since = 2026-01-01
zone = "UTC"
sender = "letter@fire.example"
[postal]
name = "Under fire"
city = "Town"
[rendering]
seconds = 3
[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
[delivery]
per_second = {pace}
[newsletters.fire]
title = "Fire"
cron = "* * * * *"
[[newsletters.fire.sections]]
name = "all"
tags = ["fire"]
show = "full"
[newsletters.loops]
title = "Loops"
cron = "* * * * *"
template = "loops"
[newsletters.quiet]
title = "Quiet"
cron = "* * * * *"
[[newsletters.quiet.sections]]
name = "all"
tags = ["quiet"]
[newsletters.queue]
title = "Queue"
[[newsletters.queue.sections]]
name = "all"
tags = ["quiet"]
"""
PACE = 4  # messages a second of the queue
_PATIENCE = 90.0  # seconds


@dataclass(kw_only=True, slots=True)
class Figures:
    """What came of it: seconds from one message of the queue to the next, and from slot to send."""

    gaps: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    attacks: int = 0
    said: str = ""


def under_fire(root: Path, seconds: float) -> Figures:
    """Run a service for some seconds, from ten before a minute, while articles come and go.

    At least until the slot of that minute is settled, which takes long on a busy machine.
    """
    came: list[float] = []

    def noted(stage: str, recipient: str) -> None:
        if stage == "dot" and recipient.startswith("queue"):
            came.append(time.monotonic())

    figures = Figures()
    with Server(noted, keep=False) as server:
        site = Site(root, CONFIG.format(port=server.port, pace=PACE))
        at = _prepare(site, readers=int(seconds * PACE * 2))
        with _service(site, at) as log:
            ends = time.monotonic() + 60
            while not came and time.monotonic() < ends:
                time.sleep(0.05)
            begun = len(came)
            _attack(site, seconds, figures, lambda: any(_late(log.read_text())))
            ended = len(came)
        figures.said = log.read_text()
    figures.gaps = [b - a for a, b in itertools.pairwise(came[begun:ended])]
    figures.late = list(_late(figures.said))
    return figures


def _late(said: str) -> Iterator[float]:
    """Seconds from each slot of the quiet newsletter until its readers were in the queue."""
    for line in said.splitlines():
        event = json.loads(line) if line.startswith("{") else {}
        if event.get("what") == "slot" and event["edition"].startswith("quiet@"):
            slot = datetime.strptime(event["edition"], "quiet@%Y-%m-%dT%H%M").replace(tzinfo=UTC)
            yield (datetime.fromisoformat(event["at"]) - slot).total_seconds()


def _prepare(site: Site, readers: int) -> datetime:
    """A queue of messages to be sent slowly; return the clock, ten seconds before a minute."""
    at = now().replace(second=50, microsecond=0) + timedelta(minutes=1)
    (site.root / "templates/mail").mkdir(parents=True)
    (site.root / "templates/mail/loops.txt").write_text(LOOPS)
    site.story("first", tags="[quiet]")
    rows = "".join(f"queue{number}@x.example\n" for number in range(readers))
    (site.root / "queue.csv").write_text("email\n" + rows)
    moment = f"{at - timedelta(minutes=1):%Y-%m-%dT%H:%M}"
    for words in (
        ("subscribers", "import", str(site.root / "queue.csv"), "--newsletter", "queue"),
        *(
            ("subscribers", "add", f"slot@{name}.example", "--newsletter", name)
            for name in ("quiet", "fire", "loops")
        ),
        ("build", "queue", "--at", moment),
        ("send", f"queue@{moment.replace(':', '')}", "--yes", "--at", moment),
    ):
        done = site.run(*words)
        assert done.code == 0, done.err
    return at


@contextmanager
def _service(site: Site, at: datetime) -> Iterator[Path]:
    """A service in a process of its own, with a clock that begins at an instant."""
    log, ahead = site.root.parent / "run.log", site.root.parent / "ahead"
    ahead.write_text(str((at - now()).total_seconds()))
    process = Child(_deadly, ["-C", str(site.root), "run", "--json"], log, {AHEAD: str(ahead)})
    try:
        yield log
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=60)
        finally:
            process.kill()


def _deadly(words: list[str]) -> None:
    """`publisher …` whose renderer dies of one of the articles."""
    child._WORKER = "tests.killing"
    publisher(words)


def _attack(site: Site, seconds: float, figures: Figures, is_settled: Callable[[], bool]) -> None:
    """Let the articles arrive, go and arrive again, and a good one each minute between them."""
    until = time.monotonic() + seconds
    for number in itertools.count():
        late = time.monotonic() - until
        if late >= _PATIENCE or (late >= 0 and is_settled()):
            return
        here = number % 3 != 2  # they are removed, and arrive again
        for name, body in ARTICLES.items():
            path = site.root / "articles" / name
            if here or name == KILLER:  # that one is there when a minute comes
                path.write_text(f"{HEAD}{body}\n\n{number}\n")
            else:
                path.unlink(missing_ok=True)
        site.story(f"good-{number}", tags="[quiet]")
        figures.attacks += 1
        time.sleep(1.5)
