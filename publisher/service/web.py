"""The thread that answers readers on the web, and whoever keeps an eye on the service."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import NamedTuple

from publisher.delivery import Stop
from publisher.errors import PublisherError
from publisher.model import WebSettings
from publisher.pipeline.workspace import Workspace
from publisher.service.configuration import Configuration
from publisher.service.events import Events

_AGAIN = 5.0  # seconds until the web is tried again

Address = tuple[str, int]
"""Host and port."""


class Places(NamedTuple):
    """Where readers and operators are answered; None for nowhere."""

    readers: Address | None
    operator: Address | None


def places_of(web: WebSettings) -> Places:
    """Return where `run` answers."""
    return Places(
        (web.host, web.port) if web.serve else None,
        (web.health_host, web.health) if web.health else None,
    )


class Web:
    """Answers as publisher.toml says; a socket stays open as long as its address stays."""

    def __init__(
        self,
        configuration: Configuration,
        events: Events,
        now: Callable[[], datetime],
        stop: Stop,
        is_well: Callable[[], bool],
        places: Callable[[WebSettings], Places] = places_of,
    ) -> None:
        self._configuration, self._events = configuration, events
        self._now, self._stop, self._is_well = now, stop, is_well
        self._places = places
        self._sockets: dict[Address, socket.socket] = {}

    def run(self) -> None:
        """Answer until the service stops, anew whenever publisher.toml changes: a thread's body.

        Whatever goes wrong here ends no schedule: it is said, and tried again in some seconds.
        """
        while not self._stop.event.is_set():
            generation = self._configuration.generation
            try:
                self._serve(partial(self._ends, generation))
            except Exception as error:  # a port that is taken, or ours: tried again
                self._events.complain("web", error)
                self._stop.event.wait(_AGAIN)
        for one in self._sockets.values():
            one.close()

    def _ends(self, generation: int) -> bool:
        return self._stop.event.is_set() or self._configuration.generation != generation

    def _serve(self, ends: Callable[[], bool]) -> None:
        space = self._configuration.open()
        try:
            places = self._places(space.publication.web)
            if self._listen(places):
                self._answer(space, places, ends)
            while not ends():
                time.sleep(0.5)
        finally:
            space.close()

    def _listen(self, places: Places) -> bool:
        """Listen where publisher.toml says, and nowhere else; return whether it says anything."""
        readers, operator = places
        wanted = {place for place in places if place}
        for address in self._sockets.keys() - wanted:
            self._sockets.pop(address).close()
        if not wanted:
            return False
        from publisher.web import listening  # a quarter of a second

        if readers and readers not in self._sockets:
            self._sockets[readers] = listening(*readers)
        self._events.well("web")
        if operator and operator not in self._sockets:
            try:
                self._sockets[operator] = listening(
                    *operator, todo="Name another one: [web] health, or --health of a worker"
                )
                self._events.well("health")
            except PublisherError as error:  # it must not keep readers from leaving
                self._events.complain("health", error)
        return True

    def _answer(self, space: Workspace, places: Places, ends: Callable[[], bool]) -> None:
        from publisher.web import serve

        serve(
            space,
            self._now,
            ends,
            readers=self._sockets.get(places.readers) if places.readers else None,
            operator=self._sockets.get(places.operator) if places.operator else None,
            complain=lambda error: self._events.complain("web", _nameless(error)),
            told=self._events.answered,
            is_well=self._is_well,
        )


def _nameless(error: Exception) -> Exception:
    """An error without its text, which may hold an address."""
    return RuntimeError(type(error).__name__)
