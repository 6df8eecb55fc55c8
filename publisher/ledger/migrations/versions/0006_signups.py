"""Who asked to be a reader, and has not confirmed it; and how often somebody asked."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0006", "0005"

INSTANT = sa.String(32)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "signups",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("mailbox", sa.Text, nullable=False, unique=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("key", "address", "domain")),
        sa.Column("utf8", sa.Boolean, nullable=False),
        sa.Column("newsletters", sa.JSON, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("asked", INSTANT, nullable=False),
        sa.Column("mails", sa.SmallInteger, nullable=False),
        sa.Column("mailed", INSTANT, nullable=True),
        sa.Column("waits", sa.Boolean, nullable=False),
        sa.Column("due", INSTANT, nullable=False),
    )
    op.create_index("ix_signups_waits", "signups", ["waits", "due"])
    op.create_table(
        "requests",
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("network", "domain")),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_index("ix_requests_at", "requests", ["at"])
