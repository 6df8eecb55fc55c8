"""What `[smtp]` may say."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_address

import msgspec

from publisher.config.addresses import reason
from publisher.config.reader import Reader
from publisher.hosts import ascii_host
from publisher.model import Publication, SmtpSettings


def checked(publication: Publication, reader: Reader) -> SmtpSettings:
    """Return the server that takes the mails, names in ASCII; raise ConfigError."""
    smtp = publication.smtp
    if smtp.timeout < timedelta(seconds=1):
        raise reader.wrong("smtp.timeout", "must be at least a second")
    if not 1 <= smtp.port <= 65535:
        raise reader.wrong("smtp.port", "must be a port, 1 to 65535")
    if smtp != SmtpSettings() and not smtp.host:
        raise reader.wrong("smtp", "names no host", "Mails would be files: add host = …")
    return msgspec.structs.replace(
        smtp, host=_server(smtp.host, "smtp.host", reader), ehlo=_ehlo(smtp.ehlo, reader)
    )


def _server(name: str, place: str, reader: Reader) -> str:
    """The name of a server in ASCII: whoever is looked up gets the password."""
    if not name:
        return ""
    try:
        return ascii_host(name)
    except ValueError as error:
        raise reader.wrong(place, "must be the name of a server", reason(error)) from None


def _ehlo(name: str, reader: Reader) -> str:
    """What we call ourselves: a name in ASCII, or an address in brackets (RFC 5321 §4.1.3)."""
    if re.fullmatch(r"\[[0-9A-Za-z:.]+\]", name):
        return name
    try:
        return f"[IPv6:{host}]" if ":" in (host := str(ip_address(name))) else f"[{host}]"
    except ValueError:
        pass  # a name
    try:
        return name and ascii_host(name)
    except ValueError as error:
        why = reason(error)
        raise reader.wrong("smtp.ehlo", "must be a name such as mail.news.example", why) from None
