"""How a publication sends, as far as DNS and servers have a say in it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from publisher.doctor.answers import IpAddress
from publisher.doctor.dkim import DkimKey
from publisher.doctor.finding import Kind, Kinds
from publisher.doctor.links import Links

KINDS = Kinds("Alignment", {
    "sender-impersonates": Kind(
        "error", "A sender at a provider of mailboxes for everybody, such as gmail.com.",
        "Only its own servers may send from it: Gmail quarantines mail that says it is from "
        "gmail.com and is not.",
        "Send from an address of a domain of your own."),
})  # fmt: skip


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """From whom, by which server and where to: domains and hosts in ASCII and lower case.

    `back` is the whole return path, `replies` the addresses that people answer to. `keys` sign,
    ours or (without `public`) those of a server. `is_direct` is whether the server of
    `smtp.host` is this machine's own, which speaks to readers' servers itself; `provider` is the
    name of one whose interface takes the mails instead.
    """

    sender: str
    back: str
    replies: Sequence[str]
    links: Links
    host: str = ""
    port: int = 587
    security: str = "starttls"
    ehlo: str = ""
    is_direct: bool = False
    provider: str = ""
    addresses: Sequence[IpAddress] = ()
    keys: Sequence[DkimKey] = ()

    @property
    def domain(self) -> str:
        """The domain that readers see."""
        return domain_of(self.sender)


def domain_of(address: str) -> str:
    """Return the domain of a mail address."""
    return address.rpartition("@")[2].lower()
