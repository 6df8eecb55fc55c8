"""Asking other people's web servers: at public addresses alone, bounded in time and in bytes.

What is asked for stands in articles, which anybody may have written. So no address that DNS gives
is asked unless the whole internet has it, and that very address is asked, for DNS may say something
else a moment later; each redirect is looked at in the same way.
"""

from __future__ import annotations

import socket
import ssl
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Event, Timer
from urllib.parse import urljoin, urlsplit

import msgspec

from publisher.hosts import ascii_netloc, ascii_url
from publisher.trust import trusted

_HOPS = 5  # redirects that are followed
_FOR_GOOD = (301, 308)  # RFC 9110 §15.4.2 and §15.4.9
_ELSEWHERE = (*_FOR_GOOD, 302, 303, 307)
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052 §2.1
_UNICAST = IPv6Network("2000::/3")  # all that IANA has given out of IPv6 (RFC 4291 §2.4)
_BROKEN_OFF = "its answer broke off"
_SLOW = 3  # times the patience: from the first word to the last, whatever drips in between


class Unanswered(Exception):
    """Nobody answered at an address; the text says why, in a few words.

    `is_final` where asking later would hardly help: there is no such host, or it may not be asked.
    """

    def __init__(self, why: str, *, is_final: bool = False) -> None:
        super().__init__(why)
        self.is_final = is_final


class Answer(msgspec.Struct, frozen=True):
    """What a server said in the end. `url` is where; `moved` where the first address leads for
    good (301, 308), "" if it does not; names of `headers` are in lower case.
    """

    url: str
    status: int
    moved: str = ""
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    body: bytes = b""


class Fetcher(msgspec.Struct, frozen=True):
    """Asks. `agent` is who we say we are, `patience` so many seconds for each step; `most` bytes of
    a body are read. With `private` it asks this machine and its neighbours as well. `find` tells
    the addresses of a host, the system does by default.
    """

    agent: str
    patience: float = 10.0
    most: int = 0
    private: bool = False
    find: Callable[[str], Sequence[str]] | None = None

    def ask(
        self, url: str, method: str = "HEAD", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Ask for an address and follow where it leads; raise Unanswered.

        `headers` are sent besides our own: conditions (RFC 9110 §13.1), and what is accepted. Where
        `most` is set, a body of more bytes is cut there, unpacked ones counted.
        """
        moved, for_good, target = "", True, url
        for _ in range(_HOPS + 1):
            answer = self._once(target, method, headers or {})
            if answer.status not in _ELSEWHERE or "location" not in answer.headers:
                return Answer(target, answer.status, moved, answer.headers, answer.body)
            try:
                target = urljoin(target, answer.headers["location"])
            except ValueError:  # `//[x/`: half an address of IPv6
                raise Unanswered("it leads to what is no web address", is_final=True) from None
            for_good = for_good and answer.status in _FOR_GOOD
            moved = target if for_good else moved
        raise Unanswered(f"it leads on and on, more than {_HOPS} times")

    def _once(self, url: str, method: str, more: Mapping[str, str]) -> Answer:
        try:
            plain = ascii_url(url)
            parts = urlsplit(plain)
            port = parts.port or {"http": 80, "https": 443}[parts.scheme]
        except (KeyError, ValueError):
            raise Unanswered("it is no web address", is_final=True) from None
        host = parts.hostname or ""
        own = {"User-Agent": self.agent, "Accept": "*/*", "Host": ascii_netloc(parts.netloc)}
        headers = {**own, **more}
        path = plain.partition(parts.netloc)[2] or "/"
        try:
            with self._line(host, port, parts.scheme == "https") as line:
                line.request(method, path if path[0] == "/" else f"/{path}", headers=headers)
                with closing(line.getresponse()) as response:
                    return Answer(
                        url, response.status, "", _headers(response), self._read(response)
                    )
        except ssl.SSLCertVerificationError as error:
            raise Unanswered(f"its certificate does not hold: {error.verify_message}") from None
        except ssl.SSLError:
            raise Unanswered("it speaks no TLS that we know") from None
        except TimeoutError:
            raise Unanswered(f"no answer within {self.patience:.0f} s") from None
        except ConnectionRefusedError:
            raise Unanswered("nobody listens there") from None
        except (OSError, HTTPException, ValueError) as error:
            raise Unanswered(f"the line broke: {error}"[:120]) from None

    def _read(self, response: HTTPResponse) -> bytes:
        if not self.most:
            return b""
        data = response.read(self.most)
        if response.length and len(data) < self.most:  # RFC 9112 §8: it is incomplete
            raise Unanswered(_BROKEN_OFF)
        coding = (response.getheader("Content-Encoding") or "").strip().lower()
        return _unpacked(data, self.most) if data and coding in ("gzip", "x-gzip") else data

    @contextmanager
    def _line(self, host: str, port: int, is_tls: bool) -> Iterator[HTTPConnection]:
        """A connection to the very address that was looked at; it ends in time.

        Raises TimeoutError where it was ended: what had come until then is no answer.
        """
        over = Event()
        sock = socket.create_connection((self._address(host, port), port), self.patience)
        # Late, for it hangs up whichever socket it is by then.
        clock = Timer(_SLOW * self.patience, lambda: _hang_up(sock, over))
        clock.daemon = True
        clock.start()
        try:
            if is_tls:
                sock = trusted().wrap_socket(sock, server_hostname=host)
            line = HTTPConnection(host, port, timeout=self.patience)
            line.sock = sock
            yield line
            if over.is_set():
                raise TimeoutError
        finally:
            clock.cancel()
            sock.close()

    def _address(self, host: str, port: int) -> str:
        addresses = self.find(host) if self.find else _looked_up(host, port)
        if not addresses:
            raise Unanswered("there is no such host", is_final=True)
        for address in addresses:
            if self.private or is_public(address):
                return address
        raise Unanswered("it is an address of a private network", is_final=True)


def _looked_up(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, as the system says."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        is_final = error.errno == socket.EAI_NONAME
        why = "there is no such host" if is_final else "DNS does not answer"
        raise Unanswered(why, is_final=is_final) from None
    except (OSError, UnicodeError):
        raise Unanswered("there is no such host", is_final=True) from None
    return [str(entry[4][0]) for entry in found]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the whole internet's, also where it hides in another."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return _is_public(found)


def _is_public(found: IPv4Address | IPv6Address) -> bool:
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if inner is None and found in _NAT64:
            inner = IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(inner)
        if found not in _UNICAST:  # other writings of IPv4, site-local: not all versions know them
            return False
    return found.is_global and not found.is_multicast


def _unpacked(data: bytes, most: int) -> bytes:
    """The beginning of what was packed by gzip: a bomb is never unpacked further."""
    packed = zlib.decompressobj(wbits=31)
    try:
        found = packed.decompress(data, most)
    except zlib.error:
        raise Unanswered("its answer is damaged: it is no gzip") from None
    if not packed.eof and len(found) < most:
        raise Unanswered(_BROKEN_OFF)
    return found


def _headers(response: HTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.getheaders()}


def _hang_up(sock: socket.socket, over: Event) -> None:
    over.set()
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
