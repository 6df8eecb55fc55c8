"""What an edition costs, of ten and of a hundred stories, and its MJML beside npm's mjml."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from mjml import mjml2html
from msgspec.structs import replace

from benchmarks.archive import Generator
from benchmarks.measuring import PUBLISHER, cost, table
from publisher.model import SectionQuery
from publisher.model.edition import Edition, Section
from publisher.rendering import Theme, render
from publisher.rendering import mail as rendering
from tests import specimens

AT = "2026-11-24 07:00"
SIZES = (10, 100)
CONFIG = """

[newsletters.long]
title = "Long"
template = "digest"
every = "day"
at = "07:00"
fit = false

[[newsletters.long.sections]]
name = "all"
max = {count}
max_age = "3650d"
show = "{show}"
"""
MODULES = os.environ.get("PUBLISHER_NODE_MODULES", "")
NODE = """
const found = require('mjml'), compiled = found.default || found;
const source = require('fs').readFileSync(0, 'utf8');
(async () => {
  const one = async () => compiled(source, {validationLevel: 'soft', fonts: {}});
  await one();
  const begun = process.hrtime.bigint();
  for (let n = 0; n < 5; n++) await one();
  process.stdout.write(JSON.stringify(Number(process.hrtime.bigint() - begun) / 5e6));
})();
"""


def run(_articles: int) -> None:
    """Print what an edition costs as a command, and what compiling its MJML does."""
    table(
        "An edition, `build NEWSLETTER`: a first time, again, and without what is kept",
        ("stories", "shown as", "first s", "again s", "nothing kept s", "peak MB", "HTML KB"),
        [commands(count, show) for count in SIZES for show in ("summary", "full")],
    )
    rows = [compiling(count) for count in SIZES]
    table(
        "Its MJML, compiled in one process that is warm (npm's as a command: with its start)",
        ("stories", "checked and compiled ms", "mrml alone ms", "npm mjml ms", "as a command ms",
         "ours of npm"),
        rows,
    )  # fmt: skip
    if not MODULES:
        print("\nPUBLISHER_NODE_MODULES names no folder with npm's mjml: see tests/npm.py.")


def commands(count: int, show: str) -> tuple[object, ...]:
    """Seconds of a build of one newsletter of so many stories."""
    with tempfile.TemporaryDirectory(prefix="publisher-bench-") as folder:
        root = Path(folder) / "site"
        root.mkdir()
        Generator(root).publication(count)
        path = root / "publisher.toml"
        path.write_text(path.read_text() + CONFIG.format(count=count, show=show))
        command = (*PUBLISHER, "-C", str(root), "build", "long", "--at", AT)
        first, again = cost(*command), cost(*command)
        shutil.rmtree(root / ".publisher")
        shutil.rmtree(root / "outbox")
        anew = cost(*command)
        html = next((root / "outbox").rglob("message.html"), None)
        size = f"{html.stat().st_size / 1000:.0f}" if html else ""
    seconds = (f"{one.seconds:.2f}" for one in (first, again, anew))
    return (count, show, *seconds, f"{first.megabytes:.0f}", size)


def compiling(count: int) -> tuple[object, ...]:
    """Milliseconds of making HTML of an edition's MJML."""
    source = mjml_of(count)
    plain = source.encode("ascii", "xmlcharrefreplace").decode()
    theme = Theme(None, "gazette")
    ours = best(lambda: rendering.compiled(source, theme, "digest"))
    alone = best(lambda: mjml2html(plain, fonts={}, disable_comments=True))
    if not MODULES:
        return (count, f"{ours:.1f}", f"{alone:.1f}", "", "", "")
    begun = time.perf_counter()
    warm = node(source)
    whole = (time.perf_counter() - begun) * 1000 - 5 * warm
    return (
        count,
        f"{ours:.1f}",
        f"{alone:.1f}",
        f"{warm:.1f}",
        f"{whole:.0f}",
        f"{ours / warm:.3f}",
    )


def best(work: Callable[[], object], rounds: int = 7) -> float:
    """The least of several times, in milliseconds."""
    found = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return min(found) * 1000


def node(source: str) -> float:
    """Milliseconds that npm's mjml takes, once it is warm."""
    done = subprocess.run(
        ["node", "-e", NODE], cwd=Path(MODULES).parent, input=source,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(json.loads(done.stdout))


def mjml_of(count: int) -> str:
    """The MJML of a digest of so many stories as it goes to the compiler."""
    edition = specimens.edition("digest", "en")
    stories = tuple(itertools.islice(itertools.cycle(edition.stories), count))
    query = SectionQuery(name="all", title="All", show="summary", max=count)
    long = replace(edition, sections=(Section(query=query, stories=stories),))
    return kept(long)


def kept(edition: Edition) -> str:
    """The MJML that rendering an edition hands to the compiler."""
    found: list[str] = []
    real = rendering.compiled

    def compiled(source: str, theme: Theme, name: str = "") -> object:
        found.append(source)
        return real(source, theme, name)

    rendering.compiled = compiled  # type: ignore[assignment]
    try:
        body = specimens.told("en")["body"]["html"]
        render(edition, specimens.publication("gazette"), lambda _: body, Theme(None, "gazette"))
    finally:
        rendering.compiled = real
    return found[-1]
