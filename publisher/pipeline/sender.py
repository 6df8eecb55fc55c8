"""Who sends: what bulk mail must have, and the return path."""

from __future__ import annotations

from publisher.audience import address
from publisher.errors import AddressError, ConfigError, Held
from publisher.model import Publication
from publisher.pipeline.urls import links_of


def check_sender(publication: Publication) -> None:
    """Raise Held for what bulk mail must have and this publication has not."""
    postal = publication.postal
    links = publication.delivery.links or publication.base_url
    missing = [
        (not publication.sender, "sender", "the address that the mails come from"),
        (not (postal.street or postal.city), "[postal] street and city",
         "bulk mail must show a postal address"),
        (not links.startswith("https://"), "base_url, or delivery.links, with https://",
         "one-click unsubscribing needs it (RFC 8058)"),
    ]  # fmt: skip
    for is_missing, key, why in missing:
        if is_missing:
            raise Held(
                f"publisher.toml has no {key}",
                why=f"Nothing is sent: {why}.",
                todo="Set it, and run the command again.",
            )
    try:
        links_of(publication)
    except ValueError:
        raise ConfigError(
            f"{links!r} is no address that a mail can hold",
            path="publisher.toml",
            todo="Mend publication.base_url or delivery.links.",
        ) from None
    d = publication.delivery
    for place, text in (("publication.sender", publication.sender),
                        ("delivery.reply_to", d.reply_to), ("delivery.return_path", d.return_path),
                        ("delivery.unsubscribe", d.unsubscribe)):  # fmt: skip
        try:
            found = address(text) if text else None
        except AddressError as error:
            raise ConfigError(f"{place}: {error.problem.what}", path="publisher.toml") from None
        if found and found.utf8:
            raise ConfigError(f"{place} must be ASCII before the @", path="publisher.toml")


def return_path(publication: Publication) -> str:
    """MAIL FROM of every message."""
    return address(publication.delivery.return_path or publication.sender).text
