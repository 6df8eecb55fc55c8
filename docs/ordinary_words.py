"""Make publisher/related/ordinary.txt of SCOWL's lists: `python docs/ordinary_words.py FOLDER`.

SCOWL (Spell Checker Oriented Word Lists, Kevin Atkinson) sorts the words of English by how common
they are; Debian's package `scowl` puts the lists into /usr/share/dict/scowl. Taken are those up to
size 35, which are in at least 11 of 12 dictionaries, of British and American English, with months,
days, peoples and religions, without names and abbreviations.
"""

import sys
from pathlib import Path

from publisher.related.terms import words

SIZES = (10, 20, 35)
LISTS = [f"{of}-{kind}" for of in ("english", "american", "british") for kind in ("words", "upper")]
INTO = Path(__file__).parents[1] / "publisher/related/ordinary.txt"


def listed(folder: Path) -> list[str]:
    """Return the words as texts have them, in order; none with an apostrophe."""
    files = [folder / f"{name}.{size}" for name in LISTS for size in SIZES]
    lines = [line for file in files if file.exists() for line in file.read_text("utf-8").split()]
    found = {tuple(words(line)) for line in lines if line.isalpha()}
    return sorted(word for one in found if len(one) == 1 for word in one)


INTO.write_text("".join(f"{word}\n" for word in listed(Path(sys.argv[1]))), "utf-8")
