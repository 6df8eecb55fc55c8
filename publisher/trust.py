"""Whose certificates we trust: the system's authorities', or those of a file."""

from __future__ import annotations

import ssl
from functools import cache


def trusted(ca: str | None = None) -> ssl.SSLContext:
    """Return what checks a server's certificate, and that it is its host's.

    Raises OSError, of which ssl.SSLError is one, for a file that is not there or holds none.
    """
    return ssl.create_default_context(cafile=ca) if ca else _of_the_system()


@cache
def _of_the_system() -> ssl.SSLContext:
    """Read once: that takes 70 ms, as long as many a command."""
    return ssl.create_default_context()
