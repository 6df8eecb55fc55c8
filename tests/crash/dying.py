"""`publisher`, which kills itself at the n-th time it comes to a named step.

    python -m tests.crash.dying STEP N [--lease SECONDS] [--unlocked] [--deaf] [--own] -- deliver …

A step is a place of `STEPS`, `SLOT_STEPS`, `TEST_STEPS`, `NOW_STEPS` or `PART_STEPS`, with "before" or "after"; "none" never dies.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import contextmanager
from datetime import timedelta
from inspect import isgeneratorfunction

from publisher.delivery.message import Messages
from publisher.delivery.smtp import SmtpSession
from publisher.ledger import SlotRecord, queue
from publisher.ledger.marks import begin
from publisher.ledger.queue import Queue
from publisher.ledger.schedules import Schedules
from publisher.ledger.sends import Sends
from publisher.ledger.server_locks import ServerLocks
from publisher.ledger.services import Services
from publisher.ledger.slots import Slots
from publisher.ledger.subject_tests import SubjectTests
from publisher.outbox import Folder
from publisher.pipeline import approvals, commits, sent_marks, turns
from publisher.pipeline.commits import Standing
from publisher.pipeline.editions import at_once
from publisher.pipeline.pages.made import Packs
from publisher.pipeline.sends import worker
from publisher.pipeline.slots import drafts, settle
from publisher.pipeline.workspace import Workspace
from publisher.service import run as running
from tests.site import publisher

STEPS = {
    "freeze": (Sends, "freeze"), "claim": (Queue, "claim"), "mark": (Queue, "mark"),
    "finish": (Queue, "finish"), "recover": (Queue, "recover"), "compose": (Messages, "message"),
    "announce": (SmtpSession, "_announce"), "send": (SmtpSession, "_finish"),
    "answer": (SmtpSession, "_reply"),
}  # fmt: skip

SLOT_STEPS = {
    "adopt": (Schedules, "put"), "decide": (settle, "_settled"), "build": (settle, "build_slot"),
    "seal": (Folder, "seal"), "check": (approvals, "approved"), "freeze": (Sends, "freeze"),
    "mark sent": (sent_marks, "leave"), "settle": (Slots, "settle"),
    "advance": (Schedules, "advance"), "look": (Services, "look"),
    "refresh": (Workspace, "refresh"),
}  # fmt: skip
"""Of a slot's life: `run` comes to them."""

TEST_STEPS = {
    "decide": (SubjectTests, "decide"), "postpone": (SubjectTests, "postpone"),
}  # fmt: skip
"""Of a test of two subjects, besides those of `STEPS`."""

PART_STEPS = {"keep": (Packs, "finish")}
"""Of a part of feeds and pages that workers share."""

NOW_STEPS = {"withdraw": (at_once, "withdraw")}
"""Of `send --now` alone."""


def die_at(step: str, number: int) -> None:
    """Arm a step."""
    place, _, when = step.partition("-")
    owner, name = (STEPS | SLOT_STEPS | TEST_STEPS | NOW_STEPS | PART_STEPS)[place]
    original, count = getattr(owner, name), [0]

    def deadly(*args, **kwargs):
        is_it = comes()
        result = original(*args, **kwargs)
        if is_it:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    def deadly_turn(*args, **kwargs):  # of a generator: it has ended when its last turn has
        is_it = comes()
        result = yield from original(*args, **kwargs)
        if is_it:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    def comes():
        count[0] += 1
        if count[0] == number and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        return count[0] == number

    setattr(owner, name, deadly_turn if isgeneratorfunction(original) else deadly)


def checkpoint_first(settled):
    """A deliberately bad design: the slot is settled first, in a transaction of its own."""

    def settle_twice(turn, space, occasion, over):
        local = occasion.due.slot.local.isoformat(timespec="minutes")
        record = SlotRecord(
            edition=occasion.edition,
            newsletter=occasion.newsletter.name,
            slot=local,
            instant=occasion.due.slot.instant,
            state="sent",
            recorded=space.now,
        )
        space.ledger.slots.settle([record], occasion.advanced)
        return settled(turn, space, occasion, ("sent",))

    return settle_twice


def deaf():
    """A deliberately bad design: who is of another host counts as dead, and no claim is a fence."""

    @contextmanager
    def dead(locks):
        words = "SELECT DISTINCT worker FROM claims"
        with locks._fences.engine.connect() as db:
            names = list(db.exec_driver_sql(words).scalars())
        yield [name for name in names if f"-{os.getpid()}-" not in name]

    def unfenced(words, starts):
        begin(words, starts)
        return set()

    ServerLocks.dead, queue.begin = dead, unfenced


def own_folder():
    """A deliberately bad design: pages are made of this host's folder, at whatever commit it is."""
    Standing.is_abreast = True
    for module in (turns, commits, drafts):
        module.check_commit = lambda _: None


def dying(words: list[str]) -> None:
    """`publisher`, as `words` say: those before "--" are of this module."""
    own, words = words[: words.index("--")], words[words.index("--") + 1 :]
    if own[0] != "none":
        die_at(own[0], int(own[1]))
    if "--lease" in own:
        worker.LEASE = timedelta(seconds=float(own[own.index("--lease") + 1]))
        worker.MARGIN = worker.LEASE / 4
    if "--checkpoint" in own:
        settle._settled = checkpoint_first(settle._settled)
    if "--deaf" in own:
        deaf()
    if "--own" in own:
        own_folder()
    if "--unlocked" in own:  # it is the ledger that makes a slot once, not this lock
        running._alone = lambda *_: running.Alone()
    publisher(words)


def held(words: list[str]) -> None:
    """The same, which stops before it begins, so that whoever traces it misses nothing."""
    ctypes.CDLL(None).prctl(_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)
    os.kill(os.getpid(), signal.SIGSTOP)
    dying(words)


_SET_PTRACER = 0x59616D61
"""Of Linux: any process of ours may trace this one, where Yama lets only its parents."""


if __name__ == "__main__":
    dying(sys.argv[1:])
