"""Lists of tags, `v=DMARC1; p=none`, as DKIM has them and all that came after (RFC 6376 §3.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from publisher.doctor.answers import shortened

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*", re.ASCII)
_SPACE = " \t\r\n"
_MOST = 50  # tags; no record that means something has more


class Tags(msgspec.Struct, frozen=True):
    """The tags of a record in order, by name in lower case, and what is malformed."""

    values: Mapping[str, str]
    faults: Sequence[str]

    def get(self, name: str, default: str = "") -> str:
        """Return a tag's value, with the space around it taken away."""
        return self.values.get(name, default)


def tags_of(record: str) -> Tags:
    """Take a record apart."""
    values: dict[str, str] = {}
    faults: list[str] = []
    parts = [part.strip(_SPACE) for part in record.split(";")]
    if parts and not parts[-1]:
        parts.pop()  # one semicolon may end it
    if len(parts) > _MOST:
        return Tags(values, [f"it has {len(parts)} tags"])
    for part in parts:
        name, equals, value = part.partition("=")
        name = name.strip(_SPACE).lower()
        if not part:
            faults.append("two semicolons follow each other")
        elif not equals or not _NAME.fullmatch(name):
            faults.append(f"“{shortened(part, 40)}” is no tag and value")
        elif name in values:
            faults.append(f"the tag {name}= stands in it twice")
        else:
            values[name] = value.strip(_SPACE)
    if not record.isascii() or not record.isprintable():
        faults.append("it has characters that are not ASCII")
    if '"' in record:
        faults = ['it has quotation marks, which were typed as a part of it: "']
    return Tags(values, faults)


def begins(record: str, version: str) -> bool:
    """Whether a record is one of a version: `v=DMARC1` first, whatever comes after."""
    name, equals, value = record.partition(";")[0].partition("=")
    return bool(equals) and name.strip(_SPACE) == "v" and value.strip(_SPACE) == version
