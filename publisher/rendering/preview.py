"""A page that shows an edition as an editor wants to judge it."""

from __future__ import annotations

from collections.abc import Sequence

from publisher.errors import Problem
from publisher.model import Rendition
from publisher.rendering.theme import Theme


def preview_page(name: str, rendition: Rendition, problems: Sequence[Problem], theme: Theme) -> str:
    """Return one HTML page about the edition called `name`.

    It shows subject and preheader, the mail at 600 and 375 px, its text, and `problems`. Mail
    shows in sandboxed frames, from their `srcdoc`: the page needs no server.
    """
    html = rendition.html.filled()
    context = {
        "name": name,
        "subject": rendition.subject.filled(),
        "preheader": rendition.preheader.filled(),
        "html": html,
        "text": rendition.text.filled(),
        "kilobytes": len(html.encode()) / 1000,
        "problems": problems,
    }
    return theme.render("web/preview.html", context)
