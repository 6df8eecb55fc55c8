"""What `[returns]` and its table declare."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Literal

from publisher.model.declared import Settings
from publisher.model.declared import key as _key


class ImapSettings(Settings, frozen=True, kw_only=True):
    """A mailbox that is read. Its password is in `PUBLISHER_IMAP_PASSWORD`."""

    host: str = _key("Its server's name.", "", example="imap.news.example")
    port: int = _key("Its port: 993, or 143 where `security` is not `tls`, if it is 0.", 0)
    security: Literal["tls", "starttls", "none"] = _key(
        "Encryption, with a verified certificate; `none` only for a server on this machine.", "tls"
    )
    ca: str = _key("File of an authority of your own that signs its certificate.", "")
    user: str = _key("Who logs in.", "", example="bounces@news.example")
    folder: str = _key(
        "The folder that is read. All that lies in it is moved out: it must be nobody's inbox.",
        "INBOX",
    )
    timeout: timedelta = _key(
        "How long the server may be silent.", timedelta(minutes=1), example="1m"
    )


class ReturnsSettings(Settings, frozen=True, kw_only=True):
    """How messages that come back reach us: `run` reads them, where one of these ways is named."""

    imap: ImapSettings = _key("`[returns.imap]`.", ImapSettings())
    maildir: Path = _key(
        "A Maildir that is read, into which your mail server delivers.",
        Path(),
        example="/var/mail/bounces",
    )
    lmtp: str = _key(
        "Where `run` listens for your mail server by LMTP: a port of this machine, or a Unix "
        "socket below publisher.toml.",
        "",
        example="127.0.0.1:2424",
    )
    keep_in: str = _key(
        "In which folder of the mailbox, or of the Maildir, messages are kept when they have been "
        "read: in `read`, `unread` and `personal` within it.",
        "Publisher",
    )
    every: timedelta = _key(
        "So often the Maildir is looked at, and a mailbox whose server tells of nothing (IDLE).",
        timedelta(minutes=1),
        example="1m",
    )

    @property
    def names_a_way(self) -> bool:
        """Whether there is any place to look at."""
        return bool(self.imap.host or self.lmtp or self.maildir != Path())
