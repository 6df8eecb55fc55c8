"""What is wrong with the headers and the structure of a finished message.

RFC 5322 (message), RFC 2045 and 2046 (parts), RFC 2369 and 8058 (leaving), RFC 2919 (List-Id). Ours
make them right; what an editor typed, and templates of one's own, meet here for the first time.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

_LONGEST = 998  # octets of a line, without CRLF: RFC 5322 §2.1.1
_ONCE = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type")
_OF_LISTS = ("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post")
_MESSAGE_ID = re.compile(r"<[^<>@\s]+@[^<>@\s]+>")
_LIST_ID = re.compile(r"<[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+>$")
_ONE_CLICK = "List-Unsubscribe=One-Click"
_SUBJECT = 255  # characters: Outlook keeps no more


def header_faults(data: bytes) -> Iterator[str]:
    """Return in words what is wrong with a message to a list, as it would be sent."""
    yield from _lines(data)
    message = email.message_from_bytes(data, policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    try:
        yield from [*_fields(message), *_parts(message)]
    except Exception:  # what Python's parser cannot take apart, it says in any way
        yield "its headers cannot be read (RFC 5322 §2.2)"


def _lines(data: bytes) -> Iterator[str]:
    lines = data.split(b"\r\n")
    if any(b"\r" in line or b"\n" in line for line in lines):
        yield "a line ends without CRLF (RFC 5322 §2.3)"
    longest = max(map(len, lines))
    if longest > _LONGEST:
        yield f"a line has {longest:,} octets, and {_LONGEST} are the most (RFC 5322 §2.1.1)"
    if not data.partition(b"\r\n\r\n")[0].isascii():
        yield "its headers are not ASCII (RFC 5322 §2.2)"


def _fields(message: EmailMessage) -> Iterator[str]:
    for name in (*_ONCE, *_OF_LISTS):
        if (count := len(message.get_all(name, []))) != 1:
            times = "is not there" if not count else f"stands there {count} times"
            yield f"the header {name} {times}"
    for name, value in message.items():
        for defect in getattr(value, "defects", ()):
            yield f"the header {name} is no proper one: {defect}"
    yield from _who_and_when(message)
    yield from _leaving(message)


def _who_and_when(message: EmailMessage) -> Iterator[str]:
    senders: tuple[Address, ...] = getattr(message.get("From"), "addresses", ())
    if len(senders) != 1 or not senders[0].domain:
        yield "From is not one address (RFC 5322 §3.6.2)"
    if not _MESSAGE_ID.fullmatch(str(message.get("Message-ID", "")).strip()):
        yield "Message-ID is not <one@domain> (RFC 5322 §3.6.4)"
    if len(str(message.get("Subject", ""))) > _SUBJECT:
        yield f"the subject has more than {_SUBJECT} characters: Outlook cuts it off"
    try:
        date = parsedate_to_datetime(str(message.get("Date", "")))
    except ValueError:
        date = None
    if date is None or date.tzinfo is None:
        yield "Date is no time with a zone (RFC 5322 §3.3)"


def _leaving(message: EmailMessage) -> Iterator[str]:
    ways = str(message.get("List-Unsubscribe", ""))
    if "<https://" not in ways:
        yield "List-Unsubscribe has no https address (RFC 8058 §3.1)"
    if str(message.get("List-Unsubscribe-Post", "")).strip() != _ONE_CLICK:
        yield f"List-Unsubscribe-Post is not {_ONE_CLICK} (RFC 8058 §3.1)"
    if not _LIST_ID.search(str(message.get("List-Id", "")).strip()):
        yield "List-Id is not <newsletter.domain> (RFC 2919 §2)"


def _parts(message: EmailMessage) -> Iterator[str]:
    for part in message.walk():
        for defect in part.defects:
            yield f"{part.get_content_type()}: {type(defect).__name__} (RFC 2045, RFC 2046)"
        if part.get_content_maintype() == "text":
            yield from _text(part)
    kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
    if kinds not in (["text/plain", "text/html"], ["text/plain"]):
        have = ", ".join(kinds)
        yield f"its parts are {have}, not text/plain and then text/html (RFC 2046 §5.1.4)"


def _text(part: EmailMessage) -> Iterator[str]:
    if not part.get_content_charset():
        yield f"{part.get_content_type()} names no charset (RFC 2045 §5.2)"
        return
    try:
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        data.decode(part.get_content_charset() or "ascii")
    except (LookupError, UnicodeDecodeError):
        yield f"{part.get_content_type()} is not in its charset (RFC 2045 §5.2)"
