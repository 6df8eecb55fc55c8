"""What to feed fuzzers with: real inputs that were spoilt, and pieces put together."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import settings
from hypothesis import strategies as st

Bytes = st.SearchStrategy[bytes]


def examples(per_hundred: int) -> settings:
    """So many examples for each hundred that the profile has: for what costs more, or less."""
    most: int = settings.default.max_examples  # type: ignore[attr-defined]
    return settings(max_examples=max(most * per_hundred // 100, 1))


@st.composite
def spoilt(draw: st.DrawFn, seeds: Sequence[bytes], pieces: Sequence[bytes]) -> bytes:
    """One of some inputs after a few edits: bytes lost, doubled, or put in from `pieces`."""
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(start + draw(st.integers(0, 40)), len(data))
        kind = draw(st.sampled_from(("lose", "double", "piece", "piece", "noise", "move")))
        part = data[start:end]
        if kind == "lose":
            data = data[:start] + data[end:]
        elif kind == "double":
            data = data[:end] + part * draw(st.integers(1, 5)) + data[end:]
        elif kind == "piece":
            data = data[:start] + draw(st.sampled_from(pieces)) + data[start:]
        elif kind == "noise":
            data = data[:start] + draw(st.binary(max_size=20)) + data[end:]
        else:
            rest = data[:start] + data[end:]
            place = draw(st.integers(0, len(rest)))
            data = rest[:place] + part + rest[place:]
    return data


def joined(pieces: Sequence[str], most: int = 40) -> Bytes:
    """Pieces one after the other, and whatever text between them."""
    one = st.sampled_from(pieces) | st.text(max_size=6)
    return st.lists(one, max_size=most).map(lambda found: "".join(found).encode("utf-8", "replace"))
