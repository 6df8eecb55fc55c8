"""The subjects of a test, as the rules of `checks` look at a mail's."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from publisher.checks import Mail, findings_by_part
from publisher.errors import Problem
from publisher.model import EditionId, Rendition, Slotted, SubjectPlan
from publisher.pipeline.editions.looked_at import last_lines
from publisher.pipeline.workspace import Workspace

_OF_ANY_WORDS = ("merge-tag", "placeholder")
"""Rules that look at a mail's words, wherever they stand."""


def told_of_subjects(space: Workspace, edition: str, plan: SubjectPlan) -> Iterator[Problem]:
    """Yield what a careful editor would change in two subjects."""
    nothing = Slotted(("",))
    for group, subject in plan.subjects.items():
        words = Slotted((subject,))
        mail = Mail(
            name=f"subject {group}",
            publication=space.publication,
            newsletter=space.newsletter(EditionId(edition).newsletter),
            rendition=Rendition(subject=words, preheader=nothing, html=nothing, text=nothing),
            last=last_lines(space, edition),
        )
        for part, problems in findings_by_part(mail).items():
            for problem in problems:
                if part == "subject" or problem.rule in _OF_ANY_WORDS:
                    yield replace(problem, todo="Give another one to --ab.")
