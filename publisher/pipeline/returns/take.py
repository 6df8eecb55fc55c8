"""Take what came back: read, recognised, recorded once with what follows; by whatever way it came.

A message that is taken again changes nothing, so that whoever brings it may die at any moment and
bring it again. The file of one that is kept comes first, its record after it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

import msgspec
from msgspec.structs import replace

from publisher.audience import address
from publisher.errors import AddressError
from publisher.ledger import ReturnRecord
from publisher.model import Consequence, Evidence, Returned, ReturnedClass, one_line
from publisher.pipeline import kept_mail
from publisher.pipeline.keys import keys
from publisher.pipeline.returns.decide import decide, wants_copy
from publisher.pipeline.returns.marks import headers_of, marks_of
from publisher.pipeline.returns.recognise import Recognised, Recogniser
from publisher.pipeline.workspace import Workspace
from publisher.returns import MOST
from publisher.returns.reading import read
from publisher.returns.told import Told

FORGED = timedelta(days=90)
"""What proves nothing is forgotten after so long."""

_PARTS = 100  # readers that one message is about
_UNREAD = Returned(what="unknown")

# Of several words about one delivery the first counts. An alias may lead to several mailboxes:
# as long as one of them is anything but dead, the reader gets mail.
_MILDEST: Sequence[ReturnedClass] = (
    "complaint", "unsubscribe", "personal", "auto-reply",
    "transient", "full", "refused", "unknown", "dead",
)  # fmt: skip


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a message: its records, a reader each. `is_new` is False for one known."""

    digest: str
    records: tuple[ReturnRecord, ...]
    is_new: bool

    @property
    def kind(self) -> Literal["read", "unread", "personal"]:
        """What a mailbox calls it: understood, or for a person, or what nobody can read."""
        followed = {one.followed for one in self.records}
        if "for a person" in followed:
            return "personal"
        return "unread" if "unread" in followed else "read"


def take(
    space: Workspace, data: bytes, *, way: str, to: str = "", now: datetime | None = None
) -> Taken:
    """Record a message that came back, and do what follows; once, however often it is brought.

    `way` is how it came ("imap", "pipe"), `to` the envelope's recipient where it is known, `now`
    aware UTC, the workspace's by default. Raises nothing for what the message holds; NoRoom where
    it must be kept and cannot, StateUnavailable and Locked of the ledger: bring it again then.
    """
    now, data = now or space.now, data[:MOST]
    digest = hashlib.sha256(data).hexdigest()
    if known := space.ledger.returns.known(digest):
        return Taken(digest=digest, records=tuple(known), is_new=False)
    found = examined(space, data, way=way, to=to, now=now)
    name = ""
    if any(wants_copy(one.what, one.proof, one.followed == "unread") for one in found):
        is_forged = all(one.what not in ("personal", "unsubscribe", "unknown") for one in found)
        name = kept_mail.keep(space, digest, data, is_forged=is_forged)
    rows = [_with_copy(one, name) for one in found]
    new = space.ledger.returns.take(rows, _deciding(space), now)
    if any(not one.proof for one in new):
        kept_mail.drop(space, space.ledger.returns.prune(now - FORGED))
    if name and not any(one.kept for one in space.ledger.returns.known(digest)):
        kept_mail.drop(space, [name])  # it had come by another way, under other headers
    return Taken(digest=digest, records=tuple(new), is_new=bool(new))


def take_told(
    space: Workspace, told: Sequence[Told], *, now: datetime | None = None
) -> list[ReturnRecord]:
    """Record what a provider tells of deliveries, as `take` does; return what was new.

    An event counts once by its provider and id. It must name a Message-ID of ours to that reader,
    or hold a token, as a mail must: a provider's account may send for others as well.
    """
    now = now or space.now
    recogniser = Recogniser(space.ledger, keys(space), ())
    rows = []
    for one in told:
        digest = hashlib.sha256(f"{one.provider}\0{one.id}".encode("utf-8", "replace")).hexdigest()
        returned = _plain(one.returned)
        known = recogniser.recognise(returned)
        way, at = _text(one.provider, 40), min(one.at, now)
        rows.append(_record(returned, known, digest=digest, part=0, at=at, way=way))
    return space.ledger.returns.take(rows, _deciding(space), now)


def examined(
    space: Workspace, data: bytes, *, way: str = "", to: str = "", now: datetime | None = None
) -> list[ReturnRecord]:
    """Return what a message says and of whom, with nothing recorded and nothing decided."""
    found = _read(data)
    headers = headers_of(data)
    recogniser = Recogniser(space.ledger, keys(space), (to, headers))
    known = _mildest((one, recogniser.recognise(one)) for one in found)
    digest, marks = hashlib.sha256(data).hexdigest(), marks_of(data, headers)
    at = now or space.now
    return [
        _record(one, whom, digest=digest, part=part, at=at, way=way, marks=marks)
        for part, (one, whom) in enumerate(known)
    ]


def _deciding(space: Workspace) -> Callable[[Evidence], Consequence]:
    return partial(decide, breaker=space.publication.delivery.breaker)


def _read(data: bytes) -> Sequence[Returned]:
    """What a message says; what nobody can read says nothing, whatever breaks by it."""
    try:
        return [_plain(one) for one in read(data)[:_PARTS]] or [_UNREAD]
    except Exception:  # a parser's fault must not cost a reader's complaint: it is kept
        return [_UNREAD]


def _plain(one: Returned) -> Returned:
    """What it says as a database and a terminal take it, and not without end."""
    return replace(
        one,
        recipient=_text(one.recipient, 320),
        message_id=_text(one.message_id, 500),
        token=_text(one.token, 500),
        status=_text(one.status, 20),
        words=_text(one.words, 500),
        server=_text(one.server, 255),
        replacement=_text(one.replacement, 320),
    )


def _mildest(
    found: Iterable[tuple[Returned, Recognised]],
) -> list[tuple[Returned, Recognised]]:
    """One word for each delivery; what is about nobody that is known stays as it is."""
    by_delivery: dict[object, tuple[Returned, Recognised]] = {}
    for number, (one, whom) in enumerate(found):
        key = (whom.number, whom.edition) if whom.proof else number
        before = by_delivery.get(key)
        if before is None or _MILDEST.index(one.what) < _MILDEST.index(before[0].what):
            by_delivery[key] = (one, whom)
    return list(by_delivery.values())


def _record(
    one: Returned,
    whom: Recognised,
    *,
    digest: str,
    part: int,
    at: datetime,
    way: str,
    marks: tuple[str | None, str | None] | None = None,
) -> ReturnRecord:
    """What is recorded; of an erased reader nothing that tells who it was.

    `marks` are those of a message; what is told in words has none, and nothing to be kept of it.
    """
    # A server that gives no status, in words that nobody knows: a person may know them.
    is_unread = marks is not None and one.what == "unknown" and not one.status
    own, whole = marks or (None, None)
    is_erased = bool(whom.proof) and whom.reader is None
    domain = whom.reader.address.rpartition("@")[2] if whom.reader else _domain(one.recipient)
    return ReturnRecord(
        digest=digest,
        part=part,
        mark=whole if wants_copy(one.what, whom.proof, is_unread) else own,
        at=at,
        way=way,
        what=one.what,
        status=one.status,
        words="" if is_erased else one.words,
        server=one.server,
        recipient="" if is_erased else one.recipient,
        replacement="" if is_erased else one.replacement,
        domain="" if is_erased else domain,
        proof=whom.proof,
        reader=whom.reader.id if whom.reader else None,
        edition=whom.edition,
        newsletter=whom.newsletter,
        followed="unread" if is_unread else "counted",
    )


def _with_copy(one: ReturnRecord, name: str) -> ReturnRecord:
    wanted = wants_copy(one.what, one.proof, one.followed == "unread")
    return replace(one, kept=name) if name and wanted else one


def _domain(recipient: str) -> str:
    try:
        return address(recipient).domain
    except AddressError:
        return ""


def _text(value: str, most: int) -> str:
    """One line without surrogates and controls, and not without end."""
    plain = value[: most * 2].encode("utf-8", "replace").decode("utf-8")
    return one_line(plain)[:most]
