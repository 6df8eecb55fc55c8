"""What a bundle, the configuration and a reader make together: letters and recipients."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import quote, unquote, urlsplit

from publisher.audience import Signer, address
from publisher.delivery import Heading, Letter
from publisher.errors import AddressError, ConfigError, Held
from publisher.ledger import Claimed
from publisher.model import Newsletter, Publication, Recipient, Subscriber
from publisher.outbox import Bundle
from publisher.pipeline.readers import keys
from publisher.pipeline.workspace import Workspace
from publisher.rendering import direct_links


def links_of(publication: Publication) -> str:
    """Where readers' links lead, in ASCII, without the last slash."""
    return ascii_url(publication.delivery.links or publication.base_url).rstrip("/")


def ascii_url(url: str) -> str:
    """Return a URL in ASCII (RFC 3986 §2); raise ValueError for a host that is none."""
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode()
    port = f":{parts.port}" if parts.port else ""
    query = f"?{quote(parts.query, safe='/%:@?=&+')}" if parts.query else ""
    return f"{parts.scheme}://{host}{port}{quote(parts.path, safe='/%:@')}{query}"


def counted_prefix(publication: Publication, edition: str) -> str:
    """Return where the counted links of an edition lead, but for their numbers."""
    return f"{links_of(publication)}/to/{edition}"


def links_origin(publication: Publication) -> str:
    """Return the scheme and host of readers' links: `https://mail.news.example`."""
    parts = urlsplit(links_of(publication))
    return f"{parts.scheme}://{parts.netloc}"


def links_root(publication: Publication) -> str:
    """The path that readers' links have before ours, "" for none."""
    return urlsplit(links_of(publication)).path


def site_root(publication: Publication) -> str:
    """The path that pages and feeds have before ours, decoded, "" for none."""
    return unquote(urlsplit(publication.base_url).path).rstrip("/")


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


def heading(
    publication: Publication,
    newsletter: Newsletter,
    edition: str,
    date: datetime,
    *,
    automatic: bool,
    test: bool,
) -> Heading:
    """Return what the headers of an edition's messages say; `date` is when its send starts."""
    delivery = publication.delivery
    host = urlsplit(publication.base_url).hostname or "localhost"
    domain = host.encode("idna").decode()
    sender = address(publication.sender).text
    return Heading(
        sender=sender,
        sender_name=delivery.sender_name or publication.title,
        reply_to=delivery.reply_to and address(delivery.reply_to).text,
        list_id=f"{newsletter.name}.{domain}",
        list_name=newsletter.title,
        date=date,
        language=newsletter.language,
        feedback_id=":".join(
            re.sub(r"[^A-Za-z0-9._-]", "-", part)
            for part in (edition, newsletter.name, "edition", domain)
        ),
        leave_by_mail=address(delivery.unsubscribe).text if delivery.unsubscribe else sender,
        # A schedule's edition is nobody's answer to anything (RFC 3834 §5); news sent by hand is.
        automatic=automatic,
        prefix="[Test] " if test else "",
    )


def letter(
    space: Workspace, bundle: Bundle, date: datetime, *, variant: int = 0, test: bool = False
) -> Letter:
    """Return an edition's letter, or that of a variant; OutboxError for a damaged bundle."""
    newsletter = space.newsletter(bundle.id.partition("@")[0])
    rendition = bundle.rendition(variant)
    if test:  # nobody's links lead anywhere before an edition is sent, and none is counted
        rendition = direct_links(rendition, bundle.links.prefix, bundle.links.addresses)
    return Letter(
        rendition,
        heading(
            space.publication,
            newsletter,
            bundle.id,
            date,
            automatic=bool(space.timetable.of(newsletter.name)),
            test=test,
        ),
    )


def return_path(publication: Publication) -> str:
    """MAIL FROM of every message."""
    return address(publication.delivery.return_path or publication.sender).text


class Addressing:
    """Makes recipients of an edition: the values of their slots, their links, the Message-ID."""

    def __init__(self, space: Workspace, edition: str) -> None:
        """Raises ConfigError for a sender that is no address."""
        publication = space.publication
        newsletter = edition.partition("@")[0]
        self._edition = edition
        self._signer = Signer(keys(space), newsletter)
        self._links = links_of(publication)
        self._domain = address(publication.sender).domain
        self._stem = re.sub(r"[^a-z0-9-]", "-", edition.lower())

    def recipient(self, one: Claimed | Subscriber) -> Recipient:
        """Return the recipient that a reader is; the same one for ever."""
        reader = one.reader if isinstance(one, Claimed) else one.id
        values = {
            **one.attributes,
            "name": one.name,
            "address": one.address,
            "language": one.language,
            "unsubscribe_url": f"{self._links}/unsubscribe/{self._signer.unsubscribe(reader)}",
            "preferences_url": f"{self._links}/preferences/{self._signer.preferences(reader)}",
        }
        return Recipient(
            reader=reader,
            address=one.address,
            domain=one.address.rpartition("@")[2],
            utf8=one.utf8,
            name=one.name,
            message_id=f"{self._stem}.{self._signer.message(self._edition, reader)}@{self._domain}",
            values=values,
        )
