"""Memory that many connections took goes back to the system once they have gone.

The C library keeps what was freed in the midst of its heap. A thousand slow readers would leave the
service as large as they made it, for ever.
"""

from __future__ import annotations

import ctypes
import gc


def give_back() -> None:
    """Give back what is free, where the C library can (glibc's `malloc_trim`)."""
    gc.collect()  # a connection and its protocol hold each other
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
