"""Why a slot or an edition is as it is becomes a code; what is particular to it stays as text."""

import re

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0008", "0007"

SLOTS = {
    "sent": {
        "by hand": "by-hand",
        "breaking news": "breaking",
        "released; was held: (.*)": "released",
    },
    "caught up": {"(.*) late": "late"},
    "skipped": {
        "paused": "paused",
        "nobody subscribes to (.*)": "nobody-subscribes",
        "no stories": "empty",
        r"(\d+ stor(?:y|ies), fewer than \d+)": "too-few",
    },
    "held": {
        "by hand": "by-hand",
        r"(\d+ (?:minutes|hours|days)) late": "late",
        r"one of (\d+) that are late": "flood",
        "the outbox says that it was sent, the ledger does not know it: "
        r"was it restored from a backup\?": "restored",
        "waits for approval": "unapproved",
        "was changed after its approval": "changed-since-approval",
        "it could not be built: (.*)": "build-failed",
    },
    "missed": {
        "nobody was there, and late ones are not caught up": "not-caught-up",
        "a later one took its place": "superseded",
        "too many are late": "too-many",
        "the schedule was changed": "schedule-changed",
        "the schedule was removed": "schedule-removed",
    },
    "cancelled": {"by hand": "by-hand"},
}
"""State → the words that stood in `reason` → code; what is in brackets stays as the reason.

Written out here, and not taken from the program: older ledgers hold the words of their time.
"""

EDITIONS = {
    "skipped": {"no stories": "empty", r"(\d+ stor(?:y|ies), fewer than \d+)": "too-few"},
}


def upgrade() -> None:
    """Add the columns, and read the known words. Others stay as they are, without a code."""
    for table, key, known in (("slots", "edition", SLOTS), ("editions", "id", EDITIONS)):
        op.add_column(table, sa.Column("cause", sa.Text, nullable=False, server_default=""))
        columns = (sa.column(name, sa.Text) for name in (key, "state", "cause", "reason"))
        rows = sa.table(table, *columns)
        db = op.get_bind()
        for name, state, _, reason in db.execute(sa.select(rows)).all():
            if found := _read(known.get(state, {}), reason):
                same = sa.update(rows).where(rows.c[key] == name)
                db.execute(same.values(cause=found[0], reason=found[1]))


def _read(known: dict[str, str], reason: str) -> tuple[str, str] | None:
    for words, cause in known.items():
        if found := re.fullmatch(words, reason, re.DOTALL):
            return cause, "".join(found.groups())
    return None
