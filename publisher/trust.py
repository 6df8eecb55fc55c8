"""Whose certificates we trust: the system's authorities', or those of a file."""

from __future__ import annotations

import ssl
from functools import lru_cache


def trusted(ca: str | None = None) -> ssl.SSLContext:
    """Return what checks a server's certificate, and that it is its host's.

    Raises OSError, of which ssl.SSLError is one, for a file that is not there or holds none.
    """
    return ssl.create_default_context(cafile=ca) if ca else _at(ssl.get_default_verify_paths())


@lru_cache(maxsize=1)
def _at(_: ssl.DefaultVerifyPaths) -> ssl.SSLContext:
    """The authorities where the system keeps them, read once: that takes 70 ms."""
    return ssl.create_default_context()
