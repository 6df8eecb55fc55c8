"""How a key of publisher.toml is declared: its meaning is the reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import msgspec


class Declared(NamedTuple):
    """A key of a table: its line in the reference, its default (`...` where it is needed), and a
    value to show there.
    """

    doc: str
    default: Any
    example: str


class _Declaring(msgspec.StructMeta):
    """Takes what is declared of a table's keys out of the class, and leaves their defaults."""

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **config: Any
    ) -> Any:
        """Return the class of a table."""
        keys = {at: one for at, one in namespace.items() if isinstance(one, Declared)}
        plain = {at: one for at, one in namespace.items() if at not in keys}
        plain |= {at: one.default for at, one in keys.items() if one.default is not ...}
        made = super().__new__(cls, name, bases, plain, **config)
        made.declared = keys  # type: ignore[attr-defined]
        return made


class Settings(msgspec.Struct, metaclass=_Declaring, frozen=True, kw_only=True):
    """A table of publisher.toml; `declared` are its keys, in order."""

    declared: ClassVar[Mapping[str, Declared]]


def key(doc: str, default: Any = ..., *, example: str = "") -> Any:
    """Return what declares a field to be a key of publisher.toml; without a default it is needed.

    `doc` is its line in the reference, `example` a value to show there.
    """
    return Declared(doc, default, example)
