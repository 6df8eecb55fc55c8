"""Feeds and pages in the outbox."""
