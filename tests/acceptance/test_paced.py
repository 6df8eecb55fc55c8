"""A send with a pace, as a mail server sees it: connections that are kept between its messages."""

import contextlib
from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from publisher.delivery import Clock, Stop
from publisher.ledger import Ledger
from publisher.pipeline.sends.deliver import deliver
from publisher.pipeline.sends.transports import transport_of
from publisher.pipeline.workspace import Workspace
from tests.acceptance.test_delivery import EDITION, counts
from tests.acceptance.test_service import running
from tests.processes import until
from tests.site import CONFIG
from tests.smtpd import Server

START = datetime(2026, 11, 24, 8, tzinfo=UTC)


def queued(site, port, readers, more, domain="big.example"):
    """An edition in the queue, whose readers' domain or publication has a pace."""
    site.config(f'{CONFIG}\n{more}\n[smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n')
    site.story("a")
    site.build()
    (site.root / "r.csv").write_text(
        "email\n" + "".join(f"r{number}@{domain}\n" for number in range(readers))
    )
    site.run("subscribers", "import", str(site.root / "r.csv"))
    assert site.run("send", EDITION, "--yes").code == 0


def paced(site, asleep=lambda: None):
    """Deliver until all is settled, by a clock for which nobody waits; `asleep` while it does."""
    time = SimpleNamespace(now=0.0)

    def wait(event, seconds):
        asleep()
        time.now += seconds

    space = Workspace(site.root, START, writing=True)
    with contextlib.closing(space):
        clock = Clock(seconds=lambda: time.now, wait=wait)
        deliver(
            space,
            transport_of(space),
            lambda: START + timedelta(seconds=time.now),
            Stop(),
            wait=True,
            clock=clock,
        )
    return time.now


DOMAIN = '[domains."big.example"]\nper_second = 2\n[delivery]\nconnections = 4\n'
ALL = "[delivery]\nper_second = 2\nconnections = 4\n"


@pytest.mark.parametrize("pace", [DOMAIN, ALL], ids=["of a domain", "of all"])
def test_a_pace_is_sent_on_as_many_connections_as_there_may_be_and_none_is_opened_twice(site, pace):
    with Server() as server:
        queued(site, server.port, 40, pace)
        assert paced(site) >= 18
        assert counts(site) == {"accepted": 40}
        assert 1 <= server.connections <= 4
        assert server.commands.count("QUIT") == server.connections


def test_a_pace_too_slow_for_a_servers_patience_keeps_no_connection_open(site):
    with Server() as server:
        queued(site, server.port, 3, DOMAIN.replace("= 2\n", "= 0.02\n"))
        assert paced(site) >= 99
        assert counts(site) == {"accepted": 3}
        assert server.commands.count("QUIT") == server.connections == 3


@pytest.mark.parametrize("pace", [DOMAIN, ALL], ids=["of a domain", "of all"])
def test_a_server_that_closes_idle_connections_costs_no_reader_a_try(site, pace):
    with Server() as server:
        queued(site, server.port, 12, pace)
        paced(site, lambda: server.hang_up("421 4.4.2 idle for too long"))
        assert Counter(one for one, _ in server.messages) == {
            f"r{number}@big.example": 1 for number in range(12)
        }
        assert server.connections > 1
    assert tries(site) == []


def tries(site):
    """What did not succeed at once."""
    with contextlib.closing(Ledger(site.root / ".publisher/ledger.db", readonly=True)) as ledger:
        return ledger.sends.attempts(EDITION)


@pytest.mark.slow
def test_a_real_postfix_that_closes_idle_connections_gets_each_message_of_a_pace_once(
    site, impatient_postfix
):
    port, box = impatient_postfix
    pace = '[domains."x.example"]\nper_second = 0.4\n'
    queued(site, port, 4, pace, domain="x.example")
    assert site.run("deliver", "--wait").code == 0
    until(lambda: box.is_dir() and len(list(box.iterdir())) == 4)
    assert (counts(site), tries(site)) == ({"accepted": 4}, [])
    log = (box.parents[1] / "log").read_text()
    assert log.count("disconnect from") > 1  # it did


@pytest.mark.slow
def test_a_service_keeps_its_connections_from_one_second_of_a_pace_to_the_next(site):
    with Server() as server:
        queued(site, server.port, 16, DOMAIN.replace("= 2\n", "= 4\n"))
        with running(site, at="2026-11-24 08:00") as service:
            service.says("all out: 16 accepted")
            assert 1 <= server.connections <= 4
            until(lambda: "QUIT" in server.commands, 60)  # nothing more is due
            assert service.end() == 0
        assert server.commands.count("QUIT") == server.connections
        assert len({to for to, _ in server.messages}) == len(server.messages) == 16
