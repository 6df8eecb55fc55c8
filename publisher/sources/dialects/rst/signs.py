"""Whether a text of no declared kind is reStructuredText; this imports no docutils."""

from __future__ import annotations

import re

_DIRECTIVE = re.compile(
    r"^[ \t]*\.\. (?:code-block|sourcecode|code|image|figure|note|warning|tip|contents|youtube"
    r"|raw|admonition|class|container|list-table|math|include|role)::(?:[ \t]|$)",
    re.MULTILINE,
)
_LINK = re.compile(r"`[^`<>]{1,200}<(?:https?://|mailto:)[^`<>\s]{1,500}>`__?(?!\w)")
_TARGET = re.compile(r"^\.\. _[^:\n`]{1,80}: +\S", re.MULTILINE)
_FIELDS = re.compile(
    r"\A\s*(?:([=~#*^-])\1{2,}[ \t]*\n)?[^\n]{1,300}\n([=~#*^-])\2{2,}[ \t]*\n\s*"
    r":(?:date|author|authors|tags|category|slug|status|lang|summary):[ \t]",
    re.IGNORECASE,
)


def is_certain(text: str, is_nikola: bool) -> bool:
    """Whether a plain-text file is reStructuredText: no letter or essay has such signs by chance.

    Nikola's front matter says so (its `.txt` is reST), as do Pelican's fields under an underlined
    title, and directives or named links that two different signs speak for.

    >>> is_certain("The ferry runs. See .. note: it is late.", False)
    False
    """
    if is_nikola or _FIELDS.match(text):
        return True
    return sum(bool(sign.search(text)) for sign in (_DIRECTIVE, _LINK, _TARGET)) > 1
