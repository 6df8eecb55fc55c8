"""What to look at before an edition goes out. Findings are warnings: a person decides."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.errors import Problem
from publisher.model import Rendition

GMAIL_CLIPS_AT = 102_000
"""Bytes of HTML after which Gmail hides the rest, the unsubscribe link with it."""


PARTS = ("html", "subject", "preheader", "text")
"""What a finding can be about."""


def findings(rendition: Rendition, name: str) -> list[Problem]:
    """Return what a careful editor would change; `name` is the edition's id."""
    found = findings_by_part(rendition, name)
    return [problem for part in PARTS for problem in found.get(part, ())]


def findings_by_part(rendition: Rendition, name: str) -> dict[str, list[Problem]]:
    """Return the findings by the part of the mail that they mean (`PARTS`)."""
    found: dict[str, list[Problem]] = {}
    for part, what, why in _findings(rendition):
        problem = Problem(what=what, why=why, path=name, severity="warning")
        found.setdefault(part, []).append(problem)
    return found


def _findings(rendition: Rendition) -> Iterator[tuple[str, str, str]]:
    html = rendition.html.filled()
    size = len(html.encode())
    if size > GMAIL_CLIPS_AT:
        yield (
            "html",
            f"the HTML has {size / 1000:.0f} KB, Gmail shows the first 102",
            "Show fewer stories in full, or fewer stories.",
        )
    subject = rendition.subject.filled()
    if not subject:
        yield (
            "subject",
            "the subject is empty",
            "Set `subject` of the newsletter in publisher.toml.",
        )
    elif len(subject) > 90:
        yield (
            "subject",
            f"the subject has {len(subject)} characters",
            "Phones show the first 35 to 50.",
        )
    if not rendition.preheader.filled():
        yield (
            "preheader",
            "the preheader is empty",
            "In-boxes then show the first words of the mail.",
        )
    if missing := len(re.findall(r"<img (?![^>]*\balt=)", html)):
        pictures = "1 picture has" if missing == 1 else f"{missing} pictures have"
        yield "html", f"{pictures} no alt text", "Readers without pictures see nothing there."
    for name in ("unsubscribe_url",):
        for part, slotted in (("HTML", rendition.html), ("text", rendition.text)):
            if slotted.pieces and name not in {slot.name for slot in slotted.slots}:
                yield (
                    part.lower(),
                    f"the {part} part has no slot {name}",
                    "Bulk mail without a way out is refused (RFC 8058, Gmail, Yahoo).",
                )
