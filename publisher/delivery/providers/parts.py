"""A message of ours taken apart, for providers whose interface takes no message as it is.

They write a message of their own from the parts, so that its bytes, its Date and a signature
of ours are not what arrives; what headers they let us say go along.
"""

from __future__ import annotations

import base64
import re
import uuid
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

import msgspec

_OWN = frozenset(
    "from to cc bcc subject reply-to date message-id mime-version content-type "
    "content-transfer-encoding dkim-signature return-path sender received".split()
)
"""Headers that have a place of their own in an interface, or are the provider's to write."""


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What a message holds. `headers` are those besides, in ASCII and each on one line.

    `message_id` is without its brackets.
    """

    sender: str
    sender_name: str
    name: str
    subject: str
    text: str
    html: str
    message_id: str
    reply_to: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def parts_of(message: bytes) -> Parts:
    """Take a message apart; raise ValueError for one that has no sender, or no words."""
    found = message_from_bytes(message)
    sender_name, sender = _mailbox_of(found, "From")
    text, html = _body(found, "text/plain"), _body(found, "text/html")
    if not sender or not (text or html):
        raise ValueError("a message without a sender, or without a text")
    return Parts(
        sender=sender,
        sender_name=sender_name,
        name=_mailbox_of(found, "To")[0],
        subject=_decoded(_unfolded(str(found.get("Subject", "")))),
        text=text,
        html=html,
        message_id=message_id_of(message),
        reply_to=_mailbox_of(found, "Reply-To")[1],
        headers=tuple(
            (name, _unfolded(str(value)))
            for name, value in found.raw_items()
            if name.lower() not in _OWN
        ),
    )


_MESSAGE_ID = re.compile(rb"^Message-ID: <([^>\r\n]{1,900})>", re.MULTILINE | re.IGNORECASE)


def message_id_of(message: bytes) -> str:
    """The Message-ID without its brackets; raises ValueError where there is none."""
    found = _MESSAGE_ID.search(message[: message.find(b"\r\n\r\n") + 2])
    if found is None:
        raise ValueError("a message without a Message-ID")
    return found[1].decode("ascii", "replace")


def mark_of(message_id: str) -> str:
    """A Message-ID in letters that tags of providers may have; `message_id_in` reads it again."""
    return base64.urlsafe_b64encode(message_id.encode()).decode().rstrip("=")


def message_id_in(mark: str) -> str:
    """The Message-ID in a mark of ours, "" where it is none."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,1200}", mark):
        return ""
    try:
        return base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)).decode("ascii")
    except ValueError:
        return ""


def once_key(message_id: str) -> str:
    """A UUID that is the same for a message whenever it is sent (RFC 9562 §5.5, RFC 2392)."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"mid:{message_id}"))


_NEVER = {**dict.fromkeys((*range(32), 127), " "), ord('"'): "'", ord("\\"): "/",
          ord("<"): "(", ord(">"): ")"}  # fmt: skip


def mailbox(name: str, address: str) -> str:
    """`"Name" <address>`, in letters of any script.

    Readers choose their names, and how a provider reads quotes within quotes nobody has said: what
    could end a name, and begin another address, does not stand in it.
    """
    shown = name.translate(_NEVER).strip()
    return f'"{shown}" <{address}>' if shown else address


def _unfolded(value: str) -> str:
    return re.sub(r"\r?\n[ \t]", " ", value).strip()


def _mailbox_of(found: Message, name: str) -> tuple[str, str]:
    """Name and address of a header; the name is read after it was told from the address."""
    shown, address = parseaddr(_unfolded(str(found.get(name, ""))))
    return _decoded(shown), address


def _decoded(value: str) -> str:
    """A header's text; encoded words are read (RFC 2047)."""
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, UnicodeError):
        return value


def _body(found: Message, kind: str) -> str:
    for part in found.walk():
        if part.get_content_type() == kind:
            data = part.get_payload(decode=True)
            assert isinstance(data, bytes)
            return data.decode(part.get_content_charset() or "utf-8", "replace").replace(
                "\r\n", "\n"
            )
    return ""
