"""Pictures that are silent where they are not shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

_SILENT = re.compile(r"<img\b(?![^>]*\balt=)", re.IGNORECASE)


_LONGEST = 2_000  # characters of a tag
_EMPTY = re.compile(r"!\[\s*\]\(\s*<?([^)\s>]+)")
_FENCED = re.compile(r"^ {0,3}(```+|~~~+).*?^ {0,3}\1", re.DOTALL | re.MULTILINE)


def _look(mail: Mail) -> Iterator[Found]:
    yield from _typed(mail)
    yield from _made(mail)


def _typed(mail: Mail) -> Iterator[Found]:
    """`![](bay.jpg)`: hardly anybody means by it that the picture only decorates."""
    for article in mail.stories:
        path = mail.path_of(article)
        if not path.endswith((".md", ".markdown")):
            continue
        text = _FENCED.sub(lambda code: "\n" * code[0].count("\n"), mail.files.get(path, ""))
        for found in _EMPTY.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            yield Found(f"the picture {found[1][-80:]} has no alt text", path, line)


def _made(mail: Mail) -> Iterator[Found]:
    if not _SILENT.search(mail.html):  # the tree is not needed for most mails that are built
        return
    typed = _in_articles(mail)
    for picture in mail.pictures:
        if picture.get("alt") is None:
            source = str(picture.get("src") or "")
            name = source.rpartition("/")[2] or source
            path, line = mail.place(source, name)
            if path is None:  # one of ours: its file is called by its digest
                path, line, name = next(typed, (path, line, name))
            yield Found(f"the picture {name} has no alt text", path, line)


def _in_articles(mail: Mail) -> Iterator[tuple[str, int, str]]:
    """Where articles have `<img>` without alt, and what it shows, in the mail's order."""
    for article in mail.stories:
        path = mail.path_of(article)
        text = mail.files.get(path, "")
        for found in _SILENT.finditer(text):
            tag = text[found.start() : found.start() + _LONGEST].partition(">")[0]
            source = re.search(r"""\bsrc\s*=\s*["']?([^"'\s>]+)""", tag)
            line = text.count("\n", 0, found.start()) + 1
            yield path, line, (source[1] if source else tag)[-80:]


RULE = Rule(
    name="alt-missing",
    finds="Pictures without alt text.",
    why="Who reads without pictures, or hears the mail, is told nothing, or a file's name.",
    todo='Write what it shows; <img alt=""> for one that only decorates.',
    look=_look,
    bad=(
        {"html": '<img src="https://letter.example/bay.jpg">'},
        {"files": {"articles/ferry.md": "See it:\n\n![](bay.jpg)\n"}},
    ),
    clean=(
        {"html": '<img src="https://letter.example/bay.jpg" alt="The bay at dawn">'},
        {"html": '<img src="https://letter.example/line.png" alt="">'},
        {"files": {"articles/ferry.md": "![The bay](bay.jpg)\n\n```\n![](bay.jpg)\n```\n"}},
    ),
)
