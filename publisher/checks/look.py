"""All rules at one mail, or those that `build` tells of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from publisher.checks.mail import Mail
from publisher.checks.rule import Part, Rule
from publisher.checks.silence import NAME, Silence
from publisher.checks.table import AT_BUILD, FILES, OTHERS, all_rules
from publisher.errors import Problem
from publisher.model import Publication

PARTS: tuple[Part, ...] = ("html", "subject", "preheader", "text")
"""What a finding can be about."""

_MOST = 20  # findings of one rule in one mail: the same fault again and again


def findings(mail: Mail, *, at_build: bool = False) -> list[Problem]:
    """Return what a careful editor would change; the few that `build` tells of, if asked."""
    found = findings_by_part(mail, at_build=at_build)
    return [problem for part in PARTS for problem in found.get(part, ())]


def findings_by_part(mail: Mail, *, at_build: bool = False) -> dict[Part, list[Problem]]:
    """Return the findings by the part of the mail that they mean (`PARTS`)."""
    silence = silence_of(mail.publication, mail.files)
    found: dict[Part, list[Problem]] = {}
    for rule in all_rules(AT_BUILD) if at_build else all_rules():
        wanted = list(silence.wanted(_of(rule, mail)))
        found.setdefault(rule.part, []).extend(wanted[:_MOST])
        if len(wanted) > _MOST:
            found[rule.part].append(_more(rule, mail, len(wanted) - _MOST))
    faults = [one for one in silence.faults() if one.path != "publisher.toml" and not at_build]
    found.setdefault("html", []).extend(faults)
    return {part: problems for part, problems in found.items() if problems}


def silence_of(own: Publication, files: Mapping[str, str]) -> Silence:
    """Return which rules are off: everywhere, and in some files."""
    known = [*(name.replace("_", "-") for name in FILES), *(OTHERS.keys() - {NAME})]
    return Silence(files, own.check.off, known)


def _of(rule: Rule, mail: Mail) -> Iterator[Problem]:
    for found in rule.look(mail):
        yield Problem(
            what=found.what,
            why=found.why or rule.why,
            todo=found.todo or rule.todo,
            path=found.path or mail.name,
            line=found.line if found.path else None,
            severity=rule.severity,
            rule=rule.name,
        )


def _more(rule: Rule, mail: Mail, count: int) -> Problem:
    return Problem(
        what=f"{count} more of {rule.name}", path=mail.name, severity="note", rule=rule.name
    )
