"""The first tables: articles, editions, stories, hands.

Never run: a ledger of this age is recognised by its table `meta`.
"""

revision, down_revision = "0001", None


def upgrade() -> None:
    """Nothing to do: this is where the history begins."""
