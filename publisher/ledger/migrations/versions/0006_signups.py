"""Who asked to be a reader, and has not confirmed it; and how often somebody asked."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0006", "0005"

INSTANT = sa.String(32)


def upgrade() -> None:
    """Make the tables, where they are not there already.

    Ledgers made new by programs that knew these tables said of themselves that they were of 0005.
    """
    if sa.inspect(op.get_bind()).has_table("signups"):
        return
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
