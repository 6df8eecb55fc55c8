"""The folders of a mailbox: the one that is read, and those into which its messages are moved."""

from __future__ import annotations

import contextlib
import imaplib
from collections.abc import Sequence

from imapclient import DELETED

from publisher.errors import WayRefused
from publisher.returns.ways.imap_connection import Client
from publisher.returns.ways.way import Kind

_NAMED = 20  # folders that a message names


class Folders:
    """Names as the server has them: its prefix (RFC 2342), its delimiter, its modified UTF-7.

    IMAPClient writes and reads the last (RFC 3501 §5.1.3). Every method raises what it raises.
    """

    def __init__(self, client: Client, folder: str, keep_in: str) -> None:
        self._client = client
        self._prefix, self._delimiter = _hierarchy(client)
        self._folder = folder if folder.upper() == "INBOX" else self._named(folder)
        self._keep_in = keep_in
        self._made: set[str] = set()
        if self._folder in {self.kept(kind) for kind in ("read", "unread", "personal")}:
            raise WayRefused(
                f"{folder!r} is a folder into which messages are moved",
                todo="Name another one in returns.imap.folder.",
            )

    def _named(self, name: str) -> str:
        return name.replace("/", self._delimiter) if self._delimiter else name

    def kept(self, kind: Kind) -> str:
        """The folder into which messages of a kind are moved."""
        if not self._delimiter:  # a server whose folders hold no folders
            return f"{self._prefix}{self._keep_in.replace('/', '-')}-{kind}"
        name = self._named(f"{self._keep_in}/{kind}")
        return name if name.startswith(self._prefix) else self._prefix + name

    def select(self) -> tuple[int, int]:
        """Select the folder anew; return its UIDVALIDITY and how many messages it has.

        Raises WayRefused where there is none, or none that may be changed.
        """
        try:
            found = self._client.select_folder(self._folder)
        except imaplib.IMAP4.readonly:
            raise WayRefused(
                f"{self._folder!r} may be read, not changed",
                why="What has been taken is moved into another folder.",
                todo="Give the user the right to move messages.",
            ) from None
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            if self._client.connection.is_lost:
                raise
            raise WayRefused(f"there is no folder {self._folder!r}", why=self._known()) from None
        return int(found.get(b"UIDVALIDITY", 0)), int(found.get(b"EXISTS", 0))

    def _known(self) -> str:
        names = sorted(str(name) for _, _, name in self._client.list_folders())
        more = ", …" if len(names) > _NAMED else ""
        return f"There are: {', '.join(names[:_NAMED])}{more}"

    def move(self, uids: Sequence[int], kind: Kind) -> None:
        """Move messages of the selected folder; those of others stay as they are, deleted or not.

        Without MOVE (RFC 6851) they are copied and marked; they go if they can go alone (UIDPLUS,
        RFC 4315), and are left marked if not: EXPUNGE would take what others have marked.
        """
        target = self._there(self.kept(kind))
        if self._client.has_capability("MOVE"):
            self._client.move(uids, target)
            return
        self._client.copy(uids, target)
        self._client.add_flags(uids, [DELETED], silent=True)
        if self._client.has_capability("UIDPLUS"):
            self._client.uid_expunge(uids)

    def _there(self, name: str) -> str:
        """A folder's name, once it is there; people see it in their mail program."""
        if name not in self._made:
            if not self._client.list_folders("", name):
                self._client.create_folder(name)
                with contextlib.suppress(imaplib.IMAP4.error):
                    self._client.subscribe_folder(name)
            self._made.add(name)
        return name


def _hierarchy(client: Client) -> tuple[str, str]:
    """What every folder of one's own begins with, and what stands between folders; "" for none."""
    listed = client.list_folders("", "")  # RFC 9051 §6.3.9: the delimiter, whatever there is
    delimiter = (listed[0][1] or b"").decode("ascii") if listed else ""
    prefix = ""
    if client.has_capability("NAMESPACE"):
        personal = client.namespace().personal
        prefix = str(personal[0][0]) if personal else ""
    return prefix, delimiter
