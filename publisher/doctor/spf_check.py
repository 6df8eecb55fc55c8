"""What a server makes of an SPF record, for an address, and how much it costs (RFC 7208 §4 to §6).

Costs are counted as if no mechanism ever matched, which is what the worst address costs. All is
bounded: a record may include itself, or a thousand others.
"""

from __future__ import annotations

from ipaddress import ip_network
from typing import Literal

import msgspec
from msgspec.structs import replace

from publisher.doctor.answers import Answer, Ask, IpAddress, address_of, addresses
from publisher.doctor.spf_macros import Connection, asks_for_name, expanded, has_macros
from publisher.doctor.spf_record import Mechanism, SpfRecord, is_spf, parsed

MOST_LOOKUPS = 10
MOST_VOIDS = 2
_MOST_COUNTED = 40  # look-ups that are counted on, to tell how far above the limit a record is
_MOST_NAMES = 10  # of an MX, and of a PTR (§4.6.4)

Result = Literal["pass", "fail", "softfail", "neutral", "none", "permerror", "temperror"]
Fault = Literal[
    "syntax", "several", "include-without", "loop", "lookups", "voids", "unanswered", "endless"
]

_RESULTS: dict[str, Result] = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}


class _Broken(Exception):
    """The record as a whole counts for nothing, or nobody can tell now."""

    def __init__(self, fault: Fault, domain: str, what: str) -> None:
        super().__init__(what)
        self.fault, self.domain, self.what = fault, domain, what


class Cost(msgspec.Struct, frozen=True):
    """What a record costs at worst: `by_include` are the look-ups of each of its own includes."""

    lookups: int
    voids: tuple[str, ...]
    by_include: tuple[tuple[str, int], ...]
    faults: tuple[tuple[Fault, str, str], ...]


def texts(answer: Answer) -> list[str]:
    """The SPF records among the texts of a domain."""
    return [value for value in answer.values if is_spf(value)]


def cost(ask: Ask, domain: str, record: SpfRecord) -> Cost:
    """Return what a record costs, and what is wrong with those that it includes."""
    walk = _Evaluation(ask, None)
    by_include: list[tuple[str, int]] = []
    for one in record.mechanisms:
        before = walk.lookups
        walk.step(one, domain, (domain,))
        if one.name == "include":
            by_include.append((one.domain, walk.lookups - before))
        if one.name == "all":
            break
    walk.redirected(record, (domain,))
    return Cost(walk.lookups, tuple(walk.voids), tuple(by_include), tuple(walk.faults))


def verdict(ask: Ask, domain: str, record: SpfRecord, connection: Connection) -> Result:
    """Return what a server says of a message handed over from an address."""
    mapped = connection.address.ipv4_mapped if connection.address.version == 6 else None
    walk = _Evaluation(ask, replace(connection, address=mapped or connection.address))  # §5
    try:
        return walk.record(record, domain, (domain,))
    except _Broken as error:
        return "temperror" if error.fault == "unanswered" else "permerror"


class _Evaluation(msgspec.Struct):
    """One walk through a record and what it includes.

    Without a `connection` nothing matches, and what is wrong is noted rather than the end.
    """

    ask: Ask
    connection: Connection | None
    lookups: int = 0
    voids: list[str] = msgspec.field(default_factory=list)
    faults: list[tuple[Fault, str, str]] = msgspec.field(default_factory=list)
    is_over: bool = False

    def record(self, record: SpfRecord, domain: str, path: tuple[str, ...]) -> Result:
        if record.faults:
            self._broken("syntax", domain, record.faults[0])
        for one in record.mechanisms:
            if self.is_over:
                return "permerror"
            if self.step(one, domain, path):
                return _RESULTS[one.qualifier]
            if one.name == "all":
                return "neutral"  # the end, where nothing matches
        return self.redirected(record, path)

    def redirected(self, record: SpfRecord, path: tuple[str, ...]) -> Result:
        """Go where `redirect=` leads, which counts only where there is no `all` (§6.1)."""
        if not record.redirect or record.all or self.is_over:
            return "neutral"
        self._spend(record.redirect)
        result = self._other(record.redirect, path)
        if result == "none":
            self._broken("include-without", record.redirect, "")
        return result

    def step(self, one: Mechanism, domain: str, path: tuple[str, ...]) -> bool:
        """Return whether a mechanism matches."""
        if one.name == "all":
            return self.connection is not None
        if one.network is not None:
            address = self.connection.address if self.connection else None
            return address is not None and address in one.network
        if self.is_over:
            return False
        self._spend(one.text)
        if one.name == "include":
            result = self._other(one.domain, path)
            if result == "none":
                self._broken("include-without", one.domain, "")
            return result == "pass"
        target = self._expanded(one.domain or domain, domain)
        if target is None:
            return False
        if one.name == "ptr":
            return self._ptr(target)
        if one.name == "exists":
            return bool(self._asked(target, self.ask(target, "A")).values)
        return self._host(one, target)

    def _host(self, one: Mechanism, target: str) -> bool:
        names = [target]
        if one.name == "mx":
            found = self._asked(target, self.ask(target, "MX"))
            names = [value.rpartition(" ")[2] for value in found.values]
            if len(names) > _MOST_NAMES:
                self._broken("lookups", target, f"its MX names {len(names)} hosts")
        if self.connection is None:
            if one.name == "a":
                self._asked(target, addresses(self.ask, target))
            return False
        address = self.connection.address
        kind: Literal["A", "AAAA"] = "A" if address.version == 4 else "AAAA"
        prefix = one.prefixes[0 if address.version == 4 else 1]
        for name in names[:_MOST_NAMES]:
            answer = self.ask(name, kind)
            if one.name == "a":  # of the other kind alone is void as well (§4.6.4)
                self._asked(name, answer)
            for value in answer.values:
                if _is_near(address, value, prefix):
                    return True
        return False

    def _ptr(self, target: str) -> bool:
        """§5.5: a name of the address that leads back to it, and lies below the domain."""
        return any(_is_below(name, target) for name in self._names())

    def _names(self) -> list[str]:
        """The names of the address that lead back to it."""
        if self.connection is None:
            return []
        address = self.connection.address
        kind: Literal["A", "AAAA"] = "A" if address.version == 4 else "AAAA"
        names = self.ask(address.reverse_pointer, "PTR").values[:_MOST_NAMES]
        return [one for one in names if address in map(address_of, self.ask(one, kind).values)]

    def _named(self, connection: Connection, domain: str) -> Connection:
        """The connection with the name that the macro p stands for (§7.3)."""
        names = self._names()
        best = [one for one in names if _is_below(one, domain)] or names
        return replace(connection, name=best[0] if best else "unknown")

    def _other(self, target: str, path: tuple[str, ...]) -> Result:
        """What another domain's record says; "none" where it has none."""
        domain = self._expanded(target, path[-1])
        if domain is None:
            return "neutral"
        if domain.lower() in path:
            self._broken("loop", domain, "")
            return "permerror"
        answer = self._asked(domain, self.ask(domain, "TXT"))
        found = texts(answer)
        if not found:
            return "none" if answer.outcome != "failed" else "temperror"
        if len(found) > 1:
            self._broken("several", domain, "")
        return self.record(parsed(found[0]), domain, (*path, domain.lower()))

    def _expanded(self, text: str, domain: str) -> str | None:
        if not has_macros(text):
            return text.removesuffix(".")
        if self.connection is None:
            return None  # it costs, and where it leads depends on who is asked for
        connection = self.connection
        if asks_for_name(text):
            connection = self._named(connection, domain)
        return expanded(text, domain, connection).removesuffix(".")

    def _asked(self, name: str, answer: Answer) -> Answer:
        if answer.outcome == "failed":
            self._broken("unanswered", name, answer.why)
        if answer.is_void:
            self.voids.append(name)
            if len(self.voids) > MOST_VOIDS and self.connection is not None:
                self._broken("voids", name, "")
        return answer

    def _spend(self, what: str) -> None:
        self.lookups += 1
        if self.connection is not None and self.lookups > MOST_LOOKUPS:
            self._broken("lookups", what, "")
        if self.lookups >= _MOST_COUNTED and not self.is_over:
            self.is_over = True
            self._broken("endless", what, "")

    def _broken(self, fault: Fault, domain: str, what: str) -> None:
        if self.connection is not None:
            raise _Broken(fault, domain, what)
        if (fault, domain, what) not in self.faults:
            self.faults.append((fault, domain, what))


def _is_below(name: str, domain: str) -> bool:
    return f".{name.lower()}".endswith(f".{domain.lower()}")


def _is_near(address: IpAddress, value: str, prefix: int) -> bool:
    other = address_of(value)
    if other is None or other.version != address.version:
        return False
    return address in ip_network(f"{other}/{prefix}", strict=False)
