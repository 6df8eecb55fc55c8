"""Schedules, slots, approvals, services; a delivery's variant."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0005", "0004"

INSTANT = sa.String(32)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "schedules",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("newsletter", sa.Text, nullable=False),
        sa.Column("rule", sa.JSON, nullable=False),
        sa.Column("through", INSTANT, nullable=False),
        *(sa.Column(name, sa.Boolean, nullable=False) for name in ("paused", "declared")),
        sa.Column("changed", INSTANT, nullable=False),
    )
    op.create_table(
        "slots",
        sa.Column("edition", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("newsletter", "slot")),
        sa.Column("instant", INSTANT, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("state", "reason", "schedule")),
        sa.Column("recorded", INSTANT, nullable=False),
        sa.UniqueConstraint("newsletter", "slot"),
    )
    op.create_index("ix_slots_instant", "slots", ["instant"])
    op.create_table(
        "approvals",
        sa.Column("edition", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("seal", "by")),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_table(
        "services",
        sa.Column("name", sa.Text, primary_key=True),
        *(sa.Column(name, INSTANT, nullable=False) for name in ("started", "looked")),
        sa.Column("ended", sa.Boolean, nullable=False),
    )
    op.add_column(
        "deliveries", sa.Column("variant", sa.SmallInteger, nullable=False, server_default="0")
    )
