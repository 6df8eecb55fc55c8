"""What `[authors."NAME"]` may say."""

from __future__ import annotations

import msgspec

from publisher.config.addresses import picture_address
from publisher.config.reader import Reader
from publisher.model import AuthorSettings, Publication


def checked(publication: Publication, reader: Reader) -> tuple[AuthorSettings, ...]:
    """Return the authors, their pictures as addresses; raise ConfigError."""
    return tuple(_author(one, publication, reader) for one in publication.authors)


def _author(author: AuthorSettings, publication: Publication, reader: Reader) -> AuthorSettings:
    picture = author.picture.strip()
    if "://" in picture or picture.startswith("//"):
        raise reader.wrong(
            f"authors.{author.name}.picture",
            "must be a file",
            "Put it beside publisher.toml: of another's server nobody would know who it tells "
            "that your mail was opened.",
        )
    return msgspec.structs.replace(author, picture=picture_address(publication.base_url, picture))
