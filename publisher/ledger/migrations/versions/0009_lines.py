"""Requests to sign up line up by domain, and the mails that ask for confirmation are counted."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0009", "0008"

INSTANT = sa.String(32)


def upgrade() -> None:
    """Make the tables. Requests are kept for an hour: those of before are not counted any more."""
    op.drop_table("requests")
    op.create_table(
        "requests",
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("network", "domain")),
        *(sa.Column(name, INSTANT, nullable=False) for name in ("at", "due")),
    )
    op.create_index("ix_requests_at", "requests", ["at"])
    op.create_index("ix_requests_domain", "requests", ["domain", "due"])
    op.create_table(
        "confirmations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("domain", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_index("ix_confirmations_domain", "confirmations", ["domain", "at"])
