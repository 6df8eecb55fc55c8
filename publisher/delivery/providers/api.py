"""A provider's interface as a transport: one request a message, on a connection that is kept.

Each connection is tried by a request without a key before a message is; the first one of a run asks
whether the key is taken as well (Amazon lets that be asked once a second). Where the provider asks
us to slow down, no connection is opened until then, on any thread: what is left has not begun.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from publisher.delivery.providers.asking import Answer, Ask, Provider
from publisher.delivery.providers.line import Line, Lost
from publisher.delivery.providers.replies import kind_of, reply_of, spoken, wait_of
from publisher.errors import TransportDown, TransportRefused
from publisher.model import Envelope, Reply

_WAITS = (1.0, 2.0, 5.0, 15.0, 60.0)
"""Seconds to wait after so many requests in a row that were too many, where none is named."""


class Pause:
    """Until when a provider is left alone; for all threads of a transport."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._lock = seconds, threading.Lock()
        self._ends, self._times = 0.0, 0

    def left(self) -> float:
        """Seconds that are left to wait."""
        with self._lock:
            return max(0.0, self._ends - self._seconds())

    def begin(self, wait: float | None) -> None:
        """Wait so long, or longer each time where nobody says how long."""
        with self._lock:
            least = _WAITS[min(self._times, len(_WAITS) - 1)]
            self._times += 1
            self._ends = max(self._ends, self._seconds() + (least if wait is None else wait))

    def end(self) -> None:
        """It takes messages."""
        with self._lock:
            self._times = 0


class Gate:
    """Whether the key was taken; one thread asks, the others wait for what is said."""

    def __init__(self) -> None:
        self._lock, self._is_open = threading.Lock(), False

    def pass_by(self, look: Callable[[], object]) -> None:
        """Go on where the key is known to be good, or else after a look, which raises if not."""
        with self._lock:
            if not self._is_open:
                look()
                self._is_open = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Api:
    """A provider to hand messages to. `key` is what it knows us by; it is only looked at.

    `timeout` is in seconds, for each answer; a whole request may take three times as long.
    """

    provider: Provider
    key: str = field(repr=False)
    wants: str = "PUBLISHER_PROVIDER_KEY"
    timeout: float = 60.0
    pause: Pause = field(default_factory=Pause, repr=False)
    gate: Gate = field(default_factory=Gate, repr=False)

    def connect(self) -> ApiSession:
        """Open a session. Raises TransportDown where the provider does not answer, or wants us to
        wait; TransportRefused where it does not take the key.
        """
        title = self.provider.title
        if not self.key:
            raise TransportRefused(
                f"there is no key for {title}",
                todo=f"Put it into the variable {self.wants}; publisher.toml is no place for it.",
            )
        if not re.fullmatch(r"[!-~]+", self.key):
            raise TransportRefused(
                f"the key in {self.wants} has letters that no key has",
                todo=f"Copy it from {title} once more.",
            )
        if left := self.pause.left():
            raise TransportDown(
                f"{title} asks us to wait {left:.0f} s more",
                todo="Try again later; nothing is lost.",
            )
        session = ApiSession(self)
        try:
            session.knock()
            self.gate.pass_by(session.look)
        except BaseException:
            session.close()
            raise
        return session

    def scrubbed(self, text: str) -> str:
        """What is said, without the key should it hold it."""
        return text.replace(self.key, "…") if self.key else text


class ApiSession:
    """One connection; see `transport.Session`."""

    def __init__(self, api: Api) -> None:
        self._api, self._provider = api, api.provider
        self._line = Line(self._provider.base_url, api.timeout)
        self._told: tuple[datetime, float] | None = None
        self.is_open = True

    def knock(self) -> None:
        """Ask without a key whether the provider answers: whatever it says, it is there, and tells
        its time. Raises TransportDown, and TransportRefused for a certificate.
        """
        self._check_health(self._first(Ask(path="/", method="GET")))

    def look(self) -> None:
        """Ask whether the provider takes the key; raise as `Api.connect` does."""
        answer = self._first(self._provider.look(self._at()))
        if why := self._provider.looked(answer):
            said = self._said(answer)
            raise TransportRefused(
                f"{self._provider.title} refuses us: {why} ({said})",
                why="No message was touched.",
                todo=f"Look at the key in {self._api.wants} and at [provider].",
            )
        self._check_health(answer)

    def _check_health(self, answer: Answer) -> None:
        if answer.status == 429 or answer.status >= 500:
            self._api.pause.begin(wait_of(answer))
            raise TransportDown(
                f"{self._provider.title} takes no messages now: {self._said(answer)}",
                todo="Try again later; nothing is lost.",
            )

    def _said(self, answer: Answer) -> str:
        words = spoken(self._provider.words(answer))
        return self._api.scrubbed(f"{answer.status} {words}".rstrip())

    def _first(self, ask: Ask) -> Answer:
        try:
            return self._exchange(ask)
        except Lost as lost:
            what = f"{self._provider.title} ({self._provider.base_url})"
            if lost.is_distrusted:
                raise TransportRefused(f"{what}: {lost}") from None
            raise TransportDown(
                f"{what} does not answer: {lost}", todo="Try again later; nothing is lost."
            ) from None

    def send(self, envelope: Envelope, message: bytes, following: Envelope | None) -> Reply:
        """Send a message; see `transport.Session.send`. Nothing is announced ahead."""
        title = self._provider.title
        if envelope.utf8 and not self._provider.takes_utf8:
            text = f"{title} takes no such address: there are letters beyond ASCII before the @"
            return Reply(code=550, status="5.6.7", stage="rcpt", text=text)
        try:
            ask = self._provider.ask(envelope, message, self._at())
        except ValueError as error:
            text = f"it cannot be said to {title}: {error}"
            return Reply(code=554, status="5.6.0", stage="rcpt", text=text)
        try:
            answer = self._exchange(ask)
        except Lost as lost:
            self.close()
            text = f"the connection to {title} was lost: {self._api.scrubbed(str(lost))}"
            return Reply(code=0, stage=lost.reached, text=text)
        return self._judged(answer)

    def _judged(self, answer: Answer) -> Reply:
        kind = kind_of(self._provider, answer)
        if kind == "taken":
            self._api.pause.end()
        elif kind in ("pace", "later", "unknown"):
            self._api.pause.begin(wait_of(answer))
            self.close()  # the next message waits for the next connection, which waits
        reply = reply_of(self._provider, answer)
        return Reply(
            code=reply.code,
            status=reply.status,
            stage=reply.stage,
            text=self._api.scrubbed(reply.text),
        )

    def _exchange(self, ask: Ask) -> Answer:
        answer = self._line.exchange(ask)
        try:
            told = parsedate_to_datetime(answer.headers.get("date", ""))
        except (TypeError, ValueError):
            return answer
        if told.tzinfo is not None:
            self._told = told, time.monotonic()
        return answer

    def _at(self) -> datetime | None:
        """The provider's time (RFC 9110 §6.6.1): ours may be wrong, and signatures tell it."""
        if self._told is None:
            return None
        told, then = self._told
        return told + timedelta(seconds=time.monotonic() - then)

    def skip(self) -> None:
        """Nothing was announced."""

    def close(self) -> None:
        """Close the connection."""
        self.is_open = False
        self._line.close()
