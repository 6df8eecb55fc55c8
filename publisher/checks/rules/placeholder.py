"""Words that were to be replaced before anyone reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

_WORDS = re.compile(
    r"\bTK(?:TK)*\b|\b(?:TODO|FIXME|TBC|TBD|XXX+)\b"
    r"|\b[Ll]orem ipsum\b|\bLOREM IPSUM\b|\b[Dd]olor sit amet\b"
    r"|\[(?:[Ii]nsert|[Aa]dd|[Yy]our|[Pp]laceholder|[Hh]eadline|[Ll]ink|[Pp]hoto|[Ii]mage|[Dd]ate)"
    r"(?: [^\]\n]{1,60})?\]"
    r"|\b(?:[Hh]eadline|[Tt]itle|[Tt]ext|[Ss]ubtitle) (?:goes )?here\b"
)


def _look(mail: Mail) -> Iterator[Found]:
    texts = [mail.subject, mail.preheader, *(text for text, _ in mail.prose)]
    for words in dict.fromkeys(found[0] for text in texts for found in _WORDS.finditer(text)):
        yield Found(f"“{words}” was to be replaced", *mail.place(words))


RULE = Rule(
    name="placeholder",
    finds="Words that stand for others still to come: TK, TODO, lorem ipsum, [insert date].",
    why="It tells every reader that nobody looked.",
    todo="Write what belongs there.",
    look=_look,
    bad=(
        {"subject": "Headline TK"},
        {"html": "<p>TK add number. It crossed TKTK times.</p>"},
        {"html": "<p>Lorem ipsum dolor sit amet.</p>"},
        {"html": "<p>It opens on [insert date].</p>"},
    ),
    clean=(
        {"html": "<p>The TKO came in round two; todo lo demás espera.</p>"},
        {"html": "<p>Write <code>TODO</code> where it is missing.</p>"},
    ),
)
