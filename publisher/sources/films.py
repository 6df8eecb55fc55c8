"""Frames of players and of other pages → a link for people, with a still where there is one."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import parse_qs, urlsplit

import msgspec

from publisher.model.elements import Element


class Film(msgspec.Struct, frozen=True):
    """Where a frame leads for people, what it may be called, and a picture of it, or ""."""

    address: str
    name: str
    still: str = ""
    plays: bool = True


_YOUTUBE = re.compile(r"/(?:embed|v|shorts|live)/([\w-]{1,40})", re.ASCII)


def film(source: str) -> Film:
    """Return what a frame's address shows, with the pages of the usual players."""
    try:
        parts = urlsplit(source)
        host = (parts.hostname or "").removeprefix("www.").lower()
        query = parse_qs(parts.query)
    except ValueError:
        return Film(source, source, plays=False)
    if host in ("youtube.com", "youtube-nocookie.com", "m.youtube.com"):
        found = _YOUTUBE.match(parts.path)
        if found and found[1] != "videoseries":
            return Film(
                f"https://www.youtube.com/watch?v={found[1]}", "YouTube",
                f"https://i.ytimg.com/vi/{found[1]}/hqdefault.jpg",
            )  # fmt: skip
        if "list" in query:
            return Film(f"https://www.youtube.com/playlist?list={query['list'][0]}", "YouTube")
    if host == "player.vimeo.com" and (found := re.match(r"/video/(\d+)", parts.path)):
        return Film(f"https://vimeo.com/{found[1]}", "Vimeo")
    if host in ("dailymotion.com", "geo.dailymotion.com") and (
        found := re.match(r"/embed/video/(\w+)", parts.path)
    ):
        still = f"https://www.dailymotion.com/thumbnail/video/{found[1]}"
        return Film(f"https://www.dailymotion.com/video/{found[1]}", "Dailymotion", still)
    if host == "open.spotify.com" and parts.path.startswith("/embed/"):
        return Film(f"https://open.spotify.com{parts.path.removeprefix('/embed')}", "Spotify")
    if host == "w.soundcloud.com" and query.get("url", [""])[0].startswith("https://"):
        return Film(query["url"][0], "SoundCloud")
    plays = parts.path.lower().endswith((".mp4", ".webm", ".mp3", ".ogg", ".m4a", ".mov"))
    name = parts.path.rpartition("/")[2] if plays or not host else host
    return Film(
        f"https:{source}" if source.startswith("//") else source, name or source, plays=plays
    )


def address_of_player(element: Element) -> str:
    """The address of players that are elements of their own (lite-youtube, amp-youtube)."""
    name = element.get("videoid") or element.get("data-videoid")
    if not re.fullmatch(r"[\w-]{1,40}", name, re.ASCII):
        return ""
    if "vimeo" in element.tag:
        return f"https://player.vimeo.com/video/{name}"
    return f"https://www.youtube.com/embed/{name}"


def link(found: Film, title: str) -> str:
    """Return a link to a film, with its still where one is known."""
    words = escape(f"▶ {title}" if found.plays else title, quote=False)
    still = ""
    if found.still:
        still = f'<img src="{escape(found.still)}" alt="" width="480" height="360"><br>'
    return f'<a href="{escape(found.address)}">{still}{words}</a>'
