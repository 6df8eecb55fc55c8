"""Word of editions while they are sent: left in the outbox, and nobody waits for it."""

from __future__ import annotations

import threading
from contextlib import suppress

from publisher.errors import PublisherError
from publisher.pipeline import sent_marks
from publisher.pipeline.workspace import Workspace

EVERY = 10.0
"""Seconds between two words of an edition: what a ledger that was restored may send again."""


class LeavingWord:
    """Leaves word of the editions that one sender has claimed; `writing` is the ledger's turn.

    Where the outbox does not answer, the next word is as good.
    """

    def __init__(self, space: Workspace, writing: threading.Lock) -> None:
        self._space, self._writing = space, writing
        self._left: dict[str, float] = {}  # by edition: when word was left last, or it was begun
        self._thread: threading.Thread | None = None

    def claimed(self, edition: str, seconds: float) -> None:
        """Leave word of an edition if the last one is old; raise Held where it is not ours to send.

        `seconds` are those of a steady clock. It has the ledger's turn already.
        """
        if edition not in self._left:
            sent_marks.check_age(self._space, edition)
            self._left[edition] = seconds
        is_busy = self._thread is not None and self._thread.is_alive()
        if seconds - self._left[edition] < EVERY or is_busy:
            return
        self._left[edition] = seconds
        count = self._space.ledger.words.next(edition)
        self._thread = threading.Thread(target=self._leave, args=(edition, count), daemon=True)
        self._thread.start()

    def _leave(self, edition: str, count: int) -> None:
        with suppress(PublisherError, OSError):
            sent_marks.leave_again(self._space, edition, count)

    def rest(self) -> None:
        """Wait for the word that is being left."""
        if self._thread is not None:
            self._thread.join()

    def close(self) -> None:
        """Leave word of all of them, for the last time."""
        self.rest()
        for edition in self._left:
            with self._writing:
                count = self._space.ledger.words.next(edition)
            self._leave(edition, count)
