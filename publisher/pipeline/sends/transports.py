"""The way out that publisher.toml names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from publisher.errors import ConfigError
from publisher.model import PROVIDERS, Publication
from publisher.pipeline.workspace import Workspace

if TYPE_CHECKING:
    from publisher.delivery import Transport
    from publisher.delivery.providers import Api


def transport_of(space: Workspace) -> Transport:
    """Return the way out that publisher.toml names; a Maildir in the outbox by default."""
    from publisher.delivery import Command, Maildir, Smtp  # who only looks at it sends nothing

    publication, chosen = space.publication, _chosen(space.publication)
    delivery, smtp = publication.delivery, publication.smtp
    if chosen == "smtp":
        return Smtp(
            host=smtp.host,
            port=smtp.port,
            security=smtp.security,
            user=smtp.user,
            password=os.environ.get("PUBLISHER_SMTP_PASSWORD", ""),
            local=smtp.ehlo,
            ca=str(space.root / smtp.ca) if smtp.ca else None,
            timeout=smtp.timeout.total_seconds(),
        )
    if chosen == "command":
        return Command(delivery.command, smtp.timeout.total_seconds())
    if chosen in PROVIDERS:
        return _provider(publication, chosen)
    return Maildir(maildir_of(space))


def _chosen(publication: Publication) -> str:
    """The way out by name: smtp, command, maildir, or a provider's.

    Raises ConfigError where it is SMTP, and no server is named.
    """
    chosen, smtp = publication.delivery.transport, publication.smtp
    if chosen == "auto":
        return "smtp" if smtp.host else "command" if publication.delivery.command else "maildir"
    if chosen == "smtp" and not smtp.host:
        raise ConfigError(
            "smtp.host is missing",
            path="publisher.toml",
            todo='Name the server: [smtp] host = "…"',
        )
    return chosen


def _provider(publication: Publication, name: str) -> Api:
    """A provider's interface."""
    from publisher.delivery.providers import api_of  # late: most publications need none

    domain = publication.sender.rpartition("@")[2]
    return api_of(name, publication.provider, domain, os.environ)


def has_server(space: Workspace) -> bool:
    """Whether mails go to a server or a program: without, they are written as files."""
    return _chosen(space.publication) != "maildir"


def no_server(space: Workspace) -> str:
    """What is said loudly where mails become files; "" where they go out."""
    if has_server(space):
        return ""
    folder = os.path.relpath(maildir_of(space), space.root)
    return f"no mail server: mails are written into {folder}/ (name one: [smtp] host)"


def way_out(space: Workspace) -> str:
    """Where messages go, in words."""
    publication, chosen = space.publication, _chosen(space.publication)
    if chosen == "smtp":
        return f"to {publication.smtp.host}"
    if chosen == "command":
        return f"through {publication.delivery.command[0]}"
    if chosen == "maildir":
        return f"as files into {os.path.relpath(maildir_of(space) / 'new')}"
    return f"by {_provider(publication, chosen).provider.title}"


def maildir_of(space: Workspace) -> Path:
    """Where the Maildir lies."""
    given = space.publication.delivery.maildir
    return space.root / given if given != Path() else space.outbox.folder / "mail"
