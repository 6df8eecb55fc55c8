"""What `[segments.NAME]` may say."""

from __future__ import annotations

import re

import msgspec

from publisher.config.addresses import domain_name
from publisher.config.reader import Reader
from publisher.config.values import check_language, check_zone
from publisher.model import Publication, Segment, language_tag


def checked(publication: Publication, reader: Reader) -> tuple[Segment, ...]:
    """Return the segments, domains and languages in their one form; raise ConfigError."""
    return tuple(_segment(one, reader) for one in publication.segments)


def _segment(segment: Segment, reader: Reader) -> Segment:
    place = f"segments.{segment.name}"
    for zone in segment.zones:
        check_zone(zone, f"{place}.zones", reader)
    for one in segment.languages:
        check_language("en" if one == "*" else one, f"{place}.languages", reader)
    for pair in segment.attributes:
        if not re.fullmatch(r"[^=\"\\]+=.*", pair):
            raise reader.wrong(
                f"segments.{segment.name}.attributes", f"must be NAME=VALUE, not {pair!r}"
            )
    return msgspec.structs.replace(
        segment,
        domains=tuple(domain_name(one, f"{place}.domains", reader) for one in segment.domains),
        languages=tuple(map(language_tag, segment.languages)),
    )
