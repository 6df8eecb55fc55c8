"""`build` with all feeds: a first time, again, after one new article, and beside the floor.

"Again" finds that nothing was touched; where nothing is kept of that, it looks at everything.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from benchmarks.archive import NOW, Generator, newest
from benchmarks.measuring import PUBLISHER, cost, table, tree


def run(articles: int) -> None:
    """Print what a build costs."""
    with tempfile.TemporaryDirectory(prefix="publisher-bench-") as folder:
        root = Path(folder)
        generator = Generator(root)
        generator.publication(articles)
        command = (*PUBLISHER, "-C", folder, "build", "--at", NOW)
        started = time.perf_counter()
        first = cost(*command)
        outbox = tree(root / "outbox")
        again = cost(*command)
        (root / ".publisher/standstill").unlink()
        looked = cost(*command)
        same = tree(root / "outbox") == outbox
        status = cost(*PUBLISHER, "-C", folder, "status", "--at", NOW)
        plan = cost(*PUBLISHER, "-C", folder, "plan", "--at", NOW)
        generator.article(articles, newest(articles))
        one = cost(*command)
        floor = _floor(root)
        rows = [
            (
                name,
                f"{c.seconds:.2f}",
                f"{c.cpu:.2f}",
                f"{c.megabytes:.0f}",
                f"{c.seconds / first.seconds:.3f}",
                f"{c.seconds / floor:.1f}",
            )
            for name, c in (
                ("first build", first),
                ("again, nothing new", again),
                ("again, looking at everything", looked),
                ("after one new article", one),
                ("status", status),
                ("plan", plan),
            )
        ]
        rows.append(
            (
                "floor: read and write the same bytes",
                f"{floor:.2f}",
                "",
                "",
                f"{floor / first.seconds:.3f}",
                "1.0",
            )
        )
        size = sum(p.stat().st_size for p in (root / "articles").iterdir()) / 1e6
        table(
            f"Build of {articles:,} articles ({size:.0f} MB), {len(outbox):,} files in the outbox",
            ("", "seconds", "CPU seconds", "peak MB", "of the first", "of the floor"),
            rows,
        )
        print(
            f"\nSecond build byte-identical: {same}. "
            f"Articles a second: {articles / first.seconds:,.0f}. "
            f"Measured in {time.perf_counter() - started:.0f} s."
        )


def _floor(root: Path) -> float:
    """Seconds to read every article and write, fsynced, what the build wrote."""
    import os

    target = root / "floor"
    started = time.perf_counter()
    for path in sorted((root / "articles").iterdir()):
        path.read_bytes()
    for source in sorted((root / "outbox").rglob("*")):
        if not source.is_file():
            continue
        path = target / source.relative_to(root)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(source.read_bytes())
            file.flush()
            os.fsync(file.fileno())
    elapsed = time.perf_counter() - started
    shutil.rmtree(target)
    return elapsed
