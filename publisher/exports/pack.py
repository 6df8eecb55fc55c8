"""A file, a folder or an archive that somebody gave us → what lies in it, by safe names.

Nothing is unpacked to the disk. Names that lead elsewhere, links and archives within archives are
passed over and told; bytes are counted as they come, whatever the archive says of itself.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

import msgspec

from publisher import files
from publisher.errors import SourceError
from publisher.exports.imported import LeftOut

MOST_BYTES = 4 << 30
"""Of one file of an export that is read as a stream."""

_CHUNK = 1 << 16
_MOST_MEMBERS = 200_000
_MOST_DIRECTORY = 64 << 20  # bytes of an archive's own list
_RATIO = 200  # times smaller than what comes out of it; texts are packed 4 to 30 times
_HARMLESS = 32 << 20  # bytes below which a ratio says nothing
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DRIVE = re.compile(r"[A-Za-z]:")
_ARCHIVES = (".zip", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".7z", ".rar")


class Member(msgspec.Struct, frozen=True):
    """A file of an export: `name` from the export on, `place` as a person finds it."""

    name: str
    place: str
    size: int
    path: Path
    entry: zipfile.ZipInfo | None = None


class Pack:
    """All files of an export, in the order of their names; `passed_over` says what was not.

    It keeps archives open: use it in a `with`.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        """Raises SourceError for what cannot be opened, or is no archive that one should open."""
        self.members: dict[str, Member] = {}
        self.passed_over: list[LeftOut] = []
        self._open = ExitStack()
        self._archives: dict[Path, zipfile.ZipFile] = {}
        try:
            self._list(paths)
        except BaseException:
            self._open.close()
            raise

    def __enter__(self) -> Pack:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _list(self, paths: Sequence[Path]) -> None:
        for path in paths:
            for member in self._of(path):
                name = member.name
                while name in self.members:  # of several exports given at once
                    name = f"{name}~"
                self.members[name] = member
                if len(self.members) > _MOST_MEMBERS:
                    raise SourceError(f"more than {_MOST_MEMBERS:,} files", path=str(path))

    def ending(self, *suffixes: str) -> list[Member]:
        """Return the files with such endings, in the order of their names."""
        found = [one for one in self.members.values() if one.name.lower().endswith(suffixes)]
        return sorted(found, key=lambda one: one.name)

    def chunks(self, member: Member, most: int = MOST_BYTES) -> Iterator[bytes]:
        """Yield the bytes of a file; raise SourceError where they are too many, or damaged."""
        if member.size > most:
            raise _too_many(member, most)
        try:
            with self._opened(member) as stream:
                yield from _bounded(stream, member, most)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise SourceError(f"the archive is damaged: {error}", path=member.place) from None
        except RuntimeError:  # zipfile's word for a password
            raise SourceError("it has a password", path=member.place, todo=_UNPACK) from None
        except OSError as error:
            raise SourceError(error.strerror or str(error), path=member.place) from None

    def head(self, member: Member) -> bytes:
        """Return the first bytes of a file, none where it cannot be read."""
        try:
            return next(self.chunks(member, max(MOST_BYTES, member.size)), b"")
        except SourceError:
            return b""

    def read(self, member: Member, most: int) -> bytes:
        """Return the bytes of a file; raise SourceError as `chunks`."""
        return b"".join(self.chunks(member, most))

    def _of(self, path: Path) -> Iterator[Member]:
        if path.is_dir():
            yield from self._walked(path)
        elif kind := files.oddity(path):
            raise SourceError(f"it cannot be read: {kind}", path=str(path))
        elif _is_archive(path):
            yield from self._listed(path)
        else:
            yield Member(path.name, str(path), path.stat().st_size, path)

    def _walked(self, folder: Path) -> Iterator[Member]:
        for above, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if not _is_aside(name))
            for name in sorted(names):
                path = Path(above, name)
                whole = path.relative_to(folder).as_posix()
                if _is_aside(name):
                    continue
                if path.is_symlink() or files.oddity(path):
                    self.passed_over.append(LeftOut(reason="no regular file", place=str(path)))
                elif _unsafe(whole):
                    self.passed_over.append(
                        LeftOut(reason="a name that is no text", place=repr(whole))
                    )
                elif name.lower().endswith(_ARCHIVES):
                    reason = "an archive within: give it by itself"
                    self.passed_over.append(LeftOut(reason=reason, place=str(path)))
                else:
                    yield Member(whole, str(path), path.stat().st_size, path)

    def _listed(self, path: Path) -> Iterator[Member]:
        file = self._open.enter_context(files.opened(path))
        archive = self._archives[path] = self._open.enter_context(_archive(path, file))
        for entry in archive.infolist():
            place = f"{path}/{entry.filename}"
            if entry.is_dir() or _is_aside(PurePosixPath(entry.filename).name):
                continue
            if reason := _refused(entry):
                self.passed_over.append(LeftOut(reason=reason, place=place))
            else:
                yield Member(entry.filename, place, entry.file_size, path, entry)

    def _opened(self, member: Member) -> IO[bytes]:
        if member.entry is None:
            return files.opened(member.path)
        return self._archives[member.path].open(member.entry)


_UNPACK = "Unpack it, and give the folder."


def _bounded(stream: IO[bytes], member: Member, most: int) -> Iterator[bytes]:
    packed = member.entry.compress_size if member.entry else 0
    count = 0
    while data := stream.read(_CHUNK):
        count += len(data)
        if count > most:
            raise _too_many(member, most)
        if packed and count > _HARMLESS and count > _RATIO * packed:
            raise SourceError(
                f"it is packed more than {_RATIO} times smaller than it is",
                path=member.place,
                why="No export is; what is made to fill a disk or a memory may be.",
            )
        yield data


def _too_many(member: Member, most: int) -> SourceError:
    return SourceError(
        f"it has more than {most:,} bytes",
        path=member.place,
        todo="Export in parts, such as a year at a time.",
    )


def _is_archive(path: Path) -> bool:
    return files.read_beginning(path, 4) in (b"PK\x03\x04", b"PK\x05\x06")


def _archive(path: Path, file: BinaryIO) -> zipfile.ZipFile:
    count = _directory_bytes(file)
    if count > _MOST_DIRECTORY:
        raise SourceError("the archive's own list of files is too long", path=str(path))
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise SourceError(
            f"the archive cannot be read: {error}", path=str(path), todo=_UNPACK
        ) from None
    if len(archive.filelist) > _MOST_MEMBERS:
        raise SourceError(f"more than {_MOST_MEMBERS:,} files", path=str(path))
    return archive


def _directory_bytes(file: BinaryIO) -> int:
    """How long an archive says its list of files is: it is read as one (APPNOTE 4.3.14, 4.3.16)."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 66_000))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    short = struct.unpack_from("<L", tail, at + 12)[0] if 0 <= at <= len(tail) - 22 else 0
    long_at = tail.rfind(b"PK\x06\x06")
    is_whole = 0 <= long_at <= len(tail) - 56
    long = struct.unpack_from("<Q", tail, long_at + 40)[0] if is_whole else 0
    return min(size, max(long, 0 if short == 0xFFFFFFFF and is_whole else short))


def _refused(entry: zipfile.ZipInfo) -> str:
    """Why a file of an archive is not looked at, "" for one that is."""
    mode = entry.external_attr >> 16
    if _unsafe(entry.filename):
        return "a name that leads out of the archive"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "a link, or no file, in the archive"
    if entry.flag_bits & 0x1:
        return "a file with a password"
    if entry.compress_type not in _METHODS:
        return "packed in a way that exports are not"
    if entry.filename.lower().endswith(_ARCHIVES):
        return "an archive within: give it by itself"
    return ""


def _unsafe(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    has_controls = any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in name)
    return (
        ".." in parts
        or name.startswith(("/", "\\"))
        or bool(_DRIVE.match(name))
        or has_controls
        or len(name) > 1000
    )


def _is_aside(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"
