"""Alembic's own table replaces ours."""

from alembic import op

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    """Drop the table that held the version."""
    op.drop_table("meta")
