"""An edition that leaves by a provider's interface: as an editor sees it, and when a sender dies."""

import signal
import subprocess
import sys

import pytest

from tests.crash.harness import CONNECTIONS, EDITION, ROOT, SOON, Campaign
from tests.processes import until
from tests.providerd import ACCESS, DOMAIN, KEY, SECRET, Server
from tests.site import CONFIG

SENDING = """
[delivery]
transport = "{name}"
connections = {connections}
on_uncertain = "{policy}"
[provider]
base_url = "{url}"
region = "{region}"
domain = "{domain}"
"""


@pytest.fixture(autouse=True)
def _keys(monkeypatch):
    monkeypatch.setenv("PUBLISHER_PROVIDER_KEY", KEY)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)


def config(name, url, policy="resend"):
    region = "eu-central-1" if name == "ses" else ""
    own = {"name": name, "url": url, "region": region, "policy": policy, "domain": DOMAIN}
    return CONFIG + SENDING.format(connections=CONNECTIONS, **own)


def test_an_edition_leaves_by_a_provider_and_a_wrong_key_leaves_everybody_waiting(
    site, monkeypatch
):
    site.story("a")
    site.build()
    for one in ("ana@x.example", "bo@y.example"):
        site.run("subscribers", "add", one)
    with Server() as server:
        site.config(config("postmark", server.url))
        assert site.run("send", EDITION, "--yes").code == 0
        monkeypatch.setenv("PUBLISHER_PROVIDER_KEY", "wrong-key")
        refused = site.run("deliver")
        assert refused.code == 2, refused
        assert "Postmark refuses us: it does not take the server token" in refused.err
        assert "wrong-key" not in refused.err
        assert site.run("report", EDITION, "--json").json["counts"] == {"queued": 2}
        monkeypatch.setenv("PUBLISHER_PROVIDER_KEY", KEY)
        done = site.run("deliver")
        assert (done.code, "2 messages by Postmark" in done.out + done.err) == (0, True), done
        assert site.run("report", EDITION, "--json").json["counts"] == {"accepted": 2}
        assert sorted(one for one, _, _ in server.messages) == ["ana@x.example", "bo@y.example"]
        assert KEY not in (site.root / "publisher.toml").read_text()


def test_a_provider_that_refuses_our_address_stops_the_sending_and_fails_nobody(site):
    site.story("a")
    site.build()
    site.run("subscribers", "add", "ana@x.example")
    no = (422, {}, {"ErrorCode": 401, "Message": "Sender signature not confirmed"})
    with Server(lambda method, _: no if method == "POST" else None) as server:
        site.config(config("postmark", server.url))
        site.run("send", EDITION, "--yes")
        refused = site.run("deliver")
        assert refused.code == 75
        assert "does not take mail from letter@test.example" in refused.err
        assert site.run("report", EDITION, "--json").json["counts"] == {"queued": 1}


@pytest.mark.slow
@pytest.mark.parametrize("name, policy", [("postmark", "hold"), ("resend", "resend")])
def test_senders_that_are_killed_lose_nobody_and_double_at_most_what_was_on_the_wire(
    tmp_path, name, policy
):
    log = tmp_path / "accepted.log"
    log.touch()
    command = [sys.executable, "-m", "tests.providerd", "--log", str(log), "--pause", "0.003"]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    try:
        port = int(server.stdout.readline())
        one = Campaign(tmp_path / "site", 200, policy, port, log)
        one.site.config(config(name, f"http://127.0.0.1:{port}", policy))
        one.frozen()
        for enough in (20, 60, 110):
            sender = one.start()
            until(lambda enough=enough: len(log.read_bytes().splitlines()) >= enough, SOON)
            one.kill(sender, signal.SIGKILL)
        one.settle()
        tally = one.tally(name)
    finally:
        server.kill()
        server.communicate()
    assert (tally.kills, tally.lost, tally.otherwise, tally.faults) == (3, 0, 0, [])
    assert tally.doubled <= (0 if name == "resend" or policy == "hold" else 3 * CONNECTIONS)
