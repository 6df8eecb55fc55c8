"""A server that refuses us: no reader has failed by it, and everybody is told."""

from datetime import timedelta

import pytest

from tests.site import CONFIG, now
from tests.smtpd import Server

EDITION = "morning@2026-11-24T0700"


@pytest.fixture
def many(site):
    """An edition in the queue for forty readers at forty domains."""
    site.story("a")
    site.build()
    rows = "".join(f"r{n}@d{n}.example\n" for n in range(40))
    (site.root / "readers.csv").write_text(f"email\n{rows}")
    site.run("subscribers", "import", str(site.root / "readers.csv"), "--newsletter", "morning")
    assert site.run("send", EDITION, "--yes").code == 0
    return site


def smtp(site, server, extra=""):
    site.config(
        CONFIG + f'\n{extra}\n[smtp]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n'
        'timeout = "5s"\n'
    )


def counts(site):
    return site.run("report", EDITION, "--json").json["counts"]


def after(accepted, at, reply):
    """A server that takes so many, and then refuses at a stage."""
    taken = []

    def script(stage, recipient):
        if stage == "dot" and len(taken) < accepted and recipient not in taken:
            taken.append(recipient)
            return None
        return reply if stage == at and len(taken) >= accepted else None

    return script


REFUSALS = [
    (0, "rcpt", "554 5.7.1 Relay access denied"),
    (10, "rcpt", "550 5.4.5 Daily user sending quota exceeded."),
    (10, "dot", "550 5.4.5 Daily user sending quota exceeded."),
    (10, "rcpt", "552 5.2.2 Message would take you over your relay quota of 10"),
    (10, "data", "554 5.7.1 limit of 10 rcpts per 24 hours for client reached"),
    (10, "dot", "554 5.7.1 Service unavailable; blocked using zen.spamhaus.org"),
    (10, "rcpt", "530 5.7.0 Authentication Required"),
    (10, "rcpt", "450 4.7.1 Error: too much mail from 192.0.2.7"),
    (10, "rcpt", "554 Nope"),  # whatever the words are
    (10, "dot", "571 forty-two"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("accepted", "stage", "reply"), REFUSALS)
def test_a_server_that_refuses_us_stops_the_run_and_fails_nobody(many, accepted, stage, reply):
    with Server(after(accepted, stage, reply)) as server:
        smtp(many, server)
        result = many.run("deliver")
        tried = sum("RCPT" in line for line in server.commands)
    assert (result.code, "the server refuses us: " in result.err) == (75, True)
    found = counts(many)
    others = 0 if stage == "dot" or not accepted else 3  # connections had got further
    assert accepted <= found.get("accepted", 0) <= accepted + others
    assert found.keys() <= {"accepted", "queued", "deferred"}
    assert sum(found.values()) == 40
    assert tried <= found.get("accepted", 0) + 5 + 2 * 4  # the run, and what others had begun
    audit, status = many.run("audit"), many.run("status")
    assert (audit.code, "the server refuses us: " in audit.out) == (1, True)
    assert (status.code, "the server refuses us: " in status.out) == (0, True)


@pytest.mark.slow
def test_what_a_refusal_stopped_goes_out_once_the_server_takes_it(many):
    refuses = [True]

    def script(stage, _):
        return "554 5.7.1 Relay access denied" if stage == "rcpt" and refuses else None

    with Server(script) as server:
        smtp(many, server)
        assert many.run("deliver").code == 75
        tried = sum("RCPT" in line for line in server.commands)
        assert many.run("deliver").code == 75  # a person asks: one reader is tried, no more
        assert sum("RCPT" in line for line in server.commands) <= tried + 2
        tried = sum("RCPT" in line for line in server.commands)
        once = many.run("run", "--once")  # the service leaves it alone for an hour
        assert (once.code, "the server refuses us: " in once.err) == (75, True)
        assert sum("RCPT" in line for line in server.commands) == tried
        refuses.clear()
        assert many.run("deliver").code == 4  # those that were refused wait an hour
        found = counts(many)
        assert (found.keys(), found["accepted"] > 20) == ({"accepted", "deferred"}, True)
        later = f"{now() + timedelta(minutes=90):%Y-%m-%dT%H:%M}Z"
        assert many.run("deliver", "--at", later).code == 0
    assert counts(many) == {"accepted": 40}
    assert many.run("audit").code == 0
    assert "refuses us" not in many.run("status").out


def test_a_few_that_are_refused_wait_and_are_told_of_though_no_run_is_stopped(many):
    names = {"r3@d3.example": "554 5.7.1 <r3@d3.example>: Relay access denied",
             "r30@d30.example": "554 5.7.1 <r30@d30.example>: Relay access denied"}  # fmt: skip
    with Server(lambda stage, to: names.get(to) if stage == "rcpt" else None) as server:
        smtp(many, server)
        assert many.run("deliver").code == 4
    assert counts(many) == {"accepted": 38, "deferred": 2}
    said = f"{EDITION}: 2 wait, for the server refuses us: 554 5.7.1 <r3"
    assert said in many.run("audit").out
    assert said in many.run("status").out
    assert many.run("audit").code == 1


def test_readers_who_are_no_more_are_not_taken_for_a_refusal_of_us(many):
    gone = {f"r{n}@d{n}.example" for n in range(12)}

    def script(stage, to):
        return "550 5.1.1 User unknown" if stage == "rcpt" and to in gone else None

    with Server(script) as server:
        smtp(many, server)
        assert many.run("deliver").code == 0
    assert counts(many) == {"accepted": 28, "bounced": 12}


def test_a_refusal_at_mail_stops_at_once(many):
    with Server(lambda stage, _: "550 5.7.1 who are you" if stage == "mail" else None) as server:
        smtp(many, server)
        assert many.run("deliver").code == 75
    assert counts(many) == {"queued": 40}


def test_a_server_that_takes_no_message_at_data_accepted_nothing(many):
    with Server(lambda stage, _: "250 2.0.0 ok" if stage == "data" else None) as server:
        smtp(many, server)
        result = many.run("deliver")
        assert server.messages == []
    assert (result.code, "messages in a row without an answer" in result.err) == (75, True)
    assert counts(many).keys() <= {"queued", "deferred"}


@pytest.mark.parametrize("stage", ["rcpt", "dot"])
def test_a_server_that_closes_every_time_stops_the_run_with_few_in_doubt(many, stage):
    with Server(lambda at, _: "close" if at == stage else None) as server:
        smtp(many, server)
        assert many.run("deliver").code == 75
        assert server.connections <= 5 + 4 + 4
    assert counts(many).keys() <= {"queued", "deferred"}


def test_a_breaker_of_nought_asks_the_server_about_everyone(many):
    with Server(after(0, "rcpt", "554 5.7.1 Relay access denied")) as server:
        smtp(many, server, "[delivery]\nbreaker = 0")
        assert many.run("deliver").code == 4
    assert counts(many) == {"deferred": 40}
    assert many.run("audit").code == 1


@pytest.mark.slow
def test_one_domain_that_refuses_us_is_held_and_the_others_go_on(site):
    site.config(CONFIG + "[delivery]\nconnections = 1\n")
    site.story("a")
    site.build()
    rows = "".join(f"r{n}@big.example\n" for n in range(8)) + "ana@x.example\nbob@y.example\n"
    (site.root / "readers.csv").write_text(f"email\n{rows}")
    site.run("subscribers", "import", str(site.root / "readers.csv"), "--newsletter", "morning")
    site.run("send", EDITION, "--yes")
    refused = "550 5.7.1 our users want no mail of yours: policy"
    with Server(lambda at, to: refused if at == "rcpt" and "big" in to else None) as server:
        smtp(site, server, "[delivery]\nconnections = 1")
        result = site.run("deliver")
    assert (result.code, "big.example is held until" in result.out) == (4, True)
    assert counts(site)["accepted"] == 2
    assert "warning: big.example is held until" in site.run("status").out
