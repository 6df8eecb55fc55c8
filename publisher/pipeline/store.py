"""Where a publication keeps what goes out and what is known of readers: ledger, outbox, locks."""

from __future__ import annotations

import os
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from publisher.errors import LedgerLost, PublisherError, UsageError
from publisher.model import Publication, ledger_place
from publisher.outbox import Folder, Outbox, check_place

if TYPE_CHECKING:  # each is imported when it is opened
    from publisher.ledger import Ledger, Locks


_NEEDED = "It holds what was sent to whom, so that nothing goes on without it."


class Store:
    """Ledger and outbox of a publication, each opened when it is first needed.

    One that is not `writing` leaves the ledger as it is. `state` is the folder of what lies beside.
    """

    def __init__(self, root: Path, publication: Publication, state: Path, *, writing: bool) -> None:
        self._root, self._publication, self._state = root, publication, state
        self._writing = writing
        self._opening = RLock()  # threads of a server share one
        self._ledger: Ledger | None = None
        self._outbox: Outbox | None = None
        self._check_outbox()

    def _check_outbox(self) -> None:
        own, root = self._publication, self._root
        folders = {
            "articles": root / own.articles,
            "static": root / own.web.static,
            "templates": root / "templates",
            ".git": root / ".git",
        }
        check_place(root / own.outbox_folder, root, folders)

    @property
    def server(self) -> str:
        """The URL of the ledger, "" where it is a file."""
        return os.environ.get("PUBLISHER_LEDGER") or self._publication.ledger

    @property
    def ledger(self) -> Ledger:
        """The database of record; an empty one in memory where there is none to read yet."""
        if self._ledger is None:
            with self._opening:
                self._ledger = self._ledger or self._opened_ledger()
        return self._ledger

    def _opened_ledger(self) -> Ledger:
        from publisher.ledger import Ledger

        path = self._state / "ledger.db"
        if url := self.server:
            workers = self._publication.engine.has_workers
            return Ledger(
                url, readonly=not self._writing, workers=workers, on_empty=self._check_emptied
            )
        self._check_file(path)
        if self._writing:
            return Ledger(path)
        is_there = path.exists() and path.stat().st_size > 0
        return Ledger(path if is_there else None, readonly=is_there)

    def begin_ledger(self) -> None:
        """Make a ledger where the one before is lost; raise UsageError where none is."""
        from publisher.ledger import Ledger

        try:
            self._opened_ledger().close()
        except LedgerLost:
            Ledger(self.server or self._state / "ledger.db").close()
            return
        raise UsageError(
            "the ledger is there",
            why="One is begun in its place only where it is lost.",
            todo="Look at it: publisher ledger show",
        )

    def _check_file(self, path: Path) -> None:
        """Raise PublisherError where what lies there was never a ledger, or is none any more."""
        shown = os.path.relpath(path, self._root)
        if path.exists() and not path.is_file():
            raise PublisherError(
                "it is no file, and the ledger is one",
                path=shown,
                why=_NEEDED,
                todo="Take it away, and restore the ledger from a backup.",
            )
        if not path.exists():
            self._check_sent(shown, "gone")
        elif not path.stat().st_size:
            may = "A full disk, or a machine that went down, may have left it so. "
            self._check_sent(shown, "empty", may)

    def _check_emptied(self) -> None:
        """The same of a database on a server that holds no ledger."""
        self._check_sent(ledger_place(self.server), "empty", "Is it another database than before? ")

    def _check_sent(self, place: str, how: str, may: str = "") -> None:
        """Raise LedgerLost where the outbox says that editions were sent.

        Who only reads may be an editor without a ledger: for these no object store is asked.
        """
        is_asked = self._writing or how == "empty" or not self._publication.outbox_store
        if is_asked and self.outbox.marked():
            raise LedgerLost(
                f"the ledger is {how}, though editions were sent",
                path=place,
                why=f"{may}It knew who reads, who left, and what was sent to whom.",
                todo="Restore it from a backup; or begin anew without all that: "
                "publisher ledger begin",
            )

    @property
    def locks(self) -> Locks:
        """Who is alone, and alive, among all that share the ledger."""
        from publisher.ledger import FileLocks

        return self.ledger.locks(self._state) if self.server else FileLocks(self._state)

    @property
    def outbox(self) -> Outbox:
        """What goes out."""
        if self._outbox is None:
            with self._opening:
                self._outbox = self._outbox or self._opened_outbox()
        return self._outbox

    def _opened_outbox(self) -> Outbox:
        folder = self._root / self._publication.outbox_folder
        if not (store := self._publication.outbox_store):
            return Folder(folder)
        from publisher.outbox.objects import Objects
        from publisher.outbox.stored import Stored

        return Stored(Objects(store), folder, self._state / "shown.json")

    def close(self) -> None:
        """Let go of the ledger, if it was opened."""
        if self._ledger is not None:
            self._ledger.close()
