"""The one place where a `Returned` is made: its words on one line, its values clean."""

from __future__ import annotations

import re
from unicodedata import category

from publisher.model import Returned, ReturnedClass
from publisher.returns.ours import Ours

LONGEST = 500  # of words, as the noun says
DELAYED = "delayed, still being tried: "
"""What stands before the words of a report that nothing has failed yet."""


def line(text: str) -> str:
    """Return a text on one line, no longer than words may be, with nothing that hides."""
    text = " ".join(text[: 8 * LONGEST].split())
    return "".join(c for c in text if category(c) not in ("Cc", "Cs", "Cf", "Co"))[:LONGEST].strip()


def make(
    what: ReturnedClass,
    *,
    recipient: str = "",
    ours: Ours | None = None,
    status: str = "",
    words: str = "",
    server: str = "",
    replacement: str = "",
    token: str = "",
) -> Returned:
    """Return what was read, with what it holds of ours."""
    ours = ours or Ours()
    return Returned(
        what=what,
        recipient=_one(recipient, 320),
        message_id=_one(ours.message_id, 250),
        token=_one(token or ours.token, 200),
        status=_one(status, 20),
        words=line(words),
        server=_one(server, 255),
        replacement=_one(replacement, 320),
    )


def _one(value: str, longest: int) -> str:
    """A value of one word; "" where it is longer than it may be."""
    value = re.sub(r"\s+", "", line(value))
    return value if len(value) <= longest else ""
