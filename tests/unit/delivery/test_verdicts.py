"""What servers say, and what it means."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.delivery import Refusals, Runs, back_off, judge
from publisher.model import Reply, Verdict


@pytest.mark.parametrize(
    ("code", "status", "text", "stage", "state", "about"),
    [
        (250, "2.0.0", "ok", "dot", "accepted", ""),
        (450, "4.2.0", "greylisted", "rcpt", "deferred", "transient"),
        (452, "4.2.2", "mailbox full", "rcpt", "deferred", "full"),
        (421, "4.7.0", "too many", "mail", "deferred", "transient"),
        (421, "4.7.0", "too many connections", "mail", "deferred", "us"),
        (550, "5.1.1", "user unknown", "rcpt", "bounced", "dead"),
        (550, "", "No such user here", "rcpt", "bounced", "dead"),
        (550, "5.1.10", "null MX", "rcpt", "bounced", "dead"),
        (550, "5.1.1", "blocked by policy? no: unknown", "rcpt", "bounced", "dead"),
        (550, "", "user unknown: blocked by spam policy", "rcpt", "failed", "refused"),
        (550, "5.7.1", "no such user", "rcpt", "failed", "refused"),
        (550, "5.7.515", "access denied", "dot", "deferred", "us"),
        (554, "5.7.1", "relay access denied", "rcpt", "deferred", "us"),
        (552, "5.2.2", "over your sending quota", "rcpt", "deferred", "us"),
        (550, "5.7.1", "no permission to send to this group", "rcpt", "failed", "refused"),
        (554, "", "Message rejected as spam", "dot", "deferred", "us"),
        (552, "5.2.2", "over quota", "rcpt", "failed", "full"),
        (550, "5.2.1", "mailbox disabled", "rcpt", "failed", "unknown"),
        (550, "5.2.1", "User unknown", "rcpt", "bounced", "dead"),
        (550, "5.0.0", "unknown user", "rcpt", "bounced", "dead"),
        (550, "5.2.0", "Unknown user", "rcpt", "failed", "unknown"),  # Japan's carriers: a filter
        (550, "", "Dieser Benutzer ist hier unbekannt", "rcpt", "bounced", "dead"),
        (550, "", "收件人不存在", "rcpt", "bounced", "dead"),
        (550, "", "mail.local: No such file or directory", "rcpt", "failed", "unknown"),
        (552, "5.2.2", "sorry", "rcpt", "failed", "full"),
        (452, "4.3.1", "Insufficient system storage", "rcpt", "deferred", "transient"),
        (553, "5.1.8", "Domain of sender address does not exist", "rcpt", "deferred", "us"),
        (550, "5.1.1", "sender unknown", "mail", "deferred", "us"),
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
    assert [back_off(n, refused=True) / timedelta(hours=1) for n in range(1, 4)] == [1, 4, 4]


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


REFUSED = Reply(code=554, status="5.7.1", text="Relay access denied", stage="rcpt")
STRANGE = Reply(code=554, text="Nope", stage="rcpt")
UNKNOWN = Reply(code=550, status="5.1.1", text="User unknown", stage="rcpt")
LATER = Reply(code=451, status="4.3.0", text="Try again later", stage="rcpt")
KEPT = Reply(code=250, stage="dot")


def runs_of(refusals, *replies, domains=40):
    """How long the run is after each reply, to readers at so many domains in turn."""
    found = []
    for number, reply in enumerate(replies):
        domain = f"d{number % domains}.example"
        found.append(len(refusals.note(domain, number, reply, judge(reply))))
    return found


@pytest.mark.parametrize("reply", [REFUSED, STRANGE])
def test_a_server_that_refuses_readers_of_many_domains_refuses_us_whatever_it_says(reply):
    assert runs_of(Refusals(5), *[reply] * 5) == [0, 0, 0, 0, 5]


def test_the_whole_run_is_returned_with_its_domains():
    refusals = Refusals(3)
    for number in range(3):
        run = refusals.note(f"d{number}", f"reader {number}", STRANGE, judge(STRANGE))
    assert run == [("reader 0", "d0"), ("reader 1", "d1"), ("reader 2", "d2")]


def test_a_run_at_few_domains_is_theirs():
    assert runs_of(Refusals(5), *[REFUSED] * 50, domains=2) == [0] * 50


def test_an_acceptance_in_between_ends_a_run_of_refusals_and_a_deferral_does_not():
    assert runs_of(Refusals(3), REFUSED, REFUSED, KEPT, REFUSED, REFUSED) == [0] * 5
    assert runs_of(Refusals(3), REFUSED, LATER, REFUSED, LATER, REFUSED) == [0, 0, 0, 0, 3]


def test_readers_who_do_not_exist_break_it_after_a_run_four_times_as_long():
    assert runs_of(Refusals(5), *[UNKNOWN] * 20) == [0] * 19 + [20]
    mixed = [UNKNOWN, REFUSED] * 5
    assert runs_of(Refusals(5), *mixed) == [0] * 9 + [10]


def test_after_a_break_one_refusal_is_enough_until_something_is_accepted():
    assert runs_of(Refusals(5, doubtful=True), UNKNOWN, REFUSED) == [0, 2]
    assert runs_of(Refusals(5, doubtful=True), KEPT, *[REFUSED] * 5) == [0] * 5 + [5]


def test_a_limit_of_nought_lets_every_run_go_on():
    assert runs_of(Refusals(0), *[REFUSED] * 50) == [0] * 50


def test_an_acceptance_says_nothing_of_what_was_refused_since_its_delivery_began():
    refusals, runs, begun = Refusals(3), Runs(3), 1
    for number, reply in enumerate([STRANGE, STRANGE, KEPT, STRANGE, STRANGE]):
        since = begun if reply is KEPT else None  # it began after the first, on another connection
        run = refusals.note(f"d{number}", number, reply, judge(reply), since)
        of_domain = runs.note("x", number, judge(reply) if reply is KEPT else DEAD, since)
    assert [key for key, _ in run] == of_domain == [1, 3, 4]
