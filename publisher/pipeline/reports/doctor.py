"""doctor: whether a domain's DNS and servers let its mails arrive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING

from publisher.delivery import Command, Maildir, Smtp, Transport
from publisher.doctor import Diagnosis, DkimKey, Links, Sending, concluded, examinations
from publisher.errors import ConfigError, NoNetwork
from publisher.fetching import is_public
from publisher.hosts import ascii_address, ascii_url
from publisher.model import Publication
from publisher.pipeline.sends.transports import transport_of
from publisher.pipeline.signing import domain_of, states
from publisher.pipeline.urls import links_of
from publisher.pipeline.workspace import Workspace

if TYPE_CHECKING:
    from publisher.doctor.network import Network

_AT_ONCE = 8
_TIMEOUT = 5.0  # seconds for an answer of the mail server
_NO_LINK = "unsubscribe/doctor"
"""Of a link to leave that is none: to ask for it changes nothing."""

Progress = Callable[[str, int, int], None]


def doctor(
    space: Workspace,
    network: Network,
    *,
    addresses: Sequence[str] = (),
    selectors: Sequence[tuple[str, str]] = (),
    keys: Sequence[DkimKey] | None = None,
) -> Diagnosis:
    """Return what is wrong; raise NoNetwork, and ConfigError where nothing can be looked at.

    `addresses` are those that mails leave from, where they are known; `selectors` name keys of a
    server that signs, each with its domain ("" for the sender's); `keys` are those that sign here,
    the publication's own where they are not given.
    """
    transport = transport_of(space)
    ours = keys_of(space) if keys is None else keys
    sending = sending_of(space.publication, transport, addresses, selectors, ours)
    if not network.is_there(sending.domain):
        raise NoNetwork
    server = transport if isinstance(transport, Smtp) else None
    if server is not None:  # nobody logs in
        server = replace(server, user="", password="", timeout=_TIMEOUT)
    work = examinations(
        sending, network.ask, network.fetch, lambda: network.probe(server), space.now
    )
    done = []
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for future in as_completed([pool.submit(one) for one in work.values()]):
            done.append(future.result())
            space.progress("Asking", len(done), len(work))
    return concluded(sending, network.ask, done)


def keys_of(space: Workspace) -> list[DkimKey]:
    """Return the keys that sign here, or will; those that another pair has followed are over."""
    if space.publication.dkim.sign == "never":
        return []
    return [
        DkimKey(
            selector=record.selector,
            domain=domain_of(space.publication),
            algorithm=record.algorithm,
            public=record.text.rpartition("p=")[2],
            signs=pair.standing == "signs",
        )
        for pair in states(space)
        if pair.standing != "retired"
        for record in pair.records
    ]


def sending_of(
    own: Publication,
    transport: Transport,
    addresses: Sequence[str] = (),
    selectors: Sequence[tuple[str, str]] = (),
    keys: Sequence[DkimKey] = (),
) -> Sending:
    """Return how a publication sends; raise ConfigError where it names no sender."""
    if not own.sender:
        raise ConfigError(
            "sender is missing",
            path="publisher.toml",
            why="The doctor looks at the domain that mails are from.",
            todo='Name the address that mails are from: [publication] sender = "…"',
        )
    sender = ascii_address(own.sender)
    server = transport if isinstance(transport, Smtp) else None
    is_direct = isinstance(transport, Command) or bool(server and not _is_elsewhere(server.host))
    by_interface = not isinstance(transport, Smtp | Command | Maildir)
    domain = sender.rpartition("@")[2]
    theirs = (DkimKey(selector=name, domain=where or domain) for name, where in selectors)
    site = ascii_url(own.base_url)
    return Sending(
        sender=sender,
        back=ascii_address(own.delivery.return_path or own.sender),
        replies=(ascii_address(own.delivery.reply_to or own.sender),),
        links=Links(site=site, leave=f"{links_of(own)}/{_NO_LINK}"),
        host=server.host if server else "",
        port=server.port if server else 0,
        security=server.security if server else "",
        ehlo=own.smtp.ehlo,
        is_direct=is_direct,
        provider=own.delivery.transport if by_interface else "",
        addresses=tuple(map(ip_address, addresses)),
        keys=(*keys, *theirs),
    )


def _is_elsewhere(host: str) -> bool:
    """Whether a server is not this machine, nor in a private network, by its name alone."""
    try:
        ip_address(host)
    except ValueError:
        return "." in host.rstrip(".") and not host.endswith((".localhost", ".local", ".internal"))
    return is_public(host)
