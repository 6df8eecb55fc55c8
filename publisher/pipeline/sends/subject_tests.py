"""A test of two subjects: asked for, told apart, decided by clicks or by a person."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from publisher.errors import UsageError
from publisher.ledger import open_of
from publisher.model import (
    Group,
    How,
    Outcome,
    SubjectPlan,
    SubjectTest,
    Tally,
    group_sizes,
    one_line,
)
from publisher.outbox import Bundle
from publisher.pipeline.choice import only
from publisher.pipeline.sends.clicks import followed
from publisher.pipeline.sends.queued import queued
from publisher.pipeline.workspace import Workspace

LONGEST = 200
"""Characters of a subject that is tested; phones show the first 35 to 50."""

_LONGEST_WAIT = timedelta(days=30)
_LATE = timedelta(minutes=1)  # a test whose first mail leaves later begins its wait anew
_AGAIN = timedelta(minutes=10)  # until a test of which nothing is known yet is looked at again


class Tested(msgspec.Struct, frozen=True, kw_only=True):
    """A test of subjects as it stands: `readers` are how many each group has, `outcome` what is
    counted by now; `waiting` readers wait for its winner, `unsent` ones of both groups for their
    mail.
    """

    test: SubjectTest
    readers: Mapping[Group, int]
    outcome: Outcome
    waiting: int
    unsent: int

    @property
    def wants_hand(self) -> bool:
        """Whether readers wait for a person to choose."""
        return self.test.by_hand and self.waiting > 0


def planned(first: str, second: str, share: float, wait: timedelta) -> SubjectPlan:
    """Return a test as it is asked for; `share` is 0 to 1. Raises UsageError."""
    subjects: dict[Group, str] = {"A": _subject("A", first), "B": _subject("B", second)}
    if len({unicodedata.normalize("NFC", one) for one in subjects.values()}) == 1:
        raise UsageError(
            f"both subjects are “{subjects['A']}”",
            why="A test of one subject shows nothing.",
            todo='Give two: --ab "The bridge is open" "Open at last: the bridge"',
        )
    if not 0 < share <= 1:
        raise UsageError(
            f"--share must be more than 0 % and at most 100 %, and is {100 * share:g} %",
            todo="The share is of both groups together: --share 20%",
        )
    if not timedelta(seconds=1) <= wait <= _LONGEST_WAIT:
        raise UsageError(
            "--wait must be longer than nothing, and 30 days at most", todo="Write it as 2h."
        )
    return SubjectPlan(subjects=subjects, share=share, wait=wait)


def _subject(group: Group, text: str) -> str:
    plain = one_line(text)
    if not any(one.isprintable() and not one.isspace() for one in plain):
        raise UsageError(
            f"subject {group} is empty", todo='Give two: --ab "First subject" "Second subject"'
        )
    if len(plain) > LONGEST:
        raise UsageError(
            f"subject {group} has {len(plain):,} characters, and {LONGEST} are the most",
            why="Phones show the first 35 to 50.",
        )
    return plain


def check_test(space: Workspace, edition: str, plan: SubjectPlan, readers: int) -> None:
    """Raise UsageError for a test that an edition cannot have any more, or not with its readers."""
    if send := space.ledger.sends.get(edition):
        known = space.ledger.subject_tests.get(edition)
        asked = (plan.subjects, plan.share, plan.wait)
        if known and (known.plan.subjects, known.plan.share, known.plan.wait) == asked:
            return  # the same command again
        what = "has a test already" if known else "has no test"
        standing = send.standing(space.ledger.sends.counts(edition))
        raise UsageError(
            f"--ab is too late: {edition} is {standing}, and {what}",
            why="Who gets which subject is settled when an edition is sent.",
            todo=f"How it stands: publisher report {edition}",
        )
    if readers < 2:
        raise UsageError(
            f"a test wants two readers at least, and {edition} goes to {readers}",
            todo=f"Send it as it is: publisher send {edition}",
        )


def counts_clicks(bundle: Bundle) -> bool:
    """Whether an edition's links are counted: what it was built with says so."""
    return bool(bundle.links.addresses)


def tested(space: Workspace, edition: str) -> Tested | None:
    """Return how the test of an edition stands, None where it has none."""
    test = space.ledger.subject_tests.get(edition)
    return _tested(space, test) if test else None


def all_tested(space: Workspace, since: datetime | None = None) -> list[Tested]:
    """Return how every test stands, oldest first; of editions that start from then on."""
    return [_tested(space, test) for test in space.ledger.subject_tests.all(since)]


def hands_wanted(space: Workspace) -> list[Tested]:
    """Return the tests of which readers wait for a person to choose, oldest first."""
    found = (test for test in space.ledger.subject_tests.open() if test.by_hand)
    return [_tested(space, test) for test in found]


def overdue(space: Workspace) -> list[Tested]:
    """Return the tests whose wait was over ten minutes ago, and which nobody has carried on."""
    found = (test for test in space.ledger.subject_tests.open() if test.plan.counted)
    return [_tested(space, test) for test in found if test.until < space.now - _AGAIN]


def to_choose(space: Workspace, name: str | None) -> str:
    """Return the edition that was named, or the only one whose test waits for its decision."""
    if name:
        return name
    found = [test.edition for test in space.ledger.subject_tests.open()]
    return only("edition", found, "no test of subjects waits for its winner")


def groups_of(plan: SubjectPlan, readers: int) -> dict[str, int]:
    """Return how many of so many readers get A, B, and the winner."""
    in_a, in_b = group_sizes(readers, plan.share)
    return {"A": in_a, "B": in_b, "rest": readers - in_a - in_b}


def _tested(space: Workspace, test: SubjectTest) -> Tested:
    send = queued(space, test.edition)
    counts = space.ledger.subject_tests.counts(test.edition)
    clicks = followed(space, test.edition, send.frozen)

    def tally(group: Group) -> Tally:
        mailed = sum(counts[group].get(state, 0) for state in ("accepted", "filed"))
        return Tally(mailed=mailed, followed=clicks[group])

    return Tested(
        test=test,
        readers={"A": sum(counts["A"].values()), "B": sum(counts["B"].values())},
        outcome=Outcome(tallies={"A": tally("A"), "B": tally("B")}),
        waiting=space.ledger.subject_tests.waiting(test.edition),
        unsent=open_of(counts["A"]) + open_of(counts["B"]),
    )


def decide_due(space: Workspace, now: datetime) -> list[SubjectTest]:
    """Let the rest go of each test whose wait is over and whose clicks choose; return these.

    One of which nothing had left when it should have begins its wait now; one of which nothing is
    known yet is looked at again. Where no difference is shown, A goes.
    """
    found: list[SubjectTest] = []
    for test in space.ledger.subject_tests.open():
        send = space.ledger.sends.get(test.edition)
        if send is None or send.state != "sending" or now < send.start:
            continue
        stands = _tested(space, test)
        if not _has_begun(space, test.edition) and now - send.start > _LATE:
            lasts = space.publication.delivery.expires
            space.ledger.subject_tests.postpone(test.edition, now + test.plan.wait, now, lasts)
        elif not test.plan.counted or now < test.until:
            continue
        elif stands.outcome.interval is None and stands.unsent:
            space.ledger.subject_tests.postpone(test.edition, now + _AGAIN, now)
        elif _decided(space, stands, now) is not None:
            found += filter(None, [space.ledger.subject_tests.get(test.edition)])
    return found


def _has_begun(space: Workspace, edition: str) -> bool:
    """Whether any mail of the test was claimed yet: before, nobody can have followed a link."""
    counts = space.ledger.subject_tests.counts(edition)
    return any(state != "queued" for group in ("A", "B") for state in counts[group])


def _decided(space: Workspace, stands: Tested, now: datetime) -> int | None:
    better = stands.outcome.better
    how: How = "clicks" if better else "no difference"
    lasts = space.publication.delivery.expires
    edition = stands.test.edition
    return space.ledger.subject_tests.decide(
        edition, better or "A", how, stands.outcome, now, lasts
    )


def choose(space: Workspace, name: str, group: Group) -> tuple[SubjectTest, int]:
    """Let the rest of an edition go with a subject, as a person says; return to how many readers.

    It does not matter whether the wait is over. Raises UsageError where there is nothing to choose.
    """
    send = queued(space, name)
    stands = tested(space, send.edition)
    if stands is None:
        raise UsageError(
            f"no subjects are tested with {send.edition}",
            todo='A test begins with it: publisher send EDITION --ab "A" "B"',
        )
    if stands.test.winner == group:
        return stands.test, 0  # the same command again
    if send.state == "cancelled":
        raise UsageError(f"{send.edition} was cancelled, for good")
    if not stands.waiting or stands.test.winner:
        raise UsageError(_nothing_to_choose(stands))
    lasts = space.publication.delivery.expires
    count = space.ledger.subject_tests.decide(
        send.edition,
        group,
        "by hand",
        stands.outcome,
        space.now,
        lasts,
        ("sending", "held"),
    )
    after = space.ledger.subject_tests.get(send.edition)
    assert after
    if count is None and after.winner != group:  # somebody was quicker
        raise UsageError(_nothing_to_choose(_tested(space, after)))
    return after, count or 0


def _nothing_to_choose(stands: Tested) -> str:
    test = stands.test
    if test.winner:
        subject = test.subject(test.winner)
        return f"{test.edition} goes out with {test.winner} already, “{subject}”"
    return f"nobody waits for a winner of {test.edition}: all of its readers are in the test"
