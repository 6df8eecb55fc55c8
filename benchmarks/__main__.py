"""Run every benchmark, or those named: `python -m benchmarks build --articles 10000`."""

import argparse

from benchmarks import (
    adopting,
    building,
    composing,
    crowding,
    finding,
    first,
    growing,
    hostile,
    importing,
    pacing,
    picturing,
    relating,
    scheduling,
    sending,
    serving,
    signing,
    sizing,
    starting,
    working,
)

ALL = {
    "build": building.run, "first": first.run,
    "start": starting.run, "related": relating.run, "finding": finding.run,
    "send": sending.run,
    "schedules": scheduling.run, "web": serving.run, "crowd": crowding.run,
    "hostile": hostile.run, "growth": growing.run,
    "pictures": picturing.run, "edition": composing.run, "import": importing.run,
    "dkim": signing.run, "sizes": sizing.run,
    "sites": adopting.run, "pace": pacing.run,
    "workers": lambda mailed: working.run(mailed, arguments.audience),
}  # fmt: skip

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("names", nargs="*", choices=[[], *ALL], help="all of them by default")
parser.add_argument("--articles", type=int, default=10_000)
parser.add_argument("--schedules", type=int, default=10_000)
parser.add_argument("--readers", type=int, default=50_000)
parser.add_argument("--paced", type=int, default=8_000)
parser.add_argument("--mailed", type=int, default=100_000, help="by workers")
parser.add_argument("--audience", type=int, default=1_000_000, help="frozen for workers")
parser.add_argument("--pictures", type=int, default=1_000)
arguments = parser.parse_args()
for name in arguments.names or ALL:
    counts = {
        "send": arguments.readers, "pace": arguments.paced, "workers": arguments.mailed,
        "schedules": arguments.schedules, "pictures": arguments.pictures,
    }  # fmt: skip
    ALL[name](counts.get(name, arguments.articles))
