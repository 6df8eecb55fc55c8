"""A rendition: the subject, preheader, HTML and text of an edition, with slots for the reader."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Literal

import msgspec

from publisher.errors import Problem
from publisher.model.words import no_controls

Escaping = Literal["html", "text", "header", "url"]

GMAIL_CLIPS_AT = 102_400
"""Bytes of HTML that Gmail shows; it puts a link in place of the rest."""


class SlotText(msgspec.Struct, frozen=True):
    """A place for one value of the reader.

    `escaping` says how the value is written there; `fallback` stands where a reader has none.
    """

    name: str
    escaping: Escaping
    fallback: str | None = None

    def written(self, values: Mapping[str, str]) -> str:
        """The reader's value, or the fallback, escaped for where it stands."""
        return _ESCAPERS[self.escaping](values.get(self.name) or self.fallback or "")


class Slotted(msgspec.Struct, frozen=True):
    """Text with slots, as pieces in order."""

    pieces: tuple[str | SlotText, ...]

    @property
    def slots(self) -> tuple[SlotText, ...]:
        """Every slot, in order of appearance."""
        return tuple(piece for piece in self.pieces if isinstance(piece, SlotText))

    def filled(self, values: Mapping[str, str] | None = None) -> str:
        """Return the text as one reader sees it; fallbacks stand in for values not given."""
        return "".join(
            piece if isinstance(piece, str) else piece.written(values or {})
            for piece in self.pieces
        )


def _html(value: str) -> str:
    plain = no_controls(value)
    return html.escape(plain, quote=True) if _ESCAPED.search(plain) else plain


_ESCAPED = re.compile("[&<>\"']")


def _url(value: str) -> str:
    # In an attribute; anything but a web or mail address becomes harmless.
    safe = value.startswith(("https://", "http://", "mailto:"))
    return _html(value) if safe else "#"


_ESCAPERS = {"html": _html, "text": no_controls, "header": no_controls, "url": _url}


class Rendition(msgspec.Struct, frozen=True, kw_only=True):
    """The four parts of an edition's mail. Line ends are LF; delivery makes them CRLF.

    `problems` are mistakes in the templates that made it; a sealed one has none.
    """

    subject: Slotted
    preheader: Slotted
    html: Slotted
    text: Slotted
    problems: tuple[Problem, ...] = ()
