"""What an outbox does, wherever it lies."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping
from pathlib import Path
from typing import Protocol

from publisher.errors import OutboxError, UnknownName
from publisher.model import edition_named
from publisher.outbox.bundle import Bundle, faults_of
from publisher.outbox.files import put

About = Callable[[str, Container[str]], Mapping[str, str]]
"""What is said of a public file to whoever asks for it: headers of HTTP.

By its place below the outbox, and those of all files of that part.
"""


class Outbox(Protocol):
    """Where what goes out lies complete before anything is sent.

    Two there are: a folder (`Folder`), and an object store with this host's copy of what it needs
    (`Stored`). `folder` is the one, or the copy: feeds and pages are made in it. A bundle is there
    whole or not at all, whoever dies at whatever moment. Whoever seals, removes or marks holds the
    publication's lock; all may read at any time, in threads. What an object store does not do now
    is StoreUnavailable, and done by the next run; OSError is a disk's.
    """

    folder: Path
    editions: Path
    views: Path
    store: str
    """The address of the object store; "" for a folder."""

    def claim(self) -> None:
        """Make this place an outbox; raise ConfigError for one with things that are not ours."""

    def recover(self) -> None:
        """Clean up after a run that died: no other one may be at work on the editions."""

    def recover_feeds(self) -> None:
        """Clean up after a run that died: no other one may be at work on the feeds."""

    def look_again(self) -> None:
        """See from now on what other hosts did."""

    def distrust(self) -> None:
        """Look at every byte of bundles where it counts: forget copies of them."""

    def seal(self, bundle: Bundle) -> bool:
        """Put a bundle into the outbox; return False where it lies there already, byte for byte.

        Raises Locked where another host puts one of the same edition meanwhile.
        """

    def holds(self, bundle: Bundle) -> bool:
        """Whether a bundle lies in the outbox, byte for byte."""
        try:
            return bundle.id in self.ids() and self.read(bundle.id).files == bundle.files
        except OutboxError:
            return False

    def remove(self, edition: str) -> None:
        """Take an edition's bundle away, if there is one, and its copy to look at."""

    def show(self, edition: str, html: str) -> None:
        """Write an edition's copy to look at: `views/<id>.html`. It is never sent."""
        put(self.views / f"{edition}.html", html.encode())

    def ids(self) -> list[str]:
        """The editions that lie in the outbox, in order of name."""

    def find(self, name: str) -> str:
        """Return the id that `name` means; see `edition_named`. Raises UnknownName."""
        known = self.ids()
        found = edition_named(name, known)
        if found is None:
            alike = [one for one in known if name in one]
            todo = "List them: publisher outbox list"
            raise UnknownName("edition", name, alike or known, todo=todo)
        return found

    def read(self, edition: str) -> Bundle:
        """Return a bundle; raise OutboxError where its manifest cannot be read."""

    def faults(self, edition: str) -> list[str]:
        """Return what in a bundle is not as its manifest says; empty where all is well."""
        try:
            return list(faults_of(self.read(edition)))
        except OutboxError as error:
            return [error.problem.what]

    def lies(self, edition: str) -> Path:
        """The folder of an edition's bundle, or of this host's copy of it; it may not be there."""

    def mark(self, edition: str, word: bytes) -> None:
        """Leave word that an edition is on its way, for a ledger restored from a backup."""

    def is_marked(self, edition: str) -> bool:
        """Whether there is word of an edition."""

    def word(self, edition: str) -> bytes | None:
        """The word of an edition as it lies there now, None where there is none."""

    def marked(self) -> Collection[str]:
        """The editions that there is word of."""

    def mark_place(self, edition: str) -> str:
        """Where that word lies, as a person would look for it."""

    def keep_made(self, name: str, data: bytes) -> None:
        """Keep what this host made for others, below `made/`: no reader sees it.

        Of two that keep something under one name at the same time, one does.
        """

    def made(self, name: str) -> bytes | None:
        """What a host made and kept under a name, None where there is none."""

    def all_made(self) -> list[str]:
        """The names of all that is kept, in order."""

    def drop_made(self, names: Iterable[str]) -> None:
        """Keep some of it no longer."""

    def publish(self, part: str, about: About, *, is_whole: bool) -> None:
        """Show readers what lies in a part of the folder (`feeds`, `web`) as it is now.

        Where making it failed (not `is_whole`), what was not made yet stays as readers see it; what
        was taken away leaves in any case.
        """

    def publish_files(self, places: Iterable[str], about: About) -> None:
        """Show readers some files of the folder, whose names tell what is in them."""

    def fetched(self, part: str) -> Collection[str]:
        """Return the places of files that other hosts made, and that lie as `fetch` left them."""

    def fetch(self, part: str) -> None:
        """Bring a part of the folder up to what readers see, made by whichever host."""
