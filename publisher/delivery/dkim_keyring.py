"""The folder of the keys that sign mails.

`keys.json` says which there are, and from when on each signs; a key lies beside it as
`SELECTOR.pem`. Nothing is half-done: a key is whole on the disk before `keys.json` names it, and a
file that it does not name is no key of ours.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from publisher import files
from publisher.delivery.dkim import KeyPair
from publisher.delivery.dkim_keys import read_key
from publisher.errors import ConfigError

_INDEX = "keys.json"
_MOST = 1_000_000  # bytes of it


def stamp_of(folder: Path) -> tuple[int, int, int] | None:
    """Return what changes when the keys do; None for a folder without any."""
    try:
        found = (folder / _INDEX).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def read_pairs(folder: Path) -> tuple[KeyPair, ...]:
    """Return the pairs of a folder, the oldest first; none where there is no such folder.

    Raises ConfigError for a key that is missing, unreadable or readable by others.
    """
    path = folder / _INDEX
    try:
        data = files.read(path, _MOST)
        others = folder.stat().st_mode & 0o022
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read: {error.strerror}",
            why="It says which keys sign mails, which would go out unsigned.",
            todo="Let publisher's user read it, and nobody else.",
        ) from None
    if others:
        raise ConfigError(
            f"others than its owner may write into {folder}",
            why="They could put keys of their own there. It is not used.",
            todo=f"chmod 700 {folder}",
        )
    try:
        return tuple(_pair(folder, one) for one in json.loads(data)["pairs"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ConfigError(
            f"{path} is damaged",
            why="It says which keys sign mails, which would go out unsigned.",
            todo="Put it back from a backup; or move the folder away, and: publisher keys dkim new",
        ) from None


def write_pairs(folder: Path, pairs: Sequence[KeyPair], fresh: Mapping[str, bytes]) -> None:
    """Make the folder hold `pairs`; `fresh` are the keys that are new, as PEM by selector.

    Keys that no pair has any more are taken away, after `keys.json` has forgotten them.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _put(folder / ".gitignore", b"*\n")  # no key is ever committed, wherever the folder lies
    for selector, pem in fresh.items():
        _put(folder / f"{selector}.pem", pem)
    index = {"pairs": [_told(pair) for pair in pairs]}
    _put(folder / _INDEX, json.dumps(index, indent=1).encode() + b"\n")
    kept = {f"{key.selector}.pem" for pair in pairs for key in pair.keys}
    for path in folder.glob("*.pem"):
        if path.name not in kept:
            path.unlink(missing_ok=True)


def _told(pair: KeyPair) -> dict[str, Any]:
    return {
        "name": pair.name,
        "made": pair.made.isoformat(),
        "since": pair.since.isoformat() if pair.since else None,
        "selectors": [key.selector for key in pair.keys],
    }


def _pair(folder: Path, told: Mapping[str, Any]) -> KeyPair:
    since = told["since"]
    return KeyPair(
        name=str(told["name"]),
        made=_instant(told["made"]),
        since=_instant(since) if since else None,
        keys=tuple(
            read_key(folder / f"{_plain(one)}.pem", _plain(one)) for one in told["selectors"]
        ),
    )


def _plain(selector: Any) -> str:
    """A selector, which is also a file's name in the folder and nowhere else."""
    if not isinstance(selector, str) or "/" in selector or selector.startswith("."):
        raise ValueError(selector)
    return selector


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def _put(path: Path, data: bytes) -> None:
    """Write a file that its owner alone can read: aside, to the disk, then under its name."""
    aside = path.with_name(f".{path.name}.aside")
    aside.unlink(missing_ok=True)
    handle = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
