"""What `[related]` may say."""

from __future__ import annotations

from datetime import timedelta

from publisher.config.reader import Reader
from publisher.errors import suggestion
from publisher.model import Publication, RelatedSettings


def checked(publication: Publication, reader: Reader) -> RelatedSettings:
    """Return how related stories are found; raise ConfigError."""
    related = publication.related
    for key in ("minimum", "same", "diversity", "weight_age", "weight_model"):
        if not 0 <= getattr(related, key) <= 1:
            raise reader.wrong(f"related.{key}", "must be 0 to 1")
    for key in ("weight_tags", "weight_section", "weight_links"):
        if not 0 <= getattr(related, key) <= 100:
            raise reader.wrong(f"related.{key}", "must be 0 to 100")
    for key, allowed in (
        ("fallback", ("none", "latest", "section")),
        ("languages", ("same", "any")),
    ):
        if getattr(related, key) not in allowed:
            raise reader.wrong(
                f"related.{key}",
                f"must be one of {', '.join(allowed)}",
                suggestion(getattr(related, key), allowed),
            )
    if related.half_life <= timedelta():
        raise reader.wrong("related.half_life", "must not be nought")
    return related
