"""A complaint that a provider tells by its webhook leaves the reader alone whom we had mailed."""

import json
import shutil
from contextlib import closing

import pytest
from starlette.testclient import TestClient

from publisher.delivery.providers import api_of
from publisher.model import Envelope, ProviderSettings
from publisher.pipeline.returns import take
from publisher.pipeline.workspace import Workspace
from publisher.web import application
from tests.acceptance.test_providers import config
from tests.crash.harness import EDITION
from tests.providerd import DOMAIN, KEY, Server
from tests.site import Site
from tests.unit.returns.webhooks.calls import (
    AT,
    SECRET,
    from_amazon,
    hook,
    mailgun,
    resend,
    sendgrid,
    sns,
    with_secret,
)

NAMES = ("postmark", "ses", "mailgun", "sendgrid", "brevo", "resend")


@pytest.fixture(scope="module")
def mailed(tmp_path_factory):
    """A publication whose edition went to a reader for each provider; and the messages."""
    site = Site(tmp_path_factory.mktemp("told") / "site")
    site.story("a")
    site.build()
    for name in (*NAMES, "nobody"):
        site.run("subscribers", "add", f"{name}@x.example")
    with Server() as server, pytest.MonkeyPatch.context() as patched:
        patched.setenv("PUBLISHER_PROVIDER_KEY", KEY)
        site.config(config("mailgun", server.url))
        site.run("send", EDITION, "--yes")
        assert site.run("deliver").code == 0
        return site, {to: content["mime"] for to, _, content in server.messages}


def complaint(name, address, message):
    """The call by which a provider tells of a complaint about a message that it was handed."""
    settings = ProviderSettings(region="eu-central-1" if name == "ses" else "")
    provider = api_of(name, settings, DOMAIN, {}).provider
    asked = provider.ask(Envelope(sender="", recipient=address), message, None).body
    sent = {} if name == "mailgun" else json.loads(asked)
    match name:
        case "postmark":
            event = {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "ID": 7}
            return with_secret({**event, "Email": address, "Metadata": sent["Metadata"]})
        case "ses":
            tags = {one["Name"]: [one["Value"]] for one in sent["EmailTags"]}
            whom = {"complainedRecipients": [{"emailAddress": address}]}
            return sns({"eventType": "Complaint", "complaint": whom, "mail": {"tags": tags}})
        case "mailgun":
            told = message.partition(b"Message-ID: <")[2].partition(b">")[0].decode()
            named = {"message": {"headers": {"message-id": told}}}
            return mailgun({"event": "complained", "recipient": address, **named})
        case "sendgrid":
            event = {"event": "spamreport", "email": address, "sg_event_id": "x"}
            return sendgrid([{**event, **sent["custom_args"]}])
        case "brevo":
            custom = sent["headers"]["X-Mailin-custom"]
            return with_secret({"event": "spam", "email": address, "X-Mailin-custom": custom})
    tags = {one["name"]: one["value"] for one in sent["tags"]}
    return resend({"type": "email.complained", "data": {"to": [address], "tags": tags}})


@pytest.mark.parametrize("name", NAMES)
def test_a_complaint_that_a_provider_tells_leaves_the_reader_alone_and_counts_once(mailed, name):
    site, messages = mailed
    address = f"{name}@x.example"
    told = hook(name, from_amazon).read(complaint(name, address, messages[address]))
    space = Workspace(site.root, AT, writing=True)
    try:
        (one,) = take.take_told(space, told, now=AT)
        assert one.proof
        assert take.take_told(space, told, now=AT) == []
    finally:
        space.close()
    assert "complain" in site.run("subscribers", "show", address).out
    assert "complain" not in site.run("subscribers", "show", "nobody@x.example").out


def test_a_provider_that_calls_the_web_server_is_recorded(mailed, tmp_path, monkeypatch):
    site, messages = mailed
    monkeypatch.setenv("PUBLISHER_WEBHOOK_SECRET", SECRET)
    copy = Site(shutil.copytree(site.root, tmp_path / "site"))
    ours = messages["nobody@x.example"].partition(b"Message-ID: <")[2].partition(b">")[0].decode()
    headers = {"message": {"headers": {"message-id": ours}}}
    told = mailgun(
        {"event": "complained", "recipient": "nobody@x.example", **headers}, token="u" * 50
    )
    with closing(Workspace(copy.root, AT, writing=True)) as space:
        client = TestClient(application(space, lambda: AT))
        answer = client.post("/hooks/mailgun", content=told.body, headers=dict(told.headers))
    assert (answer.status_code, answer.text) == (200, "Taken.\n")
    (one,) = copy.run("bounces", "list", "nobody@x.example", "--json").json
    assert (one["what"], one["proof"]) == ("complaint", "message-id")
