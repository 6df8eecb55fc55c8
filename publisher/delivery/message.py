"""An edition's message as pieces that are encoded once; a reader's message is a join of them.

RFC 5322 headers, multipart/alternative with the text first (RFC 2046 §5.1.4), quoted-printable,
CRLF only. The same edition and reader give the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache

import msgspec

from publisher.delivery.dkim import BodyDigest, MessageSigner, relaxed
from publisher.delivery.encoding import SOFT, phrase, quoted, quoted_value, unstructured
from publisher.errors import ConfigError
from publisher.model import Recipient, Rendition, Slotted, SlotText


class Headers(msgspec.Struct, frozen=True, kw_only=True):
    """What the headers of all messages of an edition say.

    `list_id` is like `morning.news.example` (RFC 2919), "" for a mail to one person alone; `date`
    is aware, and of messages that have none of their own; `automatic` tells that no person started
    this send (RFC 3834 §5). `leave_by_mail` takes unsubscribe requests; the reader's token becomes
    the subject. `archive` is where all editions stand on the web, `archived_at` where this one
    does; "" for nowhere.
    """

    sender: str
    sender_name: str
    date: datetime
    language: str
    list_id: str = ""
    list_name: str = ""
    feedback_id: str = ""
    leave_by_mail: str = ""
    reply_to: str = ""
    archive: str = ""
    archived_at: str = ""
    automatic: bool = False
    prefix: str = ""


_Fill = Callable[[Recipient], bytes]


class Messages:
    """An edition's message; `message` makes that of one reader."""

    def __init__(
        self, rendition: Rendition, heading: Headers, signer: MessageSigner | None = None
    ) -> None:
        """Encode all that is the same for every reader. Raises ConfigError for unusable headers."""
        self._pieces: list[bytes] = [b""]
        self._is_open = True  # the last piece may grow
        self._places: list[tuple[int, _Fill]] = []
        self._dated = 0, heading.date
        self._slots: dict[SlotText, list[int]] = {}
        self._head(rendition, heading)
        self._body_at = 0
        self._body(rendition)
        self._signer = signer
        self._hashed = _Hashed(self._pieces, self._body_at, self._slots) if signer else None

    def message(self, recipient: Recipient, date: datetime | None = None) -> bytes:
        """Return the message of a reader, complete, with CRLF line ends and no dot to stuff.

        `date` is when it starts (RFC 5322 §3.6.1): an edition may take hours, or go by zones.
        """
        pieces = self._pieces.copy()
        place, usual = self._dated
        pieces[place] = _date(date or usual)
        for place, fill in self._places:
            pieces[place] = fill(recipient)
        values, encoded = recipient.values, {"": b""}
        for slot, places in self._slots.items():
            text = slot.written(values)
            value = encoded.get(text)
            if value is None:  # a link stands in both parts, and in each of them more than once
                value = encoded[text] = quoted_value(text)
            for place in places:
                pieces[place] = value
        if self._signer is None or self._hashed is None:
            return b"".join(pieces)
        head = b"".join(pieces[: self._body_at])
        digest = self._hashed.of(pieces)
        signed = self._signer.fields(head.removesuffix(b"\r\n"), digest, date or usual)
        return b"".join((signed, head, *pieces[self._body_at :]))

    def _head(self, rendition: Rendition, heading: Headers) -> None:
        h = heading
        _checked(h.sender, _ADDRESS, "From")
        _checked(h.reply_to or h.sender, _ADDRESS, "Reply-To")
        self._static(_field("From", _named(h.sender_name, h.sender)))
        self._filled(_to)
        self._subject(rendition.subject, h.prefix)
        self._dated = self._hole(), h.date
        self._filled(lambda r: b"Message-ID: <" + r.message_id.encode() + b">\r\n")
        if h.reply_to:
            self._static(_field("Reply-To", f"<{h.reply_to}>".encode()))
        if h.list_id:
            self._list(h)
        language = _checked(h.language, r"[A-Za-z0-9-]{1,60}", "Content-Language")
        self._static(_field("Content-Language", language.encode()))
        if h.automatic:
            self._static(b"Auto-Submitted: auto-generated\r\n")
        self._static(b"MIME-Version: 1.0\r\n")

    def _list(self, h: Headers) -> None:
        list_id = _checked(h.list_id, r"[a-z0-9.-]{1,255}", "List-Id")
        self._static(_field("List-Id", _named(h.list_name, list_id)))
        leave = _checked(h.leave_by_mail, _ADDRESS, "List-Unsubscribe")
        self._filled(lambda r: _leaving(r, leave))
        # RFC 8058 §3.1: exactly this, and only with an https address above.
        self._static(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")
        for name, url in (("List-Archive", h.archive), ("Archived-At", h.archived_at)):
            if url:  # RFC 2369 §3.6 and RFC 5064 §2.2
                self._static(_field(name, f"<{_checked(url, _PAGE, name)}>".encode()))
        feedback = _checked(h.feedback_id, r"[A-Za-z0-9.:_-]{1,127}", "Feedback-ID")
        self._static(_field("Feedback-ID", feedback.encode()))

    def _subject(self, subject: Slotted, prefix: str) -> None:
        if subject.slots:
            self._filled(
                lambda r: _field(
                    "Subject", unstructured(prefix + subject.filled(r.values), "Subject")
                )
            )
        else:
            self._static(_field("Subject", unstructured(prefix + subject.filled(), "Subject")))

    def _body(self, rendition: Rendition) -> None:
        if not rendition.html.pieces:
            self._static(_part_head("plain"))
            self._begin_body()
            self._part(rendition.text)
            return
        # "=_" is in no quoted-printable text, so that the boundary is in no part.
        seed = repr((rendition.html, rendition.text)).encode("utf-8", "replace")
        boundary = f"=_{hashlib.sha256(seed).hexdigest()[:32]}".encode()
        self._static(
            b'Content-Type: multipart/alternative;\r\n boundary="' + boundary + b'"\r\n\r\n'
        )
        self._begin_body()
        for kind, part in (("plain", rendition.text), ("html", rendition.html)):
            self._static(b"--" + boundary + b"\r\n" + _part_head(kind))
            self._part(part)
            self._static(b"\r\n")
        self._static(b"--" + boundary + b"--\r\n")

    def _begin_body(self) -> None:
        """What is added from now on is the body, in pieces of its own."""
        self._is_open = False
        self._body_at = len(self._pieces)

    def _part(self, part: Slotted) -> None:
        for number, piece in enumerate(part.pieces):
            is_last = number == len(part.pieces) - 1
            if isinstance(piece, str):
                self._static(quoted(piece) + (b"" if is_last else SOFT))
            else:
                self._slots.setdefault(piece, []).append(self._hole())
        self._static(b"\r\n")

    def _static(self, data: bytes) -> None:
        """Add what is the same for all; neighbours grow together."""
        if self._is_open:
            self._pieces[-1] += data
        else:
            self._pieces.append(data)
        self._is_open = True

    def _filled(self, fill: _Fill) -> None:
        self._places.append((self._hole(), fill))

    def _hole(self) -> int:
        self._pieces.append(b"")
        self._is_open = False
        return len(self._pieces) - 1


class _Hashed:
    """The digests of bodies: what is the same for all is relaxed, and the beginning hashed once."""

    def __init__(
        self, pieces: list[bytes], body_at: int, slots: Mapping[SlotText, list[int]]
    ) -> None:
        self._holes = sorted(place for places in slots.values() for place in places)
        self._from = self._holes[0] if self._holes else len(pieces)
        self._rest = [relaxed(one) for one in pieces[self._from :]]
        self._beginning = BodyDigest(b"".join(pieces[body_at : self._from]))

    def of(self, pieces: list[bytes]) -> bytes:
        """Return the digest of the body that some pieces make, holes filled."""
        rest = self._rest.copy()
        for place in self._holes:
            rest[place - self._from] = relaxed(pieces[place])
        return self._beginning.of(*rest)


_ADDRESS = r"[^\s<>()\[\],;:\\\"@]+@[A-Za-z0-9.-]+"


def _part_head(kind: str) -> bytes:
    return (
        f"Content-Type: text/{kind}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n".encode()
    )


def _field(name: str, value: bytes) -> bytes:
    return name.encode() + b": " + value + b"\r\n"


@lru_cache(maxsize=64)  # all of a claim start at one instant, where no pace keeps them apart
def _date(instant: datetime) -> bytes:
    return _field("Date", format_datetime(instant).encode())


def _named(name: str, inner: str) -> bytes:
    """`Name <inner>`, folded where the line would grow long."""
    shown = phrase(name)
    return shown + (b" <" if len(shown) + len(inner) < 60 else b"\r\n <") + inner.encode() + b">"


def _checked(value: str, pattern: str, name: str) -> str:
    if not re.fullmatch(pattern, value):
        raise ConfigError(f"{value!r} cannot stand in the header {name}")
    return value


def _to(recipient: Recipient) -> bytes:
    """To, its address checked once more: an address is the one value that nothing escapes."""
    if not _SAFE.fullmatch(recipient.address):
        raise ValueError("not an address that may stand in a header")
    address = b"<" + recipient.address.encode() + b">"
    if not recipient.name:
        return b"To: " + address + b"\r\n"
    return b"To: " + phrase(recipient.name) + b"\r\n " + address + b"\r\n"


_SAFE = re.compile(_ADDRESS)


def _leaving(recipient: Recipient, leave: str) -> bytes:
    """List-Unsubscribe (RFC 2369 §3.2): https first, then mail, on a line each."""
    url = recipient.values["unsubscribe_url"]
    token = url.rpartition("/")[2]
    if not _URL.fullmatch(url):
        raise ValueError("not an address that may stand in a header")
    return f"List-Unsubscribe: <{url}>,\r\n <mailto:{leave}?subject={token}>\r\n".encode("ascii")


_URL = re.compile(r"https://[!-;=?-~]{1,900}")
_PAGE = r"https?://[!-;=?-~]{1,900}"
