"""Sends: an edition's audience frozen, its messages made and delivered."""
