"""Marks: ASCII words that stand in a template's output for what is spliced in afterwards.

Article HTML never passes through mrml, which aborts on a bare `<` and lets a body inject
sections of its own; reader's values are not known yet. Both are marked and spliced.
"""

from __future__ import annotations

import hashlib
import re

from publisher.model import Slotted, SlotText


class Marks:
    """Makes marks that no text of the edition can contain, and resolves them again."""

    def __init__(self, seed: str) -> None:
        """`seed` is all that goes in: whoever writes a part of it changes the key by writing."""
        self._key = hashlib.sha256(seed.encode()).hexdigest()[:16]
        self._values: list[str | SlotText] = []

    def add(self, value: str | SlotText) -> str:
        """Return the mark that stands for a piece of HTML, or a slot."""
        self._values.append(value)
        return f"q{self._key}n{len(self._values) - 1}q"

    def resolve(self, text: str) -> Slotted:
        """Splice everything in and return the pieces."""
        parts = re.split(f"q{self._key}n([0-9]+)q", text)
        pieces: list[str | SlotText] = []
        for index, part in enumerate(parts):
            piece = self._values[int(part)] if index % 2 else part
            if isinstance(piece, str) and pieces and isinstance(pieces[-1], str):
                pieces[-1] += piece
            elif piece != "":
                pieces.append(piece)
        return Slotted(tuple(pieces))
