"""What a mail holds of a message of ours: its Message-ID, its token, to whom it went."""

from __future__ import annotations

import re

import msgspec

from publisher.returns.mime import Part

ADDRESS = re.compile(
    r"(?<![^\s<>()\[\]:;,\"'=“”«»：（])"
    r"([^\s<>()\[\]:;,\"'@\\=“”«»：（）]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,9}"
    r"\.(?:[A-Za-z][A-Za-z0-9-]{1,62}|[^\W\d_A-Za-z]{1,63})(?![A-Za-z0-9-]))"
)
"""An address in running text; its domain has a dot."""

SIGNED = r"\d{1,6}\.[0-9a-f]{1,16}(?:\.[\w-]{1,200})?\.[A-Za-z0-9_-]{22}"
"""A token of `audience.tokens`, by its shape; who signed it is not this module's matter.

A reader's number is one of 62 bits: mostly sixteen hex digits.
"""

_LINK = re.compile(rf"/unsubscribe/({SIGNED})(?![\w-])")
_BY_MAIL = re.compile(rf"[?&]subject=({SIGNED})(?![\w-])", re.IGNORECASE)
_LEAVING = re.compile(r"(?:/unsubscribe/|[?&]subject=)([\w.~-]{1,300})", re.IGNORECASE)
_ID = re.compile(r"<([^<>\s]{1,250})>")
_ID_LINE = re.compile(r"^[>| \t]{0,20}Message-ID:\s{0,3}<([^<>\s]{1,250})>", re.I | re.M)
_TO_LINE = re.compile(r"^[>| \t]{0,20}To:([^\n]{1,500})", re.IGNORECASE | re.MULTILINE)

_READERS = ("x-original-to", "delivered-to", "x-envelope-to", "envelope-to", "x-rcpt-to", "to")
"""Where the address stands to which a message went, the nearest to ours last."""


class Ours(msgspec.Struct, frozen=True, kw_only=True):
    """Of a message of ours that came back. `to` is the address in its To, `through` all others."""

    message_id: str = ""
    token: str = ""
    to: str = ""
    through: tuple[str, ...] = ()


def addresses(text: str) -> list[str]:
    """Return the addresses in a text, in their order, each once."""
    found = (one.strip(".*-–") for one in ADDRESS.findall(text[:64_000]))
    return list(dict.fromkeys(one for one in found if "@" in one and one[0] != "@"))


def address(value: str) -> str:
    """Return the address of a header's value, that in angle brackets before all others."""
    bracketed = re.search(r"<([^<>\s]{1,320}@[^<>\s]{1,255})>", value)
    return bracketed[1] if bracketed else next(iter(addresses(value)), "")


def returned_in(message: Part, quoted: str = "") -> Ours:
    """Return what came back with a mail: as a part, or `quoted` in its text."""
    for held in message.held():
        if held.fields:
            found = _of_headers(held)
            return found if found.token else _with_token(found, held)
    return _of_text(quoted)


def _of_headers(held: Part) -> Ours:
    found = _ID.search(held.get("message-id"))
    leaving = _LEAVING.search(held.get("list-unsubscribe"))
    through = (address(value) for name in _READERS for value in held.all(name)[:10])
    return Ours(
        message_id=found[1] if found else "",
        token=leaving[1] if leaving else "",
        to=address(held.get("to")),
        through=tuple(dict.fromkeys(one for one in through if one)),
    )


def _with_token(ours: Ours, held: Part) -> Ours:
    token = _token_in(held.words)
    return Ours(message_id=ours.message_id, token=token, to=ours.to, through=ours.through)


def _of_text(text: str) -> Ours:
    found, to = _ID_LINE.search(text), _TO_LINE.search(text)
    return Ours(
        message_id=found[1] if found else "",
        token=_token_in(text),
        to=address(to[1]) if to else "",
    )


def _token_in(text: str) -> str:
    found = _LINK.search(text) or _BY_MAIL.search(text)
    return found[1] if found else ""


def answered(message: Part) -> str:
    """Return the Message-ID that a mail answers (RFC 5322 §3.6.4), "" for none."""
    for name in ("in-reply-to", "references", "x-original-message-id"):
        ids = _ID.findall(message.get(name))
        if ids:
            return str(ids[-1] if name == "references" else ids[0])
    return ""
