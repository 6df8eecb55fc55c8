"""Who is who: which article a file is, whatever it is called today.

Decisions only; what is known comes from the ledger and goes back to it. A feed id that changes
floods every reader again, so an id is minted once and follows the article through renames.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
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


class Identities:
    """Decides which article each file is; ask in the order of paths, once for each file.

    A file is the article last seen at its path; else one whose file is gone and that had the
    same bytes, the same text or the same title; else a new one. An explicit id is obeyed, unless
    another file holds it.
    """

    def __init__(
        self,
        known: Iterable[Identity],
        here: Collection[str],
        publication: Publication,
        now: datetime,
    ) -> None:
        """`known` is what the ledger remembers, `here` every path there is today; `now` is UTC."""
        self._by_path = {identity.path: identity for identity in known}
        self._by_id = {identity.id: identity for identity in self._by_path.values()}
        self._publication, self._now = publication, now
        # A copy must not steal what its original holds, whichever is read first.
        self._held = {one.id: one.path for path, one in self._by_path.items() if path in here}
        self._gone = _Gone(one for path, one in self._by_path.items() if path not in here)
        self.changed: list[Identity] = []
        self.problems: list[Problem] = []

    def of(self, sighting: Sighting) -> Identity | None:
        """Return who a file is; None, with a problem told, where its id is another file's."""
        before = self._before(sighting)
        name = sighting.explicit or (before.id if before else self._mint(sighting))
        holder = self._held.setdefault(name, sighting.path)
        if holder != sighting.path:
            self._refuse(sighting, holder, name)
            return None
        identity = Identity(
            id=name, path=sighting.path, digest=sighting.digest, body=sighting.body,
            title=sighting.title, first_seen=before.first_seen if before else self._now,
        )  # fmt: skip
        if self._by_path.get(sighting.path) != identity:
            self.changed.append(identity)
        return identity

    def _before(self, sighting: Sighting) -> Identity | None:
        """What the ledger knows of this article, under whatever name."""
        if sighting.explicit in self._by_id:
            return self._by_id[sighting.explicit]
        return self._by_path.get(sighting.path) or self._gone.take(sighting)

    def _mint(self, sighting: Sighting) -> str:
        """A `tag:` URI (RFC 4151 §2.1) of the domain, the day and the path; never made twice."""
        host = (urlsplit(self._publication.base_url).hostname or "localhost").lower()
        day = self._publication.since or self._now.date()
        for attempt in count():
            seed = f"{sighting.path}\n{attempt}" if attempt else sighting.path
            name = f"tag:{host},{day}:{hashlib.sha256(seed.encode()).hexdigest()[:12]}"
            if name not in self._by_id and name not in self._held:
                break
        return name

    def _refuse(self, sighting: Sighting, holder: str, name: str) -> None:
        self.problems.append(
            Problem(
                what=f"the id {name!r} is already that of {holder}",
                why="Two articles with one id are one to every feed reader.",
                todo="Remove the id from the copy; it gets one of its own.",
                path=sighting.path,
            )
        )


class _Gone:
    """Articles whose files are gone, found again by what a new file has in common with them."""

    _ASPECTS = ("digest", "body", "title")

    def __init__(self, identities: Iterable[Identity]) -> None:
        self._by: dict[str, dict[str, Identity]] = {}
        for identity in identities:
            for aspect in self._ASPECTS:
                found = self._by.setdefault(f"{aspect} {getattr(identity, aspect)}", {})
                found[identity.id] = identity

    def take(self, sighting: Sighting) -> Identity | None:
        """Return the one article this file used to be; None where none or several could be."""
        for aspect in self._ASPECTS:
            alike = self._by.get(f"{aspect} {getattr(sighting, aspect)}", {})
            if len(alike) == 1:
                (identity,) = alike.values()
                for other in self._ASPECTS:
                    self._by[f"{other} {getattr(identity, other)}"].pop(identity.id, None)
                return identity
        return None


def sighted(path: str, data: bytes, body: str, title: str, explicit: str) -> Sighting:
    """Return how a file with these bytes, body text and title is recognised."""
    return Sighting(
        path=path,
        digest=hashlib.sha256(data).hexdigest(),
        body=hashlib.sha256(body.strip().encode()).hexdigest(),
        title=fold(title),
        explicit=explicit,
    )
