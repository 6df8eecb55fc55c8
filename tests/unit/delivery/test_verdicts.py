"""What servers say, and what it means."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.delivery import Runs, back_off, judge
from publisher.model import Reply, Verdict


@pytest.mark.parametrize(
    ("code", "status", "text", "stage", "state", "about"),
    [
        (250, "2.0.0", "ok", "dot", "accepted", ""),
        (450, "4.2.0", "greylisted", "rcpt", "deferred", "transient"),
        (452, "4.2.2", "mailbox full", "rcpt", "deferred", "full"),
        (421, "4.7.0", "too many", "mail", "deferred", "transient"),
        (550, "5.1.1", "user unknown", "rcpt", "bounced", "dead"),
        (550, "", "No such user here", "rcpt", "bounced", "dead"),
        (550, "5.1.10", "null MX", "rcpt", "bounced", "dead"),
        (550, "5.1.1", "blocked by policy? no: unknown", "rcpt", "bounced", "dead"),
        (550, "", "user unknown: blocked by spam policy", "rcpt", "failed", "refused"),
        (550, "5.7.1", "no such user", "rcpt", "failed", "refused"),
        (550, "5.7.515", "access denied", "dot", "failed", "refused"),
        (554, "", "Message rejected as spam", "dot", "failed", "refused"),
        (552, "5.2.2", "over quota", "rcpt", "failed", "full"),
        (550, "5.2.1", "mailbox disabled", "rcpt", "failed", "unknown"),
        (550, "5.1.1", "sender unknown", "mail", "failed", "unknown"),
        (553, "5.6.7", "no SMTPUTF8", "rcpt", "failed", "unknown"),
        (250, "", "ok", "data", "deferred", "transient"),  # it took nothing
        (250, "", "ok", "rcpt", "deferred", "transient"),
        (251, "", "forwarded", "dot", "uncertain", "transient"),
        (252, "", "perhaps", "dot", "uncertain", "transient"),
        (221, "", "bye", "dot", "uncertain", "transient"),
        (354, "", "go on", "dot", "uncertain", "transient"),
        (354, "", "go on", "data", "deferred", "transient"),
        (100, "", "continue", "dot", "uncertain", "transient"),
        (650, "", "no such code", "dot", "uncertain", "transient"),
        (0, "", "lost", "rcpt", "deferred", "transient"),
        (0, "", "lost", "dot", "uncertain", "transient"),
    ],
)
def test_a_reply_has_one_meaning(code, status, text, stage, state, about):
    assert judge(Reply(code=code, status=status, text=text, stage=stage)) == Verdict(
        state=state, about=about
    )


@given(
    st.integers(0, 999) | st.just(250),
    st.text(max_size=40),
    st.sampled_from(["mail", "rcpt", "data", "dot"]),
)
def test_no_reply_is_without_a_verdict_and_only_250_to_the_dot_is_accepted(code, text, stage):
    verdict = judge(Reply(code=code, text=text, stage=stage))
    assert (verdict.state == "accepted") == (code == 250 and stage == "dot")


def test_what_is_deferred_is_tried_less_and_less_often():
    assert [back_off(n) / timedelta(minutes=1) for n in range(1, 8)] == [1, 5, 15, 60, 60, 60, 60]


DEAD = Verdict(state="bounced", about="dead")


def test_a_run_of_dead_readers_at_one_domain_breaks_its_circuit():
    runs = Runs(3)
    assert runs.note("x", "a", DEAD) == runs.note("y", "b", DEAD) == runs.note("x", "c", DEAD) == []
    assert runs.note("x", "d", DEAD) == ["a", "c", "d"]
    assert runs.note("x", "e", DEAD) == []


def test_an_acceptance_in_between_ends_a_run_and_a_deferral_does_not():
    runs = Runs(2)
    runs.note("x", "a", DEAD)
    runs.note("x", "b", Verdict(state="accepted"))
    assert runs.note("x", "c", DEAD) == []
    runs.note("x", "d", Verdict(state="deferred", about="transient"))
    assert runs.note("x", "e", DEAD) == ["c", "e"]


def test_a_breaker_of_nought_never_breaks():
    runs = Runs(0)
    assert [runs.note("x", n, DEAD) for n in range(50)] == [[]] * 50
