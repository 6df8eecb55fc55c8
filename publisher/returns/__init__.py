"""Messages that come back → what they say: no ledger, no clock, nothing decided about a reader."""

MOST = 10_000_000
"""Bytes of a message that are taken, by whatever way, and kept for a person: of a larger one the
beginning, which says what it is."""
