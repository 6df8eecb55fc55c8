"""Keys of addresses fold ASCII alone: ß and ss are two mailboxes. Languages are as in `de-AT`."""

import sqlalchemy as sa
from alembic import op

from publisher.model import language_tag

revision, down_revision = "0010", "0009"

LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def upgrade() -> None:
    """Give readers the keys of their own spelling; suppressions go on for all that folds to them.

    What an older release suppressed may be any of the addresses that fold to the key. Who reads by
    one of them gets a suppression of their own; others are recognised when they are met.
    """
    op.add_column(
        "suppressions",
        sa.Column("folded", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    db = op.get_bind()
    known = sa.table("suppressions", *map(sa.column, ("key", "reason", "at", "detail", "folded")))
    db.execute(sa.update(known).values(folded=sa.true()))
    for name in ("subscribers", "signups"):
        table = sa.table(name, *map(sa.column, ("id", "address", "key", "utf8", "language")))
        rows = db.execute(sa.select(table).where(table.c.utf8 == sa.true())).all()
        for row in rows:
            key = row.address.translate(LOWER)
            if key != row.key:
                db.execute(sa.update(table).where(table.c.id == row.id).values(key=key))
                same = sa.select(known).where(known.c.key == row.key)
                found = db.execute(same).mappings().one_or_none()
                if name == "subscribers" and found:
                    own = {**found, "key": key, "folded": False}
                    db.execute(sa.insert(known).values(**own))
        for language in db.execute(sa.select(table.c.language).distinct()).scalars().all():
            if language_tag(language) != language:
                same = table.c.language == language
                db.execute(sa.update(table).where(same).values(language=language_tag(language)))
