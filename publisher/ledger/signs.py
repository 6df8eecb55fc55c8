"""What a reader's mailbox showed, as the ledger knows it."""

from __future__ import annotations

import sqlalchemy as sa

from publisher.ledger import tables as t
from publisher.ledger.stopping import START
from publisher.model import Sign

_ALIVE = ("auto-reply", "personal", "unsubscribe")  # whoever does that gets mail
_BOUNCED = ("full", "refused", "transient", "unknown")


def signs_of(db: sa.Connection, reader: int) -> list[Sign]:
    """Return the signs of a reader's mailbox since its suppression was last taken back."""
    s, x = t.subscribers.c, t.lifted.c
    last = sa.select(sa.func.max(x.at)).join(t.subscribers, s.key == x.key).where(s.id == reader)
    since = db.execute(last).scalar_one_or_none() or START
    a, d, r = t.attempts.c, t.deliveries.c, t.returns.c
    refused = sa.select(a.at, a.edition).where(
        a.subscriber == reader, a.about == "dead", a.at > since
    )
    signs = [Sign(what="dead", at=at, edition=edition) for at, edition in db.execute(refused)]
    back = sa.select(r.what, r.at, r.edition, r.followed).where(
        r.subscriber == reader, r.proof != "", r.at > since
    )
    for what, at, edition, followed in db.execute(back):
        if what == "dead":  # one that is held, or was dismissed, comes from a server that erred
            is_dead = followed in ("counted", "suppressed")
            signs.append(Sign(what="dead" if is_dead else "bounced", at=at, edition=edition))
        elif what in _ALIVE:
            signs.append(Sign(what="life", at=at, edition=edition))
        elif what in _BOUNCED:
            signs.append(Sign(what="bounced", at=at, edition=edition))
    if not any(one.what == "dead" for one in signs):
        return signs
    taken = sa.select(d.settled, d.edition).where(d.subscriber == reader, d.state == "accepted")
    return signs + [
        Sign(what="accepted", at=at, edition=edition) for at, edition in db.execute(taken) if at
    ]
