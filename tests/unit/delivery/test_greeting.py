"""What is found at a mail server, without logging in."""

from datetime import UTC

import pytest

from publisher.delivery import Probed, Smtp, probe
from tests.certificates import certificate_of
from tests.smtpd import Server

HOST = "mail.news.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return certificate_of(HOST, tmp_path_factory.mktemp("tls"))


def greeted(server, **keys):
    """What comes of greeting a server on this machine as if it were the host."""
    return probe(Smtp(**{"host": HOST, "port": server.port, "timeout": 2, **keys}), "127.0.0.1")


def test_its_certificate_is_verified_and_nobody_logs_in(certificate):
    path, context = certificate
    with Server(tls=context) as server:
        found = greeted(server, ca=path, user="u", password="p", local="us.example")
        assert (found.outcome, found.version) == ("open", "TLSv1.3")
        assert found.until.tzinfo is UTC
        said = ["ehlo us.example", "STARTTLS", "ehlo us.example", "QUIT"]
        assert server.commands == said


@pytest.mark.parametrize(
    ("keys", "script", "outcome", "why"),
    [
        ({"ca": None}, {}, "untrusted", "self-signed certificate"),
        ({"ca": "/nowhere"}, {}, "untrusted", "No such file"),
        ({"host": "other.example"}, {}, "untrusted", "Hostname mismatch"),
        ({"security": "tls"}, {}, "tls-failed", ""),
        ({"security": "none"}, {}, "open", ""),
        ({}, {"greeting": "554 not you"}, "refused", "554 not you"),
        ({}, {"greeting": "421 busy"}, "refused", "421 busy"),
        ({}, {"ehlo": "501 not so"}, "refused", "501 not so"),
        ({}, {"starttls": "454 later"}, "refused", "454 later"),
        (
            {},
            {"starttls": "220 go on\r\n250 injected"},
            "unreachable",
            "in clear text after STARTTLS",
        ),
        ({}, {"greeting": "close"}, "unreachable", ""),
        ({}, {"greeting": "220-" + "a" * 5000}, "unreachable", "an answer without an end"),
        ({}, {"greeting": "what?"}, "unreachable", "an answer that is none"),
    ],
)
def test_what_a_server_does_has_its_name(certificate, keys, script, outcome, why):
    path, context = certificate
    with Server(lambda stage, _: script.get(stage), tls=context) as server:
        found = greeted(server, **{"ca": path, **keys})
        assert found.outcome == outcome
        assert why in found.why


def test_a_server_without_starttls_is_told():
    with Server() as server:
        assert greeted(server) == Probed(outcome="no-tls")


def test_where_nobody_listens_it_is_unreachable():
    with Server() as server:
        port = server.port
    found = probe(Smtp(host=HOST, port=port, timeout=2), "127.0.0.1")
    assert found.outcome == "unreachable"
