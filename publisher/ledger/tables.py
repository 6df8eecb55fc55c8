"""The ledger's tables. Instants are UTC, as ISO 8601 text with a fixed width."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

VERSION = "0003"
"""The newest of `migrations/versions`: what `metadata` below is."""


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
)

editions = sa.Table(
    "editions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("newsletter", sa.Text, nullable=False),
    sa.Column("slot", sa.Text, nullable=False),  # local wall clock, what the editor reads
    sa.Column("instant", Instant, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # sealing | built | skipped
    sa.Column("reason", sa.Text, nullable=False),
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
)

keys = sa.Table(
    "keys",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("secret", sa.Text, nullable=False),  # 32 bytes as hex
    sa.Column("made", Instant, nullable=False),
)
