"""Kills senders at every place there is, and counts who got what: `make crash`."""
