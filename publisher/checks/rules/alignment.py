"""Senders that a reader's server cannot believe, by SPF, DKIM and DMARC."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule
from publisher.model import (
    DeliverySettings,
    SmtpSettings,
    is_aligned,
    is_impersonating,
    likely_organisation,
)


def _look(mail: Mail) -> Iterator[Found]:
    own = mail.publication
    sender = own.sender.rpartition("@")[2].lower()
    server = own.smtp.host.lower()
    if is_impersonating(sender, server):
        yield Found(
            f"the sender is at {sender}, and another server sends",
            why=f"{sender} tells servers to refuse mails from it that it did not send (DMARC).",
            todo=f"Send from an address of a domain of your own, or by the server of {sender}.",
        )
    back = own.delivery.return_path.rpartition("@")[2].lower()
    if back and sender and not is_aligned(sender, back, likely_organisation):
        yield Found(
            f"the return path is at {back}, the sender at {sender}",
            why=f"SPF then speaks for {back} alone (RFC 9989 §4.4.2): without a signature of "
            f"{sender} the mails fail DMARC.",
            todo=f"Set delivery.return_path to an address at {sender}, or let your server sign "
            "for it (DKIM), and silence this.",
        )


RULE = Rule(
    name="alignment",
    finds="A sender of a free provider's, or of another domain than the return path.",
    why="What a reader's server believes hangs on these: SPF, DKIM and DMARC (RFC 9989).",
    todo="Send from a domain of your own.",
    look=_look,
    bad=(
        {"publication": {"sender": "letter@gmail.com"}},
        {"publication": {"sender": "a@yahoo.com", "smtp": SmtpSettings(host="smtp.host.example")}},
        {"publication": {"delivery": DeliverySettings(return_path="b@bounces.example")}},
        {"publication": {"sender": "a@a.co.uk",
                         "delivery": DeliverySettings(return_path="b@b.co.uk")}},
    ),
    clean=(
        {},
        {"publication": {"sender": "a@gmail.com", "smtp": SmtpSettings(host="smtp.gmail.com")}},
        {"publication": {"delivery": DeliverySettings(return_path="b@bounces.letter.example")}},
        {"publication": {"sender": ""}},
    ),
)  # fmt: skip
