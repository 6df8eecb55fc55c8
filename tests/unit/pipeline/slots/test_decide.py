"""What becomes of a slot: a table of facts and decisions, without a disk."""

import pytest
from msgspec.structs import replace

from publisher.model import Cause, cause_in_words
from publisher.pipeline.slots.decide import (
    Build,
    Decision,
    Facts,
    Failed,
    Sealed,
    Skipped,
    decide,
    sends_nothing,
)

SEAL = Sealed(seal="s1")
DRAFT = {"wants_approval": True}
HOURS = {"cause": Cause.LATE, "reason": "3 hours"}
RELEASED = {"cause": Cause.RELEASED, "reason": "by hand", "is_let_go": True}


def known(**facts):
    return Facts(newsletter="morning", **facts)


CASES = [
    # the facts, what becomes of the slot, and why in words
    (known(timing="on time"), "build", ""),
    (known(timing="caught up", **HOURS), "build", ""),
    (known(timing="on time", **RELEASED), "build", ""),
    (known(timing="on time", built=SEAL), "sent", ""),
    (known(timing="caught up", **HOURS, built=SEAL), "caught up", "3 hours late"),
    (known(timing="on time", **RELEASED, built=SEAL), "sent", "released; was held: by hand"),
    # lateness alone
    (known(timing="held", **HOURS), "held", "3 hours late"),
    (known(timing="held", cause=Cause.FLOOD, reason="4"), "held", "one of 4 that are late"),
    (
        known(timing="missed", cause=Cause.NOT_CAUGHT_UP),
        "missed",
        "nobody was there, and late ones are not caught up",
    ),
    (known(timing="missed", cause=Cause.SUPERSEDED), "missed", "a later one took its place"),
    (known(timing="missed", cause=Cause.TOO_MANY), "missed", "too many are late"),
    (known(timing="paused", cause=Cause.PAUSED), "skipped", "paused"),
    (known(timing="paused", cause=Cause.PAUSED, readers=0), "skipped", "paused"),
    # who has it already
    (known(timing="on time", is_queued=True), "sent", "by hand"),
    (known(timing="missed", cause=Cause.TOO_MANY, is_queued=True), "sent", "by hand"),
    (known(timing="on time", is_queued=True, is_marked=True), "sent", "by hand"),
    (
        known(timing="on time", is_marked=True),
        "held",
        "the outbox says that it was sent, the ledger does not know it: "
        "was it restored from a backup?",
    ),
    (
        known(timing="missed", cause=Cause.TOO_MANY, is_marked=True),
        "held",
        cause_in_words(Cause.RESTORED),
    ),
    (known(timing="on time", is_marked=True, **RELEASED), "build", ""),
    (
        known(timing="on time", is_marked=True, **RELEASED, built=SEAL),
        "sent",
        cause_in_words(cause=Cause.RELEASED, reason="by hand"),
    ),
    # nobody to read it
    (known(timing="on time", readers=0), "skipped", "nobody subscribes to morning"),
    (known(timing="caught up", **HOURS, readers=0), "skipped", "nobody subscribes to morning"),
    (known(timing="on time", **RELEASED, readers=0), "skipped", "nobody subscribes to morning"),
    # what the build gave
    (known(timing="on time", built=Skipped(cause=Cause.EMPTY)), "skipped", "no stories"),
    (
        known(timing="on time", built=Skipped(cause=Cause.TOO_FEW, reason="1 story, fewer than 3")),
        "skipped",
        "1 story, fewer than 3",
    ),
    (
        known(timing="on time", built=Failed(text="morning has no sender")),
        "held",
        "morning has no sender",
    ),
    (
        known(timing="on time", built=Failed(text="KeyError: 'lost'", is_ours=True)),
        "held",
        "it could not be built: KeyError: 'lost'",
    ),
    (known(timing="on time", **DRAFT, built=Failed(text="broken")), "held", "broken"),
    # approvals
    (known(timing="on time", **DRAFT), "build", ""),
    (known(timing="on time", **DRAFT, built=SEAL), "held", "waits for approval"),
    (
        known(timing="on time", **DRAFT, built=SEAL, approved="s0"),
        "held",
        "was changed after its approval",
    ),
    (known(timing="on time", **DRAFT, built=SEAL, approved="s1"), "sent", ""),
    (
        known(timing="caught up", **HOURS, **DRAFT, built=SEAL, approved="s1"),
        "caught up",
        "3 hours late",
    ),
    (known(timing="on time", **DRAFT, **RELEASED, built=SEAL), "held", "waits for approval"),
    (known(timing="on time", built=SEAL, approved="s0"), "sent", ""),  # nobody asked for one
]


@pytest.mark.parametrize(("facts", "state", "why"), CASES)
def test_a_slot_becomes_what_its_facts_say(facts, state, why):
    decision = decide(facts)
    if state == "build":
        assert decision == Build()
        return
    assert isinstance(decision, Decision)
    assert (decision.state, cause_in_words(decision.cause, decision.text)) == (state, why)


def test_the_table_has_every_cause_that_a_slot_can_be_decided_by():
    found = {
        decision.cause for facts, *_ in CASES if isinstance(decision := decide(facts), Decision)
    }
    said_by_others = {
        Cause.COMING, Cause.BREAKING, Cause.SCHEDULE_CHANGED, Cause.SCHEDULE_REMOVED,
    }  # fmt: skip
    assert found == set(Cause) - said_by_others


@pytest.mark.parametrize("timing", ["on time", "caught up", "held", "missed", "paused"])
def test_an_edition_is_built_for_no_slot_that_its_lateness_settles(timing):
    decision = decide(known(timing=timing))
    assert isinstance(decision, Build) != sends_nothing(timing)


def test_what_was_built_is_never_built_again():
    for facts, *_ in CASES:
        built = replace(facts, built=facts.built or SEAL)
        assert isinstance(decide(built), Decision)
