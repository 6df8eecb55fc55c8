"""Mailgun: our message as it is.

Documentation: "Send an email in MIME format" (`POST /v3/{domain_name}/messages.mime`), "API
Response Codes", "Send via HTTP" (25 MB at most), "Domains". It keeps our Message-ID and headers,
adds its own signature, and leaves opens and links alone where `o:tracking` is `no`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote

from publisher.delivery.providers.asking import Answer, Ask, Kind
from publisher.model import Envelope

_KINDS: tuple[tuple[str, Kind], ...] = (
    (r"(?:recipient|message|sending|account) limit|limit exceeded|quota", "quota"),
    (r"'?to'? parameter is not a valid", "address"),
    (r"not allowed to send|free accounts|activate|disabled|authorized recipients", "sender"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mailgun:
    """See `asking.Provider`. `domain` is the sending domain."""

    key: str = field(repr=False)
    domain: str
    base_url: str
    name: ClassVar[str] = "mailgun"
    title: ClassVar[str] = "Mailgun"
    takes_utf8: ClassVar[bool] = True

    def look(self, at: datetime | None) -> Ask:
        """The sending domain."""
        path = f"/v3/domains/{quote(self.domain)}"
        return Ask(path=path, method="GET", headers=self._headers())

    def looked(self, answer: Answer) -> str:
        """A key that may only send is refused here as a wrong one is: the first message tells."""
        if answer.status == 404:
            return f"it knows no domain {self.domain} (is provider.region right?)"
        return ""

    def ask(self, envelope: Envelope, message: bytes, at: datetime | None) -> Ask:
        """The message as a file of a form (RFC 7578)."""
        boundary = f"=_{hashlib.sha256(message).hexdigest()[:40]}"
        fields = {"to": envelope.recipient, "o:tracking": "no"}
        head = "".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        file = (
            f"--{boundary}\r\n"
            'Content-Disposition: form-data; name="message"; filename="message.eml"\r\n'
            "Content-Type: message/rfc822\r\n\r\n"
        )
        return Ask(
            path=f"/v3/{quote(self.domain)}/messages.mime",
            headers={
                **self._headers(),
                "Content-Type": f'multipart/form-data; boundary="{boundary}"',
            },
            body=(head + file).encode() + message + f"\r\n--{boundary}--\r\n".encode(),
        )

    def kind(self, answer: Answer) -> Kind | None:
        """By its words: Mailgun has no codes of its own."""
        if not 400 <= answer.status < 500:
            return None
        said = self.words(answer)
        found = (kind for pattern, kind in _KINDS if re.search(pattern, said, re.IGNORECASE))
        return next(found, None)

    def words(self, answer: Answer) -> str:
        """Its id of the message, or its words; a refusal of the key is plain text."""
        if answer.status == 200:
            return answer.text("id")
        return answer.text("message", "Message") or answer.body[:200].decode("utf-8", "replace")

    def _headers(self) -> dict[str, str]:
        pair = base64.b64encode(f"api:{self.key}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}
