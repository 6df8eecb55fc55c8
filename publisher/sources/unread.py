"""Texts that might be articles and are of no kind that is read: how to make them one."""

from __future__ import annotations

from pathlib import PurePosixPath

from publisher.errors import Problem

_PANDOC = {
    ".org": "org", ".textile": "textile", ".docx": "docx", ".odt": "odt", ".rtf": "rtf",
    ".mediawiki": "mediawiki", ".wiki": "mediawiki",
}  # fmt: skip
COMMANDS = {
    **{suffix: f"pandoc -s -f {name} -t gfm -o {{to}}.md" for suffix, name in _PANDOC.items()},
    ".adoc": "asciidoctor -b html5 -o {to}.html",
    ".asciidoc": "asciidoctor -b html5 -o {to}.html",
    ".ipynb": "jupyter nbconvert --to markdown",
}
"""By suffix: what makes a file of it that is read."""


def problem(path: str, suffix: str) -> Problem:
    """Return what to tell of such a file."""
    name = PurePosixPath(path).name
    command = COMMANDS[suffix].format(to=PurePosixPath(name).stem)
    return Problem(
        what=f"{suffix} is no kind of article that is read",
        todo=f"Convert it, for example: {command} {name}; or name it in `ignore` of "
        "publisher.toml.",
        path=path,
        severity="warning",
    )
