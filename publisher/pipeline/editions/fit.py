"""An edition whose HTML stays under the limit at which Gmail clips it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import msgspec

from publisher import editions
from publisher.editions import Measured, reshown, tried
from publisher.model import Edition, Fit, Rendition, SlotText
from publisher.model.rendition import GMAIL_CLIPS_AT
from publisher.rendering import weights

_VALUE = 254  # bytes at least of a reader's value: a whole address (RFC 5321 §4.5.3.1), or a link
_SLACK = 200  # bytes by which what was measured may be wrong
_TRIES = 4

Render = Callable[[Edition], Rendition]


class Fitted(msgspec.Struct, frozen=True, kw_only=True):
    """An edition as it is shown, with its rendition; `fit` is None where nothing was shortened."""

    edition: Edition
    rendition: Rendition
    fit: Fit | None = None


def fitted(edition: Edition, render: Render, bytes_of: Callable[[Rendition], int]) -> Fitted:
    """Return an edition with the ends of its sections shortened, if that makes it fit.

    One that fits is rendered once. Of any other all headlines and all cards are rendered besides,
    then what `editions.shows` makes of their bytes. What cannot be made to fit stays as it is:
    the rule `size` tells.
    """
    whole = Fitted(edition=edition, rendition=render(edition))
    before = bytes_of(whole.rendition)
    if before <= GMAIL_CLIPS_AT:
        return whole
    headlines = render(tried(edition, "headline"))
    if bytes_of(headlines) > GMAIL_CLIPS_AT:
        return whole
    forms = (whole.rendition, render(tried(edition, "card")), headlines)
    measured, over = _measured(edition, forms), before - GMAIL_CLIPS_AT
    for _ in range(_TRIES):
        found = reshown(edition, editions.shows(measured, over + _SLACK))
        rendition = render(found)
        after = bytes_of(rendition)
        if after <= GMAIL_CLIPS_AT:
            shown = Counter(story.show for story in found.stories if story.show)
            fit = Fit(before=before, after=after, shown=dict(sorted(shown.items())))
            return Fitted(edition=found, rendition=rendition, fit=fit)
        over += after - GMAIL_CLIPS_AT
    return whole


def bytes_of(rendition: Rendition) -> int:
    """Return how many bytes the HTML may have for a reader: a value has some room of its own."""
    return sum(
        max(len(piece.written({}).encode()), _VALUE)
        if isinstance(piece, SlotText)
        else len(piece.encode())
        for piece in rendition.html.pieces
    )


def _measured(edition: Edition, forms: tuple[Rendition, ...]) -> tuple[Measured, ...]:
    """The sections with the bytes of each story in each form."""
    urls = [story.article.url for story in edition.stories]
    columns = [weights(one.html.filled(), urls) for one in forms]
    of_stories = iter(zip(*columns, strict=True))
    return tuple(
        Measured(
            show=section.query.show,
            stories=tuple((a, b, c) for a, b, c in (next(of_stories) for _ in section.stories)),
        )
        for section in edition.sections
    )
