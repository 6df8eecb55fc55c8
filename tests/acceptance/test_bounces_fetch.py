"""What lies in a mailbox or a Maildir, as an owner meets it: `bounces fetch`, and `run`."""

import os
import re
import shutil
import subprocess
import sys
import threading

import pytest

from tests.acceptance.test_service import running
from tests.imapd import Server
from tests.processes import until
from tests.returned import PERSONAL, bounce
from tests.site import CONFIG, Site

EDITION = "morning@2026-11-24T0700"
DELIVERY = """
[delivery]
transport = "command"
command = ["sh", "-c", "cat > MAILS/$0", "{sender}", "{recipient}"]
return_path = "bounces@test.example"
verp = true
"""


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """A publication that sent an edition to two readers, and their return paths."""
    root = tmp_path_factory.mktemp("ways") / "site"
    site = Site(root, CONFIG + DELIVERY.replace("MAILS", str(root / "mails")))
    (root / "mails").mkdir()
    site.story("a")
    site.build()
    for name in ("ana", "ben"):
        assert site.run("subscribers", "add", f"{name}@reader.example").code == 0
    assert site.run("send", EDITION, "--yes").code == 0
    assert site.run("deliver").code == 0
    paths = {}
    for path in (root / "mails").iterdir():
        (name,) = re.findall(r"^To: .*<?(ana|ben)@", path.read_text(), re.MULTILINE)
        paths[name] = path.name
    return site, paths


def dead(path, name):
    return (
        b"Delivered-To: "
        + path.encode()
        + b"\r\n"
        + bounce(f"{name}@reader.example", serial=ord(name[0]))
    )


def configured(site, text):
    toml = (site.root / "publisher.toml").read_text().partition("[returns")[0]
    (site.root / "publisher.toml").write_text(toml + text)


def test_what_lies_in_a_mailbox_is_recorded_once_and_moved(sent, monkeypatch):
    site, paths = sent
    monkeypatch.setenv("PUBLISHER_IMAP_PASSWORD", "secret")
    with Server() as server:
        text = f'[returns.imap]\nhost = "127.0.0.1"\nport = {server.port}\nuser = "reader"\n'
        configured(site, text + 'security = "none"\n')
        server.deliver(dead(paths["ana"], "ana"))
        server.deliver(PERSONAL)
        would = site.run("bounces", "fetch", "--dry-run")
        assert would.out == "imap: 2 messages would be read, and moved\n"
        assert site.run("bounces", "fetch", "-n", "--json").json == {"imap": 2}
        result = site.run("bounces", "fetch")
        assert (result.code, result.out) == (0, "2 messages: 1 read, 1 for a person\n"), result.err
        assert len(server.texts("Publisher/read")) == len(server.texts("Publisher/personal")) == 1
        server.deliver(dead(paths["ana"], "ana"))  # brought twice, it counts once
        assert site.run("bounces", "fetch", "--json").json == {
            "messages": {"read": 1},
            "problems": [],
        }
    (one,) = site.run("bounces", "list", "ana@reader.example", "--json").json
    assert (one["what"], one["way"], one["proof"]) == ("dead", "imap", "return path")


def test_a_server_that_does_not_answer_is_tried_later(sent, free_port):
    site, _ = sent
    text = f'[returns.imap]\nhost = "127.0.0.1"\nport = {free_port()}\nuser = "reader"\n'
    configured(site, text + 'security = "none"\n')
    result = site.run("bounces", "fetch")
    assert result.code == 75
    assert "Nothing is lost: what is there is read later." in result.err


def test_where_nothing_is_named_nothing_is_fetched(sent):
    site, _ = sent
    configured(site, "")
    result = site.run("bounces", "fetch")
    assert result.code == 2
    assert "nothing is named where messages that come back lie" in result.err


def test_a_maildir_is_fetched(sent):
    site, paths = sent
    configured(site, '[returns]\nmaildir = "box"\n')
    for part in ("tmp", "new", "cur"):
        (site.root / "box" / part).mkdir(parents=True)
    (site.root / "box/new/1.a").write_bytes(dead(paths["ben"], "ben"))
    assert site.run("bounces", "fetch").out == "1 message: 1 read\n"
    (one,) = site.run("bounces", "list", "ben@reader.example", "--json").json
    assert (one["what"], one["way"]) == ("dead", "maildir")


@pytest.fixture
def copy(sent, tmp_path):
    """The publication that has sent, in a folder of the test's own."""
    site, paths = sent
    return Site(shutil.copytree(site.root, tmp_path / "site")), paths


def mailbox(site, server, **environment):
    text = f'[returns.imap]\nhost = "127.0.0.1"\nport = {server.port}\nuser = "reader"\n'
    configured(site, text + 'security = "none"\n')
    return {"PUBLISHER_IMAP_PASSWORD": "secret", **environment}


@pytest.mark.slow
def test_run_reads_what_comes_at_once_and_ends_while_it_waits(copy):
    site, paths = copy
    with Server() as server:
        environment = mailbox(site, server)
        with running(site, env=environment) as service:
            until(lambda: "IDLE" in server.commands)
            server.deliver(dead(paths["ben"], "ben"))
            service.says("1 by imap: 1 read")
            assert service.end() == 0
        assert len(server.texts("Publisher/read")) == 1
    (one,) = site.run("bounces", "list", "ben@reader.example", "--json").json
    assert one["what"] == "dead"


@pytest.mark.slow
def test_who_is_killed_between_the_record_and_the_move_reads_it_again_and_counts_it_once(
    copy, monkeypatch
):
    site, paths = copy
    with Server() as server:
        environment = mailbox(site, server)
        asked, killed = threading.Event(), threading.Event()

        def script(name):
            if name == "UID MOVE" and not killed.is_set():
                asked.set()
                killed.wait(30)
                return "drop"
            return None

        server.script = script
        server.deliver(dead(paths["ben"], "ben"))
        process = subprocess.Popen(
            [sys.executable, "-m", "publisher", "-C", str(site.root), "bounces", "fetch"],
            env={**os.environ, **environment},
        )
        assert asked.wait(60)
        process.kill()
        process.wait()
        killed.set()
        assert len(server.texts("INBOX")) == 1
        monkeypatch.setenv("PUBLISHER_IMAP_PASSWORD", "secret")
        assert site.run("bounces", "fetch").out == "1 message: 1 read\n"
        assert server.texts("INBOX") == [] and len(server.texts("Publisher/read")) == 1
    assert len(site.run("bounces", "list", "ben@reader.example", "--json").json) == 1
