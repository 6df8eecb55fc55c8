"""What other workers made of a build, in packs that hosts keep for each other in the outbox.

Each page and feed lies there under the key of all that it is made from. Who needs the same takes
it, and whoever needs another one makes it: so no state of articles, settings or theme is ever mixed
with another, and a pack that is lost costs time alone.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from publisher.feeds import FeedFile
from publisher.outbox import Outbox, packed

_BYTES = 4_000_000  # of a pack: what is in memory at once
_INDEX = "index"

_Known = TypeVar("_Known")


class _Noted(msgspec.Struct, array_like=True):
    """A page or feed that was made: its key, the number of its pack, what is noted of a page."""

    key: str
    pack: int
    note: Any = None


class _File(msgspec.Struct, array_like=True):
    """A feed's file."""

    path: str
    packed: dict[str, bytes]
    entries: int
    cut: int
    updated: datetime


class PackedPage(msgspec.Struct, array_like=True):
    """A page by content coding, as web servers send it."""

    packed: dict[str, bytes]

    @property
    def data(self) -> bytes:
        """The page."""
        return gzip.decompress(self.packed["gzip"])


class Packs:
    """Keeps what a part makes, in packs, and says at the end what is in them."""

    def __init__(self, outbox: Outbox, part: str) -> None:
        """`part` is the build's name and the number of the part: `BUILD/2`."""
        self._outbox, self._part = outbox, part
        self._waiting: dict[str, bytes] = {}
        self._bytes = self._count = 0
        self._index: dict[str, _Noted] = {}

    def page(self, path: str, key: str, html: bytes, note: Any, *, packing: bool) -> None:
        """Keep a page."""
        made = PackedPage(_codings(html, packing=packing))
        self._keep(f"web/{path}", made, _Noted(key, self._count, note))

    def feed(self, name: str, key: str, files: Sequence[FeedFile], *, packing: bool) -> None:
        """Keep a feed's files."""
        kept = [
            _File(one.path, _codings(one.data, packing=packing), one.entries, one.cut, one.updated)
            for one in files
        ]
        self._keep(f"feeds/{name}", kept, _Noted(key, self._count))

    def finish(self) -> None:
        """Keep what is left, and the index: from now on the part is there."""
        self._flush()
        self._outbox.keep_made(f"{self._part}-{_INDEX}", msgspec.msgpack.encode(self._index))

    def _keep(self, name: str, made: Any, noted: _Noted) -> None:
        self._index[name] = noted
        self._waiting[name] = data = msgspec.msgpack.encode(made)
        self._bytes += len(data)
        if self._bytes >= _BYTES:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            data = msgspec.msgpack.encode(self._waiting)
            self._outbox.keep_made(f"{self._part}-{self._count}", data)
            self._waiting, self._bytes, self._count = {}, 0, self._count + 1


class Made:
    """What the parts of a build made; nothing where there is none."""

    def __init__(self, outbox: Outbox | None = None, build: str = "") -> None:
        self._outbox = outbox
        self._index: dict[str, _Noted] = {}
        self._parts: dict[str, str] = {}  # by page or feed: the name of the part that made it
        self._open: OrderedDict[str, dict[str, bytes]] = OrderedDict()
        names = outbox.all_made() if outbox and build else []
        for name in names:
            if name.startswith(f"{build}/") and name.endswith(f"-{_INDEX}"):
                self._learn(name)
        self._most = len(set(self._parts.values())) + 1

    def __bool__(self) -> bool:
        return bool(self._index)

    def _learn(self, name: str) -> None:
        assert self._outbox is not None
        found = read(self._outbox, name, dict[str, _Noted]) or {}
        part = name.removesuffix(f"-{_INDEX}")
        self._index |= found
        self._parts |= dict.fromkeys(found, part)

    @property
    def notes(self) -> Mapping[str, Any]:
        """What is noted of pages, by their places."""
        return {
            name.removeprefix("web/"): one.note
            for name, one in self._index.items()
            if name.startswith("web/")
        }

    def has_page(self, path: str, key: str) -> bool:
        """Whether a page was made from a key."""
        return self._has(f"web/{path}", key)

    def page(self, path: str, key: str) -> PackedPage | None:
        """Return a page that was made from a key, None where it was not, or is lost."""
        return self._made(f"web/{path}", key, PackedPage)

    def has_feed(self, name: str, key: str) -> bool:
        """Whether a feed was made from a key."""
        return self._has(f"feeds/{name}", key)

    def feed(self, name: str, key: str) -> list[FeedFile] | None:
        """Return the files of a feed, likewise."""
        found = self._made(f"feeds/{name}", key, list[_File])
        if found is None:
            return None
        return [
            FeedFile(
                path=one.path,
                data=gzip.decompress(one.packed["gzip"]),
                packed=one.packed,
                entries=one.entries,
                cut=one.cut,
                updated=one.updated,
            )
            for one in found
        ]

    def _has(self, name: str, key: str) -> bool:
        return name in self._index and self._index[name].key == key

    def _made(self, name: str, key: str, kind: type[_Known]) -> _Known | None:
        if not self._has(name, key):
            return None
        pack = f"{self._parts[name]}-{self._index[name].pack}"
        if pack not in self._open:
            assert self._outbox is not None
            self._open[pack] = read(self._outbox, pack, dict[str, bytes]) or {}
            while len(self._open) > self._most:  # pages are asked for in the order of each part
                self._open.popitem(last=False)
        data = self._open[pack].get(name)
        return None if data is None else _decoded(data, kind)


def _codings(data: bytes, *, packing: bool) -> dict[str, bytes]:
    """A file by content coding; without `packing` it is read by us alone."""
    return packed(data) if packing else {"gzip": gzip.compress(data, 1, mtime=0)}


def read(outbox: Outbox, name: str, kind: type[_Known]) -> _Known | None:
    """Return what was kept under a name; None where it is lost or spoilt, for it is made anew."""
    data = outbox.made(name)
    return None if data is None else _decoded(data, kind)


def _decoded(data: bytes, kind: type[_Known]) -> _Known | None:
    try:
        return msgspec.msgpack.decode(data, type=kind)
    except msgspec.MsgspecError:
        return None
