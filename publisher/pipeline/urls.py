"""Where a publication's links lead: readers' links, counted links, the site."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from publisher.hosts import ascii_url
from publisher.model import Publication

PLACEHOLDER = "news.example"
"""The host that `init` writes into publisher.toml, for its owner to replace."""


def links_of(publication: Publication) -> str:
    """Where readers' links lead, in ASCII, without the last slash."""
    return ascii_url(publication.delivery.links or publication.base_url).rstrip("/")


def counted_prefix(publication: Publication, edition: str) -> str:
    """Return where the counted links of an edition lead, but for their numbers."""
    return f"{links_of(publication)}/to/{edition}"


def links_origin(publication: Publication) -> str:
    """Return the scheme and host of readers' links: `https://mail.news.example`."""
    parts = urlsplit(links_of(publication))
    return f"{parts.scheme}://{parts.netloc}"


def links_root(publication: Publication) -> str:
    """The path that readers' links have before ours, "" for none."""
    return urlsplit(links_of(publication)).path


def site_root(publication: Publication) -> str:
    """The path that pages and feeds have before ours, decoded, "" for none."""
    return unquote(urlsplit(publication.base_url).path).rstrip("/")
