"""Nikola's built-in shortcodes and `link://` addresses (its handbook, and version 8.3)."""

from __future__ import annotations

import re
from html import escape, unescape
from urllib.parse import unquote

from msgspec.structs import replace

from publisher.sources.templating import hugo
from publisher.sources.templating.code import (
    Builtin,
    Code,
    Fault,
    Html,
    article,
    element,
    frame,
    lines_of_code,
    named,
    nothing,
    text,
)


def raw(code: Code) -> str:
    """What is shown as it is typed."""
    return Html(code.inner)


def youtube(code: Code) -> str:
    """A film."""
    return frame(f"https://www.youtube.com/embed/{named(code, 'youtubeid', 'id', 0)}")


def vimeo(code: Code) -> str:
    """A film."""
    return frame(f"https://player.vimeo.com/video/{named(code, 'vimeoid', 'id', 0)}")


def soundcloud(code: Code) -> str:
    """A sound."""
    number = named(code, "sound_id", "id", 0)
    return frame(f"https://w.soundcloud.com/player/?url=https://api.soundcloud.com/tracks/{number}")


def gist(code: Code) -> str:
    """Code that is shown elsewhere: `gist ID FILE`."""
    return hugo.gist(replace(code, args=(code.needed("gist_id", "id", 0),), params={}))


def media(code: Code) -> str:
    """What another site shows: a player where it is one of the usual, else a link."""
    address = code.needed("url", 0)
    if not address.startswith(("https://", "http://")):
        raise Fault(f"the shortcode media names no web address: {address[:60]!r}")
    watched = re.fullmatch(
        r"https?://(?:(?:www\.|m\.)?youtube\.com/watch\?(?:[^#]*&)?v=|youtu\.be/)([\w-]+).*",
        address,
    )
    if watched:
        return frame(f"https://www.youtube.com/embed/{watched[1]}")
    if found := re.fullmatch(r"https?://(?:www\.)?vimeo\.com/(\d+).*", address):
        return frame(f"https://player.vimeo.com/video/{found[1]}")
    return Html(element("a", {"href": address}, escape(address, quote=False)))


def thumbnail(code: Code) -> str:
    """A small picture that leads to the large one; what it encloses is its caption."""
    source = code.needed("uri", 0)
    image = element("img", {"src": source, "alt": code.get("alt"), "title": code.get("title")})
    linked = element("a", {"href": source}, image)
    words = code.inner.strip()
    if not words:
        return Html(linked)
    caption = f"<figcaption>{code.html(words)}</figcaption>"
    return Html(f"<figure>{linked}{caption}</figure>\n")


def link(code: Code) -> str:
    """The address of a place of the site."""
    return address_of(code.needed(0))


def emoji(code: Code) -> str:
    """A sign by its name: `:name:`, which is read later."""
    return f":{named(code, 0)}:"


def listing_of(code: Code) -> str:
    """Lines of code from a file of the site's `listings`."""
    path = code.needed("fname", 0)
    found = code.site.read(f"listings/{path}")
    if found is None:
        raise Fault(f"there is no file listings/{path}")
    lines = found.split("\n")
    try:
        first, last = int(code.get("start") or 1), int(code.get("end") or len(lines))
    except ValueError:
        raise Fault("the shortcode listing counts lines with what is no number") from None
    return lines_of_code("\n".join(lines[max(first - 1, 0) : last]), code.get("language", 1))


def doc(code: Code) -> str:
    """A link to another article: it encloses a slug, or words and a slug: `WORDS <SLUG>`."""
    whole = code.inner.strip() or " ".join(code.args)
    found = re.fullmatch(r"(.*?)\s*<([^<>]+)>", whole)
    words, slug = (found[1], found[2]) if found else (whole, whole)
    return Html(element("a", {"href": article(slug)}, text(words)))


_LINK = re.compile(r'\b(href|src)="link://([a-z_]+)/([^"]*)"')


def address_of(written: str) -> str:
    """Nikola's `link://KIND/NAME` as an internal address, where it leads to an article."""
    found = re.fullmatch(r"link://(slug|filename)/(.+)", written.strip())
    return article(unquote(found[2])) if found else written


def linked(html: str) -> str:
    """HTML with the `link://` addresses of articles as internal ones."""
    if "link://" not in html:
        return html

    def resolved(found: re.Match[str]) -> str:
        whole = unescape(f"link://{found[2]}/{found[3]}")
        return f'{found[1]}="{escape(address_of(whole))}"'

    return _LINK.sub(resolved, html)


BUILTINS: dict[str, Builtin] = {
    "raw": raw, "youtube": youtube, "vimeo": vimeo, "soundcloud": soundcloud, "gist": gist,
    "media": media, "thumbnail": thumbnail, "link": link, "emoji": emoji, "listing": listing_of,
    "comment": nothing, "doc": doc,
}  # fmt: skip
PAIRED = frozenset(("raw", "comment"))
VERBATIM = frozenset(("raw", "comment"))
