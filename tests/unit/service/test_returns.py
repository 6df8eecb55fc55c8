"""The threads that read what comes back."""

import threading

import pytest

from publisher.delivery import Stop
from publisher.errors import PublisherError, WayDown, WayRefused
from publisher.service import returns
from publisher.service.configuration import Configuration
from publisher.service.events import Events
from publisher.service.returns import Returns, pause
from tests.site import CONFIG, NOW

BOX = '\n[returns]\nmaildir = "box"\nevery = "10s"\n'


class Running:
    """A publication whose ways are read, in threads of this test."""

    def __init__(self, site, text):
        self.site, self.said, self.changed = site, [], threading.Condition()
        site.config(CONFIG + text)
        events = Events(lambda: NOW, self._say)
        self.configuration = Configuration(site.root, lambda: NOW, events)
        self.stop = Stop()
        self.recorded = []
        self.failures = []
        self.returns = Returns(self.configuration, events, lambda: NOW, self.stop, self._record)
        self.thread = threading.Thread(target=self.returns.run)

    def _say(self, event):
        with self.changed:
            self.said.append((event.what, event.text))
            self.changed.notify_all()

    def _record(self, space, one, way):
        assert space.writing and space.now == NOW
        if self.failures:
            raise self.failures.pop(0)
        self.recorded.append((way, one.data))
        return "read"

    def until(self, *said):
        with self.changed:
            assert self.changed.wait_for(lambda: all(one in self.said for one in said), 20), (
                self.said
            )

    def put(self, name, folder="box"):
        for part in ("new", "cur", "tmp"):
            (self.site.root / folder / part).mkdir(parents=True, exist_ok=True)
        (self.site.root / folder / "new" / name).write_bytes(name.encode())

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.ask()
        self.thread.join(10)
        assert not self.thread.is_alive()
        self.configuration.space.close()


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(returns, "_TURN", 0.01)
    monkeypatch.setattr(returns, "_AGAIN", 0.01)


def test_what_lies_there_is_recorded_and_counted(site):
    running = Running(site, BOX)
    running.put("1")
    with running:
        running.until(("returned", "1 by maildir: 1 read"))
    assert running.recorded == [("maildir", b"1")]


def test_what_cannot_be_recorded_is_said_once_and_tried_again(site):
    running = Running(site, BOX)
    running.put("1")
    running.failures = [PublisherError("the ledger is away") for _ in range(3)]
    mended = ("mended", "what comes back by maildir goes on; no more: the ledger is away")
    with running:
        running.until(("returned", "1 by maildir: 1 read"), mended)
    errors = [text for what, text in running.said if what == "error"]
    assert errors == ["what comes back by maildir: the ledger is away"]
    assert running.recorded == [("maildir", b"1")]


def test_a_way_that_is_named_meanwhile_is_read_and_the_old_one_no_more(site):
    running = Running(site, BOX)
    running.put("1")
    running.put("2", "other")
    with running:
        running.until(("returned", "1 by maildir: 1 read"))
        site.config(CONFIG + BOX.replace('"box"', '"other"'))
        assert running.configuration.look()
        with running.changed:
            assert running.changed.wait_for(lambda: len(running.recorded) == 2, 20)
    assert running.recorded == [("maildir", b"1"), ("maildir", b"2")]


def test_a_publisher_toml_that_is_broken_just_then_stops_nothing(site):
    running = Running(site, BOX)
    running.put("1")
    whole = (site.root / "publisher.toml").read_text()
    (site.root / "publisher.toml").write_text("[publication")
    with running:
        with running.changed:
            assert running.changed.wait_for(lambda: running.said, 20)
        assert running.said[0][1].startswith("what comes back: publisher.toml: not TOML")
        (site.root / "publisher.toml").write_text(whole)
        running.until(("returned", "1 by maildir: 1 read"))


def test_a_publication_that_names_no_way_reads_nothing(site):
    with Running(site, "") as running:
        assert running.returns._readers == []


def test_who_waits_for_a_mail_server_ends_promptly(site, free_port):
    port = free_port()
    with Running(site, f'\n[returns]\nlmtp = "127.0.0.1:{port}"\n') as running:
        import smtplib

        for _ in range(500):
            try:
                client = smtplib.LMTP("127.0.0.1", port, timeout=10)
            except OSError:
                running.stop.event.wait(0.01)
            else:
                break
        with client as one:
            one.sendmail("", ["letter+x@test.example"], b"Subject: no\r\n\r\n")
        running.until(("returned", "1 by lmtp: 1 read"))
    assert running.recorded == [("lmtp", b"Subject: no\r\n\r\n")]


@pytest.mark.parametrize(
    ("failures", "error", "seconds"),
    [
        (1, WayDown("x"), 5),
        (2, WayDown("x"), 10),
        (5, OSError(), 80),
        (10_000, WayDown("x"), 900),
        (1, WayRefused("x"), 300),
        (9, WayRefused("x"), 900),
    ],
)
def test_what_fails_is_tried_later_and_later(failures, error, seconds, monkeypatch):
    monkeypatch.setattr(returns, "_AGAIN", 5.0)
    assert pause(failures, error) == seconds
