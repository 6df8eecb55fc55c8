"""What `[rendering]` may say."""

from __future__ import annotations

from publisher.config.reader import Reader
from publisher.model import Publication, RenderingSettings


def checked(publication: Publication, reader: Reader) -> RenderingSettings:
    """Return what rendering may cost; raise ConfigError."""
    rendering = publication.rendering
    if not 1 <= rendering.seconds <= 3600:
        raise reader.wrong("rendering.seconds", "must be 1 to 3600")
    if not 256 <= rendering.memory <= 1_000_000:
        raise reader.wrong("rendering.memory", "must be 256 or more, in megabytes")
    return rendering
