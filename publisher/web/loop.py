"""All that a publication answers on the web, in one loop: readers, and who keeps an eye on it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from publisher.errors import Locked
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
    own = space.publication
    counting = Counting(told if own.web.log else None)
    servers, door = [], None
    if readers:
        root, base = links_root(own), site_root(own)
        door = Door(
            room(own.web.connections),
            own.web.per_client,
            Proxies(own.web.proxies),
            lambda status: counting.note("connection", "", status, "", ""),
        )
        shortcuts = Shortcuts(counting.noting(root, base, FORMS), door)
        app = application(space, now, root, complain, counting, shortcuts=shortcuts)
        counted = counting.around(door.around(app), root, base, FORMS)
        servers.append(Server(counted, readers, door, shortcuts))
    if operator:
        servers.append(Server(health_application(space, counting, now, is_well), operator))

    def keep() -> None:
        if door and door.has_emptied():
            give_back()
        taken = counting.take()
        try:
            keep_counts(space, now(), taken.answers, taken.readers)
        except Exception as error:  # a ledger that is locked: no reader has to wait for sums
            counting.give_back(taken)
            if not isinstance(error, Locked):
                complain(error)

    def work() -> None:
        keep()
        if ends():
            return
        try:
            chore()
        except Exception as error:  # readers are answered all the same
            complain(error)

    serve_all(servers, ends, work)
    if not ends():
        raise RuntimeError("a server ended by itself")
