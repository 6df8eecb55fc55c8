"""Tables wider than a mail."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.lines import width
from publisher.checks.mail import Element, Mail
from publisher.checks.rule import Found, Rule

_WIDEST = 536  # pixels: the column of a mail
_LETTER, _PADDING = 8, 12  # pixels of a letter, and between columns


def _look(mail: Mail) -> Iterator[Found]:
    for table in mail.root.iter("table"):
        if table.get("role") in ("presentation", "none") or table.find(".//table") is not None:
            continue  # of the layout
        columns, needed = _extent(table)
        if needed > _WIDEST:
            first = next(
                (" ".join(cell.text_content().split()) for cell in table.iter("th", "td")), ""
            )
            what = f"a table of {columns} columns needs {needed} pixels, and has {_WIDEST}"
            yield Found(what, *mail.place(f"| {first}", f"|{first}", first))


def _extent(table: Element) -> tuple[int, int]:
    """How many columns it has, and how wide they are at least: words do not break."""
    widest: list[int] = []
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        for number, cell in enumerate(cells):
            words = cell.text_content().split()
            most = max((width(word) for word in words), default=0)
            if number == len(widest):
                widest.append(0)
            widest[number] = max(widest[number], most * _LETTER + _PADDING)
    return len(widest), sum(widest)


RULE = Rule(
    name="wide-table",
    finds=f"Tables whose words do not fit into {_WIDEST} pixels.",
    why="Phones make the whole mail smaller, or cut the table off.",
    todo="Take columns out, turn it round, or show a picture of it that leads to the article.",
    look=_look,
    bad=({"html": "<table><tr>" + "<td>100000 units</td>" * 14 + "</tr></table>"},),
    clean=(
        {"html": "<table><tr><td>Monday</td><td>10</td><td>Sun</td></tr></table>"},
        {"html": '<table role="presentation"><tr>' + "<td>100000</td>" * 14 + "</tr></table>"},
    ),
)
