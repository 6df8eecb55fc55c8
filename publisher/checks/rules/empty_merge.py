"""Greetings of nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule
from publisher.model import SlotText

_GREETING = re.compile(
    r"\b(?:Hello|Hi|Hey|Dear|Good (?:morning|evening)|Welcome|Hallo|Liebe[rs]?|"
    r"Guten (?:Morgen|Tag)|Bonjour|Ch[eè]re?|Salut|Hola|Querid[oa]|Estimad[oa]|Buongiorno|"
    r"Ciao|Car[oa]|Olá|Hej|Beste)"
    r"(?:[ \u00a0]+[,!:]|[ \u00a0]*,[ \u00a0]*,)"
)


def _look(mail: Mail) -> Iterator[Found]:
    texts = [mail.subject, mail.preheader, mail.text]
    texts += [one.text_content() for one in mail.root.iter("p", "div", "td", "h1", "h2", "h3")
              if len(one) == 0 or one.tag == "p"]  # fmt: skip
    for words in dict.fromkeys(found[0] for text in texts for found in _GREETING.finditer(text)):
        yield Found(
            f"“{words}” greets nobody", *mail.place(words, f"{words.split()[0]} {{{{ slot(")
        )
    for part, slotted in (("HTML", mail.rendition.html), ("text", mail.rendition.text),
                          ("subject", mail.rendition.subject),
                          ("preheader", mail.rendition.preheader)):  # fmt: skip
        for name in dict.fromkeys(one.name for one in slotted.slots if one.fallback is None):
            yield Found(
                f"the slot {name} in the {part} has no fallback",
                *mail.place(f"slot('{name}'", f'slot("{name}"'),
                why="Readers without one see a hole, as in “Hello ,”.",
                todo=f"Write slot('{name}', 'reader'), with a word that fits everyone.",
            )


RULE = Rule(
    name="empty-merge",
    finds="Greetings without a name, and slots that leave a hole where a reader has no value.",
    why="It tells readers that a machine wrote to nobody in particular, and failed at it.",
    todo="Give the slot a fallback, or greet everyone alike.",
    look=_look,
    bad=(
        {"html": "<p>Hello ,</p>"},
        {"text": "Dear , it is time."},
        {"slot": SlotText("first_name", "html")},
    ),
    clean=(
        {"html": "<p>Hello, and welcome.</p>"},
        {"slot": SlotText("first_name", "html", "reader")},
    ),
)
