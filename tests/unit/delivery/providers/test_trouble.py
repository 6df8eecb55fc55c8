"""A provider in trouble, and the sender: nobody is lost, and doubles are the doubts."""

import random
import ssl
import threading
from collections import Counter
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from publisher.delivery import Clock, Sender, Stop
from publisher.delivery.providers import Pause
from publisher.errors import TransportRefused
from tests.providerd import Server
from tests.unit.delivery.providers.test_api import api
from tests.unit.delivery.queued import Queue

ACTS = [
    None, None, None, None, (429, {"Retry-After": "2"}, {}), (429, {}, {}), (503, {}, {}),
    (500, {}, {}), "close", "cut", "accept-close", "half",
]  # fmt: skip


@pytest.mark.parametrize("name", ["postmark", "resend"])
def test_whatever_a_provider_does_nobody_is_lost_and_doubles_are_the_doubts(name):
    rng, clock, lock = random.Random(7), SimpleNamespace(now=0.0), threading.Lock()

    def seconds():
        return clock.now

    def wait(event, time):
        with lock:
            clock.now += time  # nobody waits in earnest
        return event.is_set()

    def script(method, path):
        with lock:
            return rng.choice(ACTS) if method == "POST" else None

    queue = Queue(40)
    with Server(script) as server:
        way = replace(api(name, server), pause=Pause(seconds))
        for _ in range(50):
            steady = Clock(seconds=seconds, wait=wait)
            with Sender(way, connections=2, per_connection=20, clock=steady) as sender:
                sender.run(queue, Stop())
            if not queue.waiting:
                break
        got = Counter(recipient for recipient, _, _ in server.messages)
    assert sorted(got) == sorted(f"r{number}@x.example" for number in range(40))
    assert queue.states["accepted"] == 40
    assert queue.states.keys() <= {"accepted", "deferred", "uncertain", "unsent", None}
    assert queue.states["uncertain"] > 0
    doubled = sum(count - 1 for count in got.values())
    assert doubled <= (0 if name == "resend" else queue.states["uncertain"])


@pytest.fixture(scope="module")
def strangers(tmp_path_factory):
    """A server's TLS with a certificate that nobody has signed."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1))
        .not_valid_after(datetime(2120, 1, 1))
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def test_a_certificate_of_a_stranger_gets_no_key(strangers):
    with Server(tls=strangers) as server:
        with pytest.raises(TransportRefused, match="certificate is not to be trusted"):
            api("postmark", server).connect()
        assert server.requests == []


@pytest.mark.parametrize("key", ["schlüssel", "two words", "line\nline"])
def test_a_key_that_is_none_is_told(key):
    with Server() as server, pytest.raises(TransportRefused, match="letters that no key has"):
        api("brevo", server, {"PUBLISHER_PROVIDER_KEY": key}).connect()
    assert server.requests == []
