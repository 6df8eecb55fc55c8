"""All that a publication answers on the web, in one loop: readers, and who keeps an eye on it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from publisher.errors import Locked
from publisher.model import Publication
from publisher.pipeline.reports.statistics import keep_counts
from publisher.pipeline.urls import links_root, site_root
from publisher.pipeline.workspace import Workspace
from publisher.web.app import FORMS, application
from publisher.web.clients import Proxies
from publisher.web.counts import Counting
from publisher.web.door import Door
from publisher.web.health import health_application
from publisher.web.memory import give_back
from publisher.web.server import Server, room, serve_all
from publisher.web.shortcuts import Shortcuts


def serve(
    space: Workspace,
    now: Callable[[], datetime],
    ends: Callable[[], bool],
    *,
    readers: socket.socket | None,
    operator: socket.socket | None,
    complain: Callable[[Exception], object],
    told: Callable[[Mapping[str, Any]], object],
    is_well: Callable[[], bool] = lambda: True,
    chore: Callable[[], object] = lambda: None,
) -> None:
    """Answer on the sockets that are given until `ends` says so.

    `complain` is told what went wrong in us, `told` of each answer where `web.log` asks for it.
    What was counted is kept in the ledger twice a minute, and a `chore` done besides.
    """
    counting = Counting(told if space.publication.web.log else None)
    servers, door = [], None
    if readers:
        door = _door(space.publication, counting)
        servers.append(_for_readers(space, now, counting, door, readers, complain))
    if operator:
        servers.append(Server(health_application(space, counting, now, is_well), operator))

    def work() -> None:
        if door and door.has_emptied():
            give_back()
        _keep(space, now, counting, complain)
        if ends():
            return
        try:
            chore()
        except Exception as error:  # readers are answered all the same
            complain(error)

    serve_all(servers, ends, work)
    if not ends():
        raise RuntimeError("a server ended by itself")


def _door(own: Publication, counting: Counting) -> Door:
    """Where readers come in; who is sent away is counted."""
    return Door(
        room(own.web.connections),
        own.web.per_client,
        Proxies(own.web.proxies),
        lambda status: counting.note("connection", "", status, "", ""),
    )


def _for_readers(
    space: Workspace,
    now: Callable[[], datetime],
    counting: Counting,
    door: Door,
    readers: socket.socket,
    complain: Callable[[Exception], object],
) -> Server:
    """Answer readers: a plain request goes the short way, where it may."""
    own = space.publication
    root, base = links_root(own), site_root(own)
    shortcuts = Shortcuts(counting.noting(root, base, FORMS), door)
    app = application(space, now, root, complain, counting, shortcuts=shortcuts)
    return Server(counting.around(door.around(app), root, base, FORMS), readers, door, shortcuts)


def _keep(
    space: Workspace,
    now: Callable[[], datetime],
    counting: Counting,
    complain: Callable[[Exception], object],
) -> None:
    """Keep in the ledger what was counted; where it is locked, no reader waits for sums."""
    taken = counting.take()
    try:
        keep_counts(space, now(), taken.answers, taken.readers)
    except Exception as error:  # the sums are kept next time
        counting.give_back(taken)
        if not isinstance(error, Locked):
            complain(error)
