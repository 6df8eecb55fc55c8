"""The installed command as an editor uses it, with a real `run` in the background."""

import contextlib
import itertools
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from publisher.ledger import locked
from tests.processes import Child, until
from tests.site import AHEAD, CONFIG, now, publisher
from tests.smtpd import Server

ROOT = Path(__file__).resolve().parents[2]
ZONE = ZoneInfo("Europe/Berlin")
SOON = 60  # seconds: none of them is waited for in full
_numbers = itertools.count()

SMTP = """
[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
"""


class Running:
    """A `run` of a site on a machine whose clock a test sets; what it says is read as it comes."""

    def __init__(self, site, *words, at="", env=None):
        self.site = site
        number = next(_numbers)
        self.out = site.root.parent / f"run-{number}.log"
        self.out.touch()
        self._ahead = site.root.parent / f"ahead-{number}"
        self._set(at)
        self.process = Child(
            publisher,
            ["-C", str(site.root), "run", *words],
            self.out,
            {AHEAD: str(self._ahead), **(env or {})},
        )

    def _set(self, at):
        wanted = datetime.fromisoformat(at).replace(tzinfo=ZONE) if at else now()
        aside = self._ahead.with_suffix(".aside")
        aside.write_text(str((wanted - now()).total_seconds()))
        aside.replace(self._ahead)

    @property
    def now(self):
        """Its clock, for commands that are typed beside it."""
        return (now() + timedelta(seconds=float(self._ahead.read_text()))).isoformat()

    def turn_to(self, at):
        """Set the clock, once it has looked at everything: what comes then is not late."""
        self.says("feed files written")
        self._set(at)

    def says(self, words, seconds=SOON):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if words in self.out.read_text():
                return self.out.read_text()
            time.sleep(0.05)
        raise AssertionError(f"{words!r} was not said in {seconds} s:\n{self.out.read_text()}")

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(timeout=SOON)


@contextlib.contextmanager
def running(site, *words, at="", env=None):
    """A service that ends with the test."""
    one = Running(site, *words, at=at, env=env)
    try:
        yield one
    finally:
        if one.process.poll() is None:
            one.process.kill()
        one.process.wait()


def subjects(site):
    """The subjects of the mails in the Maildir, by reader."""
    mails = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in (site.root / "outbox/mail/new").glob("*")
    ]
    return sorted((mail["To"].addresses[0].addr_spec, mail["Subject"]) for mail in mails)


def join(site, *names, newsletter="morning"):
    for name in names:
        added = site.run("subscribers", "add", f"{name}@x.example", "--newsletter", newsletter)
        assert added.code == 0, added.err


def join_many(site, count):
    csv = site.root / "readers.csv"
    csv.write_text("email\n" + "".join(f"r{n}@x.example\n" for n in range(count)))
    assert site.run("subscribers", "import", str(csv), "--newsletter", "morning").code == 0


@pytest.mark.slow
def test_a_slot_is_built_sent_and_delivered_by_itself(site):
    site.story("a")
    join(site, "ana", "ben")
    with running(site, at="2026-11-24 06:50") as service:
        service.turn_to("2026-11-24 07:00")
        service.says("morning@2026-11-24T0700: all out: 2 filed")
        assert subjects(site) == [("ana@x.example", "A"), ("ben@x.example", "A")]
        assert service.end() == 0
    status = site.run("schedule", "list", "--at", "2026-11-24 08:00").out
    assert "morning@2026-11-25T0700" in status
    assert site.run("audit", "--at", "2026-11-24 08:00").code == 0


@pytest.mark.slow
def test_an_editor_schedules_edits_holds_and_cancels_beside_a_running_service(site):
    site.config(CONFIG + '\n[newsletters.noon]\ntitle = "Noon"\n')
    site.story("a")
    join(site, "ana")
    join(site, "cid", newsletter="noon")
    with running(site, at="2026-11-24 06:50") as service:
        service.says("feed files written")
        assert site.run("hold", "morning@2026-11-24T0700", "--at", service.now).code == 0
        assert site.run("schedule", "add", "noon", "--once", "2026-11-24 17:00").code == 0
        added = site.run("schedule", "add", "noon", "--every", "day", "--time", "07:00")
        assert added.code == 0, added.err
        site.story("a", title="Edited")
        service.turn_to("2026-11-24 07:00")
        service.says("noon@2026-11-24T0700: all out")
        assert subjects(site) == [("cid@x.example", "Edited")]
        assert "morning@2026-11-24T0700" not in service.out.read_text()
        released = site.run("release", "morning@2026-11-24T0700", "--at", service.now)
        assert released.code == 0, released.err
        service.says("morning@2026-11-24T0700: all out")
        assert ("ana@x.example", "Edited") in subjects(site)
        cancelled = site.run("cancel", "noon@2026-11-24T1700", "--yes", "--at", service.now)
        assert cancelled.code == 0, cancelled.err
        coming = site.run("schedule", "list", "--days", "1", "--at", service.now).out
        assert "cancelled: by hand" in coming


DRAFT = CONFIG.replace('at = "07:00"', 'at = "07:00"\nmode = "draft"\ndraft_before = "1h"')


@pytest.mark.slow
def test_a_draft_waits_for_an_approval_which_any_change_voids(site):
    site.config(DRAFT)
    site.story("a")
    join(site, "ana")
    with running(site, at="2026-11-24 06:50") as service:
        service.says("waits for approval")
        edition = "morning@2026-11-24T0700"
        assert site.run("send", edition, "--yes").code == 3
        assert site.run("approve", edition, "--at", service.now).code == 0
        site.story("a", title="Edited")
        service.says("its approval is void")
        service.turn_to("2026-11-24 07:00")
        service.says(f"{edition}: held: was changed after its approval")
        assert subjects(site) == []
        approved = site.run("approve", edition, "--at", service.now)
        assert approved.code == 0, approved.err
        service.says("all out: 1 filed")
        assert subjects(site) == [("ana@x.example", "Edited")]


@pytest.mark.slow
def test_an_approved_draft_goes_out_at_its_slot(site):
    site.config(DRAFT)
    site.story("a")
    join(site, "ana")
    with running(site, at="2026-11-24 06:50") as service:
        service.says("waits for approval")
        assert site.run("approve", "morning", "--by", "Eva", "--at", service.now).code == 0
        service.turn_to("2026-11-24 07:00")
        service.says("all out: 1 filed")


@pytest.mark.slow
def test_the_undo_window_lets_an_editor_cancel_before_the_first_message(site):
    site.config(CONFIG.replace('at = "07:00"', 'at = "07:00"\nundo = "5min"'))
    site.story("a")
    join(site, "ana")
    with running(site, at="2026-11-24 06:50") as service:
        service.turn_to("2026-11-24 07:00")
        service.says("from 06:05")
        assert site.run("cancel", "morning", "--yes", "--at", service.now).code == 0
    assert subjects(site) == []


def test_articles_appear_in_feeds_at_their_minute_and_a_mistake_in_the_config_is_named(site):
    site.story("a", date="2026-11-24 07:00:03")
    with running(site, at="2026-11-24 06:50") as service:
        service.says("feed files written")
        feed = site.root / "outbox/feeds/rss.xml"
        assert "<title>A</title>" not in feed.read_text()
        service.turn_to("2026-11-24 07:00:03")
        until(lambda: "<title>A</title>" in feed.read_text())
        site.config(CONFIG + "\nmistake = 1\n")
        service.says("unknown key")
        site.config(CONFIG.replace("Test Letter", "Other Letter"))
        service.says("publisher.toml was read")
        until(lambda: "Other Letter" in feed.read_text())


@pytest.mark.slow
def test_a_second_run_stops_with_code_5_or_stands_by_and_takes_over(site):
    with running(site) as first:
        until(lambda: (site.root / ".publisher/run.lock").exists())
        first.says("feed files written")
        second = subprocess.run(
            [sys.executable, "-m", "tests", "-C", str(site.root), "run"],
            cwd=ROOT,
            capture_output=True,
            timeout=SOON,
        )
        assert second.returncode == 5
        assert b"another run keeps this publication" in second.stderr
        with running(site, "--stand-by") as third:
            third.says("Standing by")
            first.process.kill()
            third.says("Taking over")
            assert third.end() == 0


def test_systemd_is_told_when_it_is_ready_and_when_it_stops(site, tmp_path):
    place = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(place)
        channel.settimeout(SOON)
        with running(site, env={"NOTIFY_SOCKET": place}) as service:
            assert channel.recv(100) == b"READY=1"
            service.process.send_signal(signal.SIGHUP)
            service.says("publisher.toml was read")
            assert service.end() == 0
            assert channel.recv(100) == b"STOPPING=1"


@pytest.mark.slow
def test_a_server_that_hangs_does_not_keep_the_service_from_ending(site):
    with socket.socket() as hole:
        hole.bind(("127.0.0.1", 0))
        hole.listen()
        port = hole.getsockname()[1]
        site.config(CONFIG + SMTP.format(port=port) + '\n[service]\ngrace = "1s"\n')
        site.story("a")
        join(site, "ana")
        with running(site, at="2026-11-24 06:50") as service:
            service.turn_to("2026-11-24 07:00")
            service.says("sent, 1 reader")
            hole.settimeout(SOON)
            held, _ = hole.accept()
            assert service.end() == 70
            held.close()


@pytest.mark.slow
def test_the_mails_of_a_slot_reach_a_server(site):
    with Server() as server:
        site.config(CONFIG + SMTP.format(port=server.port))
        site.story("a")
        join(site, "ana", "ben")
        with running(site, at="2026-11-24 06:50") as service:
            service.turn_to("2026-11-24 07:00")
            service.says("all out: 2 accepted")
        assert sorted(to for to, _ in server.messages) == ["ana@x.example", "ben@x.example"]


def test_run_once_does_what_is_due_for_cron(site):
    site.story("a")
    join(site, "ana")
    assert (
        site.run("run", "--once", "--at", "2026-11-24 06:50").code == 0
    )  # it is known from now on
    assert subjects(site) == []
    for _ in range(2):
        assert site.run("run", "--once", "--at", "2026-11-24 07:03").code == 0
    assert subjects(site) == [("ana@x.example", "A")]


@pytest.mark.slow
def test_a_long_delivery_of_one_cron_call_makes_no_slot_of_the_next_wait(site):
    noon = '\n[newsletters.noon]\ntitle = "Noon"\nevery = "day"\nat = "07:02"\n'
    site.story("a")
    join_many(site, 40)
    gate = threading.Event()

    def later(stage, _):
        if stage == "mail" and server.messages:
            gate.wait(SOON)

    with Server(later) as server:
        site.config(CONFIG + noon + SMTP.format(port=server.port))
        join(site, "cid", newsletter="noon")
        assert site.run("run", "--once", "--at", "2026-11-24 06:50").code == 0
        with running(site, "--once", at="2026-11-24 07:01") as first:
            until(lambda: server.messages)
            second = site.run("run", "--once", "--at", "2026-11-24 07:03")
            assert (second.code, first.process.poll()) == (0, None)
            assert "noon@2026-11-24T0702: sent" in second.out
            gate.set()
            assert first.process.wait(timeout=SOON) == 0
        third = site.run("run", "--once", "--at", "2026-11-24 07:08")
        assert third.code == 0
        assert len({to for to, _ in server.messages}) == len(server.messages) == 41


@pytest.mark.slow
def test_mail_goes_out_while_a_build_that_never_ends_holds_the_lock(site):
    site.story("a")
    join(site, "ana")
    at = "2026-11-24 07:00"
    assert site.run("build", "morning", "--at", at).code == 0
    assert site.run("send", "morning@2026-11-24T0700", "--yes", "--at", at).code == 0
    with (
        locked(site.root / ".publisher/lock"),
        running(site, at="2026-11-24 07:00:30") as service,
    ):
        service.says("morning@2026-11-24T0700: all out: 1 filed")
        assert subjects(site) == [("ana@x.example", "A")]


def test_the_service_names_what_is_wrong_once_and_says_when_it_is_mended(site):
    site.story("a")
    with running(site, at="2026-11-24 06:00") as service:
        service.says("feed files written")
        site.article("bad.md", "---\ntitle: [broken\n---\nText.\n")
        service.says("error: articles/bad.md:")
        site.story("bad")
        service.says("articles/bad.md")
        (site.root / "articles").rename(site.root / "gone")
        service.says("error: feeds and pages: there is no articles folder")
        (site.root / "gone").rename(site.root / "articles")
        service.says("goes on; no more: there is no articles folder")


@pytest.mark.slow
def test_a_log_that_nobody_reads_and_a_full_disk_for_it_stop_no_mail(site):
    site.story("a")
    join(site, "ana")
    words = [
        sys.executable,
        "-m",
        "tests",
        "-C",
        str(site.root),
        "run",
        "--at",
        "2026-11-24 06:59:58",
    ]
    with Path("/dev/full").open("wb") as full:
        process = subprocess.Popen(words, cwd=ROOT, stdout=full, stderr=full)
    try:
        assert until(lambda: subjects(site)) == [("ana@x.example", "A")]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=SOON) == 0
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_a_server_that_refuses_us_ends_no_service_and_a_mended_setting_counts_at_once(site):
    site.story("a")
    join(site, "ana")
    with Server() as server, running_with(site, server, 'security = "starttls"') as service:
        service.says("error: delivery")
        assert service.process.poll() is None
        site.config(CONFIG + SMTP.format(port=server.port))
        service.says("morning@2026-11-24T0700: all out: 1 accepted")


@pytest.mark.slow
def test_a_server_changed_in_the_midst_of_a_delivery_gets_the_rest_of_it(site):
    site.story("a")
    join_many(site, 60)
    gate = threading.Event()

    def later(stage, _):
        if stage == "mail" and slow.messages:
            gate.wait(SOON)

    with Server(later) as slow, Server() as fast:
        site.config(CONFIG + SMTP.format(port=slow.port))
        with running(site, at="2026-11-24 06:50") as service:
            service.turn_to("2026-11-24 07:00")
            until(lambda: slow.messages)
            site.config(CONFIG + SMTP.format(port=fast.port))
            service.says("publisher.toml was read")
            gate.set()
            service.says("morning@2026-11-24T0700: all out: 60 accepted")
            got = [to for to, _ in (*slow.messages, *fast.messages)]
            assert sorted(got) == sorted(f"r{n}@x.example" for n in range(60))
            assert fast.messages


@contextlib.contextmanager
def running_with(site, server, security):
    """A service that delivers to an SMTP server with this security."""
    smtp = SMTP.format(port=server.port).replace('security = "none"', security)
    site.config(CONFIG + smtp)
    with running(site, at="2026-11-24 06:50") as service:
        service.turn_to("2026-11-24 07:00")
        yield service
