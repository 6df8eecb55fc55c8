"""Whether an edition can reach all of its readers before it expires, at the pace that is set.

An edition that cannot is refused at once: late, and for a part of its readers never, is no sending.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import msgspec

from publisher.errors import Held
from publisher.model import Newsletter
from publisher.pipeline.readers.segments import segment_of
from publisher.pipeline.sends.warm_up import check_warm_up
from publisher.pipeline.sends.worker import limits_of
from publisher.pipeline.workspace import Workspace

_DAY = timedelta(days=1)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """Messages that go one after the other: how many, behind how many that wait already.

    `key` is what sets their pace in publisher.toml, `domain` is "" where it is that of all.
    """

    readers: int
    before: int
    key: str
    domain: str = ""

    @property
    def length(self) -> int:
        """All of them."""
        return self.readers + self.before


def check_pace(
    space: Workspace,
    newsletter: Newsletter,
    readers: int,
    lane: int,
    start: datetime,
    expires: datetime,
) -> None:
    """Raise Held for an edition that would expire before all of its readers had it."""
    check_warm_up(space, newsletter, readers, lane, start, expires)
    for line, needed in _needed(space, newsletter, readers, start, lane):
        if start + needed > expires and line.readers:
            at = f" at {line.domain}" if line.domain else ""
            behind = f", behind {line.before:,} messages that wait already" if line.before else ""
            raise Held(
                f"at the pace in publisher.toml {line.readers:,} readers{at} take "
                f"{in_days(needed)}{behind}",
                why=f"The edition would expire after {in_days(expires - start)}, and the rest of "
                "them get nothing.",
                todo=f"Raise {line.key}, or delivery.expires.",
            )


def _needed(
    space: Workspace, newsletter: Newsletter, readers: int, start: datetime, lane: int
) -> Iterator[tuple[Line, timedelta]]:
    """How long each line takes, from the start until its last message may leave."""
    delivery, sends = space.publication.delivery, space.ledger.sends
    waiting = sends.waiting(begun=start, lane=lane)
    if delivery.per_day:
        used = space.ledger.queue.started_on(start.date())
        line = Line(readers=readers, before=waiting, key="delivery.per_day")
        yield line, by_day(line.length, start, delivery.per_day, used)
    segment = segment_of(space, newsletter)
    for domain, rate in limits_of(space.publication).per_second.items():
        line = Line(readers=readers, before=waiting, key="delivery.per_second")
        if domain:
            line = Line(
                readers=space.ledger.readers.count(newsletter.name, segment, domain=domain),
                before=sends.waiting(begun=start, lane=lane, domain=domain),
                key=f'domains."{domain}".per_second',
                domain=domain,
            )
        yield line, by_second(line.length, rate)


def by_second(length: int, rate: float) -> timedelta:
    """Return after how long the last of so many messages may leave; the first one goes at once."""
    return timedelta(seconds=max(0, length - 1) / rate)


def by_day(length: int, start: datetime, per_day: int, used: int) -> timedelta:
    """Return after how long the last of so many may leave, `used` of the first day being gone.

    Days are those of UTC, as the ledger counts them.
    """
    rest = length - max(0, per_day - used)
    if rest <= 0:
        return timedelta()
    midnight = datetime.combine(start.astimezone(UTC).date(), time(), UTC)
    return midnight + -(-rest // per_day) * _DAY - start


def in_days(span: timedelta) -> str:
    """Return a length in words, rounded up.

    >>> in_days(timedelta(hours=36)), in_days(timedelta(days=2, hours=1))
    ('36 hours', '3 days')
    """
    hours = -(-span // timedelta(hours=1))
    if hours < 48 and hours != 24:
        return f"{hours} hour{'s' * (hours != 1)}"
    days = -(-span // _DAY)
    return f"{days} day{'s' * (days != 1)}"
