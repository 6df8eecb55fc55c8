"""What `[web]` may say."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address, ip_network

from publisher.config.reader import Reader
from publisher.model import Publication, WebSettings


def checked(publication: Publication, reader: Reader) -> WebSettings:
    """Return how readers are answered; raise ConfigError."""
    web = publication.web
    if not 0 <= web.port <= 65535:
        raise reader.wrong("web.port", "must be a port, 0 to 65535")
    for one in web.proxies:
        if not _is_network(one):
            raise reader.wrong("web.proxies", f"must be addresses or networks, not {one!r}")
    if web.connections < 1:
        raise reader.wrong("web.connections", "must be at least 1")
    if web.unconfirmed < timedelta(days=1):
        raise reader.wrong("web.unconfirmed", "must be at least a day")
    if not 0 <= web.health <= 65535:
        raise reader.wrong("web.health", "must be a port, or 0 for none")
    if web.health and web.health == web.port:
        raise reader.wrong("web.health", "must be another port than web.port: it is for operators")
    if not _is_address(web.health_host):
        raise reader.wrong("web.health_host", "must be an address, as 127.0.0.1 or 0.0.0.0")
    return web


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return text == "localhost"
    return True


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True
