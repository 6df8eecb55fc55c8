"""What was done to an edition so that its mail fits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

_WORDS = {"card": "a card", "compact": "headline and summary", "title": "a headline"}
_SEVERAL = {"card": "cards", "compact": "headlines with summaries", "title": "headlines"}


class Fit(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes of an edition's HTML before and after, and how many stories are shown as what."""

    before: int
    after: int
    shown: Mapping[str, int]

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Fit | None:
        """Return what a bundle's manifest tells of it; None where nothing was shortened."""
        found = manifest.get("fit")
        return cls(**found) if found else None

    @property
    def words(self) -> str:
        """What was done, in words."""
        parts = [
            f"{count} as {(_WORDS if count == 1 else _SEVERAL).get(show, show)}"
            for show, count in self.shown.items()
        ]
        return (
            f"the HTML would have {self.before / 1000:.0f} KB, and has {self.after / 1000:.0f}: "
            f"shown shorter are {', '.join(parts)}"
        )
