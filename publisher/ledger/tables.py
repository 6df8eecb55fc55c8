"""The ledger's tables. Instants are UTC, as ISO 8601 text with a fixed width."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

VERSION = "0002"
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
