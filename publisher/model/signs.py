"""Whether a mailbox is gone: signs of death, and of life, in the order of time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

import msgspec

GONE_AFTER = timedelta(days=3)
"""An address that does not exist a second time, so long after the first, is mailed no more."""

SILENCE = timedelta(days=2)
"""A message that was accepted so long ago, and of which nothing came back, has arrived."""


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader's mailbox showed, and when (aware).

    "dead" is a server that says there is no such mailbox, "life" whatever only somebody who gets
    mail can do. "accepted" is a message that a server took, "bounced" one that came back for any
    other reason; both are of an `edition`, "" where it is not known.
    """

    what: Literal["dead", "life", "accepted", "bounced"]
    at: datetime
    edition: str = ""


def has_gone(signs: Iterable[Sign]) -> bool:
    """Whether the mailbox is gone: dead twice, three days apart, and no life in between.

    A server errs for hours, and a mailbox comes back: so once is not enough, and whoever got
    a message in between begins anew. The order in which signs are learnt makes no difference.

    >>> from datetime import UTC
    >>> first, later = (Sign(what="dead", at=datetime(2026, 11, d, tzinfo=UTC)) for d in (24, 27))
    >>> has_gone([first]), has_gone([first, later])
    (False, True)
    >>> has_gone([first, later, Sign(what="life", at=datetime(2026, 11, 25, tzinfo=UTC))])
    False
    """
    known = sorted(signs, key=lambda one: one.at)
    came_back = {one.edition for one in known if one.what in ("dead", "bounced")} - {""}
    dead = [one.at for one in known if one.what == "dead"]
    life = [one.at for one in known if one.what == "life"]
    arrived = [one.at for one in known if one.what == "accepted" and one.edition not in came_back]
    for later in dead:
        before = life[: bisect_left(life, later)][-1:]
        before += arrived[: bisect_right(arrived, later - SILENCE)][-1:]
        since = bisect_left(dead, max(before)) if before else 0
        if later - dead[since] >= GONE_AFTER:
            return True
    return False
