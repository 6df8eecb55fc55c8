"""What a service says: what it did, and what goes wrong, once until it goes right again.

Every thread says what it has to say here, and nothing else is shared by all of them.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from publisher.errors import Locked, Problem, PublisherError
from publisher.ledger import SlotRecord
from publisher.pipeline.workspace import Workspace


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a service did or saw. `edition` is "" for what is of no edition."""

    at: datetime
    what: str
    text: str
    edition: str = ""


class Events:
    """Tells `listener` what happens. `now` is the clock, aware UTC. Nothing here raises."""

    def __init__(self, now: Callable[[], datetime], listener: Callable[[Event], None]) -> None:
        self._now, self._listener = now, listener
        self._turn = threading.RLock()
        self._wrong: dict[str, str] = {}  # by what it is about: what goes wrong with it
        self._lost: set[str] = set()
        self._left_out: dict[str, str] = {}  # by path: what is wrong with an article

    @property
    def is_anything_wrong(self) -> bool:
        """Whether something that was complained about has not gone right again."""
        return bool(self._wrong)

    def say(self, what: str, text: str, edition: str = "") -> None:
        """Say what happened."""
        with contextlib.suppress(OSError, ValueError):  # a log that is full stops no mail
            self._listener(Event(at=self._now(), what=what, text=text, edition=edition))

    def complain(self, about: str, error: BaseException) -> None:
        """Say what went wrong: once, until it goes right again or something else goes wrong."""
        if isinstance(error, Locked):
            return  # another command builds; the next tick comes in a second
        text = str(error) if isinstance(error, PublisherError) else _named(error)
        with self._turn:
            is_said = text in self._wrong.values()
            self._wrong[about] = text
        if not is_said:
            self.say("error", f"{about}: {text}")

    def well(self, about: str) -> None:
        """Say that what went wrong goes right again."""
        with self._turn:
            text = self._wrong.pop(about, None)
            is_wrong = text in self._wrong.values()
        if text is not None and not is_wrong:
            first = text.split("\n")[0]
            self.say("mended", f"{about} goes on; no more: {first}")

    def forget(self, about: str) -> None:
        """Know without a word that nothing is wrong with it: something else has been said of it."""
        with self._turn:
            self._wrong.pop(about, None)

    def left_out(self, problems: Sequence[Problem]) -> None:
        """Name the articles that are left out: each once, until it is mended."""
        broken: dict[str, str] = {}
        for problem in problems:
            path = problem.path or ""
            broken[path] = f"{broken[path]}\n{problem}" if path in broken else str(problem)
        for path, text in broken.items():
            if self._left_out.get(path) != text:
                self.say("error", text)
        for path in self._left_out.keys() - broken.keys():
            self.say("mended", path)
        self._left_out = broken

    def lost(self, problems: Iterable[Problem]) -> None:
        """Name the articles that no mail could be made of: each once, as it is."""
        for text in map(str, problems):
            if text not in self._lost:
                self._lost.add(text)
                self.say("error", text)

    def settled(self, space: Workspace, record: SlotRecord) -> None:
        """Say what became of a slot."""
        self.say("slot", _outcome(space, record), record.edition)

    def answered(self, answer: Mapping[str, Any]) -> None:
        """Say what was answered on the web."""
        self.say("web", " ".join(str(value) for value in answer.values()))


def _named(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"


def _outcome(space: Workspace, record: SlotRecord) -> str:
    """A settled slot in words."""
    reason = f": {record.why}" if record.why else ""
    send = space.ledger.sends.get(record.edition)
    if record.state not in ("sent", "caught up") or send is None:
        return f"{record.state}{reason}"
    late = (record.recorded - record.instant).total_seconds()
    begins = f", from {send.start:%H:%M:%S} UTC" if send.start > record.recorded else ""
    readers = "1 reader" if send.readers == 1 else f"{send.readers:,} readers"
    return f"{record.state}{reason}, {readers}, {late:.1f} s late{begins}"
