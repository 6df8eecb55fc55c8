"""Front matter → the files that belong to an article, and what players are told of an episode.

Each generator, and each podcast theme, has keys of its own: Jekyll's `file`, `length` and
`duration`, Hugo's Castanet (`podcast_file`, `podcast_bytes`), Octopod (`audio` by suffix, lists of
chapters), `podcast_link`, Pelican's and Nikola's `enclosure`. Nothing here raises: front matter
may hold anything.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, cast
from urllib.parse import urlsplit

from publisher.model import Chapter, Enclosure, Episode, Person, Transcript, one_line
from publisher.model.podcast import Kind

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

_URL = ("url", "src", "href", "file", "link", "path")
_LENGTH = ("length", "size", "bytes", "filesize", "file_size", "size_in_bytes")
_TYPE = ("type", "mime", "mime_type", "mimetype")
_DURATION = (
    "itunes_duration", "podcast_duration", "audio_duration", "episode_duration", "duration",
    "duration_in_seconds",
)  # fmt: skip
_MOST = {"files": 20, "chapters": 300, "persons": 50, "transcripts": 50}
_LEAST_LENGTH = 10_000  # a bare `length` below this is one of minutes or words
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:\.(\d{1,6}))?", re.ASCII)
_SPAN = re.compile(
    r"(?:PT)?(?:(\d{1,3}) ?h(?:ours?|r)?)? ?(?:(\d{1,4}) ?m(?:in(?:utes?)?)?)?"
    r" ?(?:(\d{1,6}) ?s(?:ec(?:onds?)?)?)?",
    re.ASCII | re.IGNORECASE,
)


def is_media(value: Any) -> bool:
    """Return whether a value is the address of a sound or a film, by its ending.

    >>> is_media("https://cdn.example/ep4.mp3?x=1"), is_media("https://site.example/about/")
    (True, False)
    """
    return isinstance(value, str) and _suffix(value) in KINDS


def media_type(url: str) -> str:
    """Return the media type of an address, "" where its ending tells none."""
    suffix = _suffix(url)
    return KINDS.get(suffix) or mimetypes.guess_type(f"a{suffix}")[0] or ""


def _suffix(url: str) -> str:
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
        for one in _listed(values.get(key)):
            for file in _files(one, media_alone=key in OTHERS):
                found.setdefault(file["url"], file)
    files = list(found.values())[: _MOST["files"]]
    if files and "length" not in files[0] and (length := _bare_length(values)):
        files[0]["length"] = length
    return files


def _files(one: Any, *, media_alone: bool) -> Iterator[dict[str, Any]]:
    if isinstance(one, str):
        url = one.strip()
        if url and (is_media(url) or not media_alone):
            yield {"url": url}
    elif isinstance(one, Mapping):
        table = {str(key).lower(): value for key, value in one.items()}
        url = next((table[k].strip() for k in _URL if isinstance(table.get(k), str)), "")
        if url and (is_media(url) or not media_alone):
            yield _described(url, table)
        elif not url:  # Octopod: { m4a: a.m4a, mp3: a.mp3 }
            by_suffix = (value for key, value in table.items() if f".{key}" in KINDS)
            yield from ({"url": value.strip()} for value in by_suffix if is_media(value))


def _described(url: str, table: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"url": url}
    if length := next(filter(None, (_whole(table.get(k)) for k in _LENGTH)), None):
        found["length"] = length
    kind = next((table[k] for k in _TYPE if isinstance(table.get(k), str)), "")
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
        if length := _whole(values.get(key)):
            return length
    bare = (_whole(values.get(key)) for key in ("length", "size", "bytes"))
    return next((one for one in bare if one and one >= _LEAST_LENGTH), None)


def episode_of(
    values: Mapping[str, Any], files: Sequence[Mapping[str, Any]], tell: Callable[[str], None]
) -> Episode | None:
    """Return what players are told of an article that has a sound or a film; addresses as written.

    None where there is none, or nothing to tell. `tell` hears of what is not understood.
    """
    if not any(_is_played(one) for one in files):
        return None
    whole = {**_nested("podcast", values), **_nested("itunes", values), **values}
    inner = [files[0].get("duration"), *(whole.get(key) for key in _DURATION)]
    typed = next((one for one in inner if one not in (None, "")), None)
    duration = seconds_of(typed)
    if typed is not None and duration is None:
        tell(f"the duration {str(typed)[:40]!r} is none such as 1:02:40 or a number of seconds")
    image = _first_text(whole, "episode_image", "itunes_image", "episode_cover", "podcast_image")
    chapters_url, chapters = _chapters(_one_of(whole, "chapters", "itunes_chapters"))
    found = Episode(
        duration=duration,
        number=_number(whole, "episode"),
        season=_number(whole, "season"),
        kind=_kind(whole),
        title=_first_text(whole, "itunes_title"),
        explicit=_explicit(_one_of(whole, "itunes_explicit", "podcast_explicit", "explicit")),
        block=_explicit(_one_of(whole, "itunes_block", "podcast_block")) or False,
        image=image,
        transcripts=tuple(_transcripts(whole)),
        chapters_url=chapters_url,
        chapters=chapters,
        persons=tuple(_persons(whole)),
    )
    return None if found == Episode() else found


def _nested(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of a table as those that stand outside of it: `itunes: { duration: … }`."""
    table = values.get(name)
    if not isinstance(table, Mapping):
        return {}
    return {f"itunes_{key}".lower(): value for key, value in table.items()}


def _is_played(file: Mapping[str, Any]) -> bool:
    kind = str(file.get("type") or media_type(file["url"]))
    return kind.startswith(("audio/", "video/"))


def resolved(episode: Episode, absolute: Callable[[str], str | None]) -> tuple[Episode, list[str]]:
    """Return an episode with absolute addresses, and those that are none and were left out."""
    lost: list[str] = []

    def whole(written: str) -> str:
        url = absolute(written) if written else None
        if url and url.startswith(("https://", "http://")):
            return url
        lost.extend([written] if written else [])
        return ""

    transcripts = (replace(one, url=whole(one.url)) for one in episode.transcripts)
    persons = (
        replace(one, href=whole(one.href), image=whole(one.image)) for one in episode.persons
    )
    chapters = (replace(one, href=whole(one.href)) for one in episode.chapters)
    found = replace(
        episode,
        image=whole(episode.image),
        chapters_url=whole(episode.chapters_url),
        transcripts=tuple(one for one in transcripts if one.url),
        persons=tuple(persons),
        chapters=tuple(chapters),
    )
    return found, lost


def with_type(file: Enclosure) -> Enclosure:
    """Return a file with the media type of its ending, where none was written that players know."""
    if file.type not in ("application/octet-stream", "audio/x-mpeg", "audio/mp3"):
        return file
    return replace(file, type=KINDS.get(_suffix(file.url), file.type))


def seconds_of(value: Any) -> int | None:
    """Return a duration in seconds, None for what is none.

    >>> [seconds_of(one) for one in ("01:02:40", "62:40", 3760, "1h 2min", "PT1H2M40S", "long")]
    [3760, 3760, 3760, 3720, 3760, None]
    """
    exact = _time(value)
    return None if exact is None or exact < 1 else round(exact)


def _time(value: Any) -> float | None:
    """A point in time, or a span, in seconds."""
    if isinstance(value, bool) or value is None:
        return None
    text = str(value).strip()
    if re.fullmatch(r"\d{1,7}(\.\d{1,6})?", text, re.ASCII):
        return float(text)
    if found := _CLOCK.fullmatch(text):
        hours, minutes, seconds, rest = found.groups()
        whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
        return whole + float(f"0.{rest or 0}")
    found = _SPAN.fullmatch(text)
    if not text or not found or not any(found.groups()):
        return None
    parts = [int(part or 0) for part in found.groups()]
    return float(parts[0] * 3600 + parts[1] * 60 + parts[2])


def _number(values: Mapping[str, Any], name: str) -> int | None:
    keys = (f"itunes_{name}", f"podcast_{name}", f"{name}_number", f"{name}number", name)
    found = (_whole(_unprefixed(values.get(key))) for key in keys)
    return next((one for one in found if one), None)


def _unprefixed(value: Any) -> Any:
    """`S01E07`, `#12` and `Episode 12` are numbers as well."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"(?:S\d{1,3} ?E|\D{0,12}?)0*(\d{1,6})", value.strip(), re.ASCII)
    return found[1] if found else value


def _kind(values: Mapping[str, Any]) -> Kind:
    keys = ("itunes_episodetype", "itunes_episode_type", "episode_type", "episodetype")
    said = _first_text(values, *keys).lower()
    return cast(Kind, said) if said in ("full", "trailer", "bonus") else ""


def _explicit(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    words = {"yes": True, "true": True, "explicit": True}
    words |= {"no": False, "false": False, "clean": False}
    return words.get(str(value).strip().lower())


def _transcripts(values: Mapping[str, Any]) -> Iterator[Transcript]:
    keys = (
        "transcripts",
        "transcript",
        "podcast_transcript",
        "transcript_url",
        "itunes_transcript",
    )
    found = [one for key in keys for one in _listed(values.get(key))]
    for one in found[: _MOST["transcripts"]]:
        table = one if _is_table(one) else {"url": one}
        url = _first_text(table, *_URL)
        if url and re.fullmatch(r"\S+", url) and ("/" in url or "." in url):
            kind = _first_text(table, *_TYPE) or _TRANSCRIPTS.get(_suffix(url)) or "text/html"
            yield Transcript(url=url, type=kind, language=_first_text(table, "language", "lang"))


_TRANSCRIPT_KEYS = (
    "transcripts", "transcript", "podcast_transcript", "transcript_url", "itunes_transcript",
)  # fmt: skip
_TRANSCRIPTS = {
    ".vtt": "text/vtt", ".srt": "application/x-subrip", ".json": "application/json",
    ".html": "text/html", ".htm": "text/html", ".txt": "text/plain",
}  # fmt: skip


def _chapters(value: Any) -> tuple[str, tuple[Chapter, ...]]:
    """The address of a file of chapters, or the chapters that are listed."""
    if isinstance(value, str):
        return (value.strip(), ()) if re.fullmatch(r"\S+", value.strip()) else ("", ())
    if _is_table(value) and (url := _first_text(value, *_URL)):
        return url, ()
    found = sorted(_listed_chapters(value), key=lambda one: one.start)
    return "", tuple(found[: _MOST["chapters"]])


def _listed_chapters(value: Any) -> Iterator[Chapter]:
    for one in _listed(value):
        if isinstance(one, str):  # Octopod: "00:01:02.500 What it is about"
            start, _, title = one.strip().partition(" ")
            table: Mapping[str, Any] = {"start": start, "title": title}
        else:
            table = one if _is_table(one) else {}
        moment = _time(_one_of(table, "start", "starttime", "startTime", "time", "at"))
        title = _first_text(table, "title", "name", "label")
        if moment is not None and title:
            yield Chapter(start=moment, title=title, href=_first_text(table, "href", "url", "link"))


def _persons(values: Mapping[str, Any]) -> Iterator[Person]:
    keys = (("hosts", "host"), ("host", "host"), ("guests", "guest"), ("guest", "guest"))
    found = [(one, role) for key, role in keys for one in _listed(values.get(key))]
    found += [(one, "") for key in ("persons", "people") for one in _listed(values.get(key))]
    seen: set[str] = set()
    for one, role in found[: _MOST["persons"]]:
        table = one if _is_table(one) else {"name": one}
        name = _first_text(table, "name", "title")
        if name and name not in seen:
            seen.add(name)
            yield Person(
                name=name,
                role=_first_text(table, "role").lower() or role,
                href=_first_text(table, "href", "url", "link"),
                image=_first_text(table, "img", "image", "picture"),
            )


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping)


def _listed(value: Any) -> list[Any]:
    if value is None or isinstance(value, bool):
        return []
    return value if isinstance(value, list) else [value]


def _one_of(values: Mapping[str, Any], *keys: str) -> Any:
    return next((values[key] for key in keys if values.get(key) is not None), None)


def _first_text(values: Mapping[str, Any], *keys: str) -> str:
    found = (values.get(key) for key in keys)
    texts = (one_line(one)[:500] for one in found if isinstance(one, str))
    return next(filter(None, texts), "")


def _whole(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value).strip().replace(",", "").replace("_", "")
    return int(text) if re.fullmatch(r"\d{1,15}", text, re.ASCII) and int(text) else None
