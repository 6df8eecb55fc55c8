"""One connection to a mailbox: look, fetch, have it taken, move; and wait for more."""

from __future__ import annotations

import contextlib
import imaplib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from publisher.returns import MOST
from publisher.returns.ways.imap_folders import Folders
from publisher.returns.ways.imap_login import SAID, Mailbox, connected, spoken
from publisher.returns.ways.recipient import Ours, envelope_recipient
from publisher.returns.ways.way import Arrived, Collected, Kind, Take

_AT_ONCE = 50  # messages that are taken before they are moved
_A_ROUND = 200  # messages of a round
_WINDOW = 1000  # messages among which one SEARCH looks: an answer is one line
_ENOUGH = 3  # times that the connection may be lost at a message

Trouble = Counter[tuple[int, int]]
"""By UIDVALIDITY and UID: how often the connection was lost at a message."""


class Session:
    """A connection that is logged in; raises WayDown for whatever the server may do wrong."""

    def __init__(self, mailbox: Mailbox, ours: Ours, trouble: Trouble) -> None:
        self._mailbox, self._ours, self._trouble = mailbox, ours, trouble
        self._validity = 0
        self._moved: set[tuple[int, int]] = set()  # by UIDVALIDITY and UID, as far as they may lie
        self.client = connected(mailbox)
        try:
            with spoken(mailbox):
                self._folders = Folders(self.client, mailbox.folder, mailbox.keep_in)
                self.can_idle: bool = self.client.has_capability("IDLE")
        except BaseException:
            self.drop()
            raise

    def collect(self, take: Take, is_over: Callable[[], bool]) -> Collected:
        """Take and move messages of the folder; those at which there was trouble come last."""
        with spoken(self._mailbox):
            self._validity, exists = self._folders.select()
            found = self._found(exists)
        count = 0
        for start in range(0, len(found), _AT_ONCE):
            if is_over():
                break
            count += self._take(found[start : start + _AT_ONCE], take)
        return Collected(count=count, problem=self._stuck())

    def waiting(self) -> int:
        """Return how many messages the folder holds that are not marked as deleted."""
        with spoken(self._mailbox):
            _, exists = self._folders.select()
            return sum(map(len, self._windows(exists)))

    def _found(self, exists: int) -> list[int]:
        """UIDs of a round, the oldest first."""
        found: list[int] = []
        kept: set[tuple[int, int]] = set()
        for uids in self._windows(exists):
            kept |= (here := self._kept(uids))
            done = {uid for _, uid in here}
            found += [uid for uid in uids if uid not in done and self._times(uid) < _ENOUGH]
            if len(found) >= _A_ROUND:
                break
        else:
            self._moved = kept
        return sorted(found[:_A_ROUND], key=self._times)

    def _windows(self, exists: int) -> Iterator[Sequence[int]]:
        """UIDs of messages that are not marked as deleted, some at a time."""
        for start in range(1, exists + 1, _WINDOW):
            end = min(exists, start + _WINDOW - 1)
            yield self.client.search([f"{start}:{end}", "UNDELETED"])

    def _kept(self, uids: Sequence[int]) -> set[tuple[int, int]]:
        """Messages that lie there though the server said that it moved them: they are done."""
        return self._moved & {(self._validity, uid) for uid in uids}

    def _times(self, uid: int) -> int:
        return self._trouble[self._validity, uid]

    def _stuck(self) -> str:
        stuck = sum(times >= _ENOUGH for times in self._trouble.values())
        if not stuck:
            return ""
        named = "a message" if stuck == 1 else f"{stuck} messages"
        return f"{self._mailbox.where} does not give us {named} of {self._mailbox.folder}"

    def _take(self, uids: Sequence[int], take: Take) -> int:
        """Have some messages taken; then, and only then, move them."""
        kinds: dict[Kind, list[int]] = defaultdict(list)
        try:
            for uid, arrived in self._arrived(uids):
                kinds[take(arrived)].append(uid)
        finally:  # what was taken is moved, whatever became of the next one
            if not self.client.connection.is_lost:
                with spoken(self._mailbox):
                    for kind, taken in kinds.items():
                        self._folders.move(taken, kind)
                        self._moved |= {(self._validity, uid) for uid in taken}
        return sum(map(len, kinds.values()))

    def _arrived(self, uids: Sequence[int]) -> Iterator[tuple[int, Arrived]]:
        """Messages, or their beginnings, each with its UID; one that is gone by now is left out."""
        with spoken(self._mailbox):
            sizes = self.client.fetch(uids, ["RFC822.SIZE"])
        known = {uid: int(found.get(b"RFC822.SIZE", MOST)) for uid, found in sizes.items()}
        for group in grouped(known, {uid for uid in known if self._times(uid)}):
            for uid, data in self._fetched(group):
                yield uid, Arrived(data=data, to=envelope_recipient(data, self._ours))

    def _fetched(self, group: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """The bytes of some messages, `MOST` of each; nothing is marked as seen (BODY.PEEK)."""
        for uid in group:
            self._trouble[self._validity, uid] += 1  # until it is here
        try:
            with spoken(self._mailbox), self._refused(group):
                answer = self.client.fetch(group, [f"BODY.PEEK[]<0.{MOST}>"])
        except _Refused:
            for uid in group if len(group) > 1 else ():
                yield from self._fetched([uid])
            return
        for uid in group:
            body = _body(answer.get(uid, {}))
            if body is not None or uid not in answer:
                del self._trouble[self._validity, uid]
            if body is not None:
                yield uid, body[:MOST]

    @contextlib.contextmanager
    def _refused(self, group: Sequence[int]) -> Iterator[None]:
        """Raise _Refused where the server says no: it gives the others, perhaps."""
        try:
            yield
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            if self.client.connection.is_lost:
                raise
            for uid in group:
                self._trouble[self._validity, uid] = _ENOUGH if len(group) == 1 else 0
            raise _Refused from None

    def idle(self, seconds: float) -> None:
        """Wait until the server tells of something (RFC 2177), so long at most."""
        with spoken(self._mailbox):
            self.client.idle()
            self.client.connection.await_word(seconds)
            self.client.idle_done()

    def log_out(self) -> None:
        """Say goodbye; nothing is expunged by that (RFC 9051 §6.1.3)."""
        with contextlib.suppress(*SAID):
            self.client.logout()
        self.drop()

    def drop(self) -> None:
        """Close the connection without a word."""
        with contextlib.suppress(*SAID):
            self.client.shutdown()


class _Refused(Exception):
    pass


def grouped(sizes: Mapping[int, int], alone: set[int]) -> list[list[int]]:
    """Put messages together that are fetched at once: `MOST` bytes, or one that has more.

    >>> grouped({7: 9_000_000, 8: 900_000, 9: 200_000, 10: 50, 11: 60}, {10})
    [[7, 8], [9], [10], [11]]
    """
    groups: list[list[int]] = []
    left = 0
    for uid, size in sizes.items():
        if uid in alone or size > left:
            groups.append([])
            left = MOST
        groups[-1].append(uid)
        left = 0 if uid in alone else max(0, left - size)
    return groups


def _body(answer: Mapping[bytes, object]) -> bytes | None:
    for key, value in answer.items():
        if key.startswith(b"BODY[]") and isinstance(value, bytes):
            return value
    return None
