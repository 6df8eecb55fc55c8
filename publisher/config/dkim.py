"""What `[dkim]` may say."""

from __future__ import annotations

import re

import msgspec

from publisher.config.addresses import domain_name
from publisher.config.reader import Reader
from publisher.model import DkimSettings, Publication


def checked(publication: Publication, reader: Reader) -> DkimSettings:
    """What signs, its domain in ASCII; a selector is a label of DNS (RFC 6376 §3.1)."""
    dkim = publication.dkim
    if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?", dkim.selector):
        raise reader.wrong(
            "dkim.selector", "must be lower-case letters, digits and hyphens, 40 at most"
        )
    domain = dkim.domain and domain_name(dkim.domain, "dkim.domain", reader)
    return msgspec.structs.replace(dkim, domain=domain)
