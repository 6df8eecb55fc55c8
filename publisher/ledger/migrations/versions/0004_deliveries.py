"""Sends, deliveries, claims, attempts; held domains; places."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0004", "0003"

INSTANT = sa.String(32)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "sends",
        sa.Column("edition", sa.Text, sa.ForeignKey("editions.id"), primary_key=True),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("newsletter", "state", "reason", "seal")
        ),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("lane", "readers")),
        *(sa.Column(name, INSTANT, nullable=False) for name in ("frozen", "start", "expires")),
    )
    op.create_table(
        "deliveries",
        sa.Column("subscriber", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("edition", sa.Text, sa.ForeignKey("sends.edition"), primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.SmallInteger, nullable=False),
        sa.Column("claim", sa.Integer),
        sa.Column("settled", sa.BigInteger),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_deliveries_queue", "deliveries", ["edition", "state", "due", "subscriber"])
    op.create_table(
        "claims",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("edition", sa.Text, sa.ForeignKey("sends.edition"), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("worker", "epoch")),
        sa.Column("until", INSTANT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("subscriber", sa.BigInteger, nullable=False),
        sa.Column("edition", sa.Text, sa.ForeignKey("sends.edition"), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("state", "about", "reply")),
    )
    op.create_index("ix_attempts_subscriber", "attempts", ["subscriber", "edition"])
    op.create_table(
        "domains",
        sa.Column("domain", sa.Text, primary_key=True),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "places",
        sa.Column("scope", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Float, nullable=False) for name in ("next", "later")),
        sa.Column("used", sa.Integer, nullable=False),
    )
