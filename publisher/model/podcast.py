"""What players of podcasts are told of an episode, beside what any feed reader is told."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["", "full", "trailer", "bonus"]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is heard; `role` as `host` or `guest`, `href` a page and `image` a picture."""

    name: str
    role: str = ""
    href: str = ""
    image: str = ""


class Transcript(msgspec.Struct, frozen=True, kw_only=True):
    """What is said, as a file: `type` is its media type, `language` its tag where it is named."""

    url: str
    type: str
    language: str = ""


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """A part of an episode; `start` in seconds."""

    start: float
    title: str
    href: str = ""


class Episode(msgspec.Struct, frozen=True, kw_only=True):
    """An episode of a podcast; `duration` in seconds, addresses are absolute.

    `explicit` is None where nothing is said of it, `chapters_url` a file of chapters (JSON),
    `chapters` are those that the front matter tells.
    """

    duration: int | None = None
    number: int | None = None
    season: int | None = None
    kind: Kind = ""
    title: str = ""
    explicit: bool | None = None
    block: bool = False
    image: str = ""
    transcripts: tuple[Transcript, ...] = ()
    chapters_url: str = ""
    chapters: tuple[Chapter, ...] = ()
    persons: tuple[Person, ...] = ()
