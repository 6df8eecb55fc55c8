"""Which column of a file gives what, decided when all of the file has been looked at.

Nothing of consent depends on the order of columns or rows. A column that looks like consent and is
not understood, or a date that may be two, stops the import: who left must not come back by a word
that nobody knew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from publisher.audience.imports import questions
from publisher.audience.imports.dates import Order
from publisher.audience.imports.headings import (
    COLUMNS,
    OUT_ROLES,
    ROLES,
    Role,
    plain_field,
)
from publisher.audience.imports.likeness import (
    is_about,
    is_consent_elsewhere,
    is_weak,
    likely_role,
    may_end,
    may_part,
)
from publisher.audience.imports.mapping import MEANINGS, Given, given
from publisher.audience.imports.survey import Seen, Survey
from publisher.audience.imports.words import Word, folded, meaning
from publisher.errors import UsageError


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Which columns give which field, and which speak of consent; which are not taken."""

    fields: Mapping[str, tuple[str, ...]]
    roles: Mapping[str, Role]
    attributes: Mapping[str, str]
    given: Given
    everyone: Word | None = None
    newsletters: frozenset[str] = frozenset()
    granting: tuple[str, ...] = ()
    """Columns that say of some rows that they want mail, or confirmed it, and nothing of others."""
    order: Order | None = None
    unused: tuple[str, ...] = ()

    def means(self, column: str, text: str) -> Word | None:
        """What a cell of a column of consent means; None for what nobody knows."""
        found = meaning(text)
        said = self.given.word(column, text) if found != "nothing" else None
        return MEANINGS[said] if said else found


def planned(
    name: str,
    columns: Sequence[str],
    survey: Survey,
    pairs: Mapping[str, str],
    order: Order | None,
    everyone: str,
) -> Plan:
    """Return what each column is for; raise UsageError for what the editor must say first.

    `name` is the file's; `everyone` what a row says where no column says it, "" for active.
    """
    every = list(dict.fromkeys([*columns, *survey.seen]))
    said = given(pairs, every)
    fields = _fields(columns, said)
    roles = dict(_roles(columns, every, survey, said))
    for column in columns:
        if column in survey.seen and not (
            column in roles or plain_field(column) or column in said.fields
        ):
            _check_others(column, survey)
    attributes = {
        field.removeprefix("attributes."): column
        for column, field in said.fields.items()
        if field.startswith("attributes.")
    }
    if not everyone and not _tells_of_all(roles, survey):
        questions.check_name(name, not roles)
    if order is None:
        questions.check_dates(fields, roles, survey)
    used = {column for found in fields.values() for column in found}
    used |= {*roles, *said.fields, *(column for column, _ in said.words)}
    ours = fields.get("newsletters", ()) + fields.get("left", ())
    return Plan(
        fields=fields,
        roles=roles,
        attributes=attributes,
        given=said,
        everyone=MEANINGS[everyone] if everyone else None,
        newsletters=frozenset(
            said.word(column, name) or name for column, name in survey.newsletters if column in ours
        ),
        granting=tuple(c for c in columns if c in survey.seen and _grants(c, roles, survey)),
        order=order,
        unused=tuple(column for column in dict.fromkeys(columns) if column not in used),
    )


def _tells_of_all(roles: Mapping[str, Role], survey: Survey) -> bool:
    """Whether columns say of each row what it is, so that the file's name need not."""
    return any(
        role not in OUT_ROLES or survey.seen.get(column, Seen()).filled >= survey.records
        for column, role in roles.items()
    )


def _grants(column: str, roles: Mapping[str, Role], survey: Survey) -> bool:
    """Whether a column grants consent to some readers and is silent of others: `confirmed_at`."""
    seen = survey.seen[column]
    if not seen.grants or seen.filled >= survey.records:
        return False
    if column in roles:
        return roles[column] in ("status", "subscribed", "confirmed")
    if may_part(column) == "takers":  # a box that some have ticked: "newsletter", "marketing"
        return True
    return plain_field(column) == "joined" and likely_role(column, ()) == "confirmed"


def _check_others(column: str, survey: Survey) -> None:
    """Ask about a column that no heading tells to be of consent, and that may be of it."""
    if may_end(column):
        questions.check_ended(column, survey.seen[column], survey.records)
    if yes := may_part(column):
        questions.check_parts(column, survey.seen[column], yes)


def _fields(columns: Sequence[str], said: Given) -> dict[str, tuple[str, ...]]:
    """Columns by field, but for those of consent; in the order of their headings in `COLUMNS`."""
    found: dict[str, list[str]] = {}
    for column, explicit in said.fields.items():
        if explicit in COLUMNS and explicit not in ROLES:
            found.setdefault(explicit, []).append(column)
    ranks: dict[str, int] = {}
    for rank, name in enumerate(name for names in COLUMNS.values() for name in names):
        ranks.setdefault(folded(name), rank)  # E-Mail is Email
    free = sorted(
        {column for column in columns if column not in said.fields},
        key=lambda column: (ranks.get(folded(column), 0), column),
    )
    taken = set(found)
    for column in free:
        field = plain_field(column)
        if field and field not in ROLES and field not in taken:
            found.setdefault(field, []).append(column)
    if "address" not in found:
        raise UsageError(
            f"no column holds addresses: {', '.join(columns)[:300]}",
            todo="Say which one does: --map COLUMN=address",
        )
    return {field: tuple(names) for field, names in found.items()}


def _roles(
    columns: Sequence[str], every: Sequence[str], survey: Survey, said: Given
) -> Iterator[tuple[str, Role]]:
    for column in every:
        seen = survey.seen.get(column, Seen())
        if role := _role(column, seen, said, column not in columns, every):
            yield column, role


def _role(column: str, seen: Seen, said: Given, inner: bool, every: Sequence[str]) -> Role | None:
    """What a column says of consent, None for nothing; `inner` ones are within an object."""
    explicit = said.fields.get(column)
    known = plain_field(column)
    role: Role | None = known if known in ROLES else None
    if explicit in ROLES:
        role = explicit
        questions.check_words(column, seen, said, role)
        return role
    if explicit == "-":
        likely = "status" if is_weak(column) else likely_role(column, every)
        questions.check_left(column, seen, role or likely)
        return None
    if explicit is not None:  # of another kind; who left by what it is known for has left still
        if role is None or not seen.tells_of_leaving(role):
            return None
        questions.check_words(column, seen, said, role)
        return role
    if role is None and known is None:
        return _guessed(column, seen, said, inner, every)
    if role and inner and not seen.tells_of_leaving(role, inner):
        return None
    if role:
        questions.check_words(column, seen, said, role)
    return role


def _guessed(
    column: str, seen: Seen, said: Given, inner: bool, every: Sequence[str]
) -> Role | None:
    role = likely_role(column, every)
    if is_weak(column) and seen.left:
        role = "status"
    if any(name == column for name, _ in said.words):
        role = role or "status"
    if role is None or seen.is_empty or (inner and not seen.tells_of_leaving(role, inner)):
        if not is_consent_elsewhere(column):
            questions.check_plain(column, seen)
        return None
    if role in OUT_ROLES and is_about(column):
        return role
    questions.check_words(column, seen, said, role, strict=True)
    return role
