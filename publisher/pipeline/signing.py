"""DKIM: which keys sign the mails, and how they follow each other.

A key signs only once its record is in DNS, so that each has its time: it is made, its records are
published, it is activated; the one before stays published for a while after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from publisher.audience import address
from publisher.delivery import (
    KeyPair,
    MessageSigner,
    key_of,
    new_pem,
    read_pairs,
    record_of,
    stamp_of,
    write_pairs,
)
from publisher.errors import ConfigError, Held, Problem, UnknownName, UsageError
from publisher.ledger import locked
from publisher.model import DkimAlgorithm, Publication
from publisher.pipeline.workspace import Workspace

LINGER = timedelta(days=7)
"""So long a key's records stay in DNS after it has signed for the last time: mails wait in queues
of other servers for up to five days (RFC 5321 §4.5.4.1)."""

Standing = Literal["waits", "scheduled", "signs", "retired"]

_SELECTOR = re.compile(r"(?!.{64})[a-z0-9]+(?:(?:\.|-+)[a-z0-9]+)*")
"""Labels of DNS with dots between them (RFC 6376 §3.1)."""

_PATIENCE = 5.0  # seconds for another process that changes the keys


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A TXT record that DNS is to have."""

    selector: str
    algorithm: DkimAlgorithm
    name: str
    text: str


class PairState(msgspec.Struct, frozen=True, kw_only=True):
    """A pair of keys, where it stands, and its records.

    `until` is when the next pair takes over; `removable` is when its records may leave DNS.
    """

    name: str
    standing: Standing
    made: datetime
    since: datetime | None
    until: datetime | None
    removable: datetime | None
    records: tuple[Record, ...]


def signer_of(space: Workspace) -> MessageSigner | None:
    """Return what signs mails; None where nothing does, as long as that may be.

    Raises ConfigError for keys that cannot be used, Held where mails must be signed and no key
    signs yet. The same keys give the same object, also to a process that runs for days.
    """
    settings = space.publication.dkim
    if settings.sign == "never":
        return None
    folder = folder_of(space)
    stamp = stamp_of(folder)
    signer = _signer(folder, domain_of(space.publication), stamp) if stamp else None
    if settings.sign == "always" and (signer is None or signer.in_force(space.now) is None):
        raise Held(
            "no DKIM key signs, and dkim.sign is always",
            path="publisher.toml",
            why="Mails would go out unsigned. Nothing is sent, and nothing is lost.",
            todo="See what keys there are: publisher keys dkim show; make some: "
            "publisher keys dkim new",
        )
    return signer


@lru_cache(maxsize=8)
def _signer(folder: Path, domain: str, _stamp: tuple[int, int, int]) -> MessageSigner:
    return MessageSigner(domain, read_pairs(folder))


def domain_of(publication: Publication) -> str:
    """Return the domain that signs; "" where there is no sender either."""
    if publication.dkim.domain or not publication.sender:
        return publication.dkim.domain
    return address(publication.sender).domain


def folder_of(space: Workspace) -> Path:
    """Return the folder of the keys; raise ConfigError for one whose files are shown to others."""
    own = space.publication
    folder = space.root / own.dkim.keys
    public = {
        "outbox": space.outbox.folder,
        "articles": space.root / own.articles,
        "static": space.root / own.web.static,
        "templates": space.root / "templates",
    }
    for name, other in public.items():
        if folder.resolve().is_relative_to(other.resolve()):
            raise ConfigError(
                f"dkim.keys must not lie in the {name} folder: {folder}",
                path="publisher.toml",
                why="What lies there is shown to others, or taken away by a build.",
                todo="Leave it at .publisher/dkim, or name a folder outside the publication.",
            )
    return folder


def states(space: Workspace) -> list[PairState]:
    """Return every pair, the newest first."""
    pairs = read_pairs(folder_of(space))
    return [_state(pair, pairs, space) for pair in reversed(pairs)]


def _state(pair: KeyPair, pairs: tuple[KeyPair, ...], space: Workspace) -> PairState:
    later = [one.since for one in pairs if one.since and pair.since and one.since > pair.since]
    until, standing = min(later, default=None), _standing(pair, later, space.now)
    domain = domain_of(space.publication)
    return PairState(
        name=pair.name,
        standing=standing,
        made=pair.made,
        since=pair.since,
        until=until,
        removable=until + LINGER if until and standing == "retired" else None,
        records=tuple(
            Record(
                selector=key.selector,
                algorithm=key.algorithm,
                name=f"{key.selector}._domainkey.{domain}",
                text=record_of(key),
            )
            for key in pair.keys
        ),
    )


def _standing(pair: KeyPair, later: list[datetime], now: datetime) -> Standing:
    if pair.since is None:
        return "waits"
    if pair.since > now:
        return "scheduled"
    return "retired" if any(one <= now for one in later) else "signs"


def signing_problems(space: Workspace) -> list[Problem]:
    """Return what keeps mails from being signed that their owner wants signed."""
    if space.publication.dkim.sign == "never":
        return []
    try:
        found = states(space)
    except ConfigError as error:
        return [replace(error.problem, severity="warning")]
    if not found or any(one.standing == "signs" for one in found):
        return []
    return [
        Problem(
            what=f"mails are not signed: {found[0].name} is not activated yet",
            why="A key signs once its record is in DNS, which nobody but you can tell.",
            todo="publisher keys dkim activate",
            severity="warning",
        )
    ]


def new(space: Workspace) -> PairState:
    """Make the first pair, which signs once it is activated; UsageError where there is one."""
    with _changing(space) as folder:
        if pairs := read_pairs(folder):
            raise UsageError(
                f"there are keys already: {', '.join(pair.name for pair in pairs)}",
                todo="See them: publisher keys dkim show; make the next ones: "
                "publisher keys dkim rotate",
            )
        return _made(space, folder, None)


def rotate(space: Workspace, start: datetime | None = None) -> PairState:
    """Make the next pair, which signs from `start` on, or once it is activated.

    The one that signs goes on signing until then. UsageError where none has been made, or one
    waits already.
    """
    with _changing(space) as folder:
        pairs = read_pairs(folder)
        if not pairs:
            raise UsageError("there are no keys yet", todo="Make some: publisher keys dkim new")
        for pair in pairs:
            if pair.since is None or pair.since > space.now:
                raise UsageError(
                    f"the next keys are there: {pair.name}",
                    why="They do not sign yet.",
                    todo="See them: publisher keys dkim show; let them sign, once their records "
                    "are in DNS: publisher keys dkim activate",
                )
        return _made(space, folder, start and _begin(space, start))


def adopt(space: Workspace, pem: bytes, selector: str, place: str) -> PairState:
    """Take a key whose record is in DNS already: it signs from now on."""
    with _changing(space) as folder:
        pairs = read_pairs(folder)
        if not _SELECTOR.fullmatch(selector):
            raise UsageError(
                f"{selector!r} is no selector",
                todo="It is what stands before ._domainkey in the record's name, in lower case.",
            )
        key = key_of(pem, selector, place)
        if any(selector == one.selector for pair in pairs for one in pair.keys):
            raise UsageError(f"there is a key with the selector {selector} already")
        pair = KeyPair(name=selector, made=space.now, since=space.now, keys=(key,))
        write_pairs(folder, (*pairs, pair), {selector: pem})
        return _state(pair, (*pairs, pair), space)


def activate(space: Workspace, start: datetime | None = None) -> PairState:
    """Let the pair that waits sign, from now or `start` on; UsageError where none waits."""
    with _changing(space) as folder:
        pairs = read_pairs(folder)
        waiting = [pair for pair in pairs if pair.since is None or pair.since > space.now]
        if not waiting:
            raise UsageError(
                "no keys wait to be activated", todo="Make some: publisher keys dkim rotate"
            )
        ready = replace(waiting[-1], since=_begin(space, start))
        changed = tuple(ready if pair.name == ready.name else pair for pair in pairs)
        write_pairs(folder, changed, {})
        return _state(ready, changed, space)


def remove(space: Workspace, name: str) -> PairState:
    """Take a pair away for good; UsageError for the one that signs."""
    with _changing(space) as folder:
        pairs = read_pairs(folder)
        pair = next((one for one in pairs if one.name == name), None)
        if pair is None:
            raise UnknownName("pair of keys", name, [one.name for one in pairs])
        state = _state(pair, pairs, space)
        if state.standing == "signs":
            raise UsageError(
                f"{name} signs the mails that go out now",
                todo="Let others follow first: publisher keys dkim rotate",
            )
        write_pairs(folder, tuple(one for one in pairs if one.name != name), {})
        return state


@contextmanager
def _changing(space: Workspace) -> Iterator[Path]:
    """The folder, which nobody else changes meanwhile."""
    folder = folder_of(space)
    with locked(space.state / "dkim.lock", _PATIENCE):
        yield folder


def _made(space: Workspace, folder: Path, start: datetime | None) -> PairState:
    """A new pair: two selectors, for a selector has one record (RFC 6376 §3.6.2.2)."""
    if not domain_of(space.publication):
        raise ConfigError(
            "there is no sender",
            path="publisher.toml",
            why="Its domain is the one that signs.",
            todo="Set publication.sender first.",
        )
    pairs = read_pairs(folder)
    name = _free(f"{space.publication.dkim.selector}-{space.now:%Y%m%d}", pairs)
    fresh = {name: new_pem("rsa"), f"{name}-ed": new_pem("ed25519")}
    keys = tuple(key_of(pem, selector, selector) for selector, pem in fresh.items())
    pair = KeyPair(name=name, made=space.now, since=start, keys=keys)
    write_pairs(folder, (*pairs, pair), fresh)
    return _state(pair, (*pairs, pair), space)


def _begin(space: Workspace, start: datetime | None) -> datetime:
    """When keys begin to sign; UsageError for what has passed, which others signed."""
    if start and start < space.now - timedelta(minutes=1):
        raise UsageError(
            f"{start:%Y-%m-%d %H:%M} UTC has passed", todo="To let them sign at once: --start now"
        )
    return max(start or space.now, space.now)


def _free(stem: str, pairs: tuple[KeyPair, ...]) -> str:
    """The day's name, or the first one after it that no key has."""
    taken = {key.selector for pair in pairs for key in pair.keys}
    names = (stem, *(f"{stem}-{number}" for number in range(2, 1000)))
    return next(name for name in names if name not in taken)
