"""The database of record, a noun an attribute. Each verb that writes is one transaction."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from publisher.ledger.approvals import Approvals
from publisher.ledger.articles import Articles
from publisher.ledger.commits import Commits
from publisher.ledger.counts import Counts
from publisher.ledger.editions import Editions
from publisher.ledger.engine import dialled, looking, opened
from publisher.ledger.locks import FileLocks, Locks
from publisher.ledger.pins import Pins
from publisher.ledger.queue import Queue
from publisher.ledger.readers import Readers
from publisher.ledger.returns import Returns
from publisher.ledger.schedules import Schedules
from publisher.ledger.schema import floor_of, version_of
from publisher.ledger.sends import Sends
from publisher.ledger.services import Services
from publisher.ledger.signups import Signups
from publisher.ledger.slots import Slots
from publisher.ledger.subject_tests import SubjectTests
from publisher.ledger.witness import Witness
from publisher.ledger.words import Words

if TYPE_CHECKING:
    from publisher.ledger.jobs import Jobs
    from publisher.ledger.parts import Parts
    from publisher.ledger.server_locks import Fences


class Ledger:
    """The database of a publication: SQLite by a path, PostgreSQL by a URL, None for memory."""

    def __init__(
        self,
        where: Path | str | None,
        *,
        readonly: bool = False,
        workers: bool = False,
        on_empty: Callable[[], None] = lambda: None,
    ) -> None:
        """Open the database at a path or a PostgreSQL URL, or one in memory.

        `readonly` leaves the disk alone. With `workers` they do what is decided here: `jobs` is
        what they are asked, None where nobody is. `on_empty` is asked before a ledger is begun in
        one that holds none. Raises what it and `engine.opened` do.
        """
        self._engine = opened(where, readonly=readonly, on_empty=on_empty)
        self.jobs: Jobs | None = None
        self.parts: Parts | None = None
        if workers and self._engine.dialect.name == "postgresql":  # not yet made: in memory
            from publisher.ledger.jobs import Jobs
            from publisher.ledger.parts import Parts

            self.jobs = Jobs(self._engine)
            self.parts = Parts(self._engine, self.jobs)
        self.articles = Articles(self._engine)
        self.editions = Editions(self._engine)
        self.pins = Pins(self._engine)
        self.readers = Readers(self._engine)
        self.sends = Sends(self._engine, self.jobs)
        self.subject_tests = SubjectTests(self._engine, self.jobs)
        self.words = Words(self._engine)
        self.queue = Queue(self._engine, self.jobs)
        self.schedules = Schedules(self._engine)
        self.slots = Slots(self._engine)
        self.commits = Commits(self._engine, self.jobs)
        self.approvals = Approvals(self._engine)
        self.services = Services(self._engine)
        self.signups = Signups(self._engine, self.jobs)
        self.counts = Counts(self._engine)
        self.returns = Returns(self._engine)
        self._fences: Fences | None = None
        if self._engine.dialect.name != "sqlite":
            from publisher.ledger import server_locks  # of PostgreSQL alone

            self._fences = server_locks.Fences(self._engine)

    def locks(self, folder: Path) -> Locks:
        """Return the locks of all that share this ledger; `folder` is of a machine's own ones."""
        files = FileLocks(folder)
        if self._fences is None:
            return files
        from publisher.ledger.server_locks import ServerLocks

        return ServerLocks(self._fences, files)

    def check_locks(self) -> None:
        """Raise Locked where another host has had a lock since this one took it: it was stopped."""
        if self._fences is not None:
            self._fences.check()

    def schema(self) -> tuple[str, str]:
        """Return the version of its schema, and the oldest one whose programs may use it."""
        with looking(self._engine).connect() as db:
            version, oldest = version_of(db), floor_of(db)
        assert version
        return version, oldest or version

    def witness(self) -> Witness:
        """Return who will know whether anybody else has written since now."""
        return Witness(self._engine)

    def dialled(self) -> tuple[str, dict[str, str]]:
        """Return how libpq reaches this database, on PostgreSQL: its words and options."""
        return dialled(self._engine)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
