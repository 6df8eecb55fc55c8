"""What `[pictures]` may say."""

from __future__ import annotations

from publisher.config.reader import Reader
from publisher.model import PictureSettings, Publication

_BOUNDS = (
    ("mail_bytes", 10_000, 100_000_000),
    ("page_bytes", 10_000, 100_000_000),
    ("thumbnail", 16, 600),
    ("animated_bytes", 0, 100_000_000),
    ("source_bytes", 10_000, 500_000_000),
    ("megapixels", 1, 1000),
)


def checked(publication: Publication, reader: Reader) -> PictureSettings:
    """Return how pictures are made; raise ConfigError."""
    settings = publication.pictures
    for name, least, most in _BOUNDS:
        if not least <= getattr(settings, name) <= most:
            raise reader.wrong(f"pictures.{name}", f"must be {least} to {most}")
    for one in settings.formats:
        if one not in {"avif", "webp"}:
            raise reader.wrong("pictures.formats", f"must be avif or webp, not {one!r}")
    return settings
