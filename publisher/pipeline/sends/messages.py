"""What a bundle, the configuration and a reader make together: messages and recipients."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from publisher.audience import Signer, address
from publisher.delivery import Headers, Messages
from publisher.ledger import ClaimedDelivery
from publisher.model import (
    EditionId,
    Group,
    Newsletter,
    Publication,
    Recipient,
    SubjectTest,
    Subscriber,
)
from publisher.outbox import Bundle
from publisher.pipeline.keys import keys
from publisher.pipeline.sender import return_path, returning_path
from publisher.pipeline.signing import signer_of
from publisher.pipeline.urls import links_of
from publisher.pipeline.workspace import Workspace
from publisher.site import edition_url


def headers_of(
    publication: Publication,
    newsletter: Newsletter,
    edition: str,
    date: datetime,
    *,
    automatic: bool,
    test: bool,
    signed: bool = False,
) -> Headers:
    """Return what the headers of an edition's messages say.

    `date` is when its send starts, for what is not sent by the queue; `signed` whether there are
    keys that sign: nobody looks at a Feedback-ID that is not.
    """
    delivery = publication.delivery
    domain = urlsplit(publication.base_url).hostname or "localhost"
    sender, sender_id = address(publication.sender).text, _sender_id(domain)
    page = edition_url(publication, newsletter, edition) if publication.web.link_in_mails else ""
    return Headers(
        sender=sender,
        sender_name=delivery.sender_name or publication.title,
        reply_to=delivery.reply_to and address(delivery.reply_to).text,
        list_id=f"{newsletter.name}.{domain}",
        list_name=newsletter.title,
        date=date,
        language=newsletter.language,
        feedback_id=":".join(
            re.sub(r"[^A-Za-z0-9._-]", "-", part)
            for part in (edition, newsletter.name, "edition", sender_id if signed else domain)
        ),
        archive=page.removesuffix(f"{EditionId(edition).minute}/"),
        archived_at=page,
        leave_by_mail=address(delivery.unsubscribe).text if delivery.unsubscribe else sender,
        # A schedule's edition is nobody's answer to anything (RFC 3834 §5); news sent by hand is.
        automatic=automatic,
        prefix="[Test] " if test else "",
    )


def messages_of(
    space: Workspace,
    bundle: Bundle,
    date: datetime,
    *,
    variant: int = 0,
    test: bool = False,
    subjects: SubjectTest | None = None,
    group: Group | Literal[""] = "",
) -> Messages:
    """Return an edition's messages, or that of a variant; OutboxError for a damaged bundle.

    Where two `subjects` are tested, those of a group, or of the rest. `test` is a mail to oneself.
    """
    newsletter = space.newsletter(EditionId(bundle.id).newsletter)
    rendition = bundle.rendition(variant)
    if test or subjects:  # late: it brings in all that renders, and an edition is rendered
        from publisher.rendering import direct_links, grouped_links, retitled
    if test:  # nobody's links lead anywhere before an edition is sent, and none is counted
        rendition = direct_links(rendition, bundle.links.prefix, bundle.links.addresses)
    if subjects:
        rendition = retitled(rendition, subjects.subject(group))
        if group and bundle.links.addresses:
            rendition = grouped_links(rendition, bundle.links.prefix, group)
    signer = signer_of(space)
    return Messages(
        rendition,
        headers_of(
            space.publication,
            newsletter,
            bundle.id,
            date,
            automatic=bool(space.timetable.of(newsletter.name)),
            test=test,
            signed=signer is not None,
        ),
        signer,
    )


def stem_of(edition: str) -> str:
    """How the Message-IDs of an edition begin."""
    return re.sub(r"[^a-z0-9-]", "-", edition.lower())


def _sender_id(domain: str) -> str:
    """Who sends, in the 5 to 15 characters of Gmail's feedback loop: the domain, if it has those.

    >>> _sender_id("news.example"), _sender_id("letter.harbour-times.example")
    ('news.example', 'letter.har-9cbd')
    """
    if 5 <= len(domain) <= 15:
        return domain
    return f"{domain[:10]}-{hashlib.sha256(domain.encode()).hexdigest()[:4]}"


class Addressing:
    """Makes recipients of an edition: the values of their slots, their links, the Message-ID."""

    def __init__(self, space: Workspace, edition: str) -> None:
        """Raises ConfigError for a sender that is no address."""
        publication = space.publication
        newsletter = EditionId(edition).newsletter
        self._edition = edition
        self._signer = Signer(keys(space), newsletter)
        self._links = links_of(publication)
        self._domain = address(publication.sender).domain
        self._stem = stem_of(edition)
        self._publication = publication
        self._plain = return_path(publication)

    def return_path(self, reader: int) -> str:
        """Return MAIL FROM of a reader's message: with `verp` it names reader and edition."""
        if not self._publication.delivery.verp:
            return self._plain
        return returning_path(self._publication, self._signer.returning(self._edition, reader))

    def recipient(self, one: ClaimedDelivery | Subscriber) -> Recipient:
        """Return the recipient that a reader is; the same one for ever."""
        reader = one.reader if isinstance(one, ClaimedDelivery) else one.id
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


def test_recipient(
    space: Workspace, edition: str, to: str, utf8: bool, like: Subscriber | None
) -> Recipient:
    """A recipient with a reader's values, but with links that change nothing."""
    links = links_of(space.publication)
    stamp = f"{space.now:%Y%m%dT%H%M%S%f}"
    values = {
        **(like.attributes if like else {}),
        "name": like.name if like else "",
        "address": to,
        "language": like.language if like else "",
        "unsubscribe_url": f"{links}/unsubscribe/test",
        "preferences_url": f"{links}/preferences/test",
    }
    stem = edition.lower().replace("@", "-")
    domain = address(space.publication.sender).domain
    return Recipient(
        reader=0,
        address=to,
        domain=to.rpartition("@")[2],
        utf8=utf8,
        name=like.name if like else "",
        message_id=f"test.{stem}.{stamp}@{domain}",
        values=values,
    )
