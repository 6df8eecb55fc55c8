"""Messages that come back → what they say: no ledger, no clock, nothing decided about a reader."""
