"""Where a publication's links lead: readers' links, counted links, the site."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

from publisher.model import Publication

PLACEHOLDER = "news.example"
"""The host that `init` writes into publisher.toml, for its owner to replace."""


def links_of(publication: Publication) -> str:
    """Where readers' links lead, in ASCII, without the last slash."""
    return ascii_url(publication.delivery.links or publication.base_url).rstrip("/")


def ascii_url(url: str) -> str:
    """Return a URL in ASCII (RFC 3986 §2); raise ValueError for a host that is none."""
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode()
    port = f":{parts.port}" if parts.port else ""
    query = f"?{quote(parts.query, safe='/%:@?=&+')}" if parts.query else ""
    return f"{parts.scheme}://{host}{port}{quote(parts.path, safe='/%:@')}{query}"


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
