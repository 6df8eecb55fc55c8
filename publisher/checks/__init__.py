"""What an editor looks at before a mail goes out: one rule a file, one table of them.

`findings` are warnings: a person decides. To add a rule: docs/how-to/extend.md.
"""

from publisher.checks.answers import Asked, answered, to_ask
from publisher.checks.clients import known as known_clients
from publisher.checks.look import PARTS, findings, findings_by_part, silence_of
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Part, Rule
from publisher.checks.sarif import sarif
from publisher.checks.table import AT_BUILD, OTHERS, all_rules

__all__ = [
    "AT_BUILD",
    "OTHERS",
    "PARTS",
    "Asked",
    "Found",
    "Mail",
    "Part",
    "Rule",
    "all_rules",
    "answered",
    "findings",
    "findings_by_part",
    "known_clients",
    "sarif",
    "silence_of",
    "to_ask",
]
