"""A DNS server on loopback, by UDP and TCP, with a zone in a few lines.

A line is `NAME TYPE VALUE`. Besides types of DNS: `FAIL` (SERVFAIL for whatever is asked), `HANG`
(no answer), `WRONG` (an answer of another type), `NOISE` (bytes that are no message). A name that
others stand below exists. What of a text is not UTF-8 is written as surrogates: `\\udcff`.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdtypes.ANY.TXT import TXT

Zone = dict[tuple[str, str], list[str]]

_UDP = 1232  # bytes of an answer; of a longer one only that it is longer
_CHAIN = 20  # links of a CNAME that leads on and on
_OURS = ("FAIL", "HANG", "WRONG", "NOISE")


def zone(text: str) -> Zone:
    """Read a zone."""
    found: Zone = {}
    for line in text.strip().splitlines():
        name, kind, value = [*line.strip().split(" ", 2), ""][:3]
        if name and not name.startswith("#"):
            found.setdefault((name.lower(), kind), []).append(value)
    return found


class DnsServer:
    """Answers by its `zone`, which may be another for each question; `asked` are (name, type)."""

    def __init__(self, text: str = "") -> None:
        self.zone = zone(text)
        self.asked: list[tuple[str, str]] = []
        self._ended = threading.Event()
        self._udp, self._tcp = _sockets()
        self.port: int = self._udp.getsockname()[1]
        for serve in (self._serve_udp, self._serve_tcp):
            threading.Thread(target=serve, daemon=True).start()

    def __enter__(self) -> DnsServer:
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        with contextlib.suppress(OSError):
            self._tcp.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            self._udp.shutdown(socket.SHUT_RDWR)
        self._udp.close()
        self._tcp.close()

    def _serve_udp(self) -> None:
        while not self._ended.is_set():
            try:
                data, client = self._udp.recvfrom(4096)
            except OSError:
                return
            if self._ended.is_set():
                return
            answer = self._answer(data, _UDP)
            if answer is not None:
                with contextlib.suppress(OSError):
                    self._udp.sendto(answer, client)

    def _serve_tcp(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _ = self._tcp.accept()
            except OSError:
                return
            threading.Thread(target=self._serve_one, args=(connection,), daemon=True).start()

    def _serve_one(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, struct.error), connection:
            (length,) = struct.unpack("!H", connection.recv(2, socket.MSG_WAITALL))
            answer = self._answer(connection.recv(length, socket.MSG_WAITALL), 65_535)
            if answer is not None:
                connection.sendall(struct.pack("!H", len(answer)) + answer)

    def _answer(self, data: bytes, most: int) -> bytes | None:
        query = dns.message.from_wire(data)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        ours = next((one for one in _OURS if (name, one) in self.zone), "")
        if ours == "HANG":
            return None
        if ours == "NOISE":
            return data[:2] + b"\x81\x80\xff\xff noise"
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        if ours == "FAIL":
            response.set_rcode(dns.rcode.SERVFAIL)
        elif ours == "WRONG":
            other = "A" if kind != "A" else "TXT"
            value = "127.0.0.1" if other == "A" else "text"
            response.answer.append(_set(question.name, other, [value]))
        else:
            self._fill(response, question.name, name, kind)
        return _wire(response, most)

    def _fill(
        self, response: dns.message.Message, asked: dns.name.Name, name: str, kind: str
    ) -> None:
        for _ in range(_CHAIN):
            if (name, "CNAME") not in self.zone:
                break
            (target,) = self.zone[name, "CNAME"]
            response.answer.append(_set(asked, "CNAME", [target]))
            name, asked = target.lower(), dns.name.from_text(target)
        else:
            return
        if values := self.zone.get((name, kind)):
            response.answer.append(_set(asked, kind, values))
        elif not any(one == name or one.endswith(f".{name}") for one, _ in self.zone):
            response.set_rcode(dns.rcode.NXDOMAIN)


def _sockets() -> tuple[socket.socket, socket.socket]:
    """Both on one port that the kernel chooses."""
    while True:
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        try:
            return udp, socket.create_server(udp.getsockname())
        except OSError:
            udp.close()


def _set(name: dns.name.Name, kind: str, values: list[str]) -> dns.rrset.RRset:
    made = dns.rrset.RRset(name, dns.rdataclass.IN, dns.rdatatype.from_text(kind))
    for value in values:
        made.add(_record(kind, value), ttl=60)
    return made


def _record(kind: str, value: str) -> dns.rdata.Rdata:
    if kind == "TXT":
        data = value.encode("utf-8", "surrogateescape")
        strings = [data[at : at + 255] for at in range(0, len(data), 255)] or [b""]
        return TXT(dns.rdataclass.IN, dns.rdatatype.TXT, strings)
    if kind in ("CNAME", "PTR", "MX") and not value.endswith("."):
        value += "."
    return dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.from_text(kind), value)


def _wire(response: dns.message.Message, most: int) -> bytes:
    try:
        wire = response.to_wire(max_size=65_535)
    except dns.exception.TooBig:
        wire = b""
    if wire and len(wire) <= most:
        return wire
    response.answer.clear()
    response.flags |= dns.flags.TC
    return response.to_wire()
