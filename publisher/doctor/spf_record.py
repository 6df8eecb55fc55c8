"""An SPF record, taken apart (RFC 7208 §4.6.1, §5, §6, §7.1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network

import msgspec

from publisher.doctor.answers import shortened

MECHANISMS = ("all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists")
ASKING = ("include", "a", "mx", "ptr", "exists")
"""The mechanisms that cost a look-up, besides `redirect=` (§4.6.4)."""

_EXPAND = r"%\{[slodiphvSLODIPHV][0-9]{0,3}r?[.\-+,/_=]*\}"  # §7.2: c, r and t are for exp's text
_MACRO = rf"(?:{_EXPAND}|%[%_-])"
_DOMAIN = re.compile(
    rf"(?:[!-$&-~]|{_MACRO})*?(?:\.(?:[A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*|"
    r"[A-Za-z0-9]+-[A-Za-z0-9-]*[A-Za-z0-9])\.?|"
    rf"{_EXPAND})",
    re.ASCII,
)
_MACRO_STRING = re.compile(rf"(?:[!-$&-~]|{_MACRO})*", re.ASCII)
_TERM = re.compile(
    r"([+\-?~]?)([A-Za-z][A-Za-z0-9]*)(?::(.*?))?((?:/[0-9]*)*)", re.ASCII | re.DOTALL
)
_MODIFIER = re.compile(r"([A-Za-z][A-Za-z0-9._-]*)=(.*)", re.ASCII | re.DOTALL)
_PREFIXES = re.compile(r"(?:/(0|[1-9]\d?))?(?://(0|[1-9]\d{0,2}))?", re.ASCII)
_PREFIX = re.compile(r"(?:/(0|[1-9]\d{0,2}))?", re.ASCII)
_NO_PREFIX = 999
_LONGEST = 300  # characters of a term: a name has 253 at most
_MOST = 450  # terms: a TXT record of 64 KB may hold thousands

Network = IPv4Network | IPv6Network


class Mechanism(msgspec.Struct, frozen=True, kw_only=True):
    """A directive: `qualifier` is one of + - ~ ?; `domain` may hold macros, "" is the record's."""

    text: str
    qualifier: str
    name: str
    domain: str = ""
    network: Network | None = None
    prefixes: tuple[int, int] = (32, 128)


class SpfRecord(msgspec.Struct, frozen=True):
    """A record's terms in order; `faults` say what makes it void as a whole."""

    text: str
    mechanisms: tuple[Mechanism, ...]
    redirect: str
    faults: tuple[str, ...]

    @property
    def all(self) -> Mechanism | None:
        """Its `all`, where it has one."""
        return next((one for one in self.mechanisms if one.name == "all"), None)


def is_spf(text: str) -> bool:
    """Whether a text is an SPF record of version 1 (§4.5)."""
    return text[:6].lower() == "v=spf1" and (len(text) == 6 or text[6] == " ")


def parsed(text: str) -> SpfRecord:
    """Take a record apart; what cannot be read is among its faults."""
    terms = [term for term in text[6:].split(" ") if term]
    faults: list[str] = []
    mechanisms: list[Mechanism] = []
    modifiers: dict[str, str] = {}
    if len(terms) > _MOST:
        return SpfRecord(text, (), "", (f"it has {len(terms):,} terms",))
    for term in terms:
        try:
            _take(term, mechanisms, modifiers)
        except ValueError as error:
            faults.append(str(error))
    return SpfRecord(text, tuple(mechanisms), modifiers.get("redirect", ""), tuple(faults))


def _take(term: str, mechanisms: list[Mechanism], modifiers: dict[str, str]) -> None:
    if len(term) > _LONGEST:
        raise ValueError(f"“{shortened(term, 40)}” has {len(term):,} characters")
    modifier = _MODIFIER.fullmatch(term)
    if modifier is None:
        mechanisms.append(_mechanism(term))
        return
    name, value = modifier[1].lower(), modifier[2]
    if name in MECHANISMS:
        raise ValueError(f"“{shortened(term, 40)}” is written with a colon: {name}:{value[:40]}")
    if name not in ("redirect", "exp"):
        if not _MACRO_STRING.fullmatch(value):
            raise ValueError(f"“{shortened(term, 40)}” has a % that is no macro")
        return  # §6: others are ignored
    if name in modifiers:
        raise ValueError(f"{name}= stands in it twice")
    modifiers[name] = _domain(value, term)


def _mechanism(term: str) -> Mechanism:
    found = _TERM.fullmatch(term)
    name = found[2].lower() if found else ""
    if found is None or name not in MECHANISMS:
        raise ValueError(f"“{shortened(term, 40)}” is no mechanism{_meant(name)}")
    qualifier, value, rest = found[1] or "+", found[3], found[4] or ""
    return _MAKERS.get(name, _named)(term, qualifier, name, value, rest)


def _meant(name: str) -> str:
    others = {"ip": "ip4", "ipv4": "ip4", "ipv6": "ip6", "inlude": "include"}
    near = others.get(name) or next(iter(get_close_matches(name, MECHANISMS, n=1, cutoff=0.7)), "")
    return f"; {near} is meant?" if near else ""


def _all(term: str, qualifier: str, name: str, value: str | None, rest: str) -> Mechanism:
    if value is not None or rest:
        raise ValueError(f"“{shortened(term, 40)}”: nothing may follow “all”")
    return Mechanism(text=term, qualifier=qualifier, name=name)


def _literal(term: str, qualifier: str, name: str, value: str | None, rest: str) -> Mechanism:
    version = int(name[2])
    try:
        network = ip_network(f"{value or ''}{rest}", strict=False)
    except ValueError:
        network = None
    if network is None or network.version != version or not _PREFIX.fullmatch(rest):
        raise ValueError(f"“{shortened(term, 40)}” holds no IPv{version} address")
    return Mechanism(text=term, qualifier=qualifier, name=name, network=network)


def _target(term: str, qualifier: str, name: str, value: str | None, rest: str) -> Mechanism:
    """include, exists and ptr: a domain, and no prefix."""
    if name == "ptr" and value is None and not rest:
        return Mechanism(text=term, qualifier=qualifier, name=name)
    if not value:
        raise ValueError(f"“{shortened(term, 40)}” names no domain")
    domain = _domain(f"{value}{rest}", term)
    return Mechanism(text=term, qualifier=qualifier, name=name, domain=domain)


def _named(term: str, qualifier: str, name: str, value: str | None, rest: str) -> Mechanism:
    """a and mx: perhaps a domain, perhaps prefixes."""
    prefixes = _PREFIXES.fullmatch(rest)
    four, six = (
        (int(prefixes[1] or 32), int(prefixes[2] or 128)) if prefixes else (_NO_PREFIX, _NO_PREFIX)
    )
    if four > 32 or six > 128:
        raise ValueError(f"“{shortened(term, 40)}”: “{shortened(rest, 20)}” is no prefix")
    domain = _domain(value, term) if value is not None else ""
    return Mechanism(text=term, qualifier=qualifier, name=name, domain=domain, prefixes=(four, six))


def _domain(value: str, term: str) -> str:
    if len(value) > 253 or not _DOMAIN.fullmatch(value):
        raise ValueError(f"“{shortened(term, 40)}” names no domain")
    return value


_MAKERS: dict[str, Callable[[str, str, str, str | None, str], Mechanism]] = {
    "all": _all,
    "ip4": _literal,
    "ip6": _literal,
    "include": _target,
    "exists": _target,
    "ptr": _target,
}
