"""The database of record, a noun an attribute. Each verb that writes is one transaction."""

from __future__ import annotations

from pathlib import Path

from publisher.ledger.approvals import Approvals
from publisher.ledger.articles import Articles
from publisher.ledger.counts import Counts
from publisher.ledger.editions import Editions
from publisher.ledger.engine import opened
from publisher.ledger.pins import Pins
from publisher.ledger.queue import Queue
from publisher.ledger.readers import Readers
from publisher.ledger.returns import Returns
from publisher.ledger.schedules import Schedules
from publisher.ledger.sends import Sends
from publisher.ledger.services import Services
from publisher.ledger.signups import Signups
from publisher.ledger.slots import Slots
from publisher.ledger.subject_tests import SubjectTests
from publisher.ledger.witness import Witness


class Ledger:
    """The database of a publication: SQLite by a path, PostgreSQL by a URL, None for memory."""

    def __init__(self, where: Path | str | None, *, readonly: bool = False) -> None:
        """Open the database at a path or a PostgreSQL URL, or one in memory.

        `readonly` leaves the disk alone. Raises what `engine.opened` does.
        """
        self._engine = opened(where, readonly=readonly)
        self.articles = Articles(self._engine)
        self.editions = Editions(self._engine)
        self.pins = Pins(self._engine)
        self.readers = Readers(self._engine)
        self.sends = Sends(self._engine)
        self.subject_tests = SubjectTests(self._engine)
        self.queue = Queue(self._engine)
        self.schedules = Schedules(self._engine)
        self.slots = Slots(self._engine)
        self.approvals = Approvals(self._engine)
        self.services = Services(self._engine)
        self.signups = Signups(self._engine)
        self.counts = Counts(self._engine)
        self.returns = Returns(self._engine)

    def witness(self) -> Witness:
        """Return who will know whether anybody else has written since now."""
        return Witness(self._engine)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
