"""Style sheets that are not CSS."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checks.css import faults
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

_STYLE = re.compile(r'\bstyle="([^"]*)"')


def _look(mail: Mail) -> Iterator[Found]:
    for path, text in mail.files.items():
        if path.endswith(".css"):
            for line, what in faults(_filled(text)):
                yield Found(what, path, line)
        elif path.endswith(".mjml"):
            yield from _in_attributes(path, _filled(text))
    for style in mail.root.iter("style"):
        css = str(style.text or "")
        lines = css.split("\n")
        for number, what in faults(css):
            words = lines[number - 1].strip()
            shown = f"{what} ({words[:60]})" if words else what
            yield Found(shown, *mail.place(words, words[:30], words[-30:]))


def _in_attributes(path: str, template: str) -> Iterator[Found]:
    for style in _STYLE.finditer(template):
        for _, what in faults(f"p {{{style[1]}}}"):
            line = template.count("\n", 0, style.start()) + 1
            yield Found(f"{what} (style={style[1].strip()[:60]!r})", path, line)


def _filled(template: str) -> str:
    """A style sheet with a value for each of the template's, on the lines that they stand on."""
    plain = re.sub(
        r"\{([%#]).*?\1\}", lambda code: "\n" * code[0].count("\n"), template, flags=re.S
    )
    return re.sub(r"\{\{.*?\}\}", lambda code: "x" + "\n" * code[0].count("\n"), plain, flags=re.S)


RULE = Rule(
    name="css-syntax",
    finds="CSS that is malformed: a brace missing, a declaration that is none, a colour of five "
    "digits.",
    why="Programs pass over the rule, or all that follows it; Gmail drops the whole style sheet.",
    todo="Mend it.",
    look=_look,
    bad=(
        {"css": "p { color: #12; }"},
        {"css": "p { color red }"},
        {"css": "p { color: #222222; "},
        {"css": "p color: #222222;"},
        {"files": {"templates/mail/body.css": "p { margin: 0;\nh2 { margin: 0; }"}},
        {"files": {"templates/blocks/gap.mjml": '<p style="color: #222222; margin 4px">x</p>'}},
    ),
    clean=(
        {"css": "p { color: #222; } @media (max-width: 480px) { p { margin: 0 !important; } }"},
        {
            "files": {
                "templates/mail/body.css": "{# c #}p { color: {{ ink }}; }{% if a %}{% endif %}"
            }
        },
        {"css": "[data-ogsc] p > a, p:not([align]) { color: #ffffff; } /* done */"},
    ),
)
