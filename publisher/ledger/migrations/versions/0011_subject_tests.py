"""Tests of two subjects: their plans and what came of them, and the group of each delivery."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0011", "0010"

INSTANT = sa.String(32)


def upgrade() -> None:
    """Make the table; nobody is in a group of what was sent before."""
    op.add_column("deliveries", sa.Column("test_group", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "subject_tests",
        sa.Column("edition", sa.Text, sa.ForeignKey("sends.edition"), primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("subject_a", "subject_b")),
        sa.Column("share", sa.Float, nullable=False),
        sa.Column("wait", sa.Integer, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("counted", sa.Boolean, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("winner", "how")),
        sa.Column("decided", INSTANT),
        sa.Column("tallies", sa.JSON),
    )
