"""Asking DNS, web servers and mail servers: the one place of the doctor that does.

All is bounded: each question in time, all of them together, and answers in bytes. No host at a
private address is asked, unless a resolver in a private network was named and leads there.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Sequence
from threading import Lock

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rdtypes.ANY.MX
import dns.rdtypes.ANY.TXT
import dns.resolver
import msgspec

from publisher.delivery import Probed, Smtp, probe
from publisher.doctor.answers import Answer, Fetched, RecordType, address_of, addresses
from publisher.doctor.server import ServerAsked
from publisher.fetching import Fetcher, Unanswered, is_public

_PATIENCE = 3.0  # seconds for one question, whoever is asked
_LONGEST = 30.0  # seconds for all questions
_MOST_ASKED = 600  # questions in all: a hostile zone may lead on and on
_MOST_BYTES = 65_536  # of a page
_MOST_VALUES = 60  # of one name
_OUT_OF_TIME = Answer(outcome="failed", why="there was no time left to ask")


class Network(msgspec.Struct):
    """Who is asked. `servers` are resolvers instead of the machine's own, with their ports.

    Answers are kept: a name is asked for once. It may be used by several threads.
    """

    servers: Sequence[tuple[str, int]] = ()
    patience: float = _PATIENCE
    longest: float = _LONGEST
    clock: Callable[[], float] = time.monotonic
    _kept: dict[tuple[str, RecordType], Answer] = msgspec.field(default_factory=dict)
    _pages: dict[str, Fetched] = msgspec.field(default_factory=dict)
    _lock: Lock = msgspec.field(default_factory=Lock)
    _ends: float = 0.0
    _resolver: dns.resolver.Resolver | None = None
    _heard: bool = False

    def __post_init__(self) -> None:
        self._ends = self.clock() + self.longest

    @property
    def is_private(self) -> bool:
        """Whether hosts at private addresses may be asked: a resolver among them was named."""
        return bool(self.servers) and not any(is_public(host) for host, _ in self.servers)

    def is_there(self, domain: str) -> bool:
        """Whether anybody answers at all: asks for a domain, and for the root."""
        for name in (domain, "."):
            self.ask(name, "TXT")
            if self._heard:
                return True
        return False

    def ask(self, name: str, kind: RecordType) -> Answer:
        """Ask for records; see `answers.Ask`."""
        key = (name.lower().rstrip(".") or ".", kind)
        with self._lock:
            if key in self._kept:
                return self._kept[key]
            is_over = len(self._kept) >= _MOST_ASKED or self.clock() > self._ends
        answer = _OUT_OF_TIME if is_over else self._asked(*key)
        with self._lock:
            self._kept[key] = answer
        return answer

    def _asked(self, name: str, kind: RecordType) -> Answer:
        try:
            asked = dns.name.from_text(name.encode("ascii").decode())
        except (UnicodeError, dns.exception.DNSException):
            return Answer(outcome="no-name", why="it is no name")
        patience = max(min(self.patience, self._ends - self.clock()), 0.1)
        try:
            found = self._opened().resolve(asked, kind, lifetime=patience, search=False)
        except dns.resolver.NXDOMAIN:
            return self._said(Answer(outcome="no-name"))
        except dns.resolver.NoAnswer as error:
            return self._said(Answer(outcome="empty", canonical=_canonical(error, asked)))
        except dns.resolver.YXDOMAIN:
            return self._said(
                Answer(outcome="failed", why="the name leads to one that is too long")
            )
        except dns.resolver.LifetimeTimeout:
            return Answer(outcome="failed", why=f"no answer within {self.patience:.0f} s")
        except dns.resolver.NoNameservers as error:
            return self._failed(error)
        except (dns.exception.DNSException, OSError, ValueError) as error:
            return Answer(outcome="failed", why=f"{type(error).__name__}: {error}"[:120])
        return self._said(_values(found, asked))

    def _opened(self) -> dns.resolver.Resolver:
        with self._lock:
            if self._resolver is None:
                resolver = dns.resolver.Resolver(configure=not self.servers)
                if self.servers:
                    resolver.nameservers = [
                        dns.nameserver.Do53Nameserver(host, port) for host, port in self.servers
                    ]
                resolver.timeout = self.patience / 2
                resolver.use_edns(0, 0, 1232)
                self._resolver = resolver
            return self._resolver

    def _said(self, answer: Answer) -> Answer:
        self._heard = True
        return answer

    def _failed(self, error: dns.resolver.NoNameservers) -> Answer:
        """SERVFAIL and REFUSED are answers; that nobody could be reached is none."""
        errors = error.kwargs.get("errors", ())
        if any(response is not None for *_, response in errors):
            self._heard = True
            return Answer(outcome="failed", why="its servers answer with a fault (SERVFAIL)")
        return Answer(outcome="failed", why="no DNS server can be reached")

    def fetch(self, url: str) -> Fetched:
        """Ask for a page; see `answers.Fetch`."""
        with self._lock:
            if url in self._pages:
                return self._pages[url]
        fetched = (
            self._fetched(url)
            if self.clock() <= self._ends
            else Fetched(why="there was no time left to ask")
        )
        with self._lock:
            self._pages[url] = fetched
        return fetched

    def _fetched(self, url: str) -> Fetched:
        fetcher = Fetcher(
            "publisher doctor",
            self.patience,
            _MOST_BYTES,
            self.is_private,
            self.find if self.servers else None,
        )
        try:
            answer = fetcher.ask(url, "GET")
        except Unanswered as error:
            return Fetched(why=str(error))
        return Fetched(
            status=answer.status, url=answer.url, headers=answer.headers, body=answer.body
        )

    def find(self, host: str) -> Sequence[str]:
        """Return the addresses of a host, as the resolver that was named says; a literal is one."""
        return (host,) if address_of(host) else addresses(self.ask, host).values

    def probe(self, server: Smtp | None) -> ServerAsked:
        """Greet the mail server, where it is not in a private network."""
        if server is None:
            return ServerAsked()
        asked = ServerAsked(host=server.host, port=server.port, security=server.security)
        found = self.find(server.host) or self._by_system(server)
        if not found:
            probed = Probed(outcome="unknown", why="the name has no address")
            if addresses(self.ask, server.host).outcome == "failed":
                probed = Probed(outcome="unreachable", why="DNS does not answer")
        else:
            allowed = [one for one in found if self.is_private or is_public(one)]
            if not allowed:
                return asked
            probed = probe(server, allowed[0])
        return ServerAsked(
            host=server.host, port=server.port, security=server.security, probed=probed
        )

    def _by_system(self, server: Smtp) -> Sequence[str]:
        """The addresses of a host that DNS does not know, and a file of this machine does."""
        if self.servers and server.host != "localhost":
            return ()
        try:
            found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return ()
        return [str(entry[4][0]) for entry in found]


def _values(found: dns.resolver.Answer, asked: dns.name.Name) -> Answer:
    canonical = found.canonical_name
    return Answer(
        outcome="found",
        values=tuple(sorted(map(_text, found))[:_MOST_VALUES]),  # their order in DNS is chance
        canonical="" if canonical == asked else canonical.to_text(omit_final_dot=True),
    )


def _canonical(error: dns.resolver.NoAnswer, asked: dns.name.Name) -> str:
    """Where a CNAME led that has nothing of the kind."""
    try:
        name = error.kwargs["response"].canonical_name()
    except (KeyError, AttributeError, dns.exception.DNSException):
        return ""
    return "" if name == asked else str(name.to_text(omit_final_dot=True))


def _text(record: dns.rdata.Rdata) -> str:
    """A record's value, as `answers.Answer` has it."""
    if isinstance(record, dns.rdtypes.ANY.TXT.TXT):
        text = b"".join(record.strings).decode("utf-8", "replace")
        return "".join(
            c if c.isprintable() or c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in text
        )
    if isinstance(record, dns.rdtypes.ANY.MX.MX):
        return f"{record.preference} {record.exchange.to_text(omit_final_dot=True)}"
    return record.to_text().rstrip(".")
