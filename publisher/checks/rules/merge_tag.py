"""Signs that another program was to replace, and this one does not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

_NAME = (
    r"(?:first|last|full|user|sur|nick)?[_ -]?name|e?-?mail(?:[_ -]?address)?"
    r"|company|unsubscribe\w*"
)
_SIGN = re.compile(
    r"%%[\w .-]{1,40}%%"  # Salesforce, Ghost
    r"|%%=[^%\n]{1,80}=%%|\{!\s?[\w.$]{1,60}\}"  # the same, with functions and of its CRM
    r"|\*\|[\w:. -]{1,60}\|\*"  # Mailchimp
    r"|(?-i:\|[A-Z][A-Z0-9_:]{2,40}\|)"  # the same, whose stars Markdown took for emphasis
    r"|%recipient\.[\w.]{1,40}%"  # Mailgun
    r"|\{\{(?![<%])[^{}\n]{0,80}\}\}|\{%[^%{}\n]{1,80}%\}"  # Jinja, Liquid
    r"|<%=?[^%<>\n]{1,80}%>"  # ERB
    r"|\$\{[\w.]{1,40}\}|\{\$[\w.]{1,40}\}"
    r"|#\{[\w.]{1,40}\}|@@[\w.]{1,40}@@|\[\[[\w: .-]{1,40}\]\]"
    rf"|\{{(?:subscriber\.|contact\.|user\.|reader\.)?(?:{_NAME}|[a-z]+_[a-z_]+)\}}"
    r"|\[(?:first|last|full|f|l)[_ -]?name\]"
    rf"|\[(?:{_NAME}),\s?fallback=[^\]\n]{{0,40}}\]"  # Campaign Monitor, Sendy
    r"|\{contactfield=[\w.|]{1,40}\}|\$\[[\w:. |-]{1,40}\]\$"  # Mautic, Zoho
    rf"|<<\s*(?:{_NAME})\s*>>|%(?:{_NAME})%|-(?:FNAME|LNAME)-",
    re.IGNORECASE,
)


def _look(mail: Mail) -> Iterator[Found]:
    texts = [text for text, _ in mail.prose]
    for sign in dict.fromkeys(
        found[0]
        for text in (mail.subject, mail.preheader, *texts)
        for found in _SIGN.finditer(text)
    ):
        yield Found(f"“{sign}” stands in the mail as it is", *mail.place(sign))


RULE = Rule(
    name="merge-tag",
    finds="Signs of other programs for a reader's values, and template code: `*|FNAME|*`, "
    "`%%name%%`, `{{ name }}`, `{first_name}`.",
    why="Nothing replaces it: every reader sees the sign itself.",
    todo="Take it out; in a template write {{ slot('first_name', 'reader') }}. To show it as code, "
    "mark it as code.",
    look=_look,
    bad=(
        {"html": "<p>Dear %%first_name%%,</p>"},
        {"html": "<p>Dear *|FNAME|*,</p>"},
        {"html": "<p>Dear <em>|FNAME|</em>,</p>"},
        {"html": "<p>Dear %recipient.name%,</p>"},
        {"html": "<p>Dear {first_name},</p>"},
        {"html": "<p>Dear {{ name }},</p>"},
        {"html": "<p>Dear %%=v(@name)=%%,</p>"},
        {"html": "<p>Dear {!Contact.Name},</p>"},
        {"html": "<p>Dear [firstname,fallback=reader],</p>"},
        {"html": "<p>Dear {contactfield=firstname},</p>"},
        {"html": "<p>Dear $[FNAME|reader]$,</p>"},
        {"subject": "For [First Name]"},
    ),
    clean=(
        {"html": "<p>Write <code>{{ name }}</code> into it.</p>"},
        {"html": "<p>|a| is 3, and |AB| of |x|</p>"},
        {"html": "<p>She said [sic] 50% of {1, 2, 3} — 20%, 30%.</p>"},
    ),
)
