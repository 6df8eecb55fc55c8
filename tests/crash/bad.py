"""Two deliberately bad senders, so that the sweep is seen to be able to fail.

    python -m tests.crash.bad checkpoint|marks DATABASE PORT

"checkpoint" remembers how far it came when it fetches a batch; "marks" writes what was sent after
the batch. Both are designs of well-known newsletter tools.
"""

from __future__ import annotations

import smtplib
import sqlite3
import sys

BATCH = 25


def send(design: str, database: str, port: int) -> None:
    """Send to everyone who seems not to have it."""
    db = sqlite3.connect(database, isolation_level=None)
    with smtplib.SMTP("127.0.0.1", port) as client:
        while True:
            done = db.execute("SELECT last FROM checkpoint").fetchone()[0]
            rows = db.execute(
                "SELECT id, address FROM readers WHERE id > ? AND NOT sent ORDER BY id LIMIT ?",
                (done, BATCH),
            ).fetchall()
            if not rows:
                return
            if design == "checkpoint":
                db.execute("UPDATE checkpoint SET last = ?", (rows[-1][0],))
            for number, address in rows:
                client.sendmail(
                    "a@x.example", address, f"Message-ID: <{number}@x.example>\r\n\r\nHello\r\n"
                )
            db.executemany("UPDATE readers SET sent = 1 WHERE id = ?", [(row[0],) for row in rows])


def prepare(database: str, addresses: list[str]) -> None:
    """Make the tables."""
    db = sqlite3.connect(database)
    db.execute(
        "CREATE TABLE readers (id INTEGER PRIMARY KEY, address TEXT, sent INTEGER DEFAULT 0)"
    )
    db.execute("CREATE TABLE checkpoint AS SELECT 0 AS last")
    db.executemany("INSERT INTO readers (address) VALUES (?)", [(one,) for one in addresses])
    db.commit()
    db.close()


if __name__ == "__main__":
    send(sys.argv[1], sys.argv[2], int(sys.argv[3]))
