"""The oldest schema whose programs may use this ledger: its floor."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0015", "0014"
oldest = "0015"  # those before know no floor, and refuse whatever is newer


def upgrade() -> None:
    """Add the table."""
    op.create_table("schema_floor", sa.Column("oldest", sa.Text, primary_key=True))
