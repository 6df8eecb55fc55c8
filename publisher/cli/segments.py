"""segments list · count."""

from __future__ import annotations

import click

from publisher.cli.options import json_option
from publisher.cli.output import emit, fields_of, table, talk
from publisher.cli.session import workspace
from publisher.cli.verbs import Verbs
from publisher.model import Segment
from publisher.pipeline.readers.segments import segment_counts, segment_named


@click.group("segments", cls=Verbs)
def segments_() -> None:
    """Saved filters of readers, declared in publisher.toml."""


@segments_.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List the segments with what they ask for."""
    segments = workspace().publication.segments
    if as_json:
        emit(segments)
        return
    table((segment.name, _shown(segment)) for segment in segments)
    if not segments:
        talk("Declare one in publisher.toml: [segments.NAME]")


def _shown(segment: Segment) -> str:
    fields = fields_of(segment).items()
    return ", ".join(
        f"{name} {' '.join(value)}" for name, value in fields if value and name != "name"
    )


@segments_.command("count")
@click.argument("segment", required=False)
@json_option
def count(segment: str | None, as_json: bool) -> None:
    """Count the readers of each segment, or of SEGMENT, who can be mailed."""
    space = workspace()
    if segment:
        segment_named(space, segment)
    counts = segment_counts(space)
    counts = {name: found for name, found in counts.items() if segment in (None, name)}
    if as_json:
        emit(counts)
    else:
        table((name, f"{found:,}") for name, found in counts.items())
