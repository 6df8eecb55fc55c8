"""What is the same of a message that comes by two ways, each of which adds headers of its own.

Ways also differ in how lines end, so that where a large message is cut off its text is cut at
another letter: no more of a text is looked at than is there by every way.
"""

from __future__ import annotations

import hashlib
import re

_HEADERS = 65_536  # bytes of its headers that are looked at
_MARKED = 1_000_000  # bytes of its text

_OWN_ID = re.compile(r"^message-id:\s*<?([^\s<>]{1,500})", re.IGNORECASE | re.MULTILINE)


def headers_of(data: bytes) -> str:
    """Return the headers of a message, each on one line."""
    head = data[: min(_body_of(data[:_HEADERS]), _HEADERS)]
    return re.sub(r"\r?\n[ \t]+", " ", head.decode("utf-8", "replace"))


def marks_of(data: bytes, headers: str) -> tuple[str | None, str | None]:
    """Return a digest of a message's own Message-ID, and one of it with the text; None for none.

    The second is for what is kept: a person's program may give two mails one id.
    """
    found = _OWN_ID.search(headers)
    if found is None:
        return None, None
    own = hashlib.sha256(found[1].encode("utf-8", "replace"))
    whole = own.copy()
    text = data[_body_of(data) :].replace(b"\r\n", b"\n").strip()
    whole.update(b"\0" + text[:_MARKED])
    return own.hexdigest(), whole.hexdigest()


def _body_of(data: bytes) -> int:
    """Where the body of a message begins."""
    end = re.search(rb"\r?\n\r?\n", data)
    return end.end() if end else len(data)
