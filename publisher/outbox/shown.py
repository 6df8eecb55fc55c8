"""What readers see of an object store: feeds and pages, compared with this host's copy of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from publisher import files
from publisher.errors import Locked
from publisher.outbox.files import put, put_all
from publisher.outbox.memory import standing
from publisher.outbox.objects import Conflict, Objects, Stamp, side_by_side
from publisher.outbox.outbox import About
from publisher.outbox.packing import SUFFIXES

_ROUNDS = 3  # looks at the store, should other hosts put the same files meanwhile
_MOST = 1_000_000_000  # bytes of the memory
_BATCH = 200  # files that are fetched before they are put into the copy


@dataclass(frozen=True, slots=True)
class _Known:
    """How a file of the copy stood when it was the same as the object of a tag.

    `headers` are a digest: there may be millions of files. `is_fetched` is one that another host
    put there.
    """

    tag: str
    standing: tuple[int, ...]
    headers: str
    is_fetched: bool = field(default=False, compare=False)


class Shown:
    """Feeds and pages of an object store, and the copy of them in which they are made.

    What is the same is not put again: by what `memory`, a file, knows of both, else by the bytes.
    An object is put in place of the one that was seen and of no other; packed ones before what
    they are packed from, and pages after what they show.
    """

    def __init__(self, objects: Objects, folder: Path, memory: Path) -> None:
        self._objects, self._folder, self._memory = objects, folder, memory

    def publish(self, part: str, about: About, *, is_whole: bool) -> None:
        """Make the objects of a part what its copy is; see `Outbox.publish`.

        Raises Locked where other hosts put the same files at the same time, again and again.
        """
        known = self._known()
        try:
            for _ in range(_ROUNDS):
                if self._published(part, about, known, is_whole):
                    return
        finally:
            self._remember(known)
        raise Locked(
            f"other hosts put {part} into {self._objects.url} at the same time",
            why="What they put stays; what is left of ours is put by the next build.",
            todo="Run the command again.",
        )

    def _published(self, part: str, about: About, known: dict[str, _Known], is_whole: bool) -> bool:
        """Put and take away what is other than the copy; False where others did so meanwhile."""
        lying, ours = self._objects.list(part), dict(_files(self._folder, part))
        self._take_away(lying.keys() - ours.keys(), known, is_whole)
        headers = {name: about(name, ours) for name in ours}
        stale = [
            name
            for name, stand in ours.items()
            if name not in lying
            or known.get(name) != _Known(lying[name].tag, stand, _digest(headers[name]))
        ]
        is_alone = True
        for rank in sorted(set(map(_rank, stale))):
            names = [name for name in stale if _rank(name) == rank]
            done = side_by_side(lambda one: self._put(one, headers[one], lying.get(one)), names)
            known |= {name: one for name, one in zip(names, done, strict=True) if one}
            is_alone = is_alone and None not in done
        return is_alone

    def _take_away(self, names: Iterable[str], known: dict[str, _Known], is_whole: bool) -> None:
        """Take away objects of which there is no file; where not all was made, those of ours."""
        gone = [name for name in names if not _stays(name) and (is_whole or name in known)]
        side_by_side(self._objects.delete, gone)
        for name in gone:
            known.pop(name, None)

    def _put(self, name: str, headers: Mapping[str, str], lies: Stamp | None) -> _Known | None:
        """Put a file, if the object is another one; None where somebody else did meanwhile."""
        path = self._folder / name
        stand = standing(path)
        data = path.read_bytes()
        if lies is not None and lies.size == len(data):
            there = self._objects.get(name)
            if there and there.data == data and there.headers == headers:
                return _Known(there.stamp.tag, stand, _digest(headers))
        try:
            stamp = self._objects.put(name, data, headers, instead_of=lies)
        except Conflict:
            return None
        return _Known(stamp.tag, stand, _digest(headers))

    def publish_files(self, places: Iterable[str], about: About) -> None:
        """Put some files whose names tell what is in them: what lies there is the same."""

        def put_(place: str) -> None:
            with suppress(Conflict):
                data = (self._folder / place).read_bytes()
                self._objects.put(place, data, about(place, ()), instead_of=None)

        wanted = list(places)
        folders = {place.rpartition("/")[0] for place in wanted}
        lying = {name for one in folders for name in self._objects.list(one)}
        side_by_side(put_, [one for one in wanted if one not in lying])

    def fetched(self, part: str) -> Collection[str]:
        """Places of files of the copy that are as `fetch` left them; see `Outbox.fetched`."""
        known = self._known()
        lying = _files(self._folder, part)
        return {
            name
            for name, stand in lying
            if (one := known.get(name)) and one.is_fetched and one.standing == stand
        }

    def fetch(self, part: str) -> None:
        """Make the copy of a part what its objects are; what was not put yet is made again."""
        known = self._known()
        lying, ours = self._objects.list(part), dict(_files(self._folder, part))
        for name, stand in ours.items():
            if name in known and name not in lying and known.pop(name).standing == stand:
                (self._folder / name).unlink(missing_ok=True)
        stale = [
            name
            for name, stamp in lying.items()
            if not (one := known.get(name))
            or (one.tag, one.standing) != (stamp.tag, ours.get(name))
        ]
        for start in range(0, len(stale), _BATCH):
            known |= self._fetched(stale[start : start + _BATCH])
        self._remember(known)

    def _fetched(self, names: Sequence[str]) -> dict[str, _Known]:
        """Put some objects into the copy, and return what is known of them then."""
        answers = side_by_side(self._objects.get, names)
        found = {name: one for name, one in zip(names, answers, strict=True) if one}
        put_all({self._folder / name: one.data for name, one in found.items()})
        return {
            name: _Known(one.stamp.tag, standing(self._folder / name), _digest(one.headers), True)
            for name, one in found.items()
        }

    def _known(self) -> dict[str, _Known]:
        """What is remembered; nothing where the memory is damaged, for it is made anew."""
        try:
            whole = json.loads(files.read(self._memory, _MOST))
            return {
                name: _Known(tag, tuple(stand), headers, is_fetched=bool(fetched))
                for name, (tag, stand, headers, *fetched) in whole.items()
            }
        except (OSError, ValueError, TypeError, AttributeError, RecursionError):
            return {}

    def _remember(self, known: Mapping[str, _Known]) -> None:
        whole: dict[str, Any] = {
            name: [one.tag, list(one.standing), one.headers, *[True] * one.is_fetched]
            for name, one in known.items()
        }
        put(self._memory, json.dumps(whole, sort_keys=True, separators=(",", ":")).encode())


def _digest(headers: Mapping[str, str]) -> str:
    text = json.dumps(sorted(headers.items()))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _files(folder: Path, part: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Every file of a part by its place, with how it stands; none that was not finished."""
    for path in sorted((folder / part).rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.name.endswith(".aside"):
            yield path.relative_to(folder).as_posix(), standing(path)


def _stays(name: str) -> bool:
    """Whether an object is not ours to take away, or a picture of mails that were sent."""
    is_hidden = any(part.startswith(".") for part in name.split("/"))
    return is_hidden or name.startswith("web/pictures/mail/")


def _rank(name: str) -> tuple[int, bool]:
    """Which files are put before which: what others lead to first, packed ones before theirs."""
    if name.endswith(tuple(SUFFIXES.values())):
        return _rank(name.rpartition(".")[0])[0], False
    is_page = name.endswith((".html", ".htm", ".xml"))
    if name.startswith("feeds/") or not is_page:
        return 0, True
    return 2 if name.count("/") == 1 else 1, True
