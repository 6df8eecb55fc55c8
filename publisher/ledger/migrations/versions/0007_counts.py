"""What is counted of the web: how often what was asked, and whom feed readers read for."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0007", "0006"


def upgrade() -> None:
    """Make the tables, where they are not there already.

    Ledgers made new by programs that knew these tables said of themselves that they were of 0005.
    """
    if sa.inspect(op.get_bind()).has_table("counts"):
        return
    op.create_table(
        "counts",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("day", "what", "detail")),
        sa.Column("count", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "feed_readers",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("reader", "feed")),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("subscribers", sa.BigInteger, nullable=False),
    )
