"""What mail programs know, from caniemail's data (clients.json; clients.LICENSE: MIT)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("clients.json")


@cache
def data() -> dict[str, Any]:
    """Return the table: by feature, the programs that do not have it; names; its date."""
    found: dict[str, Any] = json.loads(_FILE.read_bytes())
    return found


def known() -> list[str]:
    """Return the programs that can be named: families such as "outlook", or "outlook.windows"."""
    programs = data()["programs"]
    return sorted({*programs, *(name.partition(".")[0] for name in programs)})


def lacking(feature: str, clients: Sequence[str]) -> list[str]:
    """Return which of the clients, families or programs, do not have a feature at all."""
    without = data()["without"].get(feature, ())
    return [one for one in without if one in clients or one.partition(".")[0] in clients]


def names(programs: Sequence[str]) -> str:
    """Return what programs are called; a family of which all are meant by its own name."""
    called: dict[str, str] = data()["programs"]
    told: list[str] = []
    for one in programs:
        family = one.partition(".")[0]
        theirs = [other for other in called if other.partition(".")[0] == family]
        is_whole = set(theirs) <= set(programs)
        told.append(called[one].partition(" (")[0] if is_whole else called[one])
    return ", ".join(dict.fromkeys(told))
