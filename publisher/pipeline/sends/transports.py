"""The way out that publisher.toml names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

from publisher.delivery import Command, Maildir, Smtp, Transport
from publisher.errors import ConfigError
from publisher.model import PROVIDERS, Publication
from publisher.pipeline.workspace import Workspace

if TYPE_CHECKING:
    from publisher.delivery.providers import Api


def transport_of(space: Workspace) -> Transport:
    """Return the way out that publisher.toml names; a Maildir in the outbox by default."""
    publication = space.publication
    delivery, smtp = publication.delivery, publication.smtp
    chosen: str = delivery.transport
    if chosen == "auto":
        chosen = "smtp" if smtp.host else "command" if delivery.command else "maildir"
    if chosen == "smtp":
        if not smtp.host:
            raise ConfigError(
                "smtp.host is missing",
                path="publisher.toml",
                todo='Name the server: [smtp] host = "…"',
            )
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


def _provider(publication: Publication, name: str) -> Api:
    """A provider's interface."""
    from publisher.delivery.providers import api_of  # late: most publications need none

    domain = publication.sender.rpartition("@")[2]
    return api_of(name, publication.provider, domain, os.environ)


def has_server(space: Workspace) -> bool:
    """Whether mails go to a server or a program: without, they are written as files."""
    return not isinstance(transport_of(space), Maildir)


def no_server(space: Workspace) -> str:
    """What is said loudly where mails become files; "" where they go out."""
    if has_server(space):
        return ""
    folder = os.path.relpath(maildir_of(space), space.root)
    return f"no mail server: mails are written into {folder}/ (name one: [smtp] host)"


def way_out(space: Workspace) -> str:
    """Where messages go, in words."""
    transport = transport_of(space)
    if isinstance(transport, Smtp):
        return f"to {transport.host}"
    if isinstance(transport, Command):
        return f"through {space.publication.delivery.command[0]}"
    if isinstance(transport, Maildir):
        return f"as files into {os.path.relpath(maildir_of(space) / 'new')}"
    return f"by {cast('Api', transport).provider.title}"


def maildir_of(space: Workspace) -> Path:
    """Where the Maildir lies."""
    given = space.publication.delivery.maildir
    return space.root / given if given != Path() else space.outbox.folder / "mail"
