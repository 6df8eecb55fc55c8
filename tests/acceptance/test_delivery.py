"""From an edition to messages, as an editor and an operator see it."""

import email
import email.policy
import json
import mailbox
import shutil
import signal
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from publisher.delivery import Memory, Stop
from publisher.ledger import engine
from publisher.model import Reply
from publisher.pipeline.sends.deliver import deliver
from publisher.pipeline.workspace import Workspace
from tests.crash import harness
from tests.processes import until
from tests.site import AT, CONFIG, now
from tests.smtpd import Server

EDITION = "morning@2026-11-24T0700"


@pytest.fixture
def sent(site):
    """An edition in the queue for three readers."""
    site.story("a")
    site.build()
    for name in ("ana", "bob", "cy"):
        site.run("subscribers", "add", f"{name}@x.example", "--name", name.title())
    result = site.run("send", EDITION, "--yes")
    assert result.out == f"{EDITION}: in the queue for 3 readers\n"
    return site


def smtp(site, server, extra=""):
    site.config(
        CONFIG + f'\n{extra}\n[smtp]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n'
    )


def counts(site):
    return site.run("report", EDITION, "--json").json["counts"]


def run_with(site, script, at=AT):
    """Deliver through a transport in memory."""
    clock = datetime.fromisoformat(at + "+00:00")
    space = Workspace(site.root, clock, writing=True)
    memory = Memory(script)
    try:
        return memory, deliver(space, memory, lambda: clock, Stop())
    finally:
        space.close()


def test_without_a_server_mails_are_files_that_any_program_opens(sent):
    result = sent.run("deliver")
    assert (result.code, result.out.split("\n")[1:]) == (0, ["          3  filed", ""])
    box = mailbox.Maildir(str(sent.root / "outbox/mail"), create=False)
    found = [email.message_from_bytes(one.as_bytes(), policy=email.policy.SMTP) for one in box]
    assert sorted(one["To"].addresses[0].addr_spec for one in found) == [
        f"{n}@x.example" for n in ("ana", "bob", "cy")
    ]
    assert {one["Subject"] for one in found} == {"A"}
    assert all("unsubscribe/1." in one["List-Unsubscribe"] for one in found)
    assert all((p.stat().st_mode & 0o077) == 0 for p in (sent.root / "outbox/mail/new").iterdir())


def test_sending_twice_and_delivering_twice_changes_nothing(sent):
    sent.run("deliver")
    again = sent.run("send", EDITION)
    assert (again.code, again.out) == (
        0,
        f"{EDITION} was sent already to 3 readers; nothing done\n",
    )
    assert sent.run("deliver").code == 0
    assert len(list((sent.root / "outbox/mail/new").iterdir())) == 3


def test_a_send_names_the_count_and_asks(site):
    site.story("a")
    site.build()
    site.run("subscribers", "add", "ana@x.example")
    asked = site.run("send", "morning")
    assert (asked.code, asked.err) == (
        2,
        f"publisher: Send {EDITION} “A” to 1 reader?\n  There is nobody to ask.\n  Answer it with --yes.\n",
    )
    assert site.run("send", "morning", "-n").out == f"{EDITION}: 1 reader would get “A”\n"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'sender = "letter@test.example"',
            "",
            "publisher.toml: there is no sender\n  Nothing can be sent without the address that the mails come from.",
        ),
        (
            'city = "Berlin"',
            "",
            "publisher.toml: there is no postal address\n  Nothing is sent without one: the law of many countries wants it",
        ),
        (
            "https://test",
            "http://test",
            "publisher.toml: the links of mails do not lead to https\n  Nothing is sent: one-click unsubscribing needs it (RFC 8058).",
        ),
    ],
)
def test_nothing_is_sent_without_what_bulk_mail_must_have(site, old, new, message):
    site.config(CONFIG.replace(old, new))
    site.story("a")
    site.build()
    site.run("subscribers", "add", "ana@x.example")
    result = site.run("send", EDITION, "--yes")
    assert result.code == 3
    assert result.err.startswith(f"publisher: {message}")


def test_an_edition_older_than_the_postal_address_is_built_again_first(site):
    site.config(CONFIG.replace('city = "Berlin"', ""))
    site.story("a")
    site.build()
    site.run("subscribers", "add", "ana@x.example")
    site.config(CONFIG)
    result = site.run("send", EDITION, "--yes")
    assert (result.code, result.err.split("\n")[0]) == (
        3,
        f"publisher: {EDITION} does not show the postal address of publisher.toml",
    )
    site.build()
    assert site.run("send", EDITION, "--yes").code == 0


def test_a_newsletters_name_means_its_newest_edition(sent):
    sent.story("b", date="2026-11-24 12:00")
    sent.build("2026-11-25 07:00")
    newest = "morning@2026-11-25T0700"
    assert sent.run("send", "morning", "-n").out.startswith(newest)
    assert sent.run("report", "morning", "--json").json["send"]["edition"] == EDITION
    assert sent.run("send", "morning", "--yes", "--at", "2026-11-25 07:00").out.startswith(newest)
    assert sent.run("report", "morning", "--json").json["send"]["edition"] == newest
    assert sent.run("send", "2026-11", "-n").code == 2


def test_what_is_out_cannot_be_held(sent):
    sent.run("deliver")
    for verb in (["hold"], ["cancel", "--yes"]):
        result = sent.run(verb[0], "morning", *verb[1:])
        assert (result.code, result.err) == (
            2,
            f"publisher: nobody waits for {EDITION} any more\n  The next one is "
            "morning@2026-11-25T0700: name it by its id.\n",
        )


@pytest.mark.parametrize("harm", ["damaged", "lost"])
def test_a_bundle_that_was_lost_is_put_back_if_the_same_can_be_made(sent, harm):
    folder = sent.root / "outbox/editions" / EDITION
    if harm == "damaged":
        (folder / "message.html").write_text("x")
    else:
        shutil.rmtree(sent.root / "outbox")
    assert sent.run("deliver").code == 4
    built = sent.build()
    assert f"it was damaged or lost, and is back: publisher release {EDITION}" in built.out
    sent.run("release", "morning")
    assert (sent.run("deliver").code, counts(sent)) == (0, {"filed": 3})


def test_a_bundle_that_cannot_be_made_again_is_said_to_be_lost(sent):
    shutil.rmtree(sent.root / "outbox")
    sent.story("a", title="Another")
    assert "cannot be made again as it was" in sent.build().err


def test_an_edition_that_waits_may_start_at_another_time_and_one_that_started_not(site):
    site.story("a")
    site.build()
    site.run("subscribers", "add", "ana@x.example")
    site.run("send", EDITION, "--yes", "--start", "2030-01-01 00:00")
    moved = site.run("send", EDITION, "--yes", "--start", "2031-01-01 00:00")
    assert moved.out == f"{EDITION}: in the queue, starts 2030-12-31 23:00 UTC for 1 reader\n"
    site.run("deliver", "--at", "2031-01-01 00:00")
    late = site.run("send", EDITION, "--yes", "--start", "2032-01-01 00:00")
    assert late.err == f"publisher: {EDITION} cannot be moved: it is sent\n"


def test_a_held_edition_is_not_let_go_by_moving_it(sent):
    sent.run("hold", "morning")
    moved = sent.run("send", EDITION, "--yes", "--start", "2032-01-01 00:00")
    assert moved.code == 3
    assert f"{EDITION} is held" in moved.err
    assert sent.run("deliver").code == 4
    assert counts(sent) == {"queued": 3}


def test_a_pace_of_one_in_a_few_seconds_still_drains_the_queue(sent):
    sent.config(CONFIG + "[delivery]\nper_second = 1.5\n")
    assert (sent.run("deliver").code, counts(sent)) == (0, {"filed": 3})


def test_a_pace_that_cannot_reach_everyone_is_refused(site):
    site.config(CONFIG + "[delivery]\nper_day = 1\n")
    site.story("a")
    site.build()
    for name in ("ana", "bob", "cy"):
        site.run("subscribers", "add", f"{name}@x.example")
    result = site.run("send", EDITION, "--yes")
    assert (result.code, result.err.split("\n")[0]) == (
        3,
        "publisher: at the pace in publisher.toml 3 readers take 36 hours",
    )


def test_a_policy_that_refuses_everyone_holds_the_domain_and_fails_few(site):
    site.config(CONFIG + "[delivery]\nbreaker = 3\nconnections = 1\n")
    site.story("a")
    site.build()
    for n in range(8):
        site.run("subscribers", "add", f"r{n}@big.example")
    site.run("send", EDITION, "--yes")
    soon = f"{now() + timedelta(minutes=1):%Y-%m-%d %H:%M}"
    _, delivered = run_with(site, lambda *_: Reply(code=550, status="5.7.1", text="policy"), soon)
    assert list(delivered.held) == ["big.example"]
    assert sum(n for state, n in counts(site).items() if state in ("queued", "deferred")) == 8


def test_what_failed_is_tried_again_when_an_editor_asks(sent):
    refuse = ["550 5.6.0 no"] * 3
    with Server(lambda stage, _: refuse.pop() if stage == "dot" and refuse else None) as server:
        smtp(sent, server)
        sent.run("deliver")
        assert counts(sent) == {"failed": 3}
        assert (
            sent.run("release", "morning", "--failed").out
            == f"{EDITION}: 3 messages in the queue again\n"
        )
        assert sent.run("deliver").code == 0
    assert counts(sent) == {"accepted": 3}
    assert sent.run("release", "morning", "--failed").code == 2


def test_smtp_settings_without_a_host_are_no_way_to_send_into_files(sent):
    sent.config(CONFIG + "\n[smtp]\nport = 25\n")
    assert "smtp names no host" in sent.run("deliver").err


def test_check_tells_what_send_would_refuse(site):
    site.config(
        CONFIG.replace("https://test", "http://test")
        .replace("letter@test", "letter@news")
        .replace('city = "Berlin"', "")
    )
    out = site.run("check").out
    for what in (
        "there is no postal address",
        "the links of mails do not lead to https",
        "base_url or sender is still the news.example that init wrote",
    ):
        assert f"warning: publisher.toml: {what}" in out


def test_status_says_what_is_next(site):
    site.story("a")
    assert "Next" in site.run("status").err
    site.build()
    site.run("subscribers", "add", "ana@x.example")
    assert site.run("status").err.strip().endswith(f"send {EDITION}")
    site.run("send", EDITION, "--yes")
    assert site.run("status").err.strip().endswith("deliver")
    site.run("deliver")
    assert site.run("status").err.strip().endswith(f"report {EDITION}")
    assert site.run("status", "--at", "2026-11-25 08:00").err.strip().endswith("build")


def test_nobody_to_send_to_is_said(site):
    site.story("a")
    site.build()
    result = site.run("send", EDITION, "--yes")
    assert (result.code, "nobody subscribes to morning" in result.err) == (3, True)


def test_what_was_sent_is_neither_built_again_nor_removed(sent):
    before = sent.outbox()
    sent.story("b")
    built = sent.build()
    assert f"{EDITION}  sent  its audience is frozen: it stays as it is" in built.out
    assert {k: v for k, v in sent.outbox().items() if "editions" in k} == {
        k: v for k, v in before.items() if "editions" in k
    }
    removed = sent.run("outbox", "remove", EDITION)
    assert f"publisher cancel {EDITION}" in removed.err
    assert sent.run("deliver").code == 0
    removed = sent.run("outbox", "remove", EDITION)
    assert removed.err == (
        f"publisher: {EDITION} was sent, and stays\n  It is the record of what its readers have.\n"
    )


def test_what_was_built_and_not_sent_is_called_so(site):
    site.story("a")
    site.build()
    for verb in ("report", "release"):
        said = site.run(verb, "morning")
        assert said.err == (
            f"publisher: {EDITION} was built, and nobody was sent it yet\n"
            f"  Send it: publisher send {EDITION}\n"
        )


def test_an_edition_named_before_the_reader_is_understood(sent):
    right = sent.run("why", "ana@x.example", EDITION)
    assert (right.code, sent.run("why", EDITION, "ana@x.example")) == (0, right)


def test_a_report_counts_as_left_who_got_the_edition(sent):
    assert sent.run("deliver").code == 0
    gone = sent.root / "gone.csv"
    gone.write_text("email,status\nold@x.example,unsubscribed\nana@x.example,unsubscribed\n")
    assert sent.run("subscribers", "import", str(gone)).code == 0
    report = sent.run("report", EDITION).out
    assert "left since then, until the next edition: 1 by import of gone.csv" in report
    assert " min\n" not in report


def test_a_bundle_that_was_changed_is_held_and_not_sent(sent):
    path = sent.root / f"outbox/editions/{EDITION}/message.txt"
    path.write_text("Buy now")
    result = sent.run("deliver")
    assert result.code == 4
    assert "message.txt was changed" in result.err
    assert counts(sent) == {"queued": 3}
    assert "held" in sent.run("audit").out


def test_hold_release_and_cancel(sent):
    assert sent.run("hold", "morning", "--reason", "a typo").out == f"{EDITION}: held\n"
    held = sent.run("deliver")
    assert (held.code, held.out) == (
        4,
        f"nothing to send now\n  {EDITION} is held, 3 wait: a typo\n",
    )
    assert "held, 3 wait: a typo" in sent.run("audit").out
    assert f"{EDITION}  held  3 queued" in sent.run("status").out
    assert sent.run("hold", "morning").code == 2
    assert sent.run("release", "morning").out == f"{EDITION}: in the queue\n"
    assert (
        sent.run("cancel", "morning", "--yes").out
        == f"{EDITION}: cancelled; 0 have it, 3 do not get it\n"
    )
    assert (counts(sent), sent.run("audit").code) == ({"cancelled": 3}, 0)
    assert not (sent.root / "outbox/mail/new").exists()


def test_nothing_starts_before_its_time(site):
    site.story("a")
    site.build()
    site.run("subscribers", "add", "ana@x.example")
    site.run("send", EDITION, "--yes", "--start", "2030-01-01 00:00")
    early = site.run("deliver")
    assert (early.code, "more is due from 2029-12-31 23:00 UTC" in early.out) == (4, True)
    assert site.run("deliver", "--at", "2030-01-01 00:00").code == 0


def test_who_leaves_after_the_freeze_gets_nothing(sent):
    sent.run("subscribers", "remove", "bob@x.example")
    sent.run("deliver")
    assert counts(sent) == {"filed": 2, "suppressed": 1}
    assert sent.run("why", "bob@x.example", EDITION).out.splitlines()[-1].endswith("suppressed")


def test_a_test_is_a_real_mail_that_changes_nothing(sent):
    with Server() as server:
        smtp(sent, server)
        before = sent.run("report", EDITION, "--json").json
        result = sent.run("test", "morning", "--to", "me@y.example", "--as", "ana@x.example")
        assert result.out == f"{EDITION}: sent to me@y.example (250 2.0.0 kept)\n"
        ((to, data),) = server.messages
        assert (to, b"Subject: [Test] A\r\n" in data, b"Ana" in data) == (
            "me@y.example",
            True,
            True,
        )
        assert b"unsubscribe/test>" in data
        assert sent.run("report", EDITION, "--json").json == before


def test_every_reader_is_accounted_for_whatever_the_server_says(sent):
    replies = {"ana@x.example": "550 5.1.1 no such user", "bob@x.example": "450 4.2.0 greylisted"}
    with Server(lambda stage, to: replies.get(to) if stage == "rcpt" else None) as server:
        smtp(sent, server)
        result = sent.run("deliver")
        assert result.code == 4
        assert counts(sent) == {"accepted": 1, "bounced": 1, "deferred": 1}
        report = sent.run("report", EDITION).out
        assert "1  550 5.1.1 no such user" in report
        why = sent.run("why", "bob@x.example", EDITION).out
        assert "deferred: 450 4.2.0 greylisted" in why
        del replies["bob@x.example"]
        assert sent.run("deliver").code == 4  # not yet
        assert sent.run("deliver", "--at", "2099-01-01 00:00").code == 4
    assert counts(sent) == {"accepted": 1, "bounced": 1, "failed": 1}  # expired long ago


def test_a_server_that_refuses_our_address_stops_the_run_and_no_reader_fails(sent):
    with Server(lambda stage, _: "550 5.7.1 who are you" if stage == "mail" else None) as server:
        smtp(sent, server)
        result = sent.run("deliver")
        assert result.code == 75
        assert (
            "the server does not take mail from letter@test.example: 550 5.7.1 who are you"
            in result.err
        )
    assert counts(sent) == {"queued": 3}


def test_a_refusal_of_our_address_is_told_by_all_and_ends_when_it_is_taken_again(sent):
    says = ["550 5.4.5 Daily user sending quota exceeded."]
    reason = "the server refuses us: it takes no mail from letter@test.example: 550 5.4.5 Daily"
    with Server(lambda stage, _: says[0] if stage == "mail" and says else None) as server:
        smtp(sent, server)
        assert sent.run("deliver").code == 75
        assert (sent.run("audit").code, reason in sent.run("status").out) == (1, True)
        asked = sum("MAIL" in line for line in server.commands)
        assert sent.run("run", "--once").code == 75  # the service leaves it alone for an hour
        assert sum("MAIL" in line for line in server.commands) == asked
        says.clear()
        assert sent.run("deliver").code == 0  # a person asks
    assert counts(sent) == {"accepted": 3}
    assert sent.run("audit").code == 0


def test_a_server_that_is_not_there_loses_nothing(sent, monkeypatch, free_port):
    monkeypatch.setattr("publisher.delivery.course.PATIENCE", (0.01,))
    smtp(sent, SimpleNamespace(port=free_port()))
    result = sent.run("deliver")
    assert (result.code, "does not answer" in result.err) == (75, True)
    assert counts(sent) == {"queued": 3}


def test_a_run_of_dead_readers_holds_their_domain_and_not_them(site):
    site.config(CONFIG + "[delivery]\nbreaker = 3\nconnections = 1\n")
    site.story("a")
    site.build()
    for n in range(6):
        site.run("subscribers", "add", f"r{n}@big.example")
    site.run("subscribers", "add", "ana@x.example")
    site.run("send", EDITION, "--yes", "--at", AT)

    def dead(envelope, _):
        is_big = "big" in envelope.recipient
        return Reply(code=550, status="5.1.1", stage="rcpt") if is_big else Reply(code=250)

    _, delivered = run_with(site, dead)
    assert list(delivered.held) == ["big.example"]
    found = counts(site)
    assert (found.pop("accepted"), sum(found.values()), found.keys() - {"deferred", "queued"}) == (
        1,
        6,
        set(),
    )
    memory, _ = run_with(site, lambda *_: Reply(code=250), at="2026-11-24 08:30")
    assert len(memory.messages) == 6
    assert counts(site) == {"accepted": 7}


def test_a_connection_lost_after_the_dot_is_sent_again_with_the_same_message_id(sent):
    gone = iter(["accept-close"])
    with Server(lambda stage, _: next(gone, None) if stage == "dot" else None) as server:
        smtp(sent, server, "[delivery]\nconnections = 1")
        result = sent.run("deliver")
        assert result.code == 4
        assert "may have morning@2026-11-24T0700; sent again with the same Message-ID" in result.out
        sent.run("deliver", "--at", "2026-11-24 06:00")
        soon = f"{now() + timedelta(minutes=2):%Y-%m-%dT%H:%M}Z"
        sent.run("deliver", "--at", soon)
        ids = [email.message_from_bytes(data)["Message-ID"] for _, data in server.messages]
    assert (len(ids), len(set(ids))) == (4, 3)
    assert (
        "1 message in doubt: sent again, they may arrive twice" in sent.run("report", EDITION).out
    )


def test_with_hold_what_is_uncertain_waits_for_a_person(sent):
    gone = iter(["accept-close"])
    with Server(lambda stage, _: next(gone, None) if stage == "dot" else None) as server:
        smtp(sent, server, '[delivery]\nconnections = 1\non_uncertain = "hold"')
        assert sent.run("deliver").code == 4
        listed = sent.run("uncertain", "list")
        assert (listed.code, listed.out.count("@x.example")) == (4, 1)
        assert "may have been accepted" in sent.run("audit").out
        assert sent.run("uncertain", "resolve", "--as", "sent").out == "1 message: sent\n"
        assert len(server.messages) == 3
    assert (counts(sent), sent.run("uncertain", "list").code) == ({"accepted": 3}, 0)


def test_a_command_takes_messages_on_its_standard_input(sent):
    out = sent.root / "taken"
    script = sent.root / "sendmail"
    script.write_text(
        f'#!/bin/sh\ncase "$4" in bob*) exit 67;; cy*) exit 75;; esac\ncat > "{out}-$4"\n'
    )
    script.chmod(0o755)
    words = json.dumps([str(script), "-f", "{sender}", "--", "{recipient}"])
    sent.config(CONFIG + f"\n[delivery]\ncommand = {words}\n")
    assert sent.run("deliver").code == 4
    assert counts(sent) == {"accepted": 1, "bounced": 1, "deferred": 1}
    data = Path(f"{out}-ana@x.example").read_bytes()
    assert b"\r" not in data
    assert email.message_from_bytes(data)["Subject"] == "A"


def test_a_day_has_its_limit(sent):
    with Server() as server:
        smtp(sent, server, "[delivery]\nper_day = 2")
        assert sent.run("deliver").code == 4
        assert len(server.messages) == 2


@pytest.mark.parametrize("way", ["eml", "mbox", "maildir"])
def test_an_edition_is_exported_and_counts_as_sent_nowhere(sent, way):
    target = sent.root / "out"
    result = sent.run("outbox", "export", "morning", f"--{way}", str(target))
    assert result.out == f"3 messages in {target}\n"
    if way == "eml":
        found = [email.message_from_bytes(p.read_bytes()) for p in target.iterdir()]
    else:
        box = mailbox.mbox(target) if way == "mbox" else mailbox.Maildir(str(target))
        found = list(box)
        box.close()
    assert sorted(one["To"].split("<")[1] for one in found) == [
        "ana@x.example>",
        "bob@x.example>",
        "cy@x.example>",
    ]
    assert counts(sent) == {"queued": 3}


def test_a_locked_ledger_is_waited_for_and_then_named(sent, monkeypatch):
    monkeypatch.setattr(engine, "WAIT", 0.2)
    other = sqlite3.connect(sent.root / ".publisher/ledger.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    result = sent.run("deliver")
    assert (result.code, "locked by another program" in result.err) == (5, True)
    other.execute("ROLLBACK")
    other.close()
    assert sent.run("deliver").code == 0
    assert counts(sent) == {"filed": 3}


def test_watch_ends_when_all_is_settled(sent):
    sent.run("deliver")
    assert sent.run("watch", EDITION).out == "          3  filed\n"


def test_a_readers_editions_are_shown_with_the_reader(sent):
    sent.run("deliver")
    shown = sent.run("subscribers", "show", "ana@x.example")
    assert shown.out.endswith(f"editions\n  {EDITION}  filed\n")


def test_status_tells_of_readers_and_sends(sent):
    out = sent.run("status").out
    assert "Readers\n  morning  3 active\n" in out
    assert f"{EDITION}  queued  3 queued" in out


def test_a_server_that_takes_two_connections_only_gets_all_messages_on_them(sent, monkeypatch):
    monkeypatch.setattr("publisher.delivery.course.PATIENCE", (0.01,))
    open_ = []

    def script(stage, _):
        if stage == "greeting":
            open_.append(1)
            return "last 421 too many connections" if len(open_) > 2 else None
        return None

    with Server(script) as server:
        smtp(sent, server, "[delivery]\nconnections = 4")
        sent.run("deliver")
        assert len(server.messages) == 3
    assert counts(sent) == {"accepted": 3}


def test_who_leaves_while_a_connection_is_opened_anew_gets_nothing(sent):
    def script(stage, to):
        if stage == "rcpt" and to.startswith("bob") and not left:
            left.append(sent.run("subscribers", "remove", "bob@x.example").code)
            return "close"
        return None

    left = []
    readers = {r["address"]: r["id"] for r in sent.run("subscribers", "list", "--json").json}
    with Server(script) as server:
        smtp(sent, server, "[delivery]\nconnections = 1")
        sent.run("deliver")
        assert left == [0]
        got = [to for to, _ in server.messages]
    is_first = min(readers, key=readers.__getitem__) == "bob@x.example"
    assert is_first or "bob@x.example" not in got


def test_what_expires_during_a_run_has_failed_when_it_ends(sent):
    replies = {"bob@x.example": "450 later"}
    with Server(lambda stage, to: replies.get(to) if stage == "rcpt" else None) as server:
        smtp(sent, server)
        sent.run("deliver")
        result = sent.run("deliver", "--at", "2099-01-01 00:00")
    assert (result.code, "1  failed: not sent in time" in result.out) == (4, True)
    assert counts(sent) == {"accepted": 2, "failed": 1}


def test_an_address_of_links_beyond_ascii_is_written_in_ascii(site):
    site.config(CONFIG.replace("https://test.example", "https://bücher.example/ü"))
    site.story("a")
    site.build()
    site.run("subscribers", "add", "ana@x.example")
    site.run("send", EDITION, "--yes")
    assert site.run("deliver").code == 0
    (path,) = (site.root / "outbox/mail/new").iterdir()
    assert b"<https://xn--bcher-kva.example/%C3%BC/unsubscribe/1." in path.read_bytes()


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (
            '[smtp]\nhost = "smtp..example"',
            "publisher.toml:30: smtp.host must be the name of a server",
        ),
        (
            '[smtp]\nhost = "h"\ntimeout = "0s"',
            "publisher.toml:31: smtp.timeout must be at least a second",
        ),
        ("[smtp]\nport = 70000", "publisher.toml:30: smtp.port must be a port, 1 to 65535"),
        ("[delivery]\nconnections = 0", "publisher.toml:30: delivery.connections must be 1 to 200"),
        (
            '[delivery]\ntransport = "pigeon"',
            "publisher.toml:30: delivery.transport must be one of auto, maildir, smtp, command, postmark, ",
        ),
        ('[delivery]\ntransport = "smtp"', "publisher.toml: smtp.host is missing"),
        (
            '[delivery]\ncommand = ["nope", "{recipient}"]',
            "delivery.command: there is no program 'nope'",
        ),
        ('[delivery]\ncommand = ["cat"]', "delivery.command does not say where {recipient} goes"),
        ('[smtp]\nhost = "127.0.0.1"\nca = "no.pem"', "there is no file"),
        (
            '[delivery]\nreply_to = "nobody"',
            "publisher.toml:30: delivery.reply_to must be an address such as letter@news.example",
        ),
    ],
)
def test_a_mistake_in_the_settings_is_named_and_loses_nothing(sent, extra, message):
    sent.config(CONFIG + "\n" + extra + "\n")
    result = sent.run("deliver")
    assert result.code == 2, result
    assert result.err.startswith(f"publisher: {message}")
    sent.config(CONFIG)
    assert counts(sent) == {"queued": 3}


def test_a_ledgers_password_is_shown_nowhere(sent):
    sent.config(
        CONFIG.replace(
            "[publication]", '[publication]\nledger = "postgresql://u:s3cret@localhost:1/x"'
        )
    )
    for words in (("config", "show"), ("config", "show", "--json"), ("status",), ("build",)):
        result = sent.run(*words)
        assert "s3cret" not in result.out + result.err, words


def test_a_send_in_the_past_is_refused_and_one_that_is_out_says_so(sent):
    sent.run("deliver")
    assert sent.run("send", EDITION).out == (
        f"{EDITION} was sent already to 3 readers; nothing done\n"
    )
    sent.story("b", date="2026-11-24 12:00")
    sent.build("2026-11-25 07:00")
    late = sent.run("send", "2026-11-25", "--yes", "--start", "2026-01-01 00:00")
    assert (late.code, late.err.split("\n")[0]) == (2, "publisher: 2025-12-31 23:00 UTC has passed")


# Crashes: `make crash` runs the same in full.


@pytest.mark.slow
def test_senders_killed_at_random_lose_nobody_and_double_few():
    tally = harness.at_random(6, "resend", seed=1)
    assert (tally.lost, tally.otherwise, tally.faults) == (0, 0, [])
    assert tally.kills >= 6


@pytest.mark.slow
def test_with_hold_senders_killed_at_random_double_nobody():
    tally = harness.at_random(4, "hold", seed=2)
    assert (tally.lost, tally.doubled, tally.faults) == (0, 0, [])


@pytest.mark.slow
def test_a_sender_asked_to_stop_doubles_nobody_and_leaves_nothing_uncertain():
    tally = harness.at_random(3, "resend", seed=3, number=signal.SIGTERM)
    assert (tally.lost, tally.doubled, tally.uncertain, tally.faults) == (0, 0, 0, [])


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["resend", "hold"])
def test_wherever_a_sender_dies_each_reader_is_accounted_for(policy):
    steps = [
        "freeze-before",
        "freeze-after",
        "claim-after",
        "mark-before",
        "mark-after",
        "send-before",
        "send-after",
        "finish-before",
        "recover-after",
    ]
    tally = harness.at_every_step(policy, steps, [1])
    assert (tally.lost, tally.otherwise, tally.faults) == (0, 0, [])
    assert policy == "resend" or tally.doubled == 0
    assert tally.kills == len(steps)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("strace"), reason="no strace (Debian: apt-get install strace)")
@pytest.mark.parametrize(
    ("calls", "every", "fault"),
    [
        (("fdatasync", "sendmsg"), 5, "signal=KILL"),
        (("pwrite64",), 10, "error=ENOSPC"),
        (("fdatasync",), 3, "error=EIO"),
    ],
)
def test_wherever_the_system_fails_nobody_is_lost(calls, every, fault):
    tally = harness.at_system_calls(calls, every, "resend", fault)
    assert (tally.lost, tally.otherwise, tally.faults) == (0, 0, [])
    assert tally.kills > 0


@pytest.mark.slow
def test_two_senders_one_of_them_asleep_past_its_lease():
    tally = harness.stopped_past_its_lease()
    assert (tally.lost, tally.faults) == (0, [])
    assert harness.together(3).doubled == 0


@pytest.mark.slow
def test_the_sweep_finds_what_is_wrong_with_bad_designs():
    assert harness.bad_design("checkpoint", 4, seed=4).lost > 0
    assert harness.bad_design("marks", 4, seed=5).doubled > 0


@pytest.mark.slow
def test_an_unsubscribe_during_the_send_stops_that_readers_message():
    with harness.campaign(200, pause=0.05) as one:
        one.frozen()
        readers = {
            r["address"]: r["id"]
            for r in one.site.run("subscribers", "list", "--json", "--limit", "0").json
        }
        last = sorted(readers, key=readers.__getitem__)[-20:]  # they go in order of id
        process = one.start()
        until(one.log.read_text)
        for address in last:
            assert one.site.run("subscribers", "remove", address).code == 0
        process.wait(harness.SOON)
        got = {line.split()[0] for line in one.log.read_text().splitlines()}
        assert one.counts() == {"accepted": 180, "suppressed": 20}
        assert not got & set(last)


# A real mail server


@pytest.mark.slow
def test_a_real_postfix_takes_every_message_and_delivers_it_whole(site, postfix):
    port, box = postfix
    site.config(CONFIG + f'\n[smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n')
    site.story("a", title="“Näxt” train 🚆")
    site.build()
    csv = site.root / "r.csv"
    csv.write_text("email,name\n" + "".join(f"r{n}@x.example,Reader Ñ {n}\n" for n in range(60)))
    site.run("subscribers", "import", str(csv))
    site.run("send", EDITION, "--yes")
    result = site.run("deliver")
    assert (result.code, counts(site)) == (0, {"accepted": 60}), result
    until(lambda: box.is_dir() and len(list(box.iterdir())) == 60)
    found = [
        email.message_from_bytes(p.read_bytes(), policy=email.policy.default) for p in box.iterdir()
    ]
    assert len({one["Message-ID"] for one in found}) == 60
    assert {one["Subject"] for one in found} == {"“Näxt” train 🚆"}
    assert all(not part.defects for one in found for part in one.walk())


@pytest.mark.slow
def test_with_a_ledger_on_postgresql_each_reader_is_mailed_once_as_well(postgresql, monkeypatch):
    import sqlalchemy as sa

    admin = sa.create_engine(postgresql, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as db:
        db.exec_driver_sql("CREATE DATABASE letters")
    monkeypatch.setenv(
        "PUBLISHER_LEDGER", postgresql.replace("/postgres?", "/letters?").replace("+psycopg", "")
    )
    with harness.campaign(200, pause=0.002) as one:
        one.frozen()
        for number in range(3):
            process = one.start()
            until(lambda enough=20 * (number + 1): len(one.log.read_text().split("\n")) > enough)
            one.kill(process)
        one.settle()
        tally = one.tally("postgresql")
        assert not (one.site.root / ".publisher/ledger.db").exists()
    with admin.connect() as db:
        db.exec_driver_sql("DROP DATABASE letters WITH (FORCE)")
    assert (tally.lost, tally.otherwise, tally.faults) == (0, 0, [])
