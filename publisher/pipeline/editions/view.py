"""A copy of each edition to look at, beside its bundle: as a reader would see it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from publisher.model import Article, Rendition
from publisher.pipeline.pages.pictures import pictures_of
from publisher.pipeline.workspace import Workspace


def put_view(
    space: Workspace, edition: str, rendition: Rendition, articles: Sequence[Article]
) -> None:
    """Write the copy; nobody is sent it. Its pictures are the files that will be published."""
    html = rendition.html.filled()
    if not html:
        return
    folder = space.outbox.views.resolve()
    for url, path in pictures_of(space, articles, rendition).items():
        place = quote(os.path.relpath(path.resolve(), folder))
        html = html.replace(f'src="{escape(url)}"', f'src="{escape(place)}"')
    space.outbox.show(edition, html)
