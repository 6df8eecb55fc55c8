"""Styles that mail programs do not have, from caniemail's data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checks.clients import lacking, names
from publisher.checks.colours import declared
from publisher.checks.css import Declaration
from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

FEATURES: tuple[tuple[str, str, str, str], ...] = (
    # what is written: property, value; what caniemail calls it; what to do instead
    (r"display", r"(?:inline-)?flex\b.*", "css-display-flex", "Use columns, or a table."),
    (r"display", r"(?:inline-)?grid\b.*", "css-display-grid", "Use columns, or a table."),
    (r"position", r"(?:absolute|fixed|sticky).*", "css-position", "Let it stand in the flow."),
    (r"background(?:-image)?", r".*\burl\(.*", "css-background-image",
     "Show it with mj-image; words on a picture need a colour behind them as well."),
    (r"background(?:-image)?", r".*gradient\(.*", "css-linear-gradient",
     "Write a background-color before it."),
    (r"(?:row-|column-)?gap", r".*", "css-gap", "Use padding of the cells."),
    (r"--[\w-]+|.*", r".*\bvar\(.*", "css-variables", "Write the value itself."),
    (r".*", r".*\bcalc\(.*", "css-unit-calc", "Write the sum."),
    (r".*", r".*\bclamp\(.*", "css-function-clamp", "Write one size, and another in @media."),
    (r".*", r".*\bmin\(.*", "css-function-min", "Write one size, and another in @media."),
    (r".*", r".*\bmax\(.*", "css-function-max", "Write one size, and another in @media."),
    (r"transform", r".*", "css-transform", "Turn the picture itself."),
    (r"aspect-ratio", r".*", "css-aspect-ratio", "Write width and height."),
    (r"object-fit", r".*", "css-object-fit", "Cut the picture itself."),
    (r"filter", r".*", "css-filter", "Change the picture itself."),
    (r"(?:backdrop-filter)", r".*", "css-backdrop-filter", "Use a colour."),
    (r"clip-path", r".*", "css-clip-path", "Cut the picture itself."),
    (r"mask(?:-image)?", r".*", "css-mask-image", "Cut the picture itself."),
    (r"mix-blend-mode", r".*", "css-mix-blend-mode", "Change the picture itself."),
    (r"column-count|columns", r".*", "css-column-count", "Use mj-column."),
    (r"@import", r".*", "css-at-import", "Put the rules into the template."),
    (r"writing-mode", r".*", "css-writing-mode", "Show a picture of it."),
    (r"(?:margin|padding)-(?:inline|block)(?:-.*)?", r".*", "css-margin-inline-start-end",
     "Write -left and -right; in mail/body.css -start and -end."),
)  # fmt: skip
"""What changes the look of a mail so that it cannot be used where it is missing.

What is only plainer without it (rounded corners, shadows, @media, hover, web fonts) is no fault.
"""


def _look(mail: Mail) -> Iterator[Found]:
    clients = mail.publication.check.clients
    for one in declared(mail):
        if one.media:  # an improvement for those who have it
            continue
        for name, value, slug, todo in FEATURES:
            if not _is(one, name, value):
                continue
            if without := lacking(slug, clients):
                written = f"{one.name}: {one.value[:40]}" if one.value else one.name
                told = f"{written} is not known to {names(without)}"
                yield Found(told, *_place(mail, one), todo=todo)
            break


def _is(one: Declaration, name: str, value: str) -> bool:
    is_it = re.fullmatch(name, one.name) and re.fullmatch(value, one.value, re.DOTALL)
    return bool(is_it) and not one.name.startswith("mso-")


def _place(mail: Mail, one: Declaration) -> tuple[str | None, int | None]:
    value = one.value.removesuffix("!important").strip()
    return mail.place(f"{one.name}: {value}", f"{one.name}:{value}", f'{one.name}="{value}', value)


RULE = Rule(
    name="css-features",
    finds="Styles that a mail program of the baseline (`clients` in `[check]`) does not have and "
    "that leave a mail unusable there: flex, grid, position, background pictures, variables.",
    why="There it falls apart: columns lie on top of each other, words have no ground.",
    todo="Do it with what all of them have.",
    look=_look,
    bad=(
        {"html": '<p style="display:flex">Words</p>'},
        {"html": '<p style="position:absolute">Words</p>'},
        {"html": '<div style="background:url(https://letter.example/b.png)">Words</div>'},
        {"css": "p { width: calc(100% - 10px); }"},
    ),
    clean=(
        {"html": '<p style="display:block;border-radius:4px">Words</p>'},
        {"css": "@media (min-width: 600px) { p { display: flex; } }"},
        {"html": "<p>Write <code>display: flex</code>.</p>"},
    ),
)
