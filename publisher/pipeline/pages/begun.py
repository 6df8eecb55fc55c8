"""The pages of editions that begin to go out."""

from __future__ import annotations

from publisher.errors import Locked
from publisher.pipeline.built import Built, Pages
from publisher.pipeline.turns import alone_on_the_web
from publisher.pipeline.workspace import Workspace
from publisher.site import edition_place


def show_begun(space: Workspace) -> Pages | None:
    """Make the pages of editions that begin to go out, before anybody follows a link to one.

    Only where a site was made before; None where nothing was to be done, or another is at it.
    """
    own = space.publication
    shown = {one.name for one in own.newsletters if one.archive != "none"}
    begun = (
        send.edition
        for send in space.ledger.sends.all()
        if send.newsletter in shown and send.state == "sending" and send.start <= space.now
    )
    sealed = set(space.outbox.ids())
    is_there = own.web.pages != "none" and (space.pages_folder / "style.css").is_file()
    places = (
        space.pages_folder / edition_place(one) / "index.html" for one in begun if one in sealed
    )
    if not is_there or all(place.is_file() for place in places):
        return None
    space.child.start()
    from publisher.pipeline import commits
    from publisher.pipeline.pages.site import put_pages  # late: seldom is there one to make

    built = Built()
    commits.begin(space)
    try:
        with alone_on_the_web(space):
            put_pages(space, built)
    except Locked:
        return None
    return built.pages
