"""What is known when something came back, and what follows: nouns for the ledger and a decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from publisher.model.audience import Standing
from publisher.model.returned import Followed, Proof, ReturnedClass
from publisher.model.signs import Sign


class Crowd(msgspec.Struct, frozen=True, kw_only=True):
    """Readers of whom the same came back within an hour, this one included.

    They are at so many `domains`; so many had been `mailed`: the edition's readers, or all.
    """

    readers: int = 0
    domains: int = 0
    mailed: int = 0


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one reader's return.

    `is_unread` is one that nobody could read, `is_reader` False for one who was erased, or whom
    nothing proves. `signs` are the mailbox's since its suppression was last taken back, with this
    return among them. `of_domain` and `of_all` are who else it is true of now.
    """

    what: ReturnedClass
    proof: Proof = ""
    is_unread: bool = False
    is_reader: bool = False
    is_suppressed: bool = False
    signs: Sequence[Sign] = ()
    of_domain: Crowd = Crowd()
    of_all: Crowd = Crowd()


class Consequence(msgspec.Struct, frozen=True, kw_only=True):
    """What follows from a return: its word, a suppression, the end of a subscription.

    A `flood` is of a domain or of all: who came back in it before is held as well.
    """

    followed: Followed
    suppress: Standing | Literal[""] = ""
    leave: bool = False
    flood: Literal["", "domain", "all"] = ""
