"""A call of a provider, why it may be refused, and what every provider's reader of it needs.

Whoever knows the address can call. So nothing of a body is believed before its signature, or the
secret that comes with it, is verified; comparisons take the same time whatever differs; a body is
bounded in bytes, and what it holds in depth and number.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol

import msgspec

from publisher.model import Returned, ReturnedClass, no_controls
from publisher.returns.told import Told

MOST = 1_000_000
"""Bytes of a body."""

EVENTS = 5_000
"""Of one call: SendGrid's may have a thousand."""

_DEEP = 32
_WORDS = 500  # characters, as `Returned` has it
_AHEAD = timedelta(minutes=5)  # a clock may be wrong by so much


class Forged(Exception):
    """A call that does not show that the provider makes it; the text is for a log, not for it.

    `is_old` where it is one that was made before, and may be made by another now.
    """

    def __init__(self, why: str, *, is_old: bool = False) -> None:
        super().__init__(why)
        self.is_old = is_old


class Unreadable(Exception):
    """A call of the provider that says nothing we can read: it would not help to repeat it."""


class Unable(Exception):
    """A call that cannot be verified now: it should be made again."""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A POST: names of `headers` are in lower case; `at` is when it came, aware UTC."""

    headers: Mapping[str, str]
    body: bytes
    at: datetime

    def header(self, name: str) -> str:
        """A header's value, "" where there is none."""
        return self.headers.get(name, "")


class Hook(Protocol):
    """What reads the calls of one provider; may be called by several threads."""

    @property
    def provider(self) -> str:
        """The provider's name, as publisher.toml writes it."""
        ...

    def read(self, call: Call) -> tuple[Told, ...]:
        """Verify a call and return what it tells of deliveries that failed; nothing of others.

        Raises Forged, Unreadable, Unable.
        """
        ...


def is_same(given: str | bytes, right: str | bytes) -> bool:
    """Compare in constant time."""
    one = given.encode("utf-8", "surrogateescape") if isinstance(given, str) else given
    other = right.encode() if isinstance(right, str) else right
    return hmac.compare_digest(sha256(one).digest(), sha256(other).digest())


def check_secret(call: Call, secret: str) -> None:
    """Raise Forged unless the secret comes as a password (RFC 7617) or a token (RFC 6750)."""
    scheme, _, value = call.header("authorization").partition(" ")
    given = value.strip()
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode().partition(":")[2]
        except ValueError:
            given = ""
    if not secret or not is_same(given if scheme.lower() in ("basic", "bearer") else "", secret):
        raise Forged("it does not bring the secret")


def check_time(said: datetime | None, call: Call, past: timedelta) -> datetime:
    """Return when a call was signed; raise Forged where that is too long ago, or to come."""
    if said is None:
        raise Forged("it does not say when it was signed")
    if said > call.at + _AHEAD:
        raise Forged("it was signed in the future")
    if said < call.at - past:
        raise Forged("it was signed too long ago", is_old=True)
    return said


def content_of(body: bytes | str) -> Any:
    """Read JSON: at most so deep, numbers that are some, UTF-8. Raises Unreadable."""
    text: str
    try:
        text = body.decode() if isinstance(body, bytes) else body
        if len(text) > MOST or _depth(text) > _DEEP:
            raise Unreadable("it is too large, or nested too deeply")
        found = json.loads(text, parse_constant=_no_number)
        if "\\ud" in text.lower():  # half a character, as escapes can write it, is none
            json.dumps(found, ensure_ascii=False).encode()
        return found
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"it is no JSON: {type(error).__name__}") from None


# A text without an end goes on to the end of all, or each of its letters would be tried anew.
_OUTSIDE = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


def _depth(text: str) -> int:
    """How deep the brackets outside of texts go."""
    depth = deepest = 0
    for found in _OUTSIDE.finditer(text):
        sign = found[0][0]
        if sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
    return deepest


def _no_number(name: str) -> Any:
    raise ValueError(name)


def fields_of(content: Any) -> Mapping[str, Any]:
    """An object's fields; none for what is no object."""
    return content if isinstance(content, dict) else {}


def events_of(content: Any) -> Sequence[Mapping[str, Any]]:
    """The objects of a list, or the one that there is; raises Unreadable for too many."""
    found = content if isinstance(content, list) else [content]
    if len(found) > EVENTS:
        raise Unreadable(f"it tells more than {EVENTS:,} events at once")
    return [one for one in found if isinstance(one, dict)]


def each_told(
    call: Call, tell: Callable[[Call, Mapping[str, Any]], Told | None]
) -> tuple[Told, ...]:
    """What `tell` finds in each event of a verified call; raises Unreadable."""
    found = (tell(call, event) for event in events_of(content_of(call.body)))
    return tuple(one for one in found if one is not None)


def within(content: Any, *path: str) -> Mapping[str, Any]:
    """The object at a path of names; empty where there is none."""
    for name in path:
        content = fields_of(content).get(name)
    return fields_of(content)


def text_of(content: Any, *names: str) -> str:
    """The first of these fields that is a text or a number, on one line; "" for none."""
    fields = fields_of(content)
    for name in names:
        value = fields.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool) and value != "":
            return re.sub(r"\s+", " ", no_controls(str(value))).strip()[:_WORDS]
    return ""


def moment(value: Any, *, thousandths: bool = False) -> datetime | None:
    """An instant: seconds since 1970, or ISO 8601 with its offset; None for what is none."""
    try:
        if isinstance(value, str) and not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,9})?", value):
            found = datetime.fromisoformat(_thousandths(value[:40]))
            return found.astimezone(UTC) if found.tzinfo else None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return None
        return datetime.fromtimestamp(float(value) / (1000 if thousandths else 1), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _thousandths(text: str) -> str:
    """An instant without what is finer than Python's microseconds."""
    return re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", text)


def told(
    call: Call,
    provider: str,
    identity: str,
    what: ReturnedClass,
    *,
    recipient: str,
    message_id: str = "",
    words: str = "",
    status: str = "",
    at: datetime | None = None,
) -> Told:
    """What a provider tells; an instant that it does not say, or that is to come, is that of its
    call.
    """
    found = re.search(r"\b[245]\.\d{1,3}\.\d{1,3}\b", words)
    return Told(
        returned=Returned(
            what=what,
            recipient=recipient[:320],
            message_id=message_id.strip("<> ")[:998],
            status=status
            if re.fullmatch(r"[245]\.\d{1,3}\.\d{1,3}", status)
            else found[0]
            if found
            else "",
            words=words[:_WORDS],
            server=provider,
        ),
        at=call.at if at is None or at > call.at else at,
        id=identity[:200],
        provider=provider,
    )


def digest_of(*parts: str) -> str:
    """An id of an event that has none of its own: the same whenever it is told."""
    return sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
