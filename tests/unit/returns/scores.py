"""How well the corpus is read: `python -m tests.unit.returns.scores` prints the table of the docs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

from publisher.model import Returned, ReturnedClass
from publisher.returns.reading import read_strictly
from tests.unit.returns.specimens import FOLDER, Expected, Specimen, specimens

LATER = FOLDER / "later"


def pairs(
    corpus: Iterable[Specimen],
) -> Iterator[tuple[str, Specimen, Expected | None, Returned | None]]:
    """What was expected beside what was read, by recipient; None where one has no other."""
    for one in corpus:
        read = list(read_strictly(one.message))
        for expected in one.expected:
            same = [r for r in read if not expected.recipient or r.recipient == expected.recipient]
            found = same[0] if same else None
            if found is not None:
                read.remove(found)
            yield str(one), one, expected, found
        for left in read:
            yield str(one), one, None, left


def table(folders: tuple[Path, ...] = (FOLDER, LATER)) -> str:
    """Precision and recall of each class, as Markdown."""
    right, said, there = Counter[str](), Counter[str](), Counter[str]()
    for folder in folders:
        for _, _, expected, found in pairs(specimens(folder)):
            if expected is not None:
                there[expected.what] += 1
            if found is not None:
                said[found.what] += 1
            if expected is not None and found is not None and expected.what == found.what:
                right[expected.what] += 1
    rows = ["| class | in the corpus | read as it | precision | recall |", "|---|---|---|---|---|"]
    rows += [
        f"| {what} | {there[what]} | {said[what]} | {_share(right[what], said[what])} "
        f"| {_share(right[what], there[what])} |"
        for what in get_args(ReturnedClass)
    ]
    return "\n".join(rows)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "none"


if __name__ == "__main__":
    print(table())
