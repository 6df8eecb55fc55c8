"""What a site says of its looks and its other places, where it is plain: themes name these keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from publisher.adoption.documents import Document
from publisher.adoption.folders import SiteFolder
from publisher.adoption.site import Found

_PLACES = {
    "twitter": "https://twitter.com/", "x": "https://x.com/", "github": "https://github.com/",
    "facebook": "https://www.facebook.com/", "instagram": "https://www.instagram.com/",
    "youtube": "https://www.youtube.com/", "linkedin": "https://www.linkedin.com/in/",
    "gitlab": "https://gitlab.com/", "mastodon": "", "bluesky": "https://bsky.app/profile/",
}  # fmt: skip
_WRITTEN = {name: name.title() for name in _PLACES} | {
    "github": "GitHub", "gitlab": "GitLab", "youtube": "YouTube", "linkedin": "LinkedIn",
}  # fmt: skip
_TABLES = ("social", "params.social", "params.socials", "social_links", "author.social")
_LOGOS = (
    "params.logo", "logo", "LOGO_URL", "SITELOGO", "LOGO", "extra.logo", "params.images.logo",
    "themeConfig.navbar.logo.src", "navbar.logo.src",
)  # fmt: skip
_COLOURS = ("params.themeColor", "params.theme_color", "theme_color", "THEME_COLOR", "themeColor",
            "params.accentColor", "extra.theme_color")  # fmt: skip


def social(own: Document) -> dict[str, Found]:
    """Places where a site can be followed, by name: addresses, or names at well-known places."""
    found: dict[str, Found] = {}
    for table in _TABLES:
        for name, place in own.items(table):
            _add(found, name, place)
    for name in _PLACES:
        handle = own.text(f"{name}_username", f"params.{name}")
        if handle:
            _add(found, name, handle)
    return found


def listed(pairs: object, at: Found) -> dict[str, Found]:
    """Places of a list of (name, address), as Pelican and Nikola have it."""
    found: dict[str, Found] = {}
    for one in pairs if isinstance(pairs, list) else []:
        if isinstance(one, list) and len(one) >= 2 and all(isinstance(p, str) for p in one[:2]):
            _add(found, one[0], Found(one[1], at.path, at.line, at.key))
    return found


def _add(found: dict[str, Found], name: str, place: Found) -> None:
    if isinstance(place.value, Mapping) or not isinstance(place.value, str):
        return
    value = place.value.strip()
    name = _WRITTEN.get(name.lower(), name)
    label = " ".join(name.replace('"', "").split())[:40]
    if not value.startswith("https://"):
        base = _PLACES.get(name.lower(), "")
        if not base or not re.fullmatch(r"@?[\w./-]{1,60}", value):
            return
        value = base + value.lstrip("@/")
    if _is_web(value) and label:
        found.setdefault(label, Found(value, place.path, place.line, place.key))


def _is_web(address: str) -> bool:
    try:
        return bool(urlsplit(address).hostname) and not re.search(r"[\s\"'<>\\]", address)
    except ValueError:
        return False


def logo(own: Document, folder: SiteFolder, static: str = "") -> Found | None:
    """The site's logo, where it is a file of the site; its path is from the site's base URL on."""
    found = own.text(*_LOGOS)
    if found is None:
        return None
    name = str(found.value).partition("?")[0].lstrip("/")
    is_there = not name.startswith("..") and any(
        folder.has_file(f"{place}/{name}" if place else name) for place in (static, "assets", "")
    )
    is_picture = name.lower().endswith((".png", ".jpg", ".jpeg", ".gif"))  # what mails show
    return Found(name, found.path, found.line, found.key) if is_there and is_picture else None


def colour(own: Document) -> Found | None:
    """The site's colour, six hex digits."""
    found = own.text(*_COLOURS)
    is_one = found and re.fullmatch(r"#[0-9a-fA-F]{6}", str(found.value))
    return found if is_one else None
