"""The editions that stand on the web: which have begun to go out, and what was sent of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from publisher.errors import Problem
from publisher.model import EditionId
from publisher.outbox import Bundle, Tree
from publisher.pipeline.workspace import Workspace
from publisher.site import Sent, edition_place, story_ids


class SentEditions:
    """Editions as they were sent; `tell` hears of those whose bundles are lost."""

    def __init__(self, space: Workspace, tree: Tree, tell: Callable[[Problem], None]) -> None:
        self._space, self._tree, self._tell = space, tree, tell
        self._notes: dict[str, Mapping[str, Any]] = {}  # by id

    def all(self) -> Iterator[Sent]:
        """Yield the editions that have begun to go out, whatever became of them afterwards."""
        own = self._space.publication
        newsletters = {one.name: one for one in own.newsletters if one.archive != "none"}
        for edition, seal in self._begun().items():
            newsletter = newsletters.get(EditionId(edition).newsletter)
            if newsletter is None:
                continue
            note = self._tree.note(f"{edition_place(edition)}/index.html")
            about = note if note and note.get("seal") == seal else self._read(edition, seal)
            if about:
                self._notes[edition] = about
                yield Sent(
                    id=edition,
                    newsletter=newsletter,
                    seal=seal,
                    local=datetime.fromisoformat(about["local"]),
                    instant=datetime.fromisoformat(about["instant"]),
                    subject=about["subject"],
                    preheader=about["preheader"],
                    stories=tuple(about["stories"]),
                    shown=frozenset(about["shows"]),
                )

    def note(self, sent: Sent) -> Mapping[str, Any]:
        """Return what is to be known of one of them without its bundle."""
        return self._notes[sent.id]

    def bundle(self, sent: Sent) -> Bundle | None:
        """Return what was sent; None where it is lost or was changed, which is told."""
        return self._bundle(sent.id, sent.seal)

    def _begun(self) -> dict[str, str]:
        """The seals by edition."""
        sends, begun = self._space.ledger.sends, {}
        for send in sends.all():
            counts = {} if send.state == "sending" else sends.counts(send.edition)
            reached = sum(counts.get(state, 0) for state in ("accepted", "filed", "uncertain"))
            if send.start <= self._space.now and (send.state == "sending" or reached):
                begun[send.edition] = send.seal
        return begun

    def _read(self, edition: str, seal: str) -> Mapping[str, Any] | None:
        """What is told of an edition, from its bundle; None where that is not what was sent."""
        bundle = self._bundle(edition, seal)
        if bundle is None:
            return None
        slot, rendition = bundle.manifest["slot"], bundle.rendition()
        stories, shown = story_ids(bundle.manifest)
        return {
            "seal": seal, "local": slot["local"], "instant": slot["instant"],
            "subject": rendition.subject.filled(), "preheader": rendition.preheader.filled(),
            "stories": list(stories), "shows": sorted(shown),
        }  # fmt: skip

    def _bundle(self, edition: str, seal: str) -> Bundle | None:
        outbox = self._space.outbox
        if edition in outbox.ids() and not outbox.faults(edition):
            bundle = outbox.read(edition)
            if bundle.seal == seal:
                return bundle
        self._tell(
            Problem(
                what="it was sent, and its bundle is lost or was changed: it has no page",
                path=edition,
                severity="warning",
                todo=f"Make it again: publisher replay {edition}",
            )
        )
        return None
