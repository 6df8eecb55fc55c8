"""What a process of ours is started with."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import publisher

_KEPT = ("PYTHON", "LC_", "LD_", "DYLD_", "SYSTEM", "TZ")
_NAMES = {"PATH", "LANG", "TMPDIR", "TEMP", "TMP", "VIRTUAL_ENV"}


def environment() -> dict[str, str]:
    """Return what Python needs to start, and the modules that we have: no password is in it."""
    ours = str(Path(publisher.__file__).resolve().parent.parent)
    folders = [ours, *(os.path.abspath(folder) for folder in sys.path if folder)]  # noqa: PTH100
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _NAMES or name.startswith(_KEPT)
    }
    kept["OPENBLAS_NUM_THREADS"] = "1"  # numpy's threads: cores have a process each
    return {**kept, "PYTHONPATH": os.pathsep.join(dict.fromkeys(folders))}
