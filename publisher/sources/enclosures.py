"""Front matter → the files that belong to an article.

Each generator, and each podcast theme, has keys of its own: Jekyll's `file` and `length`, Hugo's
Castanet (`podcast_file`, `podcast_bytes`), Octopod (`audio` by suffix), `podcast_link`, Pelican's
and Nikola's `enclosure`. Nothing here raises: front matter may hold anything.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from msgspec.structs import replace

from publisher.model import Enclosure

FILES = ("enclosure", "enclosures", "podcast", "audio")
"""Keys whose value is a file, or several, and nothing else."""

OTHERS = (
    "podcast_link", "podcast_url", "podcast_file", "podcast_audio", "podcast_path", "audio_url",
    "audio_file", "audio_link", "audio_path", "audio_src", "audio_file_path", "audiofile", "mp3",
    "mp3_url", "mp3_file", "m4a", "m4a_url", "ogg", "ogg_url", "media_url", "media_file",
    "episode_url", "episode_file", "episode_audio", "enclosure_url", "file", "link",
)  # fmt: skip
"""Keys whose value is one where it ends as sounds and films do, or is a table of such."""

KINDS: Mapping[str, str] = {
    ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".m4b": "audio/mp4", ".aac": "audio/aac",
    ".ogg": "audio/ogg", ".oga": "audio/ogg", ".opus": "audio/ogg", ".flac": "audio/flac",
    ".wav": "audio/wav", ".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/quicktime",
    ".webm": "video/webm", ".ogv": "video/ogg",
}  # fmt: skip
"""Media types as players want them, whatever this machine's table says."""

URL = ("url", "src", "href", "file", "link", "path")
_LENGTH = ("length", "size", "bytes", "filesize", "file_size", "size_in_bytes")
TYPE = ("type", "mime", "mime_type", "mimetype")
_IN_ONE = re.compile(r"(\S+)\s+(\d+)\s+((?:audio|video)/[\w.+-]+)(?:\s.*)?", re.DOTALL)
"""Address, length and type in one text, as WordPress keeps them."""

_MOST = 20  # files of one article
_LEAST_LENGTH = 10_000  # a bare `length` below this is one of minutes or words


def is_media(value: Any) -> bool:
    """Return whether a value is the address of a sound or a film, by its ending.

    >>> is_media("https://cdn.example/ep4.mp3?x=1"), is_media("https://site.example/about/")
    (True, False)
    """
    return isinstance(value, str) and suffix_of(value) in KINDS


def media_type(url: str) -> str:
    """Return the media type of an address, "" where its ending tells none."""
    suffix = suffix_of(url)
    return KINDS.get(suffix) or mimetypes.guess_type(f"a{suffix}")[0] or ""


def suffix_of(url: str) -> str:
    """Return the ending of an address's path, in lower case with its dot."""
    try:
        return PurePosixPath(urlsplit(url.strip()).path).suffix.lower()
    except ValueError:
        return ""


def files_of(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the files that front matter names, each with a `url` and what is known of it.

    `values` have their keys in lower case with `_` for `-`.
    """
    found: dict[str, dict[str, Any]] = {}
    for key in (*FILES, *OTHERS):
        for one in listed(values.get(key)):
            for file in _files(one, media_alone=key in OTHERS):
                found.setdefault(file["url"], file)
    files = list(found.values())[:_MOST]
    if files and "length" not in files[0] and (length := _bare_length(values)):
        files[0]["length"] = length
    return files


def _files(one: Any, *, media_alone: bool) -> Iterator[dict[str, Any]]:
    if isinstance(one, str) and (told := _IN_ONE.fullmatch(one.strip())):
        yield _described(told[1], {"length": told[2], "type": told[3]})
    elif isinstance(one, str):
        url = one.strip()
        if url and (is_media(url) or not media_alone):
            yield {"url": url}
    elif isinstance(one, Mapping):
        table = {str(key).lower(): value for key, value in one.items()}
        url = next((table[k].strip() for k in URL if isinstance(table.get(k), str)), "")
        if url and (is_media(url) or not media_alone):
            yield _described(url, table)
        elif not url:  # Octopod: { m4a: a.m4a, mp3: a.mp3 }
            by_suffix = (value for key, value in table.items() if f".{key}" in KINDS)
            yield from ({"url": value.strip()} for value in by_suffix if is_media(value))


def _described(url: str, table: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"url": url}
    if length := next(filter(None, (whole(table.get(k)) for k in _LENGTH)), None):
        found["length"] = length
    kind = next((table[k] for k in TYPE if isinstance(table.get(k), str)), "")
    if re.fullmatch(r"[a-z]+/[a-zA-Z0-9.+-]+", kind):
        found["type"] = kind
    for name in ("duration", "duration_in_seconds"):
        if table.get(name) is not None:
            found["duration"] = table[name]
    return found


def _bare_length(values: Mapping[str, Any]) -> int | None:
    prefixes = ("podcast", "enclosure", "audio", "episode", "media", "itunes")
    named = [f"{prefix}_{name}" for prefix in prefixes for name in _LENGTH]
    for key in (*named, "filesize", "file_size", "size_in_bytes"):
        if length := whole(values.get(key)):
            return length
    bare = (whole(values.get(key)) for key in ("length", "size", "bytes"))
    return next((one for one in bare if one and one >= _LEAST_LENGTH), None)


def with_type(file: Enclosure) -> Enclosure:
    """Return a file with the media type of its ending, where none was written that players know."""
    if file.type not in ("application/octet-stream", "audio/x-mpeg", "audio/mp3"):
        return file
    return replace(file, type=KINDS.get(suffix_of(file.url), file.type))


def listed(value: Any) -> list[Any]:
    """Return a value as a list: itself, or what it holds; nothing for none and flags."""
    if value is None or isinstance(value, bool):
        return []
    return value if isinstance(value, list) else [value]


def whole(value: Any) -> int | None:
    """Return a positive whole number, None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value).strip().replace(",", "").replace("_", "")
    return int(text) if re.fullmatch(r"\d{1,15}", text, re.ASCII) and int(text) else None
