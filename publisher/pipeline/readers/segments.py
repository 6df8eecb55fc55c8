"""Saved filters of readers, by name and by number."""

from __future__ import annotations

from publisher.errors import UnknownName
from publisher.model import Newsletter, Segment
from publisher.pipeline.workspace import Workspace


def segment_named(space: Workspace, name: str) -> Segment:
    """Return a segment by name; raise UnknownName."""
    for segment in space.publication.segments:
        if segment.name == name:
            return segment
    known = [segment.name for segment in space.publication.segments]
    raise UnknownName("segment", name, known, todo="Declare it in publisher.toml: [segments.NAME]")


def segment_of(space: Workspace, newsletter: Newsletter) -> Segment | None:
    """Return the segment that a newsletter goes to, None for all its subscribers."""
    return segment_named(space, newsletter.segment) if newsletter.segment else None


def segment_counts(space: Workspace) -> dict[str, int]:
    """Return how many readers of any newsletter each segment has who can be mailed."""
    return {
        segment.name: space.ledger.readers.count(segment=segment)
        for segment in space.publication.segments
    }
