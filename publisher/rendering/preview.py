"""The pages that show an edition as an editor wants to judge it, and the mail in their frames."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from publisher.model import Publication
from publisher.model.rendition import GMAIL_CLIPS_AT
from publisher.rendering.theme import Theme

WIDTHS = (600, 375)
SCHEMES = ("light", "dark")
LOOKS = (*SCHEMES, "inverted")
"""How mail programs show a mail: as it is, by its own dark, or with its colours turned around."""

_MEDIA = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)")
_MARKED = (
    "<style>img:not([alt]){outline:3px dashed #d3232f;outline-offset:2px}"
    "mark[id]{background:none;color:inherit}"
    ":target{outline:3px solid #d3232f!important;outline-offset:3px;scroll-margin:40vh 0}"
    "mark:target{background:#ffe27a;color:#1c1b19}</style>"
)
"""What a check means is marked where it stands: pictures without words for them, and what the
editor asks for.
"""
_INVERTED = (
    "<style>html{background:#fff;filter:invert(1) hue-rotate(180deg)}"
    "img,video{filter:invert(1) hue-rotate(180deg)}</style>"
)


def preview_page(
    theme: Theme, *, publication: Publication | None = None, page: str = "preview", **values: Any
) -> str:
    """Return the HTML of `web/PAGE.html`. Mails show in sandboxed frames: their words run nothing.

    The values of `web/preview.html` are `found` (the edition as it is seen, None where it
    cannot be), `problem` (then) and `others` (articles with a mistake), `frames` (each `width`,
    `scheme` and `src` or `html`), and for a page that is served `names`, `readers` and what was
    `chosen`. Every page has `theme`, its values in the publication, or by themselves.
    """
    found = values.get("found")
    size = len(found.html.encode()) if found else 0
    own = publication or Publication(title="", base_url="https://localhost/")
    look = (theme if publication else Theme()).values(own)
    defaults = {
        "found": None, "problem": None, "others": (), "names": (), "readers": (), "chosen": None,
        "frames": (), "since": 0, "theme": look, "here": "/",
        "templates": (), "choices": (),
    }  # fmt: skip
    limits = {"size": size, "limit": GMAIL_CLIPS_AT, "share": min(size / GMAIL_CLIPS_AT, 1.0)}
    return theme.render(f"web/{page}.html", {**defaults, **limits, **values})


def in_scheme(text: str, scheme: str) -> str:
    """Return HTML or CSS as it shows in light or in the dark, whatever this machine prefers."""
    return _MEDIA.sub("@media all" if scheme == "dark" else "@media not all", text)


def mail_view(html: str, scheme: str, pictures: Mapping[str, str]) -> str:
    """Return a mail as programs show it in one of the `LOOKS`, whatever this machine prefers.

    `pictures` says what is shown instead of an address: those of a site that is not published yet
    lie in files.
    """
    forced = in_scheme(html, scheme)
    for url, place in pictures.items():
        forced = forced.replace(f'src="{escape(url)}"', f'src="{escape(place)}"')
    added = _MARKED + (_INVERTED if scheme == "inverted" else "")
    return forced.replace("</head>", f"{added}</head>", 1)
