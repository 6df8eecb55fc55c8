"""What a rule is: its name, what it is about, how it looks, and examples that prove it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

import msgspec

from publisher.checks.mail import Mail

Part = Literal["html", "subject", "preheader", "text"]
"""What of a mail a finding is about; the preview shows it there."""

Example = Mapping[str, Any]
"""A mail in a few words: what `example.mail_of` takes."""


class Found(msgspec.Struct, frozen=True):
    """One fault in one mail; without a `path` it is about the edition as a whole.

    `why` and `todo` are the rule's unless there is more to say.
    """

    what: str
    path: str | None = None
    line: int | None = None
    why: str = ""
    todo: str = ""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a careful editor looks at before a mail goes out.

    `finds` says in a sentence what it finds. Each of `bad` makes `look` find something, each of
    `clean` nothing; a test runs them all, and the reference shows the first.
    """

    name: str
    finds: str
    why: str
    todo: str
    look: Callable[[Mail], Iterable[Found]]
    bad: tuple[Example, ...]
    clean: tuple[Example, ...]
    part: Part = "html"
    severity: Literal["error", "warning", "note"] = "warning"
