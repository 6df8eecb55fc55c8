"""Who asked to be a reader: what any hour may bring, by a clock that goes as the test says."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from publisher.audience import address, mailbox
from publisher.ledger import Ledger, signups
from publisher.ledger.signups import HOUR

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FEW = 6  # of an hour, for a domain: sixty of them would show the same


@pytest.fixture(autouse=True)
def few(monkeypatch):
    assert signups.OF_DOMAIN == 60
    monkeypatch.setattr(signups, "OF_DOMAIN", FEW)


def ask(ledger, text, at, network):
    one = address(text)
    return ledger.signups.ask(one, mailbox(one), ["morning"], "en", network, at)


def mailed(ledger, at):
    """The addresses that a mail leaves for now."""
    found = []
    while one := ledger.signups.take(at):
        found.append(one.address.text)
    return found


def crowd(ledger, begin, count, domain="big.example"):
    """So many strangers within a minute, three of each network."""
    for n in range(count):
        ask(ledger, f"s{begin:%d%H%M}.{n}@{domain}", begin, f"{begin:%d%H%M} {n // 3}")


def most_of_any_hour(times):
    return max(sum(at <= other < at + HOUR for other in times) for at in times)


@pytest.mark.parametrize("deliveries", [5, 35, 200])  # minutes between two of them
def test_a_domain_gets_so_many_mails_in_any_hour_however_many_ask(ledger, deliveries):
    times = []
    for minute in range(0, 4 * 60, 5):
        at = NOON + minute * MINUTE
        if minute % 60 == 0:
            crowd(ledger, at, 9)
        if minute % deliveries == 0:
            times += [at] * len(mailed(ledger, at))
    assert most_of_any_hour(times) == FEW
    assert len(times) == (FEW * 2 if deliveries == 200 else FEW * 4)


def test_other_domains_do_not_wait_for_one_that_is_full(ledger):
    crowd(ledger, NOON, 3 * FEW)
    mailed(ledger, NOON)
    ask(ledger, "ana@small.example", NOON + MINUTE, "ana")
    assert mailed(ledger, NOON + MINUTE) == ["ana@small.example"]
    assert not ledger.signups.waiting(NOON + 2 * MINUTE)  # no server is called for nothing


def test_whoever_asks_again_keeps_the_place_that_came_first(ledger):
    crowd(ledger, NOON, FEW)
    ask(ledger, "victim@big.example", NOON, "victim")
    left = []
    for minute in range(0, 4 * 60, 5):
        at = NOON + minute * MINUTE
        if minute % 60 == 0 and minute:
            crowd(ledger, at, FEW)
        if minute % 55 == 0 and minute:
            ask(ledger, "victim@big.example", at, f"stranger {minute}")
        left += [minute for one in mailed(ledger, at) if one.startswith("victim")]
    assert left == [60]  # the hour after the first request


def test_a_line_has_an_end_and_a_network_that_is_full_takes_no_place(ledger, monkeypatch):
    monkeypatch.setattr(signups, "LONGEST", 2 * HOUR)
    crowd(ledger, NOON, 4 * FEW)
    assert not ask(ledger, "late@big.example", NOON + MINUTE, "late")
    assert ask(ledger, "late@big.example", NOON + 2 * HOUR, "late")
    for n in range(2 * signups.OF_NETWORK):
        ask(ledger, f"n{n}@other.example", NOON, "one network")
    monkeypatch.setattr(signups, "OF_DOMAIN", 2 * signups.OF_NETWORK)
    ask(ledger, "ana@other.example", NOON, "ana")
    assert "ana@other.example" in mailed(ledger, NOON)


def test_a_mail_that_was_put_off_takes_no_place_until_it_is_sent(ledger):
    ask(ledger, "ana@x.example", NOON, "net")
    for n in range(3 * FEW):
        one = ledger.signups.take(NOON + n * timedelta(seconds=1))
        assert one is not None
        ledger.signups.give_back(one.id, NOON, NOON)


def test_who_never_confirms_is_forgotten_and_who_asked_since_is_not(ledger):
    ask(ledger, "ana@x.example", NOON, "net")
    ask(ledger, "bob@x.example", NOON + HOUR, "net")
    assert ledger.signups.prune(NOON) == 0
    assert ledger.signups.prune(NOON + MINUTE) == 1
    assert mailed(ledger, NOON + HOUR) == ["bob@x.example"]
    assert ledger.signups.prune(NOON + 2 * HOUR) == 1


def confirmed(ledger, text, at, welcome=("morning",), names=("morning", "noon")):
    one = address(text)
    ledger.signups.ask(one, mailbox(one), names, "en", text, at)
    return ledger.signups.confirm(ledger.signups.take(at).id, "none", at, "test", welcome)


def test_who_confirms_waits_for_a_welcome_to_what_is_new_to_them_and_once(ledger):
    confirmed(ledger, "ana@x.example", NOON)
    one = ledger.signups.take(NOON)
    assert (one.welcomed, one.newsletters, one.address.text) == (
        True,
        ("morning",),
        "ana@x.example",
    )
    assert ledger.signups.take(NOON) is None  # a crash from here on sends none
    ledger.signups.give_back(one.id, NOON, NOON)
    assert ledger.signups.take(NOON).id == one.id
    ledger.signups.done(one.id)
    ledger.readers.leave(ledger.readers.find("ana@x.example").id, ["morning"], NOON, "test")
    confirmed(ledger, "ana@x.example", NOON)
    assert not ledger.signups.waiting(NOON)


def test_a_welcome_is_no_request_and_names_what_was_confirmed_before_it_left(ledger):
    confirmed(ledger, "ana@x.example", NOON, welcome=["morning", "noon"], names=["noon"])
    one = address("ana@x.example")
    ledger.signups.ask(one, mailbox(one), ["morning"], "de", "net", NOON + MINUTE)
    assert [found.newsletters for found in ledger.signups.unconfirmed()] == [("morning",)]
    assert ledger.counts.unconfirmed() == 1
    first, second = ledger.signups.take(NOON + MINUTE), ledger.signups.take(NOON + MINUTE)
    assert [first.welcomed, second.welcomed] == [True, False]
    ledger.signups.give_back(first.id, NOON + MINUTE, NOON)
    ledger.signups.confirm(second.id, "none", NOON + MINUTE, "test", ["morning", "noon"])
    both = ledger.signups.take(NOON + MINUTE)
    assert (both.newsletters, both.language) == (("morning", "noon"), "de")
    assert ledger.signups.take(NOON + MINUTE) is None


def test_who_is_suppressed_or_erased_since_is_not_welcomed(ledger):
    for name in ("ana", "bob"):
        confirmed(ledger, f"{name}@x.example", NOON)
    ledger.readers.suppress("ana@x.example", "manual", NOON, "")
    ledger.readers.erase("bob@x.example", "remains", NOON)
    assert ledger.signups.take(NOON) is None


@pytest.fixture
def hosts(place):
    """A ledger, opened by several hosts."""
    with ExitStack() as opened:
        ledgers = [Ledger(place) for _ in range(6)]
        for one in ledgers:
            opened.callback(one.close)
        yield ledgers


def at_once(hosts, work):
    """What came of work that all hosts do at once; each is given its number and its ledger."""
    with ThreadPoolExecutor(len(hosts)) as pool:
        return list(pool.map(work, range(len(hosts)), hosts))


def test_what_a_network_may_ask_holds_over_all_hosts(hosts):
    def many(host, ledger):
        return sum(ask(ledger, f"r{host}.{n}@d{host}{n}.example", NOON, "one") for n in range(8))

    assert sum(at_once(hosts, many)) == signups.OF_NETWORK


def test_what_a_domain_is_mailed_in_an_hour_holds_over_all_hosts(hosts, monkeypatch):
    monkeypatch.setattr(signups, "OF_DOMAIN", 99)
    crowd(hosts[0], NOON, 30)
    monkeypatch.setattr(signups, "OF_DOMAIN", 10)
    found = at_once(hosts, lambda _, ledger: mailed(ledger, NOON))
    mails = [address for theirs in found for address in theirs]
    assert len(set(mails)) == len(mails) == 10


def test_who_asks_at_several_hosts_at_once_waits_for_one_mail(hosts):
    at_once(hosts, lambda host, ledger: ask(ledger, "ana@x.example", NOON, f"n{host}"))
    found = at_once(hosts, lambda _, ledger: mailed(ledger, NOON))
    assert sorted(found) == [[], [], [], [], [], ["ana@x.example"]]
