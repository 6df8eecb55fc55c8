"""Whether two texts are about the same, by a model: what the archive has in common is taken away.

Each archive is about something: of two stories about the sea, in one where all are, a model says
little. So the mean of all vectors is kept, of each language, and taken from each.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np

from publisher.related.arrays import Floats, Ints
from publisher.related.models import ENOUGH
from publisher.related.packaged import unit

_WHOLE = 2**24  # a float16 is a whole number of these parts: sums are the same in any order
_TABLE = (
    "CREATE TABLE IF NOT EXISTS means "
    "(language TEXT PRIMARY KEY, articles INTEGER NOT NULL, sums BLOB NOT NULL)"
)


def learn(db: sqlite3.Connection, language: str, vectors: Sequence[bytes]) -> None:
    """Count vectors of a language in; those that are empty count for nothing."""
    if not (known := [one for one in vectors if one]):
        return
    db.execute(_TABLE)
    articles, sums = _known(db, language) or (0, 0)
    _keep(db, language, articles + len(known), sums + _sum(known))


def is_learnt(db: sqlite3.Connection) -> bool:
    """Whether vectors of any language were ever counted."""
    return bool(db.execute("SELECT 1 FROM sqlite_master WHERE name = 'means'").fetchone())


def forget(db: sqlite3.Connection, language: str, vectors: Sequence[bytes]) -> None:
    """Count vectors of a language out, where they were counted in."""
    known = [one for one in vectors if one]
    before = _known(db, language) if known else None
    if before:
        _keep(db, language, before[0] - len(known), before[1] - _sum(known))


def mean_of(db: sqlite3.Connection, language: str) -> Floats | None:
    """Return the mean of a language's vectors, None where there are too few."""
    known = _known(db, language)
    if known is None or known[0] < ENOUGH:
        return None
    mean: Floats = known[1] / (known[0] * _WHOLE)
    return mean


def about(own: bytes, others: Sequence[bytes], mean: Floats) -> Floats:
    """Return how much others are about the same as one, -1 to 1, in whole millionths; NaN of those
    of which that is not known.
    """
    found = np.full(len(others), np.nan)
    fit = [n for n, other in enumerate(others) if len(other) == len(own) == 2 * len(mean)]
    if fit:
        rows = np.frombuffer(own + b"".join(others[n] for n in fit), np.float16)
        centred = unit(rows.reshape(len(fit) + 1, -1).astype(np.float64) - mean)
        found[fit] = np.round((centred[1:] * centred[0]).sum(1), 6)
    return found


def _known(db: sqlite3.Connection, language: str) -> tuple[int, Ints] | None:
    """How many vectors of a language were counted, and their sum."""
    if not is_learnt(db):
        return None
    row = db.execute("SELECT articles, sums FROM means WHERE language = ?", (language,)).fetchone()
    return (row[0], np.frombuffer(row[1], np.int64)) if row else None


def _keep(db: sqlite3.Connection, language: str, articles: int, sums: Ints) -> None:
    if articles > 0:
        row = (language, articles, sums.tobytes())
        db.execute("INSERT OR REPLACE INTO means VALUES (?, ?, ?)", row)
    else:
        db.execute("DELETE FROM means WHERE language = ?", (language,))


def _sum(vectors: Sequence[bytes]) -> Ints:
    rows = np.frombuffer(b"".join(vectors), np.float16).reshape(len(vectors), -1)
    found: Ints = np.rint(rows.astype(np.float64) * _WHOLE).astype(np.int64).sum(0)
    return found
