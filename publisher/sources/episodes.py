"""Front matter → what players are told of an episode, by the keys of many podcast themes.

Nothing here raises: front matter may hold anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from msgspec.structs import replace

from publisher.model import Chapter, Episode, Person, Transcript, one_line
from publisher.model.podcast import Kind
from publisher.sources.enclosures import TYPE, URL, listed, media_type, suffix_of, whole

_DURATION = (
    "itunes_duration", "podcast_duration", "audio_duration", "episode_duration", "duration",
    "duration_in_seconds",
)  # fmt: skip
_MOST = {"chapters": 300, "persons": 50, "transcripts": 50}
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:\.(\d{1,6}))?", re.ASCII)
_SPAN = re.compile(
    r"(?:PT)?(?:(\d{1,3}) ?h(?:ours?|r)?)? ?(?:(\d{1,4}) ?m(?:in(?:utes?)?)?)?"
    r" ?(?:(\d{1,6}) ?s(?:ec(?:onds?)?)?)?",
    re.ASCII | re.IGNORECASE,
)


def episode_of(
    values: Mapping[str, Any], files: Sequence[Mapping[str, Any]], tell: Callable[[str], None]
) -> Episode | None:
    """Return what players are told of an article that has a sound or a film; addresses as written.

    None where there is none, or nothing to tell. `tell` hears of what is not understood.
    """
    if not any(_is_played(one) for one in files):
        return None
    known = {**_nested("podcast", values), **_nested("itunes", values), **values}
    inner = [files[0].get("duration"), *(known.get(key) for key in _DURATION)]
    typed = next((one for one in inner if one not in (None, "")), None)
    duration = seconds_of(typed)
    if typed is not None and duration is None:
        tell(f"the duration {str(typed)[:40]!r} is none such as 1:02:40 or a number of seconds")
    image = _first_text(known, "episode_image", "itunes_image", "episode_cover", "podcast_image")
    chapters_url, chapters = _chapters(_one_of(known, "chapters", "itunes_chapters"))
    found = Episode(
        duration=duration,
        number=_number(known, "episode"),
        season=_number(known, "season"),
        kind=_kind(known),
        title=_first_text(known, "itunes_title"),
        explicit=_explicit(_one_of(known, "itunes_explicit", "podcast_explicit", "explicit")),
        block=_explicit(_one_of(known, "itunes_block", "podcast_block")) or False,
        image=image,
        transcripts=tuple(_transcripts(known)),
        chapters_url=chapters_url,
        chapters=chapters,
        persons=tuple(_persons(known)),
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

    def at(written: str) -> str:
        url = absolute(written) if written else None
        if url and url.startswith(("https://", "http://")):
            return url
        lost.extend([written] if written else [])
        return ""

    transcripts = (replace(one, url=at(one.url)) for one in episode.transcripts)
    persons = (replace(one, href=at(one.href), image=at(one.image)) for one in episode.persons)
    chapters = (replace(one, href=at(one.href)) for one in episode.chapters)
    found = replace(
        episode,
        image=at(episode.image),
        chapters_url=at(episode.chapters_url),
        transcripts=tuple(one for one in transcripts if one.url),
        persons=tuple(persons),
        chapters=tuple(chapters),
    )
    return found, lost


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
        seconds_before = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
        return seconds_before + float(f"0.{rest or 0}")
    found = _SPAN.fullmatch(text)
    if not text or not found or not any(found.groups()):
        return None
    parts = [int(part or 0) for part in found.groups()]
    return float(parts[0] * 3600 + parts[1] * 60 + parts[2])


def _number(values: Mapping[str, Any], name: str) -> int | None:
    keys = (f"itunes_{name}", f"podcast_{name}", f"{name}_number", f"{name}number", name)
    found = (whole(_unprefixed(values.get(key))) for key in keys)
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
    found = [one for key in keys for one in listed(values.get(key))]
    for one in found[: _MOST["transcripts"]]:
        table = one if _is_table(one) else {"url": one}
        url = _first_text(table, *URL)
        if url and re.fullmatch(r"\S+", url) and ("/" in url or "." in url):
            kind = _first_text(table, *TYPE) or _TRANSCRIPTS.get(suffix_of(url)) or "text/html"
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
    if _is_table(value) and (url := _first_text(value, *URL)):
        return url, ()
    found = sorted(_listed_chapters(value), key=lambda one: one.start)
    return "", tuple(found[: _MOST["chapters"]])


def _listed_chapters(value: Any) -> Iterator[Chapter]:
    for one in listed(value):
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
    found = [(one, role) for key, role in keys for one in listed(values.get(key))]
    found += [(one, "") for key in ("persons", "people") for one in listed(values.get(key))]
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


def _one_of(values: Mapping[str, Any], *keys: str) -> Any:
    return next((values[key] for key in keys if values.get(key) is not None), None)


def _first_text(values: Mapping[str, Any], *keys: str) -> str:
    found = (values.get(key) for key in keys)
    texts = (one_line(one)[:500] for one in found if isinstance(one, str))
    return next(filter(None, texts), "")
