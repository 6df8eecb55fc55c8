"""How often word of an edition on its way was left in the outbox."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0016", "0015"
oldest = "0015"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "words",
        sa.Column("edition", sa.Text, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
