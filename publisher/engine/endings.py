"""How a job ends: done, asked again at a time, or given up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec


class Done(msgspec.Struct, frozen=True):
    """Its row goes."""


class Again(msgspec.Struct, frozen=True):
    """It is asked again, by the server's clock."""

    at: datetime


class GivenUp(msgspec.Struct, frozen=True):
    """It is not tried again; its row stays for some days."""

    error: BaseException


Ending = Done | Again | GivenUp

Do = Callable[[str, Mapping[str, Any], int], Ending]
"""Do a job: its task, its arguments, and how often it was tried before. Raises nothing."""
