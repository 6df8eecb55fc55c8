"""The drafts of newsletters that want an approval, built when their time has come."""

from __future__ import annotations

from datetime import datetime, timedelta

from publisher.model import Newsletter
from publisher.pipeline.built import Edited
from publisher.pipeline.slots.drafts import draft
from publisher.pipeline.workspace import Workspace
from publisher.service.events import Events

_AGAIN = timedelta(minutes=1)


class Drafts:
    """Knows when a draft is to be built next: of who keeps them up alone."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self.opening: datetime | None = None
        """When a draft is to be built next."""

    def are_due(self, now: datetime) -> bool:
        """Whether the time of one has come."""
        return self.opening is not None and self.opening <= now

    def build(self, space: Workspace) -> None:
        """Build the drafts whose time has come, and those whose articles have changed."""
        openings: list[datetime] = []
        for newsletter in space.publication.newsletters:
            if newsletter.mode != "draft":
                continue
            try:
                edited = draft(space, newsletter)
            except Exception as error:  # it holds up no other newsletter's
                self._events.complain(f"draft of {newsletter.name}", error)
                openings.append(space.now + _AGAIN)
                continue
            self._events.well(f"draft of {newsletter.name}")
            if edited and edited.what in ("made", "replaced"):
                self._say(space, edited)
            openings += _openings(space, newsletter)
        self.opening = min(openings, default=None)

    def _say(self, space: Workspace, edited: Edited) -> None:
        void = space.ledger.approvals.get(edited.id) is not None
        text = f"draft {edited.what}, {edited.stories} stories: {edited.subject}"
        text += "; its approval is void" if void else "; waits for approval"
        self._events.say("draft", text, edited.id)


def _openings(space: Workspace, newsletter: Newsletter) -> list[datetime]:
    """When the next drafts of a newsletter may be built."""
    slots = space.timetable.upcoming(newsletter.name, space.now, 3)
    openings = (slot.instant - newsletter.draft_before for slot in slots)
    return [opening for opening in openings if opening > space.now]
