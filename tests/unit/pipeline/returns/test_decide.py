"""What follows from what came back: the table, and what no evidence at all can bring about."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from publisher.model import Crowd, Evidence, Proof, ReturnedClass, Sign
from publisher.pipeline.returns.decide import decide, flooded, judged, wants_copy

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
BREAKER = 5
GONE = tuple(Sign(what="dead", at=NOON + timedelta(days=days)) for days in (0, 3))
ALONE = Crowd(readers=1, domains=1, mailed=100)
READER = Evidence(
    what="dead", proof="return path", is_reader=True, signs=GONE, of_domain=ALONE, of_all=ALONE
)


@pytest.mark.parametrize(
    ("changes", "followed", "suppress"),
    [
        ({}, "suppressed", "bounced"),
        ({"signs": GONE[:1]}, "counted", ""),
        ({"is_suppressed": True}, "counted", ""),
        ({"is_reader": False}, "counted", ""),
        ({"proof": ""}, "forged", ""),
        ({"what": "complaint", "signs": ()}, "suppressed", "complained"),
        ({"what": "complaint", "proof": ""}, "forged", ""),
        ({"what": "full"}, "counted", ""),
        ({"what": "refused"}, "counted", ""),
        ({"what": "transient"}, "counted", ""),
        ({"what": "auto-reply"}, "counted", ""),
        ({"what": "auto-reply", "proof": ""}, "counted", ""),
        ({"what": "unknown"}, "counted", ""),
        ({"what": "unknown", "proof": ""}, "unread", ""),
        ({"what": "personal"}, "for a person", ""),
        ({"what": "personal", "proof": ""}, "for a person", ""),
        ({"what": "unsubscribe"}, "left", ""),
        ({"what": "unsubscribe", "proof": "token"}, "left", ""),
        ({"what": "unsubscribe", "proof": "message-id"}, "for a person", ""),
        ({"what": "unsubscribe", "proof": ""}, "for a person", ""),
        ({"is_unread": True}, "unread", ""),
        ({"of_domain": Crowd(readers=10, domains=1, mailed=100)}, "held", ""),
    ],
)
def test_what_follows(changes, followed, suppress):
    found = decide(replace(READER, **changes), BREAKER)
    assert (found.followed, found.suppress, found.leave) == (followed, suppress, followed == "left")


CROWDS = st.builds(Crowd, readers=st.integers(0, 50), domains=st.integers(0, 9),
                   mailed=st.integers(0, 500))  # fmt: skip
SIGNS = st.lists(
    st.builds(
        Sign,
        what=st.sampled_from(["dead", "life", "accepted", "bounced"]),
        at=st.integers(0, 12).map(lambda days: NOON + timedelta(days=days)),
        edition=st.sampled_from(["", "a", "b"]),
    ),
    max_size=8,
)
EVIDENCE = st.builds(
    Evidence,
    what=st.sampled_from(get_args(ReturnedClass)),
    proof=st.sampled_from(get_args(Proof)),
    is_unread=st.booleans(),
    is_reader=st.booleans(),
    is_suppressed=st.booleans(),
    signs=SIGNS,
    of_domain=CROWDS,
    of_all=CROWDS,
)
BREAKERS = st.integers(0, 10)


@given(EVIDENCE, BREAKERS)
def test_nothing_without_proof_about_a_reader_changes_anything(evidence, breaker):
    found = decide(evidence, breaker)
    if not evidence.proof or not evidence.is_reader:
        assert (found.suppress, found.leave, found.flood) == ("", False, "")


@given(EVIDENCE, BREAKERS)
def test_only_the_dead_and_those_who_complain_are_suppressed(evidence, breaker):
    found = decide(evidence, breaker)
    wanted = {"": None, "bounced": "dead", "complained": "complaint"}[found.suppress]
    assert wanted in (None, evidence.what)
    assert (found.followed == "suppressed") is bool(found.suppress)


@given(EVIDENCE)
def test_nobody_is_suppressed_in_a_flood_and_a_breaker_of_nought_sees_none(evidence):
    held = decide(evidence, BREAKER)
    assert not (held.flood and held.suppress)
    assert decide(evidence, 0).followed != "held"
    if held.followed == "held":  # … and a person can let follow what would have
        assert judged(evidence) == decide(evidence, 0)


@given(EVIDENCE, BREAKERS)
def test_a_message_is_kept_where_a_person_may_want_it(evidence, breaker):
    found = decide(evidence, breaker).followed
    kept = wants_copy(evidence.what, evidence.proof, evidence.is_unread)
    assert (found in ("for a person", "unread", "forged")) is kept


@given(CROWDS, CROWDS, BREAKERS)
def test_more_of_the_same_never_ends_a_flood(of_domain, of_all, breaker):
    if flooded(of_domain, of_all, breaker):
        more = (
            replace(one, readers=one.readers + 1, domains=one.domains + 1)
            for one in (of_domain, of_all)
        )
        assert flooded(*more, breaker)
