"""A mail's subject replaced, for a test of two: what was sealed stays as it is."""

from __future__ import annotations

import re
from html import escape

from msgspec.structs import replace

from publisher.model import Rendition, Slotted, one_line

_TITLE = re.compile(r"(<title\b[^<>]*>)[^<>]*(</title>)")


def retitled(rendition: Rendition, subject: str) -> Rendition:
    """Return a rendition with another subject; its HTML's `<title>` says the same.

    Programs that read mails aloud say that title. A template that shows the subject anywhere else
    keeps the edition's own there.
    """
    plain, pieces = one_line(subject), list(rendition.html.pieces)
    title = escape(plain, quote=False)
    for place, piece in enumerate(pieces):
        if isinstance(piece, str) and _TITLE.search(piece):
            pieces[place] = _TITLE.sub(lambda found: found[1] + title + found[2], piece, count=1)
            break
    return replace(rendition, subject=Slotted((plain,)), html=Slotted(tuple(pieces)))
