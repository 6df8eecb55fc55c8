"""How a job ends: done, asked again at a time, or given up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Done:
    """Its row goes."""


@dataclass(frozen=True, slots=True)
class Again:
    """It is asked again, by the server's clock."""

    at: datetime


@dataclass(frozen=True, slots=True)
class GivenUp:
    """It is not tried again; its row stays for some days."""

    error: BaseException


Ending = Done | Again | GivenUp

Do = Callable[[str, Mapping[str, Any], int], Ending]
"""Do a job: its task, its arguments, and how often it was tried before. Raises nothing."""
