"""What the preview shows of a publication: opened, read and rendered in one thread of its own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from publisher.checks import OTHERS, all_rules
from publisher.config import FILE
from publisher.errors import Problem, PublisherError
from publisher.pipeline.editions.difference import story_changes
from publisher.pipeline.editions.preview import (
    Look,
    compared_as,
    last_sent,
    look,
    notice_look,
    said,
    shown,
    until,
)
from publisher.pipeline.pages.logo import logo_files
from publisher.pipeline.pages.showing import SiteShown
from publisher.pipeline.readers.subscribers import listed
from publisher.pipeline.workspace import Workspace
from publisher.rendering import SCHEMES, Theme, in_scheme, mail_view, preview_page
from publisher.web.preview_chosen import Chosen, frame_of

_PROBLEMS = 10
_READERS = 200  # to choose from; any other can be typed
SITE = "/at"
"""Below it the frames find the site's pages."""


class Desk:
    """A publication as its files stand, for one thread; nothing of it is written to."""

    def __init__(self, root: Path, now: Callable[[], datetime], fit: bool | None = None) -> None:
        """`fit` is as for `build`."""
        self._root, self._now, self._fit = root, now, fit
        self._learnt: tempfile.TemporaryDirectory[str] | None = None
        self._space: Workspace | None = None
        self._stamp: Hashable = None
        self._looks: dict[tuple[str, str, str], Look | PublisherError] = {}
        self._site: SiteShown | None = None
        self._pictures: list[Path] = []
        self._folders: list[Path] = []
        self._files: list[Path] = []
        self._until: datetime | None = None

    def close(self) -> None:
        """Let go of the publication."""
        if self._space:
            self._space.close()
        if self._learnt:
            self._learnt.cleanup()

    # What is followed

    def begin(self) -> None:
        """Open the publication, so that what is to be followed is known."""
        with suppress(PublisherError, OSError):  # the page says why
            self._note(self._current())

    def folders(self) -> list[Path]:
        """Return the folders whose files are shown; any thread may ask."""
        names = [self._root / "templates", *self._folders]
        return [folder for folder in names if folder.is_dir()] or [self._root]

    def files(self) -> list[Path]:
        """Return the single files that are shown, and the folder of the editions; likewise."""
        return [self._root / FILE, *self._files]

    def _note(self, space: Workspace) -> None:
        """Note what is to be followed: other threads may not ask the publication itself."""
        own = space.publication
        self._folders = [self._root / one for one in (*own.article_folders, own.web.static)]
        logos = [path for _, _, path in logo_files(space)]
        self._files = [*space.timetable.files(), *logos, space.outbox.editions]

    def ledger(self) -> list[Path]:
        """Return the ledger's files; none where it is kept elsewhere."""
        own = self._space.publication if self._space else None
        if (own and own.ledger) or os.environ.get("PUBLISHER_LEDGER"):
            return []
        path = self._root / ".publisher" / "ledger.db"
        return [path, path.with_name("ledger.db-wal")]

    def said(self) -> Hashable:
        """Return what commands have said in the ledger, and which slots are the next ones."""
        self._until = None
        try:
            space = self._current()
            space.now = self._now()
            space.forget_timetable()
            self._until = until(space)
            return said(space)
        except (PublisherError, OSError):
            return None

    def has_passed(self) -> bool:
        """Whether a slot has passed since that was asked; any thread may ask."""
        return self._until is not None and self._now() >= self._until

    def _current(self) -> Workspace:
        """The publication, opened anew where its settings have changed."""
        stamp = tuple(map(_stamp, (self._root / FILE, *self.ledger()[:1])))
        if self._space is None or stamp != self._stamp:
            fresh = Workspace(self._root, self._now())
            fresh.learn_in(self._scratch())
            if self._space:
                self._space.close()
            self._space, self._stamp = fresh, stamp
            self._forget()
        return self._space

    def _scratch(self) -> Path:
        self._learnt = self._learnt or tempfile.TemporaryDirectory(prefix="publisher-preview-")
        return Path(self._learnt.name)

    def _forget(self) -> None:
        self._looks.clear()
        self._site = None

    def refreshed(self) -> Workspace:
        """Return the publication as its files stand now."""
        space = self._current()
        space.refresh()
        space.now = self._now()
        self._forget()
        self._note(space)
        return space

    # What is shown

    def page(self, name: str, chosen: Chosen, values: Mapping[str, Any]) -> str:
        """Render a page of the preview."""
        given = {"page": name, **values}
        try:
            if self._space is None:
                return preview_page(Theme(), chosen=chosen.plain(), **given)
            return self._space.renderer.preview_page(chosen=chosen.plain(), **given)
        except PublisherError as error:  # in a preview page of their own: ours shows it
            given = {**given, "page": "preview", "found": None, "problem": error.problem}
            return preview_page(Theme(), chosen=chosen.plain(), **given)

    def values(self, of: Callable[[Chosen], Mapping[str, Any]], chosen: Chosen) -> dict[str, Any]:
        """Return what a page shows by `of`, or why it cannot."""
        values: dict[str, Any] = {}
        try:
            space = self.refreshed()
            values["names"] = shown(space)
            values["templates"] = space.theme.newsletter_templates()
            values["readers"] = [one.address for one in islice(listed(space), _READERS)]
            return {**values, **of(chosen)}
        except PublisherError as error:
            return {**values, "problem": error.problem, "others": self._left_out()}
        except OSError as error:  # a file that goes while we look
            return {**values, "problem": Problem(what=str(error))}

    def _left_out(self) -> list[Problem]:
        """Articles with a mistake: often the reason why an edition cannot be shown."""
        try:
            problems = self._space.archive.problems if self._space else ()
        except (PublisherError, OSError):
            return []
        return [problem for problem in problems if problem.severity == "error"][:_PROBLEMS]

    def look(self, chosen: Chosen) -> Look:
        """Return an edition as it is seen; rendered once until something changes."""
        key = (chosen.name, chosen.reader, chosen.template)
        if key not in self._looks:
            try:
                self._looks[key] = look(
                    self._current(), chosen.name, chosen.reader, self._fit, chosen.template
                )
            except PublisherError as error:
                self._looks[key] = error
        found = self._looks[key]
        if isinstance(found, PublisherError):
            raise found
        return found

    def mail(self, chosen: Chosen) -> str:
        """Return the HTML of a frame; "" where there is none."""
        try:
            if chosen.template in self._current().theme.notices():
                notice = notice_look(self._current(), chosen.name, chosen.template)
                return mail_view(notice, chosen.schemes[0], {}) if notice else ""
            found = self.look(chosen)
        except PublisherError:
            return ""
        return mail_view(found.shown, chosen.schemes[0], self._places(found))

    def _places(self, found: Look) -> Mapping[str, str]:
        for path in found.pictures.values():
            if path not in self._pictures:
                self._pictures.append(path)
        return {
            url: f"/picture/{self._pictures.index(path)}" for url, path in found.pictures.items()
        }

    def picture(self, number: int) -> Path | None:
        """Return the file of a picture that a mail shows."""
        return self._pictures[number] if number < len(self._pictures) else None

    def sheet(self, chosen: Chosen) -> Mapping[str, Any]:
        """Return what the contact sheet shows: each template, or why it cannot be shown."""
        theme = self._current().theme
        return {
            "rows": [self._row(chosen, template) for template in theme.newsletter_templates()],
            "notices": [self._notice(chosen, name) for name in theme.notices()],
        }

    def _notice(self, chosen: Chosen, name: str) -> Mapping[str, Any]:
        """A mail to one person on the contact sheet, likewise."""
        row = {"template": name, "src": frame_of(chosen, name), "problem": None}
        try:
            return {**row, "frames": bool(notice_look(self._current(), chosen.name, name))}
        except PublisherError as error:
            return {**row, "frames": False, "problem": error.problem}

    def _row(self, chosen: Chosen, template: str) -> Mapping[str, Any]:
        """A template on the contact sheet; its frames, by look, or why there are none."""
        row = {"template": template, "src": frame_of(chosen, template), "problem": None}
        try:
            return {**row, "frames": bool(self.look(chosen.with_(template=template)).html)}
        except PublisherError as error:
            return {**row, "frames": False, "problem": error.problem}

    def comparison(self, chosen: Chosen) -> Mapping[str, Any]:
        """Return what the comparison with the last edition shows."""
        space = self._current()
        found = self.look(chosen)
        before, is_sent = last_sent(space, found.edition)
        if not before:
            return {"found": found.plain(), "before": None}
        old = compared_as(space, self.look(chosen.with_(name=before, template="")))
        new = compared_as(space, found)
        return {
            "found": found.plain(), "before": old, "after": new, "sent": is_sent,
            "changes": story_changes(old, new),
        }  # fmt: skip

    def site(self) -> SiteShown:
        """Return the site's pages; UsageError where there are none."""
        self._site = self._site or SiteShown(self._current())
        return self._site

    def site_file(self, scheme: str, path: str) -> tuple[bytes, str] | None:
        """Return a page of the site in light or in the dark, or what lies beside it, and its type.

        None where there is none.
        """
        if scheme not in SCHEMES:
            return None
        try:
            found = self.site().file(path, f"{SITE}/{scheme}")
        except (PublisherError, OSError) as error:
            return str(error).encode(), "text/plain; charset=utf-8"
        if found and found[1].startswith(("text/html", "text/css")):
            return in_scheme(found[0].decode(), scheme).encode(), found[1]
        return found


def rules() -> list[dict[str, str]]:
    """Return the rules of `check` by name, with their words in the reference."""
    found = [
        {"name": one.name, "finds": one.finds, "why": one.why, "todo": one.todo}
        for one in all_rules()
    ]
    found += [{"name": name, "finds": told, "why": "", "todo": ""} for name, told in OTHERS.items()]
    return sorted(found, key=lambda one: one["name"])


def _stamp(path: Path) -> Hashable:
    """What changes when a file does. A ledger's is that it is there, and the same file."""
    try:
        stat = path.stat()
    except OSError:
        return None
    if path.suffix == ".db":
        return stat.st_ino, stat.st_size > 0
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
