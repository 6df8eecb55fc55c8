"""Signing beside composing, OpenSSL's own signatures and dkimpy, in one run."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from msgspec.structs import replace

from benchmarks.measuring import table
from publisher.delivery import (
    Headers,
    KeyPair,
    Messages,
    MessageSigner,
    key_of,
    new_pem,
)
from publisher.model import Recipient, Rendition, Slotted, SlotText

DOMAIN = "bench.example"
DATE = datetime(2026, 11, 24, 7, tzinfo=UTC)
HEADING = Headers(
    sender=f"letter@{DOMAIN}",
    sender_name="Bench",
    date=DATE,
    language="en",
    list_id=f"morning.{DOMAIN}",
    list_name="Morning",
    feedback_id="a:b:edition:bench",
    leave_by_mail=f"leave@{DOMAIN}",
)
ROUNDS = 5  # the best of


def run(_: int) -> None:
    """Print what a signature costs a message."""
    pems = {"s1": new_pem("rsa"), "s1-ed": new_pem("ed25519")}
    keys = {selector: key_of(pem, selector, selector) for selector, pem in pems.items()}
    keys["none"] = replace(keys["s1"], sign=lambda _: b"x" * 256)
    rendition, readers = _rendition(), [_reader(number) for number in range(200)]
    unsigned = Messages(rendition, HEADING)
    size = len(unsigned.message(readers[0]))

    def signed(*selectors: str) -> Callable[[Recipient], bytes]:
        pair = KeyPair(name="s1", made=DATE, since=DATE, keys=tuple(keys[one] for one in selectors))
        return Messages(rendition, HEADING, MessageSigner(DOMAIN, (pair,))).message

    ways: dict[str, tuple[Callable[[Recipient], object], int]] = {
        "composed, unsigned": (unsigned.message, 200),
        "and RSA-2048": (signed("s1"), 100),
        "and all but the signature": (signed("none"), 200),
        "and Ed25519 alone": (signed("s1-ed"), 200),
        "and both": (signed("s1", "s1-ed"), 100),
        "OpenSSL's RSA alone": (lambda _: keys["s1"].sign(b"x" * 1500), 100),
        "composed, RSA by dkimpy": (_by_dkimpy(unsigned, pems["s1"]), 10),
    }
    best = {name: float("inf") for name in ways}
    for _round in range(ROUNDS):  # one after the other, so that all meet the same machine
        for name, (way, count) in ways.items():
            best[name] = min(best[name], _seconds(way, readers[:count]))
    composed, ours = best["composed, unsigned"], best["and RSA-2048"]
    table(
        f"Signing a message of {size / 1000:.0f} KB (processor time, the best of {ROUNDS})",
        ("", "µs a message", "of composing", "of ours with RSA"),
        [
            (name, f"{s * 1e6:,.0f}", f"{s / composed:,.1f}", f"{s / ours:,.2f}")
            for name, s in best.items()
        ],
    )
    beside = best["and all but the signature"] - composed
    print(f"\nBeside OpenSSL's signature, signing costs {beside * 1e6:,.0f} µs a message.")


def _seconds(way: Callable[[Recipient], object], readers: list[Recipient]) -> float:
    way(readers[0])
    started = time.process_time()
    for reader in readers:
        way(reader)
    return (time.process_time() - started) / len(readers)


def _by_dkimpy(messages: Messages, pem: bytes) -> Callable[[Recipient], object]:
    import dkim

    headers = [b"From", b"To", b"Subject", b"Date", b"Message-ID", b"List-Unsubscribe"]
    return lambda reader: dkim.sign(
        messages.message(reader),
        b"s1",
        DOMAIN.encode(),
        pem,
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=headers,
    )


def _rendition() -> Rendition:
    leave = SlotText("unsubscribe_url", "url", "")
    name = SlotText("first_name", "html", "reader")
    words = "<p>A sentence of news that says something, and then says some more of it.</p>\n"
    return Rendition(
        subject=Slotted(("Night buses return",)),
        preheader=Slotted(()),
        html=Slotted(("<p>Dear ", name, "</p>", words * 450, '<a href="', leave, '">leave</a>')),
        text=Slotted(("News. " * 800, SlotText("unsubscribe_url", "text", ""), "\n")),
    )


def _reader(number: int) -> Recipient:
    return Recipient(
        reader=number,
        address=f"reader{number}@mail.example",
        domain="mail.example",
        message_id=f"m.{number}@{DOMAIN}",
        name=f"Reader {number}",
        values={
            "unsubscribe_url": f"https://{DOMAIN}/unsubscribe/1.{number}.morning.signature",
            "first_name": f"Reader {number}",
        },
    )
