"""Names of hosts, as everything here writes them: normalised once, by one standard.

IDNA 2008 (RFC 5890 to 5893) after the mapping of UTS 46, non-transitional: as registries sell names
and browsers look them up. Python's own `idna` codec is IDNA 2003, which makes another owner's
`strasse` of `straße`. `config` brings every name of publisher.toml into this form; addresses of
readers and links of articles come here as they are read. Nobody else encodes a name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from urllib.parse import quote, unquote, urlsplit, urlunsplit

_LONGEST = 253  # RFC 1035 §2.3.4, without the root's dot
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)


@lru_cache(maxsize=4096)
def ascii_host(name: str) -> str:
    """Return the name of a host in ASCII and lower case; raise ValueError with the reason.

    A-labels (RFC 5890 §2.3.2.1) for what is not ASCII; an IPv6 address without brackets, in its
    shortest form (RFC 5952). The root's dot is left out.
    """
    if ":" in name:
        return IPv6Address(name).compressed
    if len(name) > 4 * _LONGEST:
        raise ValueError("it is too long")
    plain = name.lower() if name.isascii() else _mapped(name)
    host = ".".join(map(_label, plain.removesuffix(".").split(".")))
    if len(host) > _LONGEST:
        raise ValueError("it is too long")
    return host


def is_this_machine(name: str) -> bool:
    """Whether a host is this machine, and nobody else can reach it there."""
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _mapped(name: str) -> str:
    import idna  # 24 ms, and most names are ASCII

    return idna.uts46_remap(name, std3_rules=False, transitional=False)


def _label(label: str) -> str:
    if not label.isascii():
        import idna

        return idna.alabel(label).decode()
    if not _LABEL.fullmatch(label):
        raise ValueError(f"{label!r} is no part of a host's name")
    if label.startswith("xn--"):
        _check_encoded(label)
    return label


def _check_encoded(label: str) -> None:
    """An A-label is taken as registered, where it is one: older registries sold emoji.

    What would be another name once decoded and mapped again is a name in disguise.
    """
    shown = label[4:].encode().decode("punycode")
    is_plain = not shown.isascii() and _mapped(shown) == shown
    if not is_plain or f"xn--{shown.encode('punycode').decode()}" != label:
        raise ValueError(f"{label!r} is no encoded name")


def with_ascii_host(url: str) -> str:
    """Return a web address with its host in ASCII, the rest as it is; raise ValueError."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=ascii_netloc(parts.netloc)))


def ascii_url(url: str) -> str:
    """Return a web address in ASCII (RFC 3986 §2), without a user; raise ValueError."""
    parts = urlsplit(url)
    netloc = ascii_netloc(parts.netloc.rpartition("@")[2])
    query = f"?{quote(parts.query, safe='/%:@?=&+')}" if parts.query else ""
    return f"{parts.scheme}://{netloc}{quote(parts.path, safe='/%:@')}{query}"


def ascii_netloc(netloc: str) -> str:
    """Return user, host and port with the host in ASCII; raise ValueError.

    Not by `urlsplit().hostname`, which lowers a capital sigma to a final one.
    """
    user, at, rest = netloc.rpartition("@")
    found = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::(\d*))?", rest)
    if not found or not found[1] or int(found[2] or 0) > 65535:
        raise ValueError(f"{rest[:80]!r} is no host")
    is_literal = found[1].startswith("[")
    host = ascii_host(found[1].strip("[]") if is_literal else unquote(found[1], errors="strict"))
    shown = f"[{host}]" if is_literal else host
    return f"{user}{at}{shown}" + (f":{int(found[2])}" if found[2] else "")


def ascii_address(text: str) -> str:
    """Return an e-mail address with its domain in ASCII, the rest as it is; raise ValueError."""
    local, at, domain = text.rpartition("@")
    if not at or ":" in domain:
        raise ValueError("it has no domain")
    return f"{local}@{ascii_host(domain)}"
