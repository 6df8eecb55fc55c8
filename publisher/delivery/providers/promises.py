"""Which of our promises each way out can keep: data, of which the documentation's table is made."""

from __future__ import annotations

from typing import Literal

import msgspec


class Kept(msgspec.Struct, frozen=True):
    """Whether a promise is kept, and how, or what becomes of it; "" where it is a number."""

    kept: Literal["yes", "in part", "no", ""]
    how: str


class Promises(msgspec.Struct, frozen=True, kw_only=True):
    """What a way out keeps. The names of the fields are the rows of the table."""

    way: str
    message_as_made: Kept
    message_id: Kept
    one_click: Kept
    in_doubt: Kept
    return_path: Kept
    signature: Kept
    utf8_addresses: Kept
    no_tracking: Kept
    events: Kept
    size: Kept


ROWS = {
    "message_as_made": "the message arrives as it was made, byte for byte",
    "message_id": "our Message-ID arrives",
    "one_click": "List-Unsubscribe and List-Unsubscribe-Post (RFC 8058)",
    "in_doubt": "sent again in doubt, a reader still gets it once",
    "return_path": "a return path of ours (MAIL FROM, VERP)",
    "signature": "DKIM",
    "utf8_addresses": "addresses with letters beyond ASCII before the @ (RFC 6531)",
    "no_tracking": "no pixel, no link led astray",
    "events": "what comes back by webhook names the delivery",
    "size": "a message may have",
}
"""What each field promises, in words."""

_JSON = Kept("no", "they write a message of their own from our parts; Date is theirs")
_THEIR_PATH = Kept("no", "theirs, which may stand below a domain of yours; bounces come by webhook")
_THEIR_KEY = Kept("in part", "they sign, with a key that you put into DNS; ours does not go along")
_AGAIN = Kept("no", "a reader may get it twice, with the same Message-ID")

PROMISES: tuple[Promises, ...] = (
    Promises(
        way="SMTP",
        message_as_made=Kept("yes", "as far as the server leaves it alone"),
        message_id=Kept("yes", ""),
        one_click=Kept("yes", ""),
        in_doubt=_AGAIN,
        return_path=Kept("yes", "where the server lets you"),
        signature=Kept("yes", "ours, or the server's"),
        utf8_addresses=Kept("in part", "where the server has SMTPUTF8"),
        no_tracking=Kept("yes", ""),
        events=Kept("in part", "bounces come as mails"),
        size=Kept("", "what the server says"),
    ),
    Promises(
        way="Postmark",
        message_as_made=_JSON,
        message_id=Kept("yes", "by X-PM-KeepID"),
        one_click=Kept("in part", "ours, in a stream whose unsubscribing is Custom; else theirs"),
        in_doubt=_AGAIN,
        return_path=_THEIR_PATH,
        signature=_THEIR_KEY,
        utf8_addresses=Kept("no", "refused here, before they are asked"),
        no_tracking=Kept(
            "in part",
            "switched off in each message; opens that a server is set to track stay tracked",
        ),
        events=Kept("yes", "as metadata"),
        size=Kept("", "10 MB"),
    ),
    Promises(
        way="Amazon SES",
        message_as_made=Kept("in part", "but for Message-ID and Date, which are theirs"),
        message_id=Kept("no", "theirs stands over it"),
        one_click=Kept("yes", ""),
        in_doubt=Kept("no", "a reader may get it twice, with two Message-IDs"),
        return_path=_THEIR_PATH,
        signature=Kept("in part", "they sign; ours breaks where it covers Message-ID or Date"),
        utf8_addresses=Kept("no", "refused here, before they are asked"),
        no_tracking=Kept("in part", "as the configuration set says"),
        events=Kept("yes", "as a tag, and by the headers that events repeat"),
        size=Kept("", "40 MB"),
    ),
    Promises(
        way="Mailgun",
        message_as_made=Kept("in part", "they add headers"),
        message_id=Kept("yes", ""),
        one_click=Kept("yes", ""),
        in_doubt=_AGAIN,
        return_path=_THEIR_PATH,
        signature=Kept("yes", "theirs, beside ours"),
        utf8_addresses=Kept("yes", ""),
        no_tracking=Kept("yes", "switched off in each message"),
        events=Kept("yes", "by the Message-ID"),
        size=Kept("", "25 MB"),
    ),
    Promises(
        way="SendGrid",
        message_as_made=_JSON,
        message_id=Kept("yes", "for a domain that is authenticated there"),
        one_click=Kept("yes", ""),
        in_doubt=_AGAIN,
        return_path=_THEIR_PATH,
        signature=_THEIR_KEY,
        utf8_addresses=Kept("no", "refused here, before they are asked"),
        no_tracking=Kept("yes", "switched off in each message"),
        events=Kept("yes", "as a custom argument"),
        size=Kept("", "30 MB"),
    ),
    Promises(
        way="Brevo",
        message_as_made=_JSON,
        message_id=Kept("no", "theirs"),
        one_click=Kept(
            "in part", "handed over; look at a test mail whether theirs stands beside it"
        ),
        in_doubt=Kept("in part", "for 15 minutes, by a key of the message; later twice"),
        return_path=_THEIR_PATH,
        signature=_THEIR_KEY,
        utf8_addresses=Kept("yes", "the name beside such an address is lost"),
        no_tracking=Kept("no", "as the account is set"),
        events=Kept("yes", "as a header that the mail shows"),
        size=Kept("", "20 MB"),
    ),
    Promises(
        way="Resend",
        message_as_made=_JSON,
        message_id=Kept("no", "theirs"),
        one_click=Kept("yes", ""),
        in_doubt=Kept(
            "yes",
            "for 24 hours, by a key of the message; nothing is sent for longer, "
            "unless delivery.expires says so",
        ),
        return_path=_THEIR_PATH,
        signature=_THEIR_KEY,
        utf8_addresses=Kept("no", "refused here, before they are asked"),
        no_tracking=Kept("in part", "as the domain is set"),
        events=Kept("yes", "as a tag"),
        size=Kept("", "40 MB"),
    ),
)
"""SMTP first, then the providers."""


def promise_rows() -> list[tuple[str, ...]]:
    """The rows of the table: the promise, then a cell for each way out."""
    return [
        (ROWS[name], *(_cell(getattr(way, name)) for way in PROMISES))
        for name in Promises.__struct_fields__
        if name != "way"
    ]


def _cell(kept: Kept) -> str:
    return ": ".join(part for part in (kept.kept, kept.how) if part)
