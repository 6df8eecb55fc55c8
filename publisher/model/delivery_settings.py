"""What `[delivery]`, `[domains]` and `[smtp]` declare."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Literal

from publisher.model.declared import Settings
from publisher.model.declared import key as _key
from publisher.model.warm_up import WarmUp


class DeliverySettings(Settings, frozen=True, kw_only=True):
    """How mails leave."""

    transport: Literal[
        "auto",
        "maildir",
        "smtp",
        "command",
        "postmark",
        "ses",
        "mailgun",
        "sendgrid",
        "brevo",
        "resend",
    ] = _key(
        "The way out: files in a Maildir, an SMTP server, a command, or a provider's interface "
        "(`[provider]`). `auto` is `smtp` if `[smtp]` names a host, `command` if there is one, "
        "else `maildir`.",
        "auto",
    )
    maildir: Path = _key(
        "Folder of the Maildir; `mail` in the outbox where it is not given.", Path()
    )
    command: tuple[str, ...] = _key(
        "A program that takes a message on its standard input; `{sender}` and `{recipient}` are "
        "filled in, no shell sees them.",
        (),
        example="sendmail",
    )
    sender_name: str = _key("The name beside `sender`; the publication's title by default.", "")
    reply_to: str = _key("Where replies go, if not to `sender`.", "")
    return_path: str = _key("Where bounces go (MAIL FROM), if not to `sender`.", "")
    verp: bool = _key(
        "Give each message a return path of its own, `bounces+TOKEN@…`, by which what comes back "
        "names its reader and edition, and nobody can forge it. Your mail server must take all "
        "such addresses for `return_path`.",
        False,
    )
    verp_separator: Literal["+", "-", "=", "_", "."] = _key(
        "What stands before the token: what your mail server takes for the beginning of an "
        "extension.",
        "+",
    )
    unsubscribe: str = _key("Where mails to unsubscribe go, if not to `sender`.", "")
    links: str = _key(
        "Where unsubscribe and preference links lead; `base_url` where it is not given.",
        "",
        example="https://mail.news.example/",
    )
    connections: int = _key("Messages sent side by side, each on a connection of its own.", 4)
    per_second: float = _key("Messages a second, of all senders together; 0 for no limit.", 0.0)
    per_day: int = _key("Messages a day (UTC); 0 for no limit.", 0)
    warm_up: WarmUp = _key("`[delivery.warm_up]`.", WarmUp())
    expires: timedelta = _key(
        "What could not be sent so long after its start has failed.",
        timedelta(hours=24),
        example="24h",
    )
    on_uncertain: Literal["resend", "hold"] = _key(
        "What to do with a message that a server may have accepted when a connection or we died: "
        "send it again with the same Message-ID, or leave it to a person.",
        "resend",
    )
    breaker: int = _key(
        'So many readers of a domain in a row that "do not exist", or are refused, hold the domain '
        "for an hour: it is more often the server's mistake. So many in a row at three domains and "
        "more that are refused because of us hold everything. 0 for never.",
        5,
    )


class DomainSettings(Settings, frozen=True, kw_only=True):
    """Limits for readers at one domain."""

    name: str = _key('Taken from the table\'s name: `[domains."gmail.com"]`.')
    per_second: float = _key("Messages a second to it, of all senders together.")


class SmtpSettings(Settings, frozen=True, kw_only=True):
    """The SMTP server that takes the mails. Its password is in `PUBLISHER_SMTP_PASSWORD`."""

    host: str = _key("Its name.", "", example="smtp.news.example")
    port: int = _key("Its port: 587 for submission, 465 for `tls`, 25 for an MTA.", 587)
    security: Literal["starttls", "tls", "none"] = _key(
        "Encryption, with a verified certificate; `none` only for a server on this machine.",
        "starttls",
    )
    user: str = _key("Who logs in; nobody where it is not given.", "")
    ehlo: str = _key(
        "The name that this machine gives of itself (RFC 5321 §4.1.1.1); its own where it has a "
        "full one, or else its address. Some servers take no other than a full name.",
        "",
        example="mail.news.example",
    )
    ca: str = _key("File of an authority of your own that signs its certificate.", "")
    timeout: timedelta = _key(
        "How long an answer may take, from its first byte to its last (RFC 5321 §4.5.3.2 asks for "
        "minutes); a whole message, and opening a connection, three times as long.",
        timedelta(minutes=5),
        example="5m",
    )
    messages_per_connection: int = _key("Messages before a connection is opened anew.", 100)
