"""What a command was started with: `-C`, and the machine's clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import click
import msgspec


class Invocation(msgspec.Struct, frozen=True, kw_only=True):
    """What a command was started with: `-C`, and the machine's clock (aware UTC)."""

    folder: str
    now: Callable[[], datetime]


def invocation() -> Invocation:
    """Return what the command at hand was started with."""
    found: Invocation = click.get_current_context().find_root().obj
    return found
