"""Who asked to be a reader, and has not confirmed it."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0006", "0005"

INSTANT = sa.String(32)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "signups",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("address", "domain")),
        sa.Column("utf8", sa.Boolean, nullable=False),
        sa.Column("newsletters", sa.JSON, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("language", "network")),
        sa.Column("asked", INSTANT, nullable=False),
        sa.Column("mails", sa.SmallInteger, nullable=False),
        sa.Column("mailed", INSTANT, nullable=True),
        sa.Column("waits", sa.Boolean, nullable=False),
    )
    op.create_index("ix_signups_asked", "signups", ["asked"])
    op.create_index("ix_signups_waits", "signups", ["waits"])
