"""Pictures that are silent where they are not shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

_SILENT = re.compile(r"<img\b(?![^>]*\balt=)", re.IGNORECASE)


def _look(mail: Mail) -> Iterator[Found]:
    if not _SILENT.search(mail.html):  # the tree is not needed for most mails that are built
        return
    for picture in mail.pictures:
        if picture.get("alt") is None:
            source = str(picture.get("src") or "")
            name = source.rpartition("/")[2] or source
            yield Found(f"the picture {name} has no alt text", *mail.place(source, name))


RULE = Rule(
    name="alt-missing",
    finds="Pictures without alt text.",
    why="Who reads without pictures, or hears the mail, is told nothing, or a file's name.",
    todo='Write what it shows; alt="" for one that only decorates.',
    look=_look,
    bad=({"html": '<img src="https://letter.example/bay.jpg">'},),
    clean=(
        {"html": '<img src="https://letter.example/bay.jpg" alt="The bay at dawn">'},
        {"html": '<img src="https://letter.example/line.png" alt="">'},
    ),
)
