"""`deliver` to a fast sink, beside smtp-source and the naive way; to one far away; freezing."""

from __future__ import annotations

import os
import resource
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import psutil

from benchmarks.far import ROUND_TRIP, distance, rates
from benchmarks.measuring import PUBLISHER, cost, side_by_side, table
from publisher.ledger import EditionRecord, Ledger, SendRecord, tables
from publisher.pipeline.sealed import sealed
from publisher.pipeline.sends.messages import Addressing, messages_of
from publisher.pipeline.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
AT = "2026-11-24 07:00"
EDITION = "morning@2026-11-24T0700"
CONNECTIONS = 10
NAIVE = 3000  # messages are enough to see it
FAR = 2000  # readers of the server that is far away
ROUNDS = 3

CONFIG = """\
[publication]
title = "Bench"
base_url = "https://bench.example"
since = 2026-01-01
sender = "letter@bench.example"
[postal]
name = "Bench"
city = "Berlin"
[delivery]
connections = {connections}
[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
messages_per_connection = 1000
[newsletters.morning]
title = "Morning"
every = "day"
[[newsletters.morning.sections]]
name = "lead"
max = 1
show = "full"
"""


def run(readers: int) -> None:
    """Print what sending costs."""
    with tempfile.TemporaryDirectory(prefix="publisher-bench-") as folder, sink() as port:
        root = Path(folder) / "near"
        imported = prepared(root, readers, port)
        size = len(next(iter(messages(root, 1))))
        found = best(
            lambda: sent(root, readers),
            lambda: sent(root, readers, 2),
            lambda: source(port, readers, size),
        )
        _fast([*found, naive(port, size)], beside=found[-1], size=size)
        with distance(port) as away:
            prepared(Path(folder) / "far", FAR, away)
            _far(rates(Path(folder) / "far", away, size, CONNECTIONS))
        print(
            f"\nThe sink: {sink_name()}. Import of {readers:,} rows: {readers / imported:,.0f} a "
            f"second. Splicing alone: {splicing(root):,.0f} messages a second."
        )
    freezing(1_000_000)


Row = tuple[str, int, float, float, int, float]
"""A name, messages, seconds, CPU seconds, peak MB, CPU seconds of the sink meanwhile."""


def best(*ways: Callable[[], Row | None]) -> list[Row]:
    """The best run of each way, a round of all after the other: others disturb a single one."""
    rounds = [[way() for way in ways] for _ in range(ROUNDS)]
    found = [[row for row in runs if row is not None] for runs in zip(*rounds, strict=True)]
    return [min(runs, key=lambda row: row[2]) for runs in found if runs]


def _fast(rows: list[Row], beside: Row, size: int) -> None:
    table(
        f"{rows[0][1]:,} readers, {size / 1000:.0f} KB messages, {CONNECTIONS} connections",
        (
            "", "messages", "a second", "CPU s per 1,000", "peak MB",
            f"of the rate of {beside[0]}", "times its CPU", "CPU s per 1,000 of the sink",
            "cores in use by both",
        ),
        [
            (
                name, f"{n:,}", f"{n / s:,.0f}", f"{cpu / n * 1000:.3f}", memory or "",
                f"{n / s / (beside[1] / beside[2]):.2f}",
                f"{cpu / n / (beside[3] / beside[1]):.1f}",
                f"{theirs / n * 1000:.3f}", f"{(cpu + theirs) / s:.2f}",
            )
            for name, n, s, cpu, memory, theirs in rows
        ],
    )  # fmt: skip


def _far(found: list[tuple[str, float]]) -> None:
    table(
        f"A server {ROUND_TRIP * 1000:.0f} ms away, {CONNECTIONS} connections",
        ("", "a second and connection", "times smtplib"),
        [(name, f"{rate:.1f}", f"{rate / found[-1][1]:.2f}") for name, rate in found],
    )


def source(port: int, count: int, size: int) -> Row | None:
    """The same number of messages by Postfix's smtp-source: one message, composed once."""
    found = shutil.which("smtp-source")
    if found is None:
        return None
    ends = ["-f", "letter@bench.example", "-t", "reader@mail.example"]
    many = ["-s", str(CONNECTIONS), "-m", str(count), "-l", str(size), "-d"]
    before = _sink_cpu()
    run = cost(found, *many, *ends, f"127.0.0.1:{port}")
    theirs = _sink_cpu() - before
    return ("smtp-source of Postfix", count, run.seconds, run.cpu, 0, theirs)  # the peak is ours


def prepared(root: Path, readers: int, port: int) -> float:
    """A publication with readers, its edition built and in the queue; seconds of the import."""
    prepared_articles(root, port, CONNECTIONS)
    rows = "".join(f"reader{n}@mail{n % 50}.example,Reader {n}\n" for n in range(readers))
    (root / "readers.csv").write_text("email,name\n" + rows)
    cost(*PUBLISHER, "-C", str(root), "build", "--at", AT)
    imported = cost(*PUBLISHER, "-C", str(root), "subscribers", "import", str(root / "readers.csv"))
    cost(*PUBLISHER, "-C", str(root), "send", EDITION, "--yes")
    return imported.seconds


def prepared_articles(
    root: Path, port: int, connections: int, shared: str = "", more: str = ""
) -> None:
    """A publication with an article; `shared` are keys of [publication], `more` other tables."""
    (root / "articles").mkdir(parents=True)
    config = CONFIG.format(port=port, connections=connections) + more
    config = config.replace("[publication]\n", f"[publication]\n{shared}", 1)
    (root / "publisher.toml").write_text(config)
    paragraph = "A sentence of news that says something, and then says some more of it. " * 6
    text = "\n\n".join([paragraph] * 20)
    (root / "articles/a.md").write_text(f"---\ntitle: News\ndate: 2026-11-23\n---\n{text}\n")


def sent(root: Path, readers: int, processes: int = 1) -> Row:
    """Drain a copy of the queue with the command line, as an operator would, or several at once."""
    copy = root.with_name("sent")
    shutil.copytree(root, copy)
    before = _sink_cpu()
    delivered = side_by_side(processes, *PUBLISHER, "-C", str(copy), "deliver")
    theirs = _sink_cpu() - before
    ledger = Ledger(copy / ".publisher/ledger.db", readonly=True)
    counts = ledger.sends.counts(EDITION)
    ledger.close()
    shutil.rmtree(copy)
    assert counts == {"accepted": readers}, counts
    return (
        "publisher deliver" if processes == 1 else f"{processes} of them side by side",
        readers,
        delivered.seconds,
        delivered.cpu,
        round(delivered.megabytes),
        theirs,
    )


def _sink_cpu() -> float:
    """CPU seconds of the sink so far."""
    sinks = [one for one in psutil.Process().children() if one.name() == "smtp-sink"]
    return sum(sum(one.cpu_times()[:2]) for one in sinks)


def messages(root: Path, count: int) -> Iterator[bytes]:
    """Messages of the edition, made as `deliver` makes them."""
    space = Workspace(root, datetime.now(UTC), writing=True)
    made = messages_of(space, sealed(space, EDITION), space.now)
    addressing = Addressing(space, EDITION)
    for number, reader in enumerate(space.ledger.readers.listed("morning")):
        if number == count:
            break
        yield made.message(addressing.recipient(reader))
    space.close()


def splicing(root: Path) -> float:
    """Messages a second that an edition's message splices, of recipients that are ready."""
    space = Workspace(root, datetime.now(UTC), writing=True)
    made = messages_of(space, sealed(space, EDITION), space.now)
    addressing = Addressing(space, EDITION)
    recipients = [addressing.recipient(r) for r in space.ledger.readers.listed("morning")][:20_000]
    started = time.perf_counter()
    for recipient in recipients:
        made.message(recipient)
    seconds = time.perf_counter() - started
    space.close()
    return len(recipients) / seconds


def naive(port: int, size: int) -> Row:
    """EmailMessage and smtplib for each reader, on as many connections; nothing is recorded."""
    body = ("A sentence of news that says something. " * 2 + "\n") * (size // 2 // 81)

    def work(share: int) -> None:
        with smtplib.SMTP("127.0.0.1", port) as client:
            for number in range(share):
                message = EmailMessage()
                message["From"], message["Subject"] = "letter@bench.example", "News"
                message["To"] = f"Reader {number} <reader{number}@mail.example>"
                message["List-Unsubscribe"] = f"<https://bench.example/unsubscribe/{number}>"
                message.set_content(body)
                message.add_alternative(f"<p>{body}</p>", subtype="html")
                client.send_message(message)

    threads = [
        threading.Thread(target=work, args=(NAIVE // CONNECTIONS,)) for _ in range(CONNECTIONS)
    ]
    started, cpu, before = time.perf_counter(), time.process_time(), _sink_cpu()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return ("EmailMessage and smtplib", NAIVE, seconds, cpu, memory, _sink_cpu() - before)


def freezing(readers: int) -> None:
    """Freeze a million readers, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="publisher-bench-") as folder:
        path = Path(folder) / "ledger.db"
        populated(path, readers)
        before = _disk(path)
        frozen = cost(sys.executable, "-m", "benchmarks.sending", str(path))
        table(
            f"Freezing {readers:,} readers",
            ("seconds", "readers a second", "peak MB", "disk, MB"),
            [
                (
                    f"{frozen.seconds:.1f}",
                    f"{readers / frozen.seconds:,.0f}",
                    f"{frozen.megabytes:.0f}",
                    f"{(_disk(path) - before) / 1e6:.0f}",
                )
            ],
        )


def populated(path: Path, readers: int) -> None:
    """A ledger with readers, written at once."""
    ledger = Ledger(path)
    now = datetime.now(UTC)
    ledger.editions.record(
        EditionRecord(
            id=EDITION,
            newsletter="morning",
            slot="2026-11-24T07:00",
            instant=now,
            state="built",
            recorded=now,
        )
    )
    step = 50_000
    with ledger._engine.begin() as db:
        for start in range(0, readers, step):
            ids = [(n * 2_654_435_761) % (1 << 61) for n in range(start, start + step)]
            db.execute(
                tables.subscribers.insert(), [_reader(i, n, now) for n, i in enumerate(ids, start)]
            )
            db.execute(
                tables.subscriptions.insert(),
                [
                    {"subscriber": i, "newsletter": "morning", "active": True, "since": now}
                    for i in ids
                ],
            )
    with ledger._engine.connect() as db:
        db.exec_driver_sql("COMMIT")
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.exec_driver_sql("BEGIN")
    ledger.close()


def _reader(reader: int, number: int, now: datetime) -> dict[str, object]:
    domain = f"mail{number % 50}.example"
    address = f"r{number}@{domain}"
    return {"id": reader, "address": address, "key": address, "domain": domain, "utf8": False,
            "name": f"Reader {number}", "language": "", "zone": "", "attributes": {},
            "joined": now}  # fmt: skip


def _disk(path: Path) -> int:
    return sum(one.stat().st_size for one in path.parent.iterdir())


def _freeze(path: Path) -> None:
    now = datetime.now(UTC)
    ledger = Ledger(path)
    record = SendRecord(
        edition=EDITION,
        newsletter="morning",
        state="sending",
        seal="",
        lane=1,
        readers=0,
        frozen=now,
        start=now,
        expires=now + timedelta(days=1),
    )
    assert ledger.sends.freeze(record, None).readers == 1_000_000
    ledger.close()


@contextmanager
def sink() -> Iterator[int]:
    """A server that takes everything as fast as it can: Postfix's smtp-sink, or our own."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    if found := shutil.which("smtp-sink"):
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        process = subprocess.Popen([found, *user, f"127.0.0.1:{port}", "256"])
    else:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.smtpd"], stdout=subprocess.PIPE, cwd=ROOT
        )
        assert process.stdout
        port = int(process.stdout.readline())
    try:
        _await(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def sink_name() -> str:
    """Which sink it is."""
    return "smtp-sink of Postfix" if shutil.which("smtp-sink") else "tests/smtpd.py"


def _await(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)


if __name__ == "__main__":
    _freeze(Path(sys.argv[1]))
