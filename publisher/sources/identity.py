"""Who is who: which article a file is, whatever it is called today.

Decisions only; what is known comes from the ledger and goes back to it. A feed id that changes
floods every reader again, so an id is minted once and follows the article through renames.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import count
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

from publisher.errors import Problem
from publisher.model import Publication, fold
from publisher.sources.dating import is_news


class Identity(NamedTuple):
    """What the ledger remembers of an article, as its row has it. `first_seen` is UTC.

    `digest` is the sha256 of the file, `body` of its text without front matter, `title` its title
    and date, "" where there is none: by them a renamed file is known again. `dated` tells that
    its first sight is its date where nothing else is, and goes on being so. A build makes one of
    each article: a tuple costs least.
    """

    id: str
    path: str
    first_seen: datetime
    digest: str
    body: str
    title: str
    dated: bool = True


class Sighting(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """A file as it lies there now. `explicit` is the id its front matter names, or "".

    `misread` is what older versions took that id for: an article that is known by it keeps it.
    `suggested` is the id it had elsewhere (`[sources] ids`), taken where it is new here.
    """

    path: str
    digest: str
    body: str
    title: str
    explicit: str = ""
    misread: tuple[str, ...] = ()
    suggested: str = ""


class Identities:
    """Decides which article each file is; ask in the order of paths, once for each file.

    A file that has the bytes of an article whose own file has others, or is gone, is that article
    renamed. Else it is the article last seen at its path; else one whose file is gone and that
    had the same text, or the same title and date; else a new one. An explicit id is obeyed,
    unless another file holds it.
    """

    def __init__(
        self,
        known: Iterable[Identity],
        here: Mapping[str, str],
        publication: Publication,
        now: datetime,
        machine: datetime | None = None,
        settled: Mapping[str, str] = {},
    ) -> None:
        """`known` is what the ledger remembers, `here` each file's sha256 today; `now` is UTC.

        `machine` is the machine's clock, where `now` is another: a trial of a day to come sees
        what is new now, and what one once saw later than that was not seen yet. `settled` are the
        paths, by their ids, of files about which there is no question (see `number_of`): neither
        `known` nor `here` has them.
        """
        by_path = {identity.path: identity for identity in known}
        self._by_id = {identity.id: identity for identity in by_path.values()}
        self._publication, self._latest = publication, machine or now
        self._now = min(now, self._latest)
        moved = _moved(by_path, here)
        # Who each file is if nothing else is known of it: renamed, or the one last seen there.
        gone_on = {identity.id for identity in moved.values()}
        stayed = {p: i for p, i in by_path.items() if p in here and i.id not in gone_on}
        self._before = {**stayed, **moved}
        self._settled = settled
        # A copy must not steal what its original holds, whichever is read first.
        self._held = {identity.id: path for path, identity in self._before.items()}
        self._gone = _Gone(i for i in by_path.values() if i.id not in self._held)
        self.changed: list[Identity] = []
        self.renamed: dict[str, str] = {}
        self.problems: list[Problem] = []

    def of(self, sighting: Sighting) -> Identity | None:
        """Return who a file is; None, with a problem told, where its id is another file's."""
        before = self._known_as(sighting)
        keeps = before and (not sighting.explicit or before.id in sighting.misread)
        name = before.id if before and keeps else sighting.explicit or self._mint(sighting)
        holder = self._settled.get(name) or self._held.setdefault(name, sighting.path)
        if holder != sighting.path:
            self._refuse(sighting, holder, name)
            return None
        is_known = before and before.id == name and _is_same(before, sighting)
        if before and is_known and before.first_seen == self._first_seen(before):
            return before
        identity = Identity(
            id=name,
            path=sighting.path,
            digest=sighting.digest,
            body=sighting.body,
            title=sighting.title,
            first_seen=self._first_seen(before),
            dated=before.dated if before else is_news(sighting.path, self._publication),
        )
        if before and before.id != name:
            self.renamed[before.id] = name
        self.changed.append(identity)
        return identity

    def _first_seen(self, before: Identity | None) -> datetime:
        """When an article was first seen, which in a trial of a day to come it was not."""
        is_seen = before is not None and before.first_seen <= self._latest
        return before.first_seen if before and is_seen else self._now

    def _known_as(self, sighting: Sighting) -> Identity | None:
        """What the ledger knows of this article, under whatever name."""
        if sighting.explicit in self._settled:
            return None  # it is refused
        if sighting.explicit in self._by_id:
            return self._by_id[sighting.explicit]
        return self._before.get(sighting.path) or self._gone.take(sighting)

    def _mint(self, sighting: Sighting) -> str:
        """The id it had elsewhere, if that is free; else a `tag:` URI (RFC 4151 §2.1).

        It is made of the domain, the day and the path, and never made twice.
        """
        wanted = sighting.suggested
        if wanted and self._is_free(wanted):
            return wanted
        host = (urlsplit(self._publication.base_url).hostname or "localhost").lower()
        day = self._publication.since or self._now.date()
        for attempt in count():
            seed = f"{sighting.path}\n{attempt}" if attempt else sighting.path
            name = f"tag:{host},{day}:{hashlib.sha256(seed.encode()).hexdigest()[:12]}"
            if self._is_free(name):
                break
        return name

    def _is_free(self, name: str) -> bool:
        return not (name in self._by_id or name in self._held or name in self._settled)

    def _refuse(self, sighting: Sighting, holder: str, name: str) -> None:
        self.problems.append(
            Problem(
                what=f"the id {name!r} is already that of {holder}",
                why="Two articles with one id are one to every feed reader.",
                todo="Remove the id from the copy; it gets one of its own.",
                path=sighting.path,
            )
        )


def _is_same(identity: Identity, sighting: Sighting) -> bool:
    return (identity.path, identity.digest, identity.body, identity.title) == (
        sighting.path,
        sighting.digest,
        sighting.body,
        sighting.title,
    )


def _moved(known: Mapping[str, Identity], here: Mapping[str, str]) -> dict[str, Identity]:
    """Files that have the bytes an article had elsewhere, where that file has them no more."""
    left = [i for path, i in known.items() if here.get(path) != i.digest]
    by_digest = {identity.digest: identity for identity in left}
    counted = Counter(identity.digest for identity in left)
    found: dict[str, Identity] = {}
    taken: set[str] = set()
    for path in sorted(here):
        identity = by_digest.get(here[path])
        is_same = path in known and known[path].digest == here[path]
        if identity and not is_same and counted[identity.digest] == 1 and identity.id not in taken:
            found[path] = identity
            taken.add(identity.id)
    return found


class _Gone:
    """Articles whose files are gone, found again by what a new file has in common with them."""

    _ASPECTS = ("body", "title")

    def __init__(self, identities: Iterable[Identity]) -> None:
        self._by: dict[str, dict[str, Identity]] = {}
        for identity in identities:
            for aspect in self._ASPECTS:
                found = self._by.setdefault(f"{aspect} {getattr(identity, aspect)}", {})
                found[identity.id] = identity
        for aspect in self._ASPECTS:  # an empty text or a missing date tells nothing
            self._by.pop(f"{aspect} ", None)

    def take(self, sighting: Sighting) -> Identity | None:
        """Return the one article this file used to be; None where none or several could be."""
        for aspect in self._ASPECTS:
            alike = self._by.get(f"{aspect} {getattr(sighting, aspect)}", {})
            if len(alike) == 1:
                (identity,) = alike.values()
                for other in self._ASPECTS:
                    self._by.get(f"{other} {getattr(identity, other)}", {}).pop(identity.id, None)
                return identity
        return None


def sighted(
    path: str,
    data: bytes,
    body: str,
    title: str,
    published: datetime | None,
    explicit: str,
    misread: Iterable[str] = (),
    suggested: str = "",
) -> Sighting:
    """Return how a file with these bytes, body text, title and date is recognised.

    A title alone tells nothing: many a column has the same one every month.
    """
    return Sighting(
        path=path,
        digest=hashlib.sha256(data).hexdigest(),
        body=hashlib.sha256(body.strip().encode()).hexdigest() if body.strip() else "",
        title=f"{fold(title)} {published.isoformat()}" if published else "",
        explicit=explicit,
        misread=tuple(misread),
        suggested=suggested,
    )


def number_of(sighting: Sighting, told: tuple[str, datetime, bool], latest: datetime) -> int | None:
    """Return the hash of the identity that leaves no question who a file is that is as it was.

    The ledger knows the article as it was told of it, under the name that its file gives, if any,
    and saw it no later than `latest` (UTC). What other files are changes nothing of that. None
    where no identity does. It holds in this process alone.
    """
    name, first_seen, dated = told
    if sighting.explicit not in ("", name) or first_seen > latest:
        return None
    own = sighting
    return hash(Identity(name, own.path, first_seen, own.digest, own.body, own.title, dated))


def known_as(identity: Identity | None) -> tuple[str, datetime, bool] | None:
    """What a file's record says of who it is: id, first sight, whether that is its date."""
    return (identity.id, identity.first_seen, identity.dated) if identity else None
