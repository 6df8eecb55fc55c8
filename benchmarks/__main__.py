"""Run every benchmark, or those named: `python -m benchmarks build --articles 10000`."""

import argparse
import importlib

ALL = {
    "build": "building",
    "first": "first",
    "start": "starting",
    "related": "relating",
    "finding": "finding",
    "send": "sending",
    "schedules": "scheduling",
    "web": "serving",
    "crowd": "crowding",
    "hostile": "hostile",
    "growth": "growing",
    "pictures": "picturing",
    "edition": "composing",
    "import": "importing",
    "dkim": "signing",
    "sizes": "sizing",
    "sites": "adopting",
    "pace": "pacing",
    "workers": "working",
    "parts": "parting",
}
"""Each with its module, imported when it runs: what this process holds counts as the peak of
whatever it starts.
"""

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
    more = (arguments.audience,) if name == "workers" else ()
    module = importlib.import_module(f"benchmarks.{ALL[name]}")
    module.run(counts.get(name, arguments.articles), *more)
