"""Ids by which a body says which number leads to which note.

They are all that a body holds of that: mails and feeds leave ids out, and so do the versions of
articles, so that only pages, where one can jump about, make links of them.
"""

NOTE = r"footnote-(\d+)"
REFERENCE = r"footnote-ref-(\d+)(?:-\d+)?"
"""Patterns of both; the first group is the note's place among the notes of its article."""


def note_id(place: int) -> str:
    """Return the id of a note by its place among those of its article, from 1.

    >>> note_id(3)
    'footnote-3'
    """
    return f"footnote-{place}"


def reference_id(place: int, nth: int) -> str:
    """Return the id of the number that leads to a note, of the `nth` where there are several.

    >>> reference_id(3, 1), reference_id(3, 2)
    ('footnote-ref-3', 'footnote-ref-3-2')
    """
    return f"footnote-ref-{place}" if nth == 1 else f"footnote-ref-{place}-{nth}"
