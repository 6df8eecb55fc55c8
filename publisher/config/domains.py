"""What `[domains."NAME"]` may say."""

from __future__ import annotations

import msgspec

from publisher.config.addresses import domain_name
from publisher.config.reader import Reader
from publisher.model import DomainSettings, Publication


def checked(publication: Publication, reader: Reader) -> tuple[DomainSettings, ...]:
    """Return the domains in ASCII, each once; raise ConfigError."""
    names: set[str] = set()
    domains = []
    for one in publication.domains:
        name = domain_name(one.name, f"domains.{one.name}", reader)
        if name in names:
            raise reader.wrong(f"domains.{one.name}", f"is the same domain as another: {name}")
        names.add(name)
        domains.append(msgspec.structs.replace(one, name=name))
    return tuple(domains)
