"""Python's search for garbage that refers to itself: none of it is among what stays anyway."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_waiting() -> Iterator[None]:
    """Search for none meanwhile, in any thread.

    Each time that the memory has grown by a quarter, Python goes through all of it: to read 10,000
    records took twice as long for that.
    """
    is_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_on:
            gc.enable()


@contextmanager
def not_among_what_there_is() -> Iterator[None]:
    """Search for it meanwhile, in any thread, only among what is made from now on."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
