"""Mails that are written to harm: each is read, none raises, and little of a large one is looked at."""

import base64
import tracemalloc

import pytest

from publisher.model import Returned
from publisher.returns import mime
from publisher.returns.mime import parsed
from publisher.returns.reading import read_strictly

DAEMON = b"From: MAILER-DAEMON@x.example\nSubject: Undelivered Mail Returned to Sender\n"
REPORT = DAEMON + b'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\n\n'

HOSTILE = {
    "a nest of multiparts": b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(1000)
    ),
    "a nest of mails": b"Content-Type: message/rfc822\n\n" * 10_000,
    "a hundred thousand headers": b"".join(b"X-H%d: v\n" % n for n in range(100_000)),
    "a hundred thousand lines of one header": b"From: a@b.example\nSubject: x\n"
    + b" y\n" * 100_000,
    "a hundred thousand parts": REPORT + b"--B\n\nx\n" * 100_000,
    "ten thousand recipients": REPORT
    + b"--B\nContent-Type: message/delivery-status\n\n"
    + b"Final-Recipient: rfc822; a@b.example\nAction: failed\n\n" * 10_000,
    "lies in base64": DAEMON + b"Content-Transfer-Encoding: base64\n\n" + bytes(range(256)) * 999,
    "a boundary that is none": DAEMON
    + b'Content-Type: multipart/mixed; boundary="--"\n\n'
    + b"--\n" * 9999,
    "a codec that is slow": DAEMON
    + b"Content-Type: text/plain; charset=punycode\n\n"
    + b"a-" * 99_999,
    "a codec that is none": DAEMON + b"Content-Type: text/plain; charset=zip\n\nx",
    "nothing but line ends": b"\n" * 600_000,
    "nothing but signs": DAEMON + b"\n" + b"@" * 300_000 + b"<" * 300_000,
    "NULs": DAEMON.replace(b"a", b"\0a") + b"\n\0\0\0",
    "surrogates": DAEMON + b"\n" + "\ud800".encode("utf-8", "surrogatepass") * 1000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_is_read(name):
    found = read_strictly(HOSTILE[name])
    assert 1 <= len(found) <= 100
    assert all(isinstance(one, Returned) for one in found)


def test_a_mail_of_a_hundred_megabytes_costs_a_few():
    message = DAEMON + b"\n" + b"a" * 100_000_000
    tracemalloc.start()
    (found,) = read_strictly(message)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.what == "unknown"
    assert most < 16_000_000


def test_of_a_large_mail_the_beginning_and_the_end_are_looked_at():
    large = parsed(b"Subject: x\n\nfirst\n" + b"a\n" * 2_000_000 + b"last\n")
    assert len(large.body) <= mime.HEAD + mime.TAIL
    assert large.body.startswith(b"first")
    assert large.body.endswith(b"last\n")


def test_parts_and_depth_are_bounded():
    parts = list(parsed(HOSTILE["a hundred thousand parts"]).walk())
    assert len(parts) <= mime.MOST_PARTS
    deep = parsed(HOSTILE["a nest of multiparts"])
    depth = 0
    while deep.parts:
        deep, depth = deep.parts[0], depth + 1
    assert depth == mime.DEEPEST


def test_a_part_in_base64_that_lies_about_its_length_is_decoded_as_far_as_it_goes():
    text = base64.b64encode(b"<ana@x.example>: 550 user unknown, is it not?\n").rstrip(b"=")[:-3]
    (found,) = read_strictly(DAEMON + b"Content-Transfer-Encoding: base64\n\n" + text)
    assert (found.what, found.recipient) == ("dead", "ana@x.example")
