"""Whether an article's first sight is its date: it is for all that were seen before."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0012", "0011"


def upgrade() -> None:
    """Add the column: what was news before stays news."""
    op.add_column("articles", sa.Column("dated", sa.Boolean, nullable=False, server_default="1"))
