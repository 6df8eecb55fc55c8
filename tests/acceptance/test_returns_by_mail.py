"""What comes back through a real Postfix and a real Dovecot, from the reader's server to `take`.

A message leaves by our own SMTP with a return path that names it; the reader's server takes it, and
writes back later; what it writes lies in a mailbox, is read by IMAP, and moved.
"""

import email
import email.policy
import smtplib
import threading
import tracemalloc

import pytest

from publisher.delivery import Smtp
from publisher.model import Envelope
from publisher.returns import MOST
from publisher.returns.ways import Imap, Lmtp, Mailbox, MaildirBox, Ours
from tests import mailservers
from tests.processes import until
from tests.site import CONFIG

pytestmark = pytest.mark.slow

MESSAGE = """\
From: Letter <letter@news.example>
To: {reader}
Subject: Morning
Message-ID: <{token}@news.example>
List-Unsubscribe: <mailto:leave@news.example>

Good morning.
"""

COMPLAINT = """\
From: feedback@x.example
To: bounces@news.example
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is a complaint.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: x/1
Version: 1
Original-Mail-From: <{sender}>
--b
Content-Type: message/rfc822

{original}
--b--
"""

AUTOMATIC = """\
From: {reader}
To: {sender}
Subject: Out of office: Morning
Auto-Submitted: auto-replied

I am away.
"""


@pytest.fixture(scope="module")
def servers():
    with mailservers.three_ports() as ports, mailservers.running(*ports) as both:
        yield both


def send(servers, *readers):
    """Send each reader a message, as `deliver` does; its return path names the reader."""
    session = Smtp(host="127.0.0.1", port=servers.smtp, security="none").connect()
    for reader in readers:
        token = reader.partition("@")[0]
        envelope = Envelope(sender=f"bounces+{token}@news.example", recipient=reader)
        message = MESSAGE.format(reader=reader, token=token).replace("\n", "\r\n")
        assert session.send(envelope, message.encode(), None).code == 250
    session.close()


def answer(servers, reader, template):
    """What a reader's mailbox does by itself, or its provider for the reader: write to MAIL FROM."""
    until(lambda: servers.mails(reader))
    original = servers.mails(reader)[0].decode()
    sender = email.message_from_string(original)["Return-Path"].strip("<>")
    text = template.format(reader=reader, sender=sender, original=original)
    servers.send("", sender, text.replace("\n", "\r\n").encode())


def imap(servers, user="bounces@news.example", **changed):
    mailbox = Mailbox(
        host="localhost",
        port=servers.imaps,
        user=user,
        password=mailservers.PASSWORD,
        ca=str(servers.ca),
        **changed,
    )
    return Imap(mailbox, Ours(("bounces@news.example", "box@news.example")))


class Taken:
    """Where messages go: in place of the ledger. Swapped for `recorded` by whoever has one."""

    def __init__(self):
        self.arrived = {}

    def __call__(self, one):
        parsed = email.message_from_bytes(one.data, policy=email.policy.default)
        self.arrived[one.to] = parsed
        return "read"


def test_bounces_complaints_and_answers_are_read_by_imap_and_moved(servers):
    readers = ["alive", "dead", "full", "auto", "complains"]
    send(servers, *(f"{one}@x.example" for one in readers))
    answer(servers, "auto@x.example", AUTOMATIC)
    answer(servers, "complains@x.example", COMPLAINT)
    until(lambda: len(servers.mails("bounces@news.example")) == 4)
    take, way = Taken(), imap(servers)
    assert way.collect(take).count == 4, servers.log()

    found = {to.partition("+")[2].partition("@")[0]: one for to, one in take.arrived.items()}
    assert found.keys() == {"dead", "full", "auto", "complains"}
    kinds = {name: one.get_param("report-type") for name, one in found.items()}
    assert kinds["dead"] == kinds["full"] == "delivery-status"
    assert kinds["complains"] == "feedback-report"
    assert found["auto"]["Auto-Submitted"] == "auto-replied"
    assert "5.1.1" in found["dead"].as_string() and "5.2.2" in found["full"].as_string()
    assert len(servers.mails("alive@x.example")) == 1

    assert servers.mails("bounces@news.example") == []
    kept = servers.maildir("bounces@news.example") / ".Publisher.read"
    assert len([*(kept / "new").iterdir(), *(kept / "cur").iterdir()]) == 4

    threading.Thread(target=send, args=(servers, "gone@x.example")).start()
    assert way.stay(take, 60)  # IDLE: the server tells of it
    assert way.collect(take).count == 1
    way.close()
    assert "bounces+gone@news.example" in take.arrived


def test_of_a_huge_message_the_beginning_is_fetched_in_little_memory(servers):
    lines = (b"x" * 76 + b"\r\n") * 400_000
    servers.send("", "bounces+huge@news.example", b"Subject: huge\r\n\r\n" + lines)
    del lines
    until(lambda: servers.mails("bounces@news.example"))
    sizes, way = [], imap(servers)

    def take(one):
        sizes.append(len(one.data))
        return "unread"

    tracemalloc.start()
    assert way.collect(take).count == 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    way.close()
    assert sizes == [MOST] and peak < 3 * MOST
    (kept,) = (servers.maildir("bounces@news.example") / ".Publisher.unread/new").iterdir()
    assert kept.stat().st_size > 30_000_000


def test_what_comes_back_is_on_the_record_of_each_reader(servers, site, monkeypatch):
    """From the edition to the ledger: nothing between them is ours but the beginning and the end."""
    monkeypatch.setenv("PUBLISHER_IMAP_PASSWORD", mailservers.PASSWORD)
    site.config(
        f"""{CONFIG}
[delivery]
return_path = "bounces@news.example"
verp = true
[smtp]
host = "127.0.0.1"
port = {servers.smtp}
security = "none"
[returns.imap]
host = "localhost"
port = {servers.imaps}
user = "bounces@news.example"
ca = "{servers.ca}"
"""
    )
    site.story("a")
    site.build()
    readers = ["alive", "dead", "full", "away", "objects"]
    for one in readers:
        assert site.run("subscribers", "add", f"{one}@x.example").code == 0
    assert site.run("send", "morning@2026-11-24T0700", "--yes").code == 0
    assert site.run("deliver").code == 0
    answer(servers, "away@x.example", AUTOMATIC)
    answer(servers, "objects@x.example", COMPLAINT)
    until(lambda: len(servers.mails("bounces@news.example")) == 4)
    fetched = site.run("bounces", "fetch")
    assert (fetched.code, fetched.out) == (0, "4 messages: 4 read\n"), fetched.err
    found = {
        name: [(one["what"], one["proof"], one["followed"]) for one in listed]
        for name in readers
        if (listed := site.run("bounces", "list", f"{name}@x.example", "--json").json)
    }
    assert found == {
        "dead": [("dead", "return path", "counted")],
        "full": [("full", "return path", "counted")],
        "away": [("auto-reply", "return path", "counted")],
        "objects": [("complaint", "return path", "suppressed")],
    }


def test_a_maildir_is_read_beside_dovecot_which_shows_what_was_moved(servers):
    servers.send("", "box+q1@news.example", b"Subject: no\r\n\r\nNo\r\n")
    until(lambda: servers.mails("box@news.example"))
    take = Taken()
    folder = servers.maildir("box@news.example")
    assert MaildirBox(folder, Ours(("box@news.example",))).collect(take).count == 1
    assert list(take.arrived) == ["box+q1@news.example"]
    mailservers.give_back(folder)
    again = Taken()
    way = imap(servers, user="box@news.example", folder="Publisher/read", keep_in="Elsewhere")
    assert way.collect(again).count == 1
    way.close()
    assert list(again.arrived) == ["box+q1@news.example"]


def test_postfix_hands_over_by_lmtp_and_tells_the_sender_of_what_was_refused(servers):
    take = Taken()
    way = Lmtp(("127.0.0.1", servers.hook), Ours(("leave@hook.example",)), "hook.example")
    way.collect(take)
    over = threading.Event()

    def serve():
        while not over.is_set():
            way.stay(take, 60)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with smtplib.SMTP("127.0.0.1", servers.smtp, timeout=30) as client:
            for name in ("leave+t0", "nobody"):
                client.sendmail(
                    "alive@x.example", [f"{name}@hook.example"], b"Subject: stop\r\n\r\n"
                )
        until(lambda: take.arrived)
        until(lambda: any(b"nothing comes back" in one for one in servers.mails("alive@x.example")))
    finally:
        over.set()
        way.end()
        thread.join()
        way.close()
    assert list(take.arrived) == ["leave+t0@hook.example"]
