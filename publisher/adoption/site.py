"""What is known of a site of another generator, each value with the place that says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from publisher.errors import Problem
from publisher.model.source_settings import Generator


class Found(msgspec.Struct, frozen=True):
    """A value and where it stands: a file of the site, its line (from 1) and the key there."""

    value: Any
    path: str
    line: int | None = None
    key: str = ""

    @property
    def place(self) -> str:
        """`from hugo.toml:12 baseURL`; of what no file says, why it is so."""
        if not self.path:
            return self.key
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"from {where} {self.key}".strip()


THERE = "the folder is there"


def habit(value: Any, why: str) -> Found:
    """Return a value that no file says, with the reason: a generator's habit, or what is there."""
    return Found(value, "", None, why)


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """A folder of articles; `files` is how many of them lie in it, at any depth.

    `found` holds its path from the site's folder on. Where not all of it is articles, they are in
    `folders` of it.
    """

    found: Found
    files: int
    folders: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """From the site's folder on, with `/`."""
        return str(self.found.value)

    @property
    def places(self) -> tuple[str, ...]:
        """Where articles lie, from the site's folder on."""
        above = "" if self.path == "." else f"{self.path}/"
        return tuple(f"{above}{one}" for one in self.folders) or (self.path,)


class Tongue(msgspec.Struct, frozen=True, kw_only=True):
    """A language of a site; `folder` holds its articles where it has one of its own."""

    tag: str
    title: str = ""
    folder: str = ""
    found: Found


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """A site as its generator's configuration describes it; what nothing says is None or empty.

    With `rendered` it is a site's HTML, whatever made it, and `generator` is "".
    `contents` are the folders of posts, the one to take first; `ignored` globs of files in it that
    the generator leaves out. `posts` are the sections that the site calls its posts. Addresses are
    patterns of ours: `address` for all articles, `addresses` by section. `feeds` are addresses of
    the live site's feeds, from the base URL on. `titles` are keys that hold titles in the place of
    `title`. `slugify` is Zola's, where names are kept.
    """

    generator: Generator
    folder: str = "."
    rendered: bool = False
    title: Found | None = None
    base_url: Found | None = None
    description: Found | None = None
    language: Found | None = None
    languages: tuple[Tongue, ...] = ()
    zone: Found | None = None
    author: Found | None = None
    contents: tuple[Content, ...] = ()
    ignored: tuple[Found, ...] = ()
    posts: Found | None = None
    titles: Found | None = None
    slugify: Found | None = None
    address: Found | None = None
    addresses: Mapping[str, Found] = msgspec.field(default_factory=dict)
    taxonomies: tuple[Found, ...] = ()
    author_tables: tuple[str, ...] = ()
    static: Found | None = None
    feeds: tuple[Found, ...] = ()
    social: Mapping[str, Found] = msgspec.field(default_factory=dict)
    logo: Found | None = None
    colour: Found | None = None
    notes: tuple[Problem, ...] = ()
