"""What the editor must say before anything is taken: each question, with what to type."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Literal

from publisher.audience.imports.headings import OUT_ROLES, Role
from publisher.audience.imports.likeness import likely_role
from publisher.audience.imports.mapping import MEANINGS, Given
from publisher.audience.imports.survey import Seen, Survey
from publisher.audience.imports.words import Word, meaning
from publisher.errors import UsageError

_SHOWN = 4  # words of a column in a message
_OF_FILES = frozenset(
    "audience export exports exported list lists file segment csv jsonl data my our new old all "
    "final copy backup mailchimp brevo sendinblue mailerlite substack ghost beehiiv kit convertkit "
    "listmonk buttondown hubspot sendgrid klaviyo activecampaign campaignmonitor sendy".split()
)
"""Words in names of files that say nothing of the readers in them."""


def check_words(column: str, seen: Seen, said: Given, role: Role, *, strict: bool = False) -> None:
    """Raise UsageError for words of a column that nobody knows.

    A column that is known by its very heading needs no words to keep a reader out.
    """
    if role in OUT_ROLES and not strict:
        return
    words = dict(seen.unknown)
    if role == "status":
        words |= seen.dates
    words = {word: line for word, line in words.items() if not said.knows(column, word)}
    if words:
        shown = ", ".join(f"{word!r} (line {line})" for word, line in list(words.items())[:_SHOWN])
        more = f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
        ready = " ".join(_option(f"{column}:{word}=-") for word in list(words)[:_SHOWN])
        other = f" If it is of something else: {_other(column)}" if not seen.left else ""
        raise UsageError(
            f"the column {column!r} looks like one of consent, and nobody knows what it means by "
            f"{shown}{more}",
            why="Whoever left must stay out, so that nothing was taken.",
            todo=f"Leave such rows out: {ready}. Or say for - what it means: "
            f"{', '.join(list(MEANINGS)[:-1])}.{other}",
        )


def check_left(column: str, seen: Seen, role: Role | None) -> None:
    """A column that says who left cannot be left out; raise UsageError."""
    if role is None and not seen.plain:
        return
    if not (seen.plain or seen.tells_of_leaving(role or "status")):
        return
    word, line = next(iter((seen.plain or seen.left or seen.dates or {"yes": 0}).items()))
    place = f" (line {line})" if line else ""
    raise UsageError(
        f"the column {column!r} says who left: {word!r}{place}",
        why="Without it they would come back.",
        todo="Leave the option out. If it is not about these mails: "
        f"{_option(f'{column}:*=active')}",
    )


def check_plain(column: str, seen: Seen) -> None:
    """A column of any name that says "unsubscribed" is one of consent, or the editor says not."""
    if seen.plain:
        word, line = next(iter(seen.plain.items()))
        raise UsageError(
            f"the column {column!r} says {word!r} (line {line}), and nobody knows of what",
            why="Whoever left must stay out, so that nothing was taken.",
            todo=f"If it is about these mails: {_option(f'{column}=status')}. "
            f"If not: {_other(column)}",
        )


def check_ended(column: str, seen: Seen, records: int) -> None:
    """A column that tells of some readers, and not of others, that something ended for them.

    A date of something that all of them have is of something else.
    """
    some = seen.filled < records and bool(seen.dates)
    if not some and "yes" not in seen.meanings:
        return
    word, line = next(iter((seen.dates or {"yes": seen.meanings.get("yes", 0)}).items()))
    raise UsageError(
        f"the column {column!r} says {word!r} (line {line}) of some readers, and nobody knows "
        "whether they left",
        why="Whoever left must stay out, so that nothing was taken.",
        todo=f"If they did: {_option(f'{column}=unsubscribed')}. If not: {_other(column)}",
    )


def check_parts(column: str, seen: Seen, yes: Literal["takers", "refusers"]) -> None:
    """A column of yes and no that may tell who gets these mails and who does not.

    `yes` says of whom a yes would be. What holds other words than yes and no is of something else.
    """
    out: Word = "no" if yes == "takers" else "yes"
    if out not in seen.meanings or seen.unknown or seen.dates:
        return
    role = "subscribed" if yes == "takers" else "unsubscribed"
    raise UsageError(
        f"the column {column!r} says {out} (line {seen.meanings[out]}) of some readers, and nobody "
        "knows whether they want these mails",
        why="Whoever left must stay out, so that nothing was taken.",
        todo=f"If it is about these mails: {_option(f'{column}={role}')}. If not: {_other(column)}",
    )


def check_dates(
    fields: Mapping[str, Sequence[str]], roles: Mapping[str, Role], survey: Survey
) -> None:
    """Which number of 3/4/2024 is the day, the editor says: evidence is never guessed."""
    dated = {c for field in ("joined", "created", "since") for c in fields.get(field, ())}
    for column in sorted(survey.ambiguous):
        if column in dated or column in roles:
            text, line = survey.ambiguous[column]
            clear = survey.clear.get(column)
            why = "It is evidence, so that it is not guessed."
            if clear:
                why += f" {clear[0]!r} (line {clear[1]}) can be read in one way alone."
            raise UsageError(
                f"the column {column!r} has dates that may be two: {text!r} (line {line})",
                why=why,
                todo="Say what stands first: --dates dmy for the day, --dates mdy for the month.",
            )


def check_name(name: str, is_silent: bool) -> None:
    """A file of those who left may hold nothing but addresses, and say so by its name alone.

    `is_silent`: no column is of consent; else one is, and says nothing of some rows.
    """
    stem = name.rpartition(".")[0] or name
    if not _is_of_who_left(stem):
        return
    what = "no column of it does" if is_silent else "some rows do not say whether they did"
    raise UsageError(
        f"the name of {name} speaks of those who left, and {what}",
        why="Whoever left must stay out, so that nothing was taken.",
        todo=f"Say what they all are{'' if is_silent else ', where a row does not say it'}: "
        "--all-are unsubscribed, bounced, complained, blocked, pending or active.",
    )


def _is_of_who_left(stem: str) -> bool:
    words = re.findall(r"[^\W\d_]+", stem)
    if any(meaning(word) == "pending" for word in words):
        return True
    plain = [word for word in re.findall(r"[^\W_]+", stem) if word.isalpha()]
    about = " ".join(word for word in plain if word.lower() not in _OF_FILES)
    return any(likely_role(text, ()) in OUT_ROLES for text in (stem, about))


def _option(text: str) -> str:
    return f"--map {shlex.quote(text)}"


def _other(column: str) -> str:
    """The option that takes a column as one of the editor's own."""
    name = "_".join(re.findall(r"\w+", column.rpartition(".")[2].lower())) or "other"
    return _option(f"{column}=attributes.{name}")
