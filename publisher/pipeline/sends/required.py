"""What an edition must have to go out as bulk mail."""

from __future__ import annotations

from html import unescape

from publisher.errors import Held
from publisher.model import EditionId, Newsletter, Publication
from publisher.outbox import Bundle
from publisher.pipeline.sender import check_sender
from publisher.pipeline.sends.messages import messages_of, test_recipient
from publisher.pipeline.workspace import Workspace


def check_readers(newsletter: Newsletter, readers: int) -> None:
    """Raise Held for a newsletter that nobody would get."""
    if not readers:
        raise Held(
            f"nobody subscribes to {newsletter.name}",
            why="There is nobody to send it to.",
            todo="Add readers: publisher subscribers add ADDRESS",
        )


def check_mail(space: Workspace, bundle: Bundle) -> None:
    """Raise for an edition that is no bulk mail, or of which no message can be made."""
    check_sender(space.publication)
    _check_address(space.publication, bundle)
    sample = test_recipient(space, bundle.id, space.publication.sender, False, None)
    messages_of(space, bundle, space.now).message(sample)


def _check_address(publication: Publication, bundle: Bundle) -> None:
    """A bundle may be older than the postal address; raise Held for one that does not show it."""
    rendition = bundle.rendition()
    for part in (rendition.html, rendition.text):
        shown = " ".join(unescape(part.filled()).split())
        wanted = filter(None, (publication.postal.street, publication.postal.city))
        if part.pieces and not all(" ".join(one.split()) in shown for one in wanted):
            raise Held(
                f"{bundle.id} does not show the postal address of publisher.toml",
                why="It was built before, or its template leaves it out.",
                todo=f"Build it again: publisher build {EditionId(bundle.id).newsletter}",
            )
