"""What the operating system lets this process have."""

from __future__ import annotations

import contextlib
from types import ModuleType

resource: ModuleType | None
try:
    import resource
except ImportError:  # not on Windows: there the alarm and the parent's patience remain
    resource = None

STACK = 8 << 20
"""Bytes of stack, whatever the shell allows: an endless one is filled by endless recursion."""

_FILES = 1 << 20  # bytes that it may write into a file: a last word


def apply(megabytes: int) -> None:
    """Bound memory and stack; leave no core file, which would hold what people wrote."""
    if resource is None:
        return
    for name, most in (
        ("RLIMIT_AS", megabytes << 20),
        ("RLIMIT_STACK", STACK),
        ("RLIMIT_FSIZE", _FILES),
        ("RLIMIT_CORE", 0),
    ):
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        with contextlib.suppress(ValueError, OSError):  # macOS knows some of them by name alone
            resource.setrlimit(kind, (most, hard if name == "RLIMIT_STACK" else most))
