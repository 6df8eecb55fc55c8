"""Whether a database that was restarted has lost nothing."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0018", "0017"
oldest = "0015"


def upgrade() -> None:
    """Add a column, and a table that a crash of PostgreSQL empties."""
    op.add_column("claims", sa.Column("whole", sa.Text))
    op.create_table(
        "whole",
        sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
    )
    if op.get_bind().dialect.name != "sqlite":
        op.execute("ALTER TABLE whole SET UNLOGGED")
