"""A queue of deliveries without a database, for whoever sends."""

import itertools
import threading
from collections import Counter, deque

from publisher.delivery import Batch, Delivery, Messages, judge
from publisher.model import Envelope
from tests.unit.delivery.test_message import HEADING, READER, RENDITION


class Queue:
    """A worker: what was deferred, is in doubt, or never began, is tried again.

    `begun` has (claim, reader) of all that ever began, `doubts` the most that were begun and not answered at a time,
    `commits` how many outcomes were told at a time. `refused` never may start.
    """

    def __init__(self, readers, size=7, refused=(), until=1e9):
        self.messages = Messages(RENDITION, HEADING)
        self.waiting = deque(self.delivery(number) for number in range(readers))
        self.begun, self.claims = set(), itertools.count()
        self.size, self.refused, self.until = size, refused, until
        self.open, self.doubts, self.commits, self.finished = set(), 0, [], []
        self.states, self.lock = Counter(), threading.Lock()

    @staticmethod
    def delivery(number):
        address = f"r{number}@x.example"
        reader = READER._replace(reader=number, address=address, message_id=f"m.{number}@x.example")
        return Delivery(
            recipient=reader, envelope=Envelope(sender="a@news.example", recipient=address)
        )

    def claim(self, connections):
        with self.lock:
            found = tuple(self.waiting.popleft() for _ in range(min(self.size, len(self.waiting))))
            claim = next(self.claims)
        batch = Batch(
            claim=claim, edition="e", messages=self.messages, until=self.until, deliveries=found
        )
        return batch if found else None

    def record(self, outcomes):
        refused = []
        with self.lock:
            self.commits.append(len(outcomes))
            for place, one in enumerate(outcomes):
                number = one.delivery.recipient.reader
                self.begun.add((one.batch.claim, number))
                if one.reply is None and not one.unsent and number in self.refused:
                    refused.append(place)
                    continue
                state = "unsent" if one.unsent else one.reply and judge(one.reply).state
                self.states[state] += 1
                (self.open.discard if state else self.open.add)(number)
                if state in ("deferred", "uncertain", "unsent"):
                    self.waiting.append(one.delivery)
            self.doubts = max(self.doubts, len(self.open))
        return refused

    def finish(self, batch):
        with self.lock:
            self.finished.append(batch.claim)
            self.waiting.extend(
                one
                for one in batch.deliveries
                if (batch.claim, one.recipient.reader) not in self.begun
            )
