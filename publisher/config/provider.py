"""What `[provider]` may say: where a key goes is looked at before it goes there."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from publisher.config.reader import Reader
from publisher.hosts import is_this_machine
from publisher.model import ProviderSettings, Publication

_AMAZON = r"[a-z]{2}(-[a-z]+)+-[0-9]{1,2}"


def checked(publication: Publication, reader: Reader) -> ProviderSettings:
    """Return the provider, which can be asked as it is named; raise ConfigError."""
    own = publication.provider
    chosen: str = publication.delivery.transport
    if own.base_url and not is_safe(own.base_url):
        raise reader.wrong(
            "provider.base_url",
            "must begin with https://",
            "The key goes there; http is for this machine alone.",
        )
    if own.timeout.total_seconds() < 1:
        raise reader.wrong("provider.timeout", "must be at least a second")
    if "ses" in (chosen, own.name):
        if chosen == "ses" and not re.fullmatch(_AMAZON, own.region):
            raise reader.wrong(
                "provider.region",
                "must be a region of Amazon's",
                'Name that of your account: [provider] region = "eu-central-1"',
            )
    elif own.region not in ("", "us", "eu"):
        raise reader.wrong("provider.region", f"must be us or eu, not {own.region!r}")
    if own.domain and not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", own.domain):
        raise reader.wrong("provider.domain", "must be a domain such as mg.news.example")
    if own.topic and not re.fullmatch(
        rf"arn:aws:sns:{_AMAZON}:[0-9]{{12}}:[\w.-]{{1,260}}", own.topic
    ):
        raise reader.wrong(
            "provider.topic", "must be the ARN of an SNS topic: arn:aws:sns:REGION:ACCOUNT:NAME"
        )
    return own


def is_safe(url: str) -> bool:
    """Whether a key may go to an address: encrypted, or no further than this machine."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or port == 0 or parts.username or parts.query or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_this_machine(host))
