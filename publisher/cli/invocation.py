"""What a command was started with: `-C`, and the machine's clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import click


@dataclass(frozen=True, kw_only=True, slots=True)
class Invocation:
    """What a command was started with: `-C`, and the machine's clock (aware UTC)."""

    folder: str
    now: Callable[[], datetime]


def invocation() -> Invocation:
    """Return what the command at hand was started with."""
    found: Invocation = click.get_current_context().find_root().obj
    return found
