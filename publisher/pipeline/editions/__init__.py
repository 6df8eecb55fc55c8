"""Editions: planned, composed, built, shown, made again."""
