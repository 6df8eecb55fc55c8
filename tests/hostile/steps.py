"""An article's way from its bytes to everything that is made of it, one step after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from publisher.feeds import feed_plans, files_of
from publisher.model import Publication, Rendition, Slotted, Visible
from publisher.related.reading import batches
from publisher.rendering import Theme, counted_links
from publisher.rendering.body import mail_body
from publisher.rendering.pages import page_body
from publisher.rendering.plain import plain
from publisher.sources import addresses
from publisher.sources.composing import compose
from publisher.sources.identity import Identity
from publisher.sources.parts import take_apart

Step = tuple[str, Callable[[], object]]

BEFORE = datetime(2026, 11, 23, tzinfo=UTC)
NOW = datetime(2026, 11, 24, tzinfo=UTC)
PUBLICATION = Publication(title="T", base_url="https://t.example/")
WORDS = Theme().words("en")
CSS = Theme().render("mail/body.css", {"theme": Theme().values(PUBLICATION)})


def steps(path: str, data: bytes) -> Iterator[Step]:
    """Yield each step in its order, to be done before the next is asked for.

    Raises SourceError, as `take_apart` and `compose` do, where a file cannot be read.
    """
    given: list[object] = []

    def keep(step: Callable[[], object]) -> Callable[[], object]:
        def kept() -> object:
            given.append(step())
            return given[-1]

        return kept

    identity = Identity(id="tag:t:1", path=path, first_seen=BEFORE, digest="", body="", title="")
    yield "take apart", keep(lambda: take_apart(path, data, PUBLICATION))
    yield "compose", keep(lambda: compose(given[-1], identity, PUBLICATION, lambda *_: None))
    made, body, _ = given[-1]
    if made is None:
        return
    rendition = Rendition(
        subject=(one := Slotted(("x",))), preheader=one, text=one, html=Slotted((body,))
    )
    yield "links", lambda: addresses(made, body, PUBLICATION)
    yield "counted links", lambda: counted_links(rendition, "https://t.example/c", [])
    yield "page", lambda: page_body(body, PUBLICATION, WORDS)
    yield "mail", lambda: mail_body(body, CSS)
    yield "text", lambda: plain(body)
    yield "words", lambda: list(batches([made], lambda _: body, False))
    plans = feed_plans(PUBLICATION, Visible([made], NOW))
    yield "feeds", lambda: list(files_of(plans[0], lambda _: body))
