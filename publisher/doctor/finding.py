"""What the doctor finds: a fault by its name, with what to do, and what to type into DNS.

Each module of a subject lists its kinds of finding; the reference is made of these lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from publisher.doctor.answers import shortened

Severity = Literal["error", "warning", "note"]

Subject = Literal[
    "SPF", "DKIM", "DMARC", "Alignment", "MX", "PTR", "TLS", "MTA-STS", "TLS-RPT", "BIMI", "Links",
    "One-click",
]  # fmt: skip

State = Literal["good", "noted", "bad", "unseen"]


class DnsLine(msgspec.Struct, frozen=True, kw_only=True):
    """A record to type where the domain's DNS is kept: name, type and value."""

    name: str
    type: str
    value: str

    def __str__(self) -> str:
        return f"{self.name}  {self.type}  {self.value}"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One fault: what is wrong, why it matters, what to do; `lines` are what DNS should say.

    An "error" makes servers refuse mails or sort them out, a "warning" may, a "note" tells of what
    could be better, or cannot be seen from here.
    """

    name: str
    subject: Subject
    severity: Severity
    what: str
    why: str
    todo: str
    lines: tuple[DnsLine, ...] = ()


class Kind(msgspec.Struct, frozen=True):
    """A kind of finding, as the reference has it."""

    severity: Severity
    finds: str
    why: str
    todo: str


class Kinds(msgspec.Struct, frozen=True):
    """The kinds of finding of one subject, by name."""

    subject: Subject
    of: Mapping[str, Kind]

    def found(
        self,
        name: str,
        what: str,
        *lines: DnsLine,
        why: str = "",
        todo: str = "",
        severity: Severity | None = None,
    ) -> Finding:
        """Return a finding; `why` and `todo` are its kind's unless there is more to say."""
        kind = self.of[name]
        return Finding(
            name=name,
            subject=self.subject,
            severity=severity or kind.severity,
            what=shortened(what, 600),  # it quotes what anybody may have written
            why=why or kind.why,
            todo=todo or kind.todo,
            lines=lines,
        )


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one subject: `shown` is what is there, in a few words.

    It is not `seen` where nothing of it can be told from here.
    """

    subject: Subject
    shown: str
    findings: tuple[Finding, ...] = msgspec.field(default=())
    seen: bool = True

    @property
    def state(self) -> State:
        """How it stands, by the worst that was found."""
        severities = {one.severity for one in self.findings}
        if "error" in severities:
            return "bad"
        if not self.seen:
            return "unseen"
        return "noted" if "warning" in severities else "good"
