"""What is asked of a provider over HTTP, what it answers, and what each provider must know."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Protocol

import msgspec

from publisher.model import Envelope

Kind = Literal["taken", "pace", "quota", "sender", "dead", "address", "message", "later", "unknown"]
"""Of an answer: the message was taken; too fast; our quota is used up; the provider refuses us, and
a person must change something; it sends that reader nothing any more; it takes this for no address;
it does not take this message; it can do nothing now; and what leaves open whether it was taken."""


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """A request: `path` below the provider's address, with its query."""

    path: str
    method: str = "POST"
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    body: bytes = b""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer; names of `headers` are in lower case, `body` has been cut at its bound."""

    status: int
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    body: bytes = b""

    @property
    def fields(self) -> Mapping[str, Any]:
        """The body as an object of JSON; empty where it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def text(self, *names: str) -> str:
        """The first of these fields that is a text or a number, "" for none."""
        fields = self.fields
        found = (fields.get(name) for name in names)
        return next((str(one) for one in found if isinstance(one, str | int)), "")


class Provider(Protocol):
    """What one provider wants and says: pure, without a connection.

    `name` is as publisher.toml writes it, `title` as people do; `takes_utf8` tells whether it takes
    addresses beyond ASCII (RFC 6531). `at` is the provider's own time (aware), None before it has
    said one.
    """

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def base_url(self) -> str: ...

    @property
    def takes_utf8(self) -> bool: ...

    def look(self, at: datetime | None) -> Ask:
        """What shows, without a message, that the provider answers and takes the key."""
        ...

    def looked(self, answer: Answer) -> str:
        """Why nothing can be sent, by the answer to `look`; "" where something can."""
        ...

    def ask(self, envelope: Envelope, message: bytes, at: datetime | None) -> Ask:
        """What sends a message; raises ValueError for one that the interface has no form for."""
        ...

    def kind(self, answer: Answer) -> Kind | None:
        """What an answer to `ask` means; None where its status says enough."""
        ...

    def words(self, answer: Answer) -> str:
        """What it says to a person; the id of the message where it was taken."""
        ...


def json_ask(path: str, content: Mapping[str, Any], headers: Mapping[str, str]) -> Ask:
    """A request with an object of JSON; what is empty in it is left out."""
    told = {name: value for name, value in content.items() if value not in ("", None, [], {})}
    return Ask(
        path=path,
        headers={"Content-Type": "application/json", "Accept": "application/json", **headers},
        body=json.dumps(told, ensure_ascii=False).encode(),
    )
