"""What `[newsletters.NAME]` may say."""

from __future__ import annotations

import re

import msgspec

from publisher.config.reader import Reader
from publisher.config.rules import rule_fault, rule_of
from publisher.config.values import check_language
from publisher.errors import suggestion
from publisher.model import PER_READER, Newsletter, Publication, SectionQuery, clock_of

WHOLE = ("single", "breaking", "plain")
"""Templates of which no story is shortened unless that is asked for: they are no digests."""


def checked(publication: Publication, reader: Reader) -> tuple[Newsletter, ...]:
    """Return the newsletters with what they leave to the publication; raise ConfigError."""
    return tuple(_newsletter(one, publication, reader) for one in publication.newsletters)


def _newsletter(newsletter: Newsletter, publication: Publication, reader: Reader) -> Newsletter:
    place = f"newsletters.{newsletter.name}"
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", newsletter.name):
        raise reader.wrong(place, "must be lower-case letters, digits and hyphens")
    check_language(newsletter.language or "en", f"{place}.language", reader)
    segments = [segment.name for segment in publication.segments]
    if newsletter.segment and newsletter.segment not in segments:
        raise reader.wrong(
            f"{place}.segment",
            f"names no segment: {newsletter.segment!r}",
            suggestion(newsletter.segment, segments) or "Declare it: [segments.NAME]",
        )
    others = {one.name: one for one in publication.newsletters if one.name != newsletter.name}
    if newsletter.instead_of and newsletter.instead_of not in others:
        raise reader.wrong(
            f"{place}.instead_of",
            f"names no other newsletter: {newsletter.instead_of!r}",
            suggestion(newsletter.instead_of, others),
        )
    if newsletter.instead_of and newsletter.public > others[newsletter.instead_of].public:
        raise reader.wrong(f"{place}.instead_of", "names one that is not public, as this one is")
    if newsletter.instead_of and others[newsletter.instead_of].instead_of:
        raise reader.wrong(
            f"{place}.instead_of", "names one that is itself another frequency of a third"
        )
    per_reader = newsletter.per_reader or newsletter.zone == PER_READER
    is_for_all = newsletter.public and not newsletter.segment
    newsletter = msgspec.structs.replace(
        newsletter,
        language=newsletter.language or publication.language,
        zone=publication.zone if per_reader else newsletter.zone or publication.zone,
        per_reader=per_reader,
        at=clock_of(newsletter.at) or newsletter.at,
        sections=newsletter.sections or (SectionQuery(name="stories"),),
        archive=newsletter.archive or ("index" if is_for_all else "none"),
        fit=newsletter.template not in WHOLE if newsletter.fit is None else newsletter.fit,
    )
    if fault := rule_fault(rule_of(newsletter)):
        raise reader.wrong(f"{place}.{fault[0]}", fault[1])
    return newsletter
