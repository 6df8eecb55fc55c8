"""Of which commit of the articles a slot is built."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0017", "0016"
oldest = "0015"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "commits",
        sa.Column("edition", sa.Text, primary_key=True),
        sa.Column("commit", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("named", sa.String(32), nullable=False),
    )
