"""Slots: which have come, what becomes of each, and what a person says of them beforehand."""
