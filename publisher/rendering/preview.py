"""A page that shows an edition as an editor wants to judge it, and the mail in its frames."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from publisher.model.rendition import GMAIL_CLIPS_AT
from publisher.rendering.theme import Theme

WIDTHS = (600, 375)
SCHEMES = ("light", "dark")

_MEDIA = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)")
_MARKED = "<style>img:not([alt]){outline:3px dashed #d3232f;outline-offset:2px}</style>"
"""What a check means is marked where it stands: pictures without words for them."""


def preview_page(theme: Theme, **values: Any) -> str:
    """Return the HTML page. Mails show in sandboxed frames: their words run nothing here.

    `values` are those of `web/preview.html`: `found` (the edition as it is seen, None where it
    cannot be), `problem` (then) and `others` (articles with a mistake), `frames` (each `width`,
    `scheme` and `src` or `html`), and for a page that is served `names`, `readers` and what was
    `chosen`.
    """
    found = values.get("found")
    size = len(found.html.encode()) if found else 0
    defaults = {
        "found": None, "problem": None, "others": (), "names": (), "readers": (), "chosen": None,
        "frames": (), "since": 0,
    }  # fmt: skip
    limits = {"size": size, "limit": GMAIL_CLIPS_AT, "share": min(size / GMAIL_CLIPS_AT, 1.0)}
    return theme.render("web/preview.html", {**defaults, **limits, **values})


def mail_view(html: str, scheme: str, pictures: Mapping[str, str]) -> str:
    """Return a mail as programs show it in light or in the dark, whatever this machine prefers.

    `pictures` says what is shown instead of an address: those of a site that is not published yet
    lie in files.
    """
    query = "@media all" if scheme == "dark" else "@media not all"
    forced = _MEDIA.sub(query, html)
    for url, place in pictures.items():
        forced = forced.replace(f'src="{escape(url)}"', f'src="{escape(place)}"')
    return forced.replace("</head>", f"{_MARKED}</head>", 1)
