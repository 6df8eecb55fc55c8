"""The outbox in a folder of this machine: what is written there is what readers see."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

from publisher.outbox.bundle import Bundle, opened, unreadable
from publisher.outbox.files import put, put_folder, restore, take_away
from publisher.outbox.outbox import About, Outbox
from publisher.outbox.place import claim


class Folder(Outbox):
    """The folder of what goes out; see `Outbox`."""

    store = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.editions = folder / "editions"
        self.views = folder / "views"

    def claim(self) -> None:
        claim(self.folder)

    def recover(self) -> None:
        restore(self.editions)

    def recover_feeds(self) -> None:
        for aside in (self.folder / "feeds").rglob(".*.aside"):
            aside.unlink()

    def look_again(self) -> None:
        """Nothing to do: a folder is seen as it is."""

    def distrust(self) -> None:
        """Nothing to do: there are no copies."""

    def seal(self, bundle: Bundle) -> bool:
        if self.holds(bundle):
            return False
        put_folder(self.editions / bundle.id, bundle.files)
        return True

    def remove(self, edition: str) -> None:
        (self.views / f"{edition}.html").unlink(missing_ok=True)
        take_away(self.editions / edition)

    def ids(self) -> list[str]:
        if not self.editions.is_dir():
            return []
        return sorted(p.name for p in self.editions.iterdir() if not p.name.startswith("."))

    def read(self, edition: str) -> Bundle:
        folder = self.editions / edition
        try:
            files = {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.is_file()}
        except OSError as error:
            raise unreadable(edition, error) from None
        return opened(edition, files)

    def lies(self, edition: str) -> Path:
        return self.editions / edition

    def mark(self, edition: str, word: bytes) -> None:
        put(self._mark(edition), word)

    def is_marked(self, edition: str) -> bool:
        return self._mark(edition).exists()

    def word(self, edition: str) -> bytes | None:
        try:
            return self._mark(edition).read_bytes()
        except FileNotFoundError:
            return None

    def marked(self) -> Collection[str]:
        paths = (self.folder / "sent").glob("*@*.json")
        return {path.name.removesuffix(".json") for path in paths}

    def mark_place(self, edition: str) -> str:
        return str(self._mark(edition))

    def _mark(self, edition: str) -> Path:
        return self.folder / "sent" / f"{edition}.json"

    def keep_made(self, name: str, data: bytes) -> None:
        put(self.folder / "made" / name, data)

    def made(self, name: str) -> bytes | None:
        try:
            return (self.folder / "made" / name).read_bytes()
        except FileNotFoundError:
            return None

    def all_made(self) -> list[str]:
        folder = self.folder / "made"
        found = (path for path in folder.rglob("*") if path.is_file())
        names = (path.relative_to(folder).as_posix() for path in found)
        return sorted(name for name in names if not name.endswith(".aside"))

    def drop_made(self, names: Iterable[str]) -> None:
        for path in [self.folder / "made" / name for name in names]:
            path.unlink(missing_ok=True)
            with suppress(OSError):  # something lies there still
                path.parent.rmdir()

    def publish(self, part: str, about: About, *, is_whole: bool) -> None:
        """Nothing to do: what is made in the folder is what readers see."""

    def publish_files(self, places: Iterable[str], about: About) -> None:
        """Nothing to do, likewise."""

    def fetched(self, part: str) -> Collection[str]:
        """None: whichever host made them, they are of this folder."""
        return ()

    def fetch(self, part: str) -> None:
        """Nothing to do, likewise."""
