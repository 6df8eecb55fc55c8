"""A connection to a provider's interface: HTTPS, kept open, bounded in bytes and in time.

httpx speaks HTTP; what it tells on the way (its `trace`) says how far a request had come when a
connection broke: before the first byte of it, within, or after the last one.
"""

from __future__ import annotations

import functools
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

from publisher.delivery.providers.asking import Answer, Ask

if TYPE_CHECKING:
    import httpx

MOST = 64 * 1024
"""Bytes of an answer that are read."""

_TIMES = 3
"""A whole request may take as long as so many answers."""

Reached = Literal["mail", "data", "dot"]
"""How far a request came: nothing of it left, a part may have, or all of it."""


@functools.cache
def _trusted() -> ssl.SSLContext:
    """As `trust.trusted`, and for HTTP alone: httpx writes into it which protocols it speaks."""
    return ssl.create_default_context()


class Lost(Exception):
    """A request without an answer; `reached` says how far it came, the text why it ended.

    `is_distrusted` where the server's certificate does not hold.
    """

    def __init__(self, why: str, reached: Reached, *, is_distrusted: bool = False) -> None:
        super().__init__(why)
        self.reached, self.is_distrusted = reached, is_distrusted


class Line:
    """One connection at a time to one address, opened when needed; `timeout` in seconds."""

    def __init__(self, base_url: str, timeout: float) -> None:
        import httpx  # late: it takes a tenth of a second, and most commands send nothing

        self._client = httpx.Client(
            base_url=base_url,
            timeout=timeout,
            verify=_trusted(),
            follow_redirects=False,  # the key goes to the one address
            trust_env=False,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
            headers={"User-Agent": "publisher", "Accept-Encoding": "identity"},
        )
        self._seconds = _TIMES * timeout
        self._socket: socket.socket | None = None  # of the connection that is kept

    def exchange(self, ask: Ask) -> Answer:
        """Ask and return the answer; raise Lost."""
        import httpx

        progress = _Progress(self._connected)
        request = self._client.build_request(
            ask.method,
            ask.path,
            headers=dict(ask.headers),
            content=ask.body or None,
            extensions={"trace": progress.trace},
        )
        clock = threading.Timer(self._seconds, self._hang_up)
        clock.daemon = True
        clock.start()
        try:
            response = self._client.send(request, stream=True)
            try:
                return Answer(
                    status=response.status_code,
                    headers={name.lower(): value for name, value in response.headers.items()},
                    body=_read(response),
                )
            finally:
                response.close()
        except (httpx.HTTPError, OSError) as error:
            raise Lost(
                _why(error), progress.reached, is_distrusted=_distrust(error) is not None
            ) from None
        finally:
            clock.cancel()

    def _connected(self, one: socket.socket) -> None:
        self._socket = one

    def _hang_up(self) -> None:
        """End whatever waits on the connection, from another thread."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


def _read(response: httpx.Response) -> bytes:
    """The beginning of a body; what breaks off after an answer has begun leaves the answer."""
    import httpx

    data = bytearray()
    with suppress(httpx.HTTPError, OSError):
        for chunk in response.iter_raw():
            data += chunk
            if len(data) >= MOST:
                break
    return bytes(data[:MOST])


class _Progress:
    """How far a request has come, by what httpcore tells; it tells of a new connection as well."""

    def __init__(self, connected: Callable[[socket.socket], object]) -> None:
        self.reached: Reached = "mail"
        self._connected = connected

    def trace(self, event: str, info: dict[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._connected(info["return_value"].get_extra_info("socket"))
        elif event.endswith("send_request_headers.started"):
            self.reached = "data"
        elif event.endswith("send_request_body.complete"):
            self.reached = "dot"


def _why(error: Exception) -> str:
    distrusted = _distrust(error)
    if distrusted is not None:
        return f"its certificate is not to be trusted: {distrusted.verify_message}"
    return str(error) or type(error).__name__


def _distrust(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    """The error of a certificate among the causes of an error."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error
        error = error.__cause__ or error.__context__
    return None
