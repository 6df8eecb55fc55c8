"""What comes with the program besides its code."""

from __future__ import annotations

from pathlib import Path


def templates() -> Path:
    """Return the folder of the packaged templates: in the wheel, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "_templates"
    return inside if inside.is_dir() else package.parent / "templates"
