"""What the operator sees of the web, and what the editor does: sums, and nobody's name."""

import http.client
import json
import socket
import threading
from contextlib import contextmanager

import pytest

from publisher.pipeline.workspace import Workspace
from publisher.web import Counting, listening, serve
from tests.acceptance.test_service import join, running
from tests.acceptance.test_web import NOW, TWO, Web
from tests.processes import until
from tests.site import AT, NO_PAGES, PAGED

FEEDLY = "Feedly/1.0 (+http://feedly.example; 16 subscribers; like FeedFetcher)"


def ask(port, path, method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    answer.text = answer.read().decode()
    connection.close()
    return answer


@contextmanager
def serving_all(site, is_well=lambda: True):
    """Both sides of a site: for readers, and for the operator."""
    space = Workspace(site.root, NOW, writing=True)
    stop, told, wrong = threading.Event(), [], []
    readers, operator = listening("127.0.0.1", 0), listening("127.0.0.1", 0)

    def work():
        serve(
            space,
            lambda: NOW,
            stop.is_set,
            readers=readers,
            operator=operator,
            complain=wrong.append,
            told=told.append,
            is_well=is_well,
        )

    thread = threading.Thread(target=work)
    thread.start()
    try:
        web = Web(space, readers.getsockname()[1], "")
        web.operator, web.told, web.wrong = operator.getsockname()[1], told, wrong
        yield web
    finally:
        stop.set()
        thread.join()
        readers.close()
        operator.close()
        space.close()


@pytest.fixture
def busy(site):
    """A site that has been asked for this and that."""
    site.config(TWO.replace(NO_PAGES, "[web]\nlog = true\n"))
    site.story("a")
    join(site, "ana", "ben")
    site.build()
    site.run("send", "morning", "--yes", "--at", AT)
    site.run("deliver", "--at", AT)
    with serving_all(site) as web:
        first = web.ask("GET", "/feeds/atom.xml", User_Agent=FEEDLY)
        for _ in range(3):
            web.ask("GET", "/feeds/atom.xml", If_None_Match=first.getheader("etag"))
        web.ask("GET", "/feeds/feed.json")
        web.ask("GET", "/nothing")
        web.ask("POST", web.link("ana", "morning"), {"List-Unsubscribe": "One-Click"})
        web.ask("POST", web.link("ben", "morning"), {})
        yield web


@pytest.mark.slow
def test_metrics_tell_of_slots_deliveries_and_feeds(busy):
    assert ask(busy.operator, "/livez").text == "alive\n"
    assert ask(busy.operator, "/readyz").text == "ready\n"
    metrics = ask(busy.operator, "/metrics")
    assert metrics.getheader("content-type").startswith("text/plain; version=0.0.4")
    lines = set(metrics.text.splitlines())
    assert 'publisher_deliveries{newsletter="morning",state="filed"} 2.0' in lines
    assert 'publisher_http_answers_total{status="304",what="atom"} 3.0' in lines
    assert 'publisher_http_answers_total{status="404",what="page"} 1.0' in lines
    assert "publisher_feed_unchanged_share 0.6" in lines
    assert "example" not in metrics.text and "127.0.0.1" not in metrics.text


@pytest.mark.slow
def test_what_is_told_of_answers_holds_no_address(busy):
    assert {"method": "GET", "what": "atom", "status": 304} in busy.told
    assert {"method": "POST", "what": "unsubscribe", "status": 200} in busy.told
    assert "example" not in json.dumps(busy.told)


def test_an_operator_learns_when_something_is_not_well(site):
    with serving_all(site, is_well=lambda: False) as web:
        assert ask(web.operator, "/readyz").status == 503
        assert ask(web.operator, "/livez").status == 200
        assert ask(web.operator, "/nothing").status == 404
        assert ask(web.operator, "/metrics", Host="evil.example").status == 421
        assert ask(web.operator, "/metrics", "POST").status == 405


@pytest.mark.slow
def test_stats_tell_of_readers_feeds_and_how_people_left(site):
    site.config(TWO.replace(NO_PAGES, ""))
    site.story("a")
    join(site, "ana", "ben")
    site.build()
    site.run("send", "morning", "--yes", "--at", AT)
    site.run("deliver", "--at", AT)
    with serving_all(site) as web:
        web.ask("GET", "/feeds/atom.xml", User_Agent=FEEDLY)
        web.ask("POST", web.link("ana", "morning"), {"List-Unsubscribe": "One-Click"})
        web.ask("POST", web.link("ben"), {"action": "save", "newsletter": ["noon"]})
        web.ask("POST", "/subscribe", {"address": "new@x.example", "newsletter": "noon"})
    shown = site.run("subscribers", "stats", "--at", "2026-11-24 12:00")
    assert shown.code == 0
    assert "1  noon" in shown.out
    assert "asked, and have not confirmed it" in shown.out
    assert "Feed readers, for some 16 readers as they say" in shown.out
    assert "16  Feedly  atom.xml" in shown.out
    assert "0 % had it already (304)" in shown.out
    found = site.run("subscribers", "stats", "--json", "--at", "2026-11-24 12:00").json
    left = {
        (e["newsletter"], e["how"]): e["count"]
        for e in found["events"]
        if e["what"] == "unsubscribed"
    }
    assert left == {("morning", "one-click"): 1, ("morning", "preferences page"): 1}
    assert "x.example" not in shown.out + json.dumps(found)
    report = site.run("report", "morning").out
    assert (
        "left since then, until the next edition: 1 by one-click, 1 by preferences page" in report
    )


def test_stats_of_a_publication_that_nobody_reads_say_so(site):
    assert "nobody yet" in site.run("subscribers", "stats").out


def test_a_fault_of_ours_is_counted_as_one(site, monkeypatch):
    from publisher.web import subscribe

    with serving_all(site) as web:

        def broken(*_):
            raise ZeroDivisionError

        monkeypatch.setattr(subscribe, "offered", broken)
        assert web.ask("GET", "/subscribe").status == 500
        metrics = ask(web.operator, "/metrics").text
    assert 'publisher_http_answers_total{status="500",what="subscribe"} 1.0' in metrics


def test_sums_that_could_not_be_kept_are_kept_later():
    counting = Counting()
    counting.note("atom", "GET", 200, FEEDLY, "/feeds/atom.xml")
    taken = counting.take()
    counting.note("atom", "GET", 200, FEEDLY.replace("16", "17"), "/feeds/atom.xml")
    counting.give_back(taken)
    both = counting.take()
    assert both.answers == {("atom", "200"): 2} and both.readers == {("Feedly", "atom.xml"): 17}


@pytest.mark.slow
def test_a_port_that_is_taken_by_another_keeps_no_reader_from_leaving(site, free_port):
    port = free_port()
    with socket.create_server(("127.0.0.1", 0)) as other:
        health = other.getsockname()[1]
        site.config(PAGED + f"\n[web]\nport = {port}\nhealth = {health}\n")
        site.story("a")
        with running(site, at="2026-11-24 06:00") as service:
            service.says("health: ")
            assert ask(port, "/subscribe").status == 200
            assert service.end() == 0


def test_the_operators_port_is_asked_for_by_this_machines_name_alone(busy):
    assert ask(busy.operator, "/livez").status == 200
    assert ask(busy.operator, "/livez", Host="elsewhere.example").status == 421


def test_the_operators_port_may_be_on_a_network_where_publisher_toml_says_so(site):
    site.config(PAGED + '\n[web]\nhealth_host = "0.0.0.0"\n')
    with serving_all(site) as web:
        assert ask(web.operator, "/readyz", Host="10.1.2.3:8481").status == 200


@pytest.mark.parametrize("name", ["", "not a host", "worker.example"])
def test_the_operators_port_listens_on_an_address(site, name):
    site.config(PAGED + f'\n[web]\nhealth_host = "{name}"\n')
    result = site.run("status")
    assert result.code == 2 and "web.health_host" in result.err


def test_one_port_cannot_be_for_readers_and_operators(site):
    site.config(PAGED + "\n[web]\nport = 8490\nhealth = 8490\n")
    result = site.run("status")
    assert result.code == 2 and "web.health" in result.err


@pytest.mark.slow
def test_run_answers_its_operator_and_tells_of_answers_if_asked_to(site, free_port):
    port, health = free_port(), free_port()
    site.config(PAGED + f"\n[web]\nport = {port}\nhealth = {health}\nlog = true\n")
    site.story("a")
    with running(site, "--json", at="2026-11-24 06:00") as service:

        def is_ready():
            try:
                return ask(health, "/readyz").status == 200
            except OSError:
                return False

        until(is_ready)
        assert ask(port, "/").status in (200, 404)
        service.says("GET page")
        assert "publisher_schedules_looked_timestamp_seconds" in ask(health, "/metrics").text
        assert service.end() == 0
