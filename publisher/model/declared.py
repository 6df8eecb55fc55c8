"""How a key of publisher.toml is declared: its meaning is the reference."""

from __future__ import annotations

from dataclasses import field
from typing import Any


def key(doc: str, default: Any = ..., *, example: str = "") -> Any:
    """Return a dataclass's field that is a key of publisher.toml; without a default it is needed.

    `doc` is its line in the reference, `example` a value to show there.
    """
    metadata = {"doc": doc, "example": example}
    return field(metadata=metadata) if default is ... else field(default=default, metadata=metadata)
