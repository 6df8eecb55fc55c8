"""Who is who: which article a file is, whatever it is called today.

Decisions only; what is known comes from the ledger and goes back to it. A feed id that changes
floods every reader again, so an id is minted once and follows the article through renames.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from publisher.errors import Problem
from publisher.model import Publication, fold


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """What the ledger remembers of an article. `first_seen` is UTC.

    `digest` is the sha256 of the file, `body` of its text without front matter, `title` folded:
    by them a renamed file is known again.
    """

    id: str
    path: str
    first_seen: datetime
    digest: str
    body: str
    title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """A file as it lies there now. `explicit` is the id its front matter names, or ""."""

    path: str
    digest: str
    body: str
    title: str
    explicit: str = ""


@dataclass(frozen=True, slots=True)
class Identified:
    """Each sighting's identity by path; those the ledger does not have yet; what to tell."""

    by_path: Mapping[str, Identity]
    changed: Sequence[Identity]
    problems: Sequence[Problem]


def identify(
    sightings: Iterable[Sighting],
    known: Iterable[Identity],
    publication: Publication,
    now: datetime,
) -> Identified:
    """Decide which article each file is; `now` (UTC) is when unknown ones are first seen.

    A file is the article last seen at its path; else one whose file is gone and that had the
    same bytes, the same text or the same title; else a new one. An explicit id is obeyed.
    """
    return _Decision(sightings, known, publication, now).all()


class _Decision:
    def __init__(
        self,
        sightings: Iterable[Sighting],
        known: Iterable[Identity],
        publication: Publication,
        now: datetime,
    ) -> None:
        self.sightings = sorted(sightings, key=lambda sighting: sighting.path)
        self.by_path = {identity.path: identity for identity in known}
        self.by_id = {identity.id: identity for identity in self.by_path.values()}
        self.publication, self.now = publication, now
        here = {sighting.path for sighting in self.sightings}
        self.gone = [
            identity for path, identity in sorted(self.by_path.items()) if path not in here
        ]
        self.taken: dict[str, str] = {}
        self.problems: list[Problem] = []

    def all(self) -> Identified:
        found: dict[str, Identity] = {}
        # Explicit ids and known paths first: a copy must not steal what its original holds.
        ordered = sorted(self.sightings, key=lambda s: (not s.explicit, s.path not in self.by_path))
        for sighting in ordered:
            identity = self.one(sighting)
            if identity is not None:
                found[sighting.path] = identity
        changed = [
            identity for path, identity in found.items() if self.by_path.get(path) != identity
        ]
        return Identified(found, changed, self.problems)

    def one(self, sighting: Sighting) -> Identity | None:
        before = self.before(sighting)
        name = sighting.explicit or (before.id if before else self.mint(sighting))
        if name in self.taken:
            self.refuse(sighting, name)
            return None
        self.taken[name] = sighting.path
        first_seen = before.first_seen if before else self.now
        return Identity(
            id=name, path=sighting.path, first_seen=first_seen, digest=sighting.digest,
            body=sighting.body, title=sighting.title,
        )  # fmt: skip

    def before(self, sighting: Sighting) -> Identity | None:
        """What the ledger knows of this article, under whatever name."""
        if sighting.explicit and sighting.explicit in self.by_id:
            return self.by_id[sighting.explicit]
        known = self.by_path.get(sighting.path)
        if known and known.id not in self.taken:
            return known
        if known:
            return None
        moved = self.moved(sighting)
        if moved:
            self.gone.remove(moved)
            return replace(moved, path=sighting.path)
        return None

    def moved(self, sighting: Sighting) -> Identity | None:
        """The one vanished article this file used to be; None where none or several could be."""
        for aspect in ("digest", "body", "title"):
            value = getattr(sighting, aspect)
            alike = [old for old in self.gone if value and getattr(old, aspect) == value]
            if len(alike) == 1:
                return alike[0]
        return None

    def mint(self, sighting: Sighting) -> str:
        """A `tag:` URI (RFC 4151 §2.1) of the domain, the day and the path; never made twice."""
        host = (urlsplit(self.publication.base_url).hostname or "localhost").lower()
        day = self.publication.since or self.now.date()
        for attempt in range(1_000_000):
            seed = f"{sighting.path}\n{attempt}" if attempt else sighting.path
            name = f"tag:{host},{day}:{hashlib.sha256(seed.encode()).hexdigest()[:12]}"
            if name not in self.by_id and name not in self.taken:
                break
        return name

    def refuse(self, sighting: Sighting, name: str) -> None:
        self.problems.append(
            Problem(
                what=f"the id {name!r} is already that of {self.taken[name]}",
                why="Two articles with one id are one to every feed reader.",
                todo="Remove the id from the copy; it gets one of its own.",
                path=sighting.path,
            )
        )


def sighted(path: str, data: bytes, body: str, title: str, explicit: str) -> Sighting:
    """Return how a file with these bytes, body text and title is recognised."""
    return Sighting(
        path=path,
        digest=hashlib.sha256(data).hexdigest(),
        body=hashlib.sha256(body.strip().encode()).hexdigest(),
        title=fold(title),
        explicit=explicit,
    )
