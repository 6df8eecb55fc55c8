"""What came back, and which suppressions a person took back."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0013", "0012"


def upgrade() -> None:
    """Add both tables."""
    op.create_table(
        "returns",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("mark", sa.Text),
        sa.Column("at", sa.String(32), nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("way", "what", "status", "words", "server", "recipient", "replacement")
        ),
        sa.Column("domain", sa.Text, nullable=False),
        sa.Column("proof", sa.Text, nullable=False),
        sa.Column("subscriber", sa.BigInteger),
        sa.Column("edition", sa.Text, nullable=False),
        sa.Column("followed", sa.Text, nullable=False),
        sa.Column("kept", sa.Text, nullable=False),
        sa.UniqueConstraint("digest", "part"),
        sa.UniqueConstraint("mark", "part", "what", "recipient", "edition"),
    )
    for name in ("subscriber", "edition"):
        op.create_index(f"ix_returns_{name}", "returns", [name])
    op.create_index("ix_returns_followed", "returns", ["followed", "at"])
    op.create_index("ix_returns_what", "returns", ["what", "at"])
    op.create_table(
        "lifted",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.Text, nullable=False, index=True),
        sa.Column("suppression", sa.Text, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
