"""`publisher` of a later day: the same program, with further steps of the ledger's schema."""

from __future__ import annotations

import shutil
from pathlib import Path

from publisher.ledger import schema, tables
from tests.site import publisher

STEP = '''\
"""A step of a later day."""

import sqlalchemy as sa
from alembic import op

revision, down_revision, oldest = "{revision}", "{before}", "{oldest}"


def upgrade() -> None:
    """Change the table that is written of every message."""
    {change}
'''

ADDS = 'op.add_column("deliveries", sa.Column("later", sa.Text))'
TAKES_AWAY = 'op.drop_column("deliveries", "later")'


def steps(folder: Path) -> list[str]:
    """Write all steps of the schema, with one that adds and one that takes away.

    The latter serves programs of the former. Returns what `newer` wants to be told of each.
    """
    shutil.copytree(schema.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    told, before = [], tables.VERSION
    for revision, oldest, change in (
        ("9001", tables.OLDEST, ADDS),
        ("9002", "9001", TAKES_AWAY),
    ):
        step = STEP.format(revision=revision, before=before, oldest=oldest, change=change)
        (folder / f"versions/{revision}_later.py").write_text(step)
        told.append(f"{folder}:{revision}:{oldest}")
        before = revision
    return told


def newer(words: list[str]) -> None:
    """`publisher` that knows the steps up to the one that the first word tells."""
    folder, revision, oldest = words[0].split(":")
    known = Path(folder).with_name(f"{Path(folder).name}-{revision}")
    if not known.exists():
        shutil.copytree(folder, known)
        for step in (known / "versions").glob("9*_later.py"):
            if step.name[:4] > revision:
                step.unlink()
    schema.MIGRATIONS, schema.SPOKEN_AS = known, f"publisher schema {revision}"
    tables.VERSION, tables.OLDEST = revision, oldest
    publisher(words[1:])
