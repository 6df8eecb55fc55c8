"""Addresses that only the author's machine knows."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from publisher.checks.addresses import addresses, place
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

_ENDS = (
    ".localhost", ".local", ".internal", ".lan", ".home.arpa", ".test", ".invalid",
    ".localdomain", ".intranet", ".private", ".corp", ".home",
)  # fmt: skip
"""RFC 6761, and what RFC 6762, appendix G, says that networks of one's own take."""


def _look(mail: Mail) -> Iterator[Found]:
    for one in addresses(mail):
        if one.scheme == "file" or _is_local(one.host):
            yield Found(f"the {one.kind} {one.url[:80]} leads to this machine", *place(mail, one))


def _is_local(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        name = host.rstrip(".")
        return bool(name) and ("." not in name or name.endswith(_ENDS))


RULE = Rule(
    name="local-address",
    finds="Links and pictures on localhost, in a private network, or in a file.",
    why="Only the machine on which it was written can open it.",
    todo="Write the address at which readers find it.",
    look=_look,
    bad=(
        {"html": '<a href="http://localhost:1313/bay/">The bay</a>'},
        {"html": '<img src="https://192.168.1.20/bay.png" alt="The bay">'},
        {"html": '<a href="https://intranet/bay.pdf">The bay</a>'},
        {"html": '<a href="https://2130706433/bay.pdf">The bay</a>'},
        {"html": '<a href="file:///home/ann/bay.pdf">The bay</a>'},
    ),
    clean=(
        {"html": '<a href="https://letter.example/localhost/">The bay</a>'},
        {"html": '<a href="mailto:ann@letter.example">Ann</a>, <a href="tel:+4940123">call</a>'},
    ),
)
