"""The ledger's tables. Instants are UTC, as ISO 8601 text with a fixed width."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from publisher.model import Cause

VERSION = "0018"
"""The newest of `migrations/versions`: what `metadata` below is."""

OLDEST = "0015"
"""Whose programs go on with it: what the newest of them says."""


class Instant(sa.TypeDecorator[datetime]):
    """An aware datetime, kept in UTC: SQLite has no type of its own for it."""

    impl = sa.String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        """Write an instant; a naive one is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is no instant")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:
        """Read an instant."""
        return None if value is None else datetime.fromisoformat(value)


class Second(sa.TypeDecorator[datetime]):
    """An aware datetime kept as whole seconds since 1970: a million rows hold it."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        """Write an instant; a naive one is a mistake of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is no instant")
        return int(value.timestamp())

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:
        """Read an instant."""
        return None if value is None else datetime.fromtimestamp(value, UTC)


class Code(sa.TypeDecorator[Cause]):
    """A cause, kept as its code."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Cause | None, dialect: Any) -> str | None:
        """Write a code."""
        return None if value is None else value.value

    def process_result_value(self, value: str | None, dialect: Any) -> Cause | None:
        """Read a code."""
        return None if value is None else Cause(value)


metadata = sa.MetaData()

version = sa.Table(  # Alembic's own
    "alembic_version", metadata, sa.Column("version_num", sa.String(32), primary_key=True)
)

articles = sa.Table(
    "articles",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("path", sa.Text, nullable=False, unique=True),
    sa.Column("first_seen", Instant, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    # Its first sight is its date where it has no other: so it was for all, once.
    sa.Column("dated", sa.Boolean, nullable=False, server_default="1"),
)

editions = sa.Table(
    "editions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("newsletter", sa.Text, nullable=False),
    sa.Column("slot", sa.Text, nullable=False),  # local wall clock, what the editor reads
    sa.Column("instant", Instant, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # sealing | built | skipped
    sa.Column("cause", Code, nullable=False, server_default=""),
    sa.Column("reason", sa.Text, nullable=False),  # what is particular to this one
    sa.Column("seal", sa.Text, nullable=False),  # sha256 of the bundle's manifest
    sa.Column("recorded", Instant, nullable=False),
    # Promise "once": a slot becomes at most one edition.
    sa.UniqueConstraint("newsletter", "slot"),
)

stories = sa.Table(
    "stories",
    metadata,
    sa.Column("edition", sa.Text, sa.ForeignKey("editions.id"), primary_key=True),
    sa.Column("article", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
)

hands = sa.Table(
    "hands",
    metadata,
    sa.Column("newsletter", sa.Text, primary_key=True),
    sa.Column("article", sa.Text, primary_key=True),
    sa.Column("verb", sa.Text, nullable=False),  # pin | exclude
    sa.Column("recorded", Instant, nullable=False),
)

subscribers = sa.Table(
    "subscribers",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False, unique=True),  # what its spellings have in common
    sa.Column("domain", sa.Text, nullable=False),
    sa.Column("utf8", sa.Boolean, nullable=False),  # only a server with SMTPUTF8 takes it
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("attributes", sa.JSON, nullable=False),
    sa.Column("joined", Instant, nullable=False),
)

tags = sa.Table(
    "tags",
    metadata,
    sa.Column("subscriber", sa.ForeignKey("subscribers.id"), primary_key=True),
    sa.Column("tag", sa.Text, primary_key=True),
    sqlite_with_rowid=False,
)

subscriptions = sa.Table(
    "subscriptions",
    metadata,
    sa.Column("subscriber", sa.ForeignKey("subscribers.id"), primary_key=True),
    sa.Column("newsletter", sa.Text, primary_key=True),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("since", Instant, nullable=False),
    sqlite_with_rowid=False,
)

consents = sa.Table(
    "consents",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("subscriber", sa.ForeignKey("subscribers.id"), nullable=False, index=True),
    sa.Column("newsletter", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),  # subscribed | unsubscribed
    sa.Column("at", Instant, nullable=False),
    sa.Column("how", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
)

suppressions = sa.Table(
    "suppressions",
    metadata,
    # An address key, or what is left of an erased one; no reader has to be known by it.
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),  # bounced | complained | manual | erased
    sa.Column("at", Instant, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    # By an older release, whose keys took ß for ss: of any address that folds to it.
    sa.Column("folded", sa.Boolean, nullable=False, server_default=sa.false()),
)

keys = sa.Table(
    "keys",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("secret", sa.Text, nullable=False),  # 32 bytes as hex
    sa.Column("made", Instant, nullable=False),
)

sends = sa.Table(
    "sends",
    metadata,
    sa.Column("edition", sa.ForeignKey("editions.id"), primary_key=True),
    sa.Column("newsletter", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # sending | held | cancelled
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("seal", sa.Text, nullable=False),  # of the bundle that is sent
    sa.Column("lane", sa.Integer, nullable=False),  # 0 breaking, 1 editions
    sa.Column("readers", sa.Integer, nullable=False),  # the frozen audience
    sa.Column("frozen", Instant, nullable=False),
    sa.Column("start", Instant, nullable=False),
    sa.Column("expires", Instant, nullable=False),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    # No foreign key: a reader may be erased, the sums still match.
    sa.Column("subscriber", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("edition", sa.ForeignKey("sends.edition"), primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("due", Second, nullable=False),
    sa.Column("attempts", sa.SmallInteger, nullable=False),
    sa.Column("claim", sa.Integer),
    sa.Column("settled", Second),
    # Of the edition's bundle: bits for the stories that this reader got as breaking news.
    sa.Column("variant", sa.SmallInteger, nullable=False, server_default="0"),
    # Of a test of two subjects: A or B, "" for who is in neither.
    sa.Column("test_group", sa.Text, nullable=False, server_default=""),
    # What is claimed next stands first: ORDER BY equals it. Counting by state reads it alone.
    sa.Index("ix_deliveries_queue", "edition", "state", "due", "subscriber"),
    sqlite_with_rowid=False,
)

HELD_BACK = 100_000_000_000
"""Seconds that are added to `due` of whoever waits for a test to be decided: some 3,000 years."""

subject_tests = sa.Table(
    "subject_tests",
    metadata,
    sa.Column("edition", sa.ForeignKey("sends.edition"), primary_key=True),
    sa.Column("subject_a", sa.Text, nullable=False),
    sa.Column("subject_b", sa.Text, nullable=False),
    sa.Column("share", sa.Float, nullable=False),  # of the readers, A and B together: 0.2
    sa.Column("wait", sa.Integer, nullable=False),  # seconds from the start
    sa.Column("until", Instant, nullable=False),  # when it ends
    sa.Column("counted", sa.Boolean, nullable=False),  # clicks are: they choose
    sa.Column("winner", sa.Text, nullable=False),  # A | B, "" while nobody has chosen
    sa.Column("how", sa.Text, nullable=False),  # clicks | no difference | by hand
    sa.Column("decided", Instant),
    sa.Column("tallies", sa.JSON),  # group → mailed, followed: what was known then
)

claims = sa.Table(
    "claims",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("edition", sa.ForeignKey("sends.edition"), nullable=False),
    sa.Column("worker", sa.Text, nullable=False),
    sa.Column("epoch", sa.Text, nullable=False),  # a cheap mark lasts as long as this does
    sa.Column("until", Instant, nullable=False),
    sa.Column("whole", sa.Text),  # and while this stands none is lost; older programs say nothing
    sqlite_autoincrement=True,  # an id is a fence: it is never given again
)

attempts = sa.Table(
    "attempts",
    metadata,
    # Those that were not accepted; an acceptance is in the delivery itself.
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("subscriber", sa.BigInteger, nullable=False),
    sa.Column("edition", sa.ForeignKey("sends.edition"), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("reply", sa.Text, nullable=False),
    sa.Index("ix_attempts_subscriber", "subscriber", "edition"),
)

domains = sa.Table(
    "domains",
    metadata,
    # Domains at which a run of readers turned "dead": nothing is sent there until then.
    sa.Column("domain", sa.Text, primary_key=True),
    sa.Column("until", Instant, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)

places = sa.Table(
    "places",
    metadata,
    # Of all senders together: when the next message of a scope may start, and how many of a day
    # have. A scope is "" for all, a domain, "EDITION DOMAIN", or "day 2026-11-24".
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("next", sa.Float, nullable=False),  # seconds since 1970
    sa.Column("later", sa.Float, nullable=False),  # where those wait that come too early
    sa.Column("used", sa.Integer, nullable=False),
)

schedules = sa.Table(
    "schedules",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("newsletter", sa.Text, nullable=False),
    sa.Column("rule", sa.JSON, nullable=False),
    sa.Column("through", Instant, nullable=False),  # until here its slots are settled
    sa.Column("paused", sa.Boolean, nullable=False),
    sa.Column("declared", sa.Boolean, nullable=False),  # in publisher.toml
    sa.Column("changed", Instant, nullable=False),
)

slots = sa.Table(
    "slots",
    metadata,
    sa.Column("edition", sa.Text, primary_key=True),
    sa.Column("newsletter", sa.Text, nullable=False),
    sa.Column("slot", sa.Text, nullable=False),  # local wall clock
    sa.Column("instant", Instant, nullable=False),
    # sent | caught up | skipped | held | missed | cancelled
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("cause", Code, nullable=False, server_default=""),
    sa.Column("reason", sa.Text, nullable=False),  # what is particular to this one
    sa.Column("schedule", sa.Text, nullable=False),
    sa.Column("recorded", Instant, nullable=False),
    # The key of a run: whoever inserts it, decides; everybody else finds it decided.
    sa.UniqueConstraint("newsletter", "slot"),
    sa.Index("ix_slots_instant", "instant"),
)

approvals = sa.Table(
    "approvals",
    metadata,
    sa.Column("edition", sa.Text, primary_key=True),
    sa.Column("seal", sa.Text, nullable=False),  # of the bundle that was approved, and no other
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

services = sa.Table(
    "services",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("started", Instant, nullable=False),
    sa.Column("looked", Instant, nullable=False),  # all that was due by then is settled
    sa.Column("ended", sa.Boolean, nullable=False),
)

signups = sa.Table(
    "signups",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),  # new for each mail
    sa.Column("mailbox", sa.Text, nullable=False, unique=True),  # what its spellings arrive in
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("domain", sa.Text, nullable=False),
    sa.Column("utf8", sa.Boolean, nullable=False),
    sa.Column("newsletters", sa.JSON, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("asked", Instant, nullable=False),
    sa.Column("mails", sa.SmallInteger, nullable=False),
    sa.Column("mailed", Instant, nullable=True),
    sa.Column("waits", sa.Boolean, nullable=False),  # a mail is to be sent
    sa.Column("due", Instant, nullable=False),  # no earlier than this
    sa.Index("ix_signups_waits", "waits", "due"),
)

requests = sa.Table(
    "requests",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("network", sa.Text, nullable=False),  # a keyed hash: enough to count
    sa.Column("domain", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("due", Instant, nullable=False),  # its place in the line of the domain
    sa.Index("ix_requests_at", "at"),
    sa.Index("ix_requests_domain", "domain", "due"),
)

confirmations = sa.Table(  # mails that asked for confirmation, of the last hour
    "confirmations",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("domain", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Index("ix_confirmations_domain", "domain", "at"),
)

counts = sa.Table(
    "counts",
    metadata,
    sa.Column("day", sa.Text, primary_key=True),  # 2026-11-24, UTC
    sa.Column("what", sa.Text, primary_key=True),  # atom, page, click …
    sa.Column("detail", sa.Text, primary_key=True),  # a status, or an edition and a link
    sa.Column("count", sa.BigInteger, nullable=False),
)

feed_readers = sa.Table(
    "feed_readers",
    metadata,
    sa.Column("reader", sa.Text, primary_key=True),  # a program, by its own name
    sa.Column("feed", sa.Text, primary_key=True),
    sa.Column("day", sa.Text, nullable=False),  # when it said so last
    sa.Column("subscribers", sa.BigInteger, nullable=False),  # for whom it reads, as it says
)

returns = sa.Table(
    "returns",
    metadata,
    # What came back, and what a provider told: a row for each reader that it is about.
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),  # of the message, or of a provider's event
    sa.Column("part", sa.Integer, nullable=False),  # of those that one message is about
    sa.Column("mark", sa.Text),  # what is the same of a message that comes by two ways
    sa.Column("at", Instant, nullable=False),
    sa.Column("way", sa.Text, nullable=False),  # imap, pipe, postmark …
    sa.Column("what", sa.Text, nullable=False),  # dead, full, complaint …
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("server", sa.Text, nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),  # the address that it names
    sa.Column("replacement", sa.Text, nullable=False),
    sa.Column("domain", sa.Text, nullable=False),  # the reader's, or that of what it names
    sa.Column("proof", sa.Text, nullable=False),  # return path | token | message-id, or nothing
    # No foreign keys: a reader may be erased, and whoever writes may name any edition.
    sa.Column("subscriber", sa.BigInteger),
    sa.Column("edition", sa.Text, nullable=False),
    sa.Column("followed", sa.Text, nullable=False),  # counted, suppressed, held …
    sa.Column("kept", sa.Text, nullable=False),  # the file's name in the outbox
    sa.UniqueConstraint("digest", "part"),
    # Two that have no mark are two: NULL is no other's.
    sa.UniqueConstraint("mark", "part", "what", "recipient", "edition"),
    sa.Index("ix_returns_subscriber", "subscriber"),
    sa.Index("ix_returns_edition", "edition"),
    sa.Index("ix_returns_followed", "followed", "at"),
    sa.Index("ix_returns_what", "what", "at"),  # floods of the last hour
)

lifted = sa.Table(
    "lifted",
    metadata,
    # Suppressions that a person took back: what bounced before then counts no more.
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.Text, nullable=False, index=True),
    sa.Column("suppression", sa.Text, nullable=False),  # what it was: bounced, complained …
    sa.Column("at", Instant, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)

locks = sa.Table(
    "locks",
    metadata,
    # Of all hosts, on PostgreSQL alone: who took a lock last, or is present. Whoever takes one
    # raises the fence; who had it before finds it raised, and writes nothing any more.
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("fence", sa.BigInteger, nullable=False),
    sa.Column("holder", sa.Text, nullable=False),
)

words = sa.Table(
    "words",
    metadata,
    # How often word of an edition on its way was left in the outbox.
    sa.Column("edition", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)

schema_floor = sa.Table(
    "schema_floor",
    metadata,
    # One row: the oldest schema whose programs may use this ledger.
    sa.Column("oldest", sa.Text, primary_key=True),
)

commits = sa.Table(
    "commits",
    metadata,
    # Of which commit an edition's slot is built, on every host: whoever first asked for it says so.
    # Of "" are feeds, pages and drafts: the newest that a host had, in place of what came before.
    sa.Column("edition", sa.Text, primary_key=True),
    sa.Column("commit", sa.Text, nullable=False),
    sa.Column("host", sa.Text, nullable=False),  # which had it
    sa.Column("named", Instant, nullable=False),
)

whole = sa.Table(
    "whole",
    metadata,
    # A row that a crash of PostgreSQL takes away, and an orderly restart does not: it is UNLOGGED.
    sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.Text, nullable=False),
)
UNLOGGED = "ALTER TABLE whole SET UNLOGGED"
