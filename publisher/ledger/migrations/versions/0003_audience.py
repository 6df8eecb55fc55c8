"""Subscribers, their tags, subscriptions and consent; suppressions; signing keys."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"

INSTANT = sa.String(32)


def _text(name: str, **keys: bool) -> sa.Column[str]:
    return sa.Column(name, sa.Text, **{"nullable": False, **keys})  # type: ignore[arg-type]


def _instant(name: str) -> sa.Column[str]:
    return sa.Column(name, INSTANT, nullable=False)


def _subscriber(**keys: bool) -> sa.Column[int]:
    link = sa.ForeignKey("subscribers.id")
    return sa.Column("subscriber", sa.BigInteger, link, **keys)  # type: ignore[arg-type]


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "subscribers",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        _text("address"),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        _text("domain"),
        sa.Column("utf8", sa.Boolean, nullable=False),
        _text("name"),
        _text("language"),
        _text("zone"),
        sa.Column("attributes", sa.JSON, nullable=False),
        _instant("joined"),
    )
    op.create_table(
        "tags",
        _subscriber(primary_key=True),
        _text("tag", primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "subscriptions",
        _subscriber(primary_key=True),
        _text("newsletter", primary_key=True),
        sa.Column("active", sa.Boolean, nullable=False),
        _instant("since"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer, primary_key=True),
        _subscriber(nullable=False),
        _text("newsletter"),
        _text("what"),
        _instant("at"),
        _text("how"),
        _text("source"),
    )
    op.create_index("ix_consents_subscriber", "consents", ["subscriber"])
    op.create_table(
        "suppressions",
        _text("key", primary_key=True),
        _text("reason"),
        _instant("at"),
        _text("detail"),
    )
    op.create_table(
        "keys", sa.Column("id", sa.Integer, primary_key=True), _text("secret"), _instant("made")
    )
