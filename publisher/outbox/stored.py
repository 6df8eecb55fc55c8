"""The outbox in an object store: the store has what counts, this host a copy of what it needs.

    .publisher-outbox               that this prefix is an outbox
    editions/<id>.json              the manifest of a bundle, put last
    bundles/<id>/<seal>/<name>      the files that it names
    sent/<id>.json                  that an edition is on its way
    made/<build>/…                  parts of a build that workers share
    feeds/…  web/…                  what readers see

Who replaces a manifest says which one it means: of two hosts one does it. Who takes one away holds
the publication's lock. A host keeps the bundles that it read in `editions/<id>/<digest>/` of its
folder, and believes no byte of them that is not as its manifest says.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from publisher.errors import ConfigError, Locked, OutboxError
from publisher.outbox.bundle import MANIFEST, Bundle, faults_of, opened, unreadable
from publisher.outbox.files import remove_folder, write
from publisher.outbox.objects import Conflict, Object, Objects, Stamp, side_by_side
from publisher.outbox.outbox import About, Outbox
from publisher.outbox.place import MARK, NOTE
from publisher.outbox.shown import Shown

_JSON = {"Content-Type": "application/json", "Cache-Control": "private, no-store"}
_BYTES = {"Content-Type": "application/octet-stream", "Cache-Control": "private, no-store"}
_AGE = 5.0  # seconds for which a look at the store holds
_TRIES = 3  # readings of a bundle that is replaced meanwhile


class _Look(msgspec.Struct, frozen=True):
    """What lay there: manifests by edition, and which editions there is word of."""

    manifests: Mapping[str, Stamp]
    sent: frozenset[str]
    at: float


class Stored(Outbox):
    """The prefix of an object store; see `Outbox`.

    `folder` is this host's copy, `memory` the file that knows how it stands to the store. `clock`
    counts seconds: what others did is seen after five of them at the latest.
    """

    def __init__(
        self,
        objects: Objects,
        folder: Path,
        memory: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.store = objects.url
        self.folder = folder
        self.editions = folder / "editions"
        self.views = folder / "views"
        self._objects, self._clock = objects, clock
        self._shown = Shown(objects, folder, memory)
        self._look: _Look | None = None
        self._is_checked = False

    def claim(self) -> None:
        if self._is_checked:
            return
        if self._objects.get(MARK) is None:
            for name in ("editions", "bundles", "sent", "made", "feeds", "web"):
                if self._objects.list(name):
                    raise ConfigError(
                        f"the outbox {self.store} holds objects that are not ours",
                        path="publisher.toml",
                        why="A build takes away what it did not make.",
                        todo=f"Name an empty prefix; or, if it was an outbox, put an object {MARK}",
                    )
        self._objects.check(MARK, NOTE)
        self._is_checked = True

    def recover(self) -> None:
        """See what others did, and drop copies of bundles that are there no more."""
        self.look_again()
        known = set(self.ids())
        if self.editions.is_dir():
            for folder in self.editions.iterdir():
                if folder.name not in known:
                    remove_folder(folder)

    def recover_feeds(self) -> None:
        for part in ("feeds", "web"):
            for aside in (self.folder / part).rglob(".*.aside"):
                aside.unlink(missing_ok=True)

    def look_again(self) -> None:
        self._look = None

    def distrust(self) -> None:
        self.look_again()
        remove_folder(self.editions)

    def _seen(self) -> _Look:
        look, now = self._look, self._clock()
        if look is None or now - look.at > _AGE:
            manifests, sent = self._objects.list("editions"), self._objects.list("sent")
            by_id = {_edition(one): stamp for one, stamp in manifests.items() if _is_plain(one)}
            look = self._look = _Look(by_id, frozenset(map(_edition, filter(_is_plain, sent))), now)
        return look

    def ids(self) -> list[str]:
        return sorted(self._seen().manifests)

    # Bundles

    def seal(self, bundle: Bundle) -> bool:
        self.look_again()
        if self.holds(bundle):
            return False
        before = self._seen().manifests.get(bundle.id)
        former = self._objects.get(_manifest(bundle.id)) if before else None
        self._put_files(bundle)
        try:
            data = bundle.files[MANIFEST]
            stamp = self._objects.put(_manifest(bundle.id), data, _JSON, instead_of=before)
        except Conflict:
            raise Locked(
                f"another host has put {bundle.id} meanwhile",
                why="Of two that build the same edition, one puts it.",
                todo="Run the command again: it goes on from what is there now.",
            ) from None
        self.look_again()
        if former and former.data != data:
            self._drop_files(bundle.id, former)
        self._keep(bundle.id, stamp, bundle.files)
        return True

    def _put_files(self, bundle: Bundle) -> None:
        """Put all files but the manifest; those of an attempt that died are overwritten."""
        folder = _files(bundle.id, bundle.seal)
        lying = self._objects.list(folder)
        files = {f"{folder}/{n}": data for n, data in bundle.files.items() if n != MANIFEST}

        def put_(name: str) -> None:
            stale = lying.get(name)
            if stale is None or stale.size != len(files[name]) or not self._is(name, files[name]):
                self._objects.put(name, files[name], _BYTES, instead_of=stale)

        try:
            side_by_side(put_, files)
        except Conflict:
            raise Locked(
                f"another host puts {bundle.id} at this moment",
                todo="Run the command again: it goes on from what is there then.",
            ) from None

    def _is(self, name: str, data: bytes) -> bool:
        lies = self._objects.get(name)
        return lies is not None and lies.data == data

    def _drop_files(self, edition: str, manifest: Object) -> None:
        """Take away the files of a manifest that is gone."""
        seal = hashlib.sha256(manifest.data).hexdigest()
        side_by_side(self._objects.delete, self._objects.list(_files(edition, seal)))

    def remove(self, edition: str) -> None:
        (self.views / f"{edition}.html").unlink(missing_ok=True)
        if manifest := self._objects.get(_manifest(edition)):
            self._objects.delete(_manifest(edition))  # from now on nobody sees it
            self._drop_files(edition, manifest)
        self.look_again()
        remove_folder(self.editions / edition)

    def read(self, edition: str) -> Bundle:
        for _ in range(_TRIES):
            stamp = self._seen().manifests.get(edition)
            if stamp is None:
                self.look_again()
                stamp = self._seen().manifests.get(edition)
            if stamp is None:
                raise unreadable(edition, f"there is none in {self.store}")
            if (kept := self._kept(edition, stamp)) is not None:
                return kept
            if (fetched := self._fetched(edition)) is not None:
                return fetched
            self.look_again()  # it is another one by now
        raise unreadable(edition, "it is replaced again and again")

    def _fetched(self, edition: str) -> Bundle | None:
        """Return a bundle as the store has it; None where it was replaced meanwhile."""
        manifest = self._objects.get(_manifest(edition))
        if manifest is None:
            return None
        bare = opened(edition, {MANIFEST: manifest.data})
        folder = _files(edition, bare.seal)
        names = list(bare.manifest["files"])
        found = side_by_side(lambda name: self._objects.get(f"{folder}/{name}"), names)
        files = {name: one.data for name, one in zip(names, found, strict=True) if one}
        bundle = Bundle(id=edition, files={**files, MANIFEST: manifest.data})
        if any(faults_of(bundle)):
            now = self._objects.get(_manifest(edition))
            return bundle if now and now.data == manifest.data else None
        self._keep(edition, manifest.stamp, bundle.files)
        return bundle

    def lies(self, edition: str) -> Path:
        stamp = self._seen().manifests.get(edition)
        return self._copy(edition, stamp) if stamp else self.editions / edition

    def _copy(self, edition: str, stamp: Stamp) -> Path:
        """Where a copy lies of what is in the store under a stamp."""
        return self.editions / edition / hashlib.sha256(stamp.tag.encode()).hexdigest()[:16]

    def _kept(self, edition: str, stamp: Stamp) -> Bundle | None:
        """Return a bundle from its copy; None where there is none, or one that was changed."""
        folder = self._copy(edition, stamp)
        try:
            files = {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.is_file()}
            bundle = opened(edition, files)
        except (OSError, OutboxError):
            return None
        return None if any(faults_of(bundle)) else bundle

    def _keep(self, edition: str, stamp: Stamp, files: Mapping[str, bytes]) -> None:
        """Keep a copy, in place of those before it; a disk that cannot is no harm."""
        folder = self._copy(edition, stamp)
        if any("/" in name for name in files):
            return  # ours have none
        with suppress(OSError):
            remove_folder(self.editions / edition)
            aside = self.editions / edition / f".{os.getpid()}-{secrets.token_hex(4)}"
            aside.mkdir(parents=True)
            for name, data in files.items():
                write(aside / name, data)
            aside.rename(folder)

    # What was sent

    def mark(self, edition: str, word: bytes) -> None:
        name = _word(edition)
        lies = self._objects.get(name)
        if lies is None or lies.data != word:
            with suppress(Conflict):  # there is word of it, whoever left that
                self._objects.put(name, word, _JSON, instead_of=lies.stamp if lies else None)
        self.look_again()

    def is_marked(self, edition: str) -> bool:
        return edition in self._seen().sent

    def word(self, edition: str) -> bytes | None:
        lies = self._objects.get(_word(edition))
        return lies.data if lies else None

    def marked(self) -> Collection[str]:
        return self._seen().sent

    def mark_place(self, edition: str) -> str:
        return f"{self.store}/sent/{edition}.json"

    # What hosts make for each other

    def keep_made(self, name: str, data: bytes) -> None:
        place = f"made/{name}"
        with suppress(Conflict):  # another host makes the same
            lies = self._objects.list(place.rpartition("/")[0]).get(place)
            self._objects.put(place, data, _BYTES, instead_of=lies)

    def made(self, name: str) -> bytes | None:
        lies = self._objects.get(f"made/{name}")
        return lies.data if lies else None

    def all_made(self) -> list[str]:
        return [name.removeprefix("made/") for name in self._objects.list("made")]

    def drop_made(self, names: Iterable[str]) -> None:
        side_by_side(self._objects.delete, [f"made/{name}" for name in names])

    # What readers see

    def publish(self, part: str, about: About, *, is_whole: bool) -> None:
        self._shown.publish(part, about, is_whole=is_whole)

    def publish_files(self, places: Iterable[str], about: About) -> None:
        self._shown.publish_files(places, about)

    def fetched(self, part: str) -> Collection[str]:
        return self._shown.fetched(part)

    def fetch(self, part: str) -> None:
        self._shown.fetch(part)


def _manifest(edition: str) -> str:
    return f"editions/{edition}.json"


def _word(edition: str) -> str:
    return f"sent/{edition}.json"


def _is_plain(name: str) -> bool:
    """Whether an object in `editions` or `sent` is named after an edition."""
    return re.fullmatch(r"\w+/[^./][^/]*\.json", name) is not None


def _edition(name: str) -> str:
    """The edition that an object is about, by its name."""
    return name.partition("/")[2].removesuffix(".json")


def _files(edition: str, seal: str) -> str:
    """Where the files of a bundle lie: others of the same edition lie elsewhere."""
    return f"bundles/{edition}/{seal[:32]}"
