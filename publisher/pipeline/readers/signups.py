"""Sign-up with double opt-in: ask, a mail with a link, confirm.

Whoever asks learns nothing of who reads: the answer is the same for every address.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from publisher.audience import (
    Signer,
    address,
    confirm_token,
    erased_key,
    mailbox,
    network_key,
    reader_of,
)
from publisher.delivery import Headers, Messages, Session, Stop, Transport, judge
from publisher.errors import PublisherError, UsageError
from publisher.ledger import Signup
from publisher.model import Envelope, Newsletter, Recipient, Rendition, Reply
from publisher.pipeline.keys import keys
from publisher.pipeline.readers.preferences import one_of_each
from publisher.pipeline.sender import check_sender, return_path
from publisher.pipeline.signing import signer_of
from publisher.pipeline.urls import links_of
from publisher.pipeline.workspace import Workspace

HOW = "double opt-in"
"""How the log of consent calls it."""


_TURN = 20  # confirmation mails before newsletters have their turn


_LATER = timedelta(minutes=10)  # until a mail that was put off is tried again


def can_mail(space: Workspace) -> bool:
    """Whether this publication may mail anybody at all: it has a sender, and what the law asks."""
    try:
        check_sender(space.publication)
    except PublisherError:
        return False
    return True


def offered(space: Workspace) -> list[Newsletter]:
    """Return the newsletters that anybody may ask for."""
    return [newsletter for newsletter in space.publication.newsletters if newsletter.public]


def ask(
    space: Workspace, text: str, names: Collection[str], language: str, network: str, now: datetime
) -> None:
    """Take up that an address asks for newsletters; a mail with a link follows, where one may.

    `network` is the part of the client's address that is counted. Raises AddressError for what is
    no address, UsageError where no newsletter is asked for, and nothing else.
    """
    found = address(text)
    wanted = sorted(one_of_each(names, offered(space)))
    if not wanted:
        raise UsageError("which newsletter?")
    hashed = network_key(keys(space), network)
    space.ledger.signups.ask(found, mailbox(found), wanted, language, hashed, now)


def ask_page(space: Workspace, text: str, language: str, network: str, now: datetime) -> None:
    """Take up that an address asks for its page of preferences; a mail follows, where one may.

    Raises AddressError for what is no address, and nothing else.
    """
    found = address(text)
    hashed = network_key(keys(space), network)
    space.ledger.signups.ask_page(found, mailbox(found), language, hashed, now)


def is_ours(space: Workspace, token: str) -> bool:
    """Whether a link is one of a confirmation mail, be there still something to confirm or not."""
    return reader_of(keys(space), "confirm", token) is not None


def asked(space: Workspace, token: str) -> Signup | None:
    """Return whom a link of a confirmation mail means; None where there is nothing to confirm."""
    found = reader_of(keys(space), "confirm", token)
    return space.ledger.signups.get(found[0]) if found else None


def confirm(space: Workspace, token: str, now: datetime) -> Signup | None:
    """Make a reader of who asked; return who that was, None where there is nothing to confirm.

    Whoever left, or was erased, and asks to return comes back: it is their own word.
    """
    signup = asked(space, token)
    if signup is None:
        return None
    remains = erased_key(keys(space), signup.address.key)
    welcome = [one.name for one in space.publication.newsletters if one.welcome]
    return space.ledger.signups.confirm(signup.id, remains, now, HOW, welcome)


def mail_signups(space: Workspace, transport: Transport, now: datetime, stop: Stop) -> int:
    """Send mails that were asked for on the web, some at a time; return how many were accepted.

    Who asked too long ago, and never confirmed it, is forgotten first. What a server puts off is
    sent later. Raises Held where the publication cannot send, TransportDown and what it raises.
    """
    space.ledger.signups.prune(now - space.publication.web.unconfirmed)
    if not space.ledger.signups.waiting(now):
        return 0
    check_sender(space.publication)
    signer_of(space)  # a key that cannot be used is told now
    session = transport.connect()  # before anybody is counted as mailed
    count = 0
    try:
        for _ in range(_TURN):
            if stop.event.is_set() or (signup := space.ledger.signups.take(now)) is None:
                break
            message = _message(space, signup, now)
            if message is None:
                _settle(space, signup)
                continue
            state = judge(_sent(space, session, signup, message)).state
            count += state == "accepted"
            if state not in ("deferred", "uncertain"):
                _settle(space, signup)
            if state == "deferred":
                space.ledger.signups.give_back(signup.id, now + _LATER, now)
            if state in ("deferred", "uncertain"):
                break  # it will say the same to the others
    finally:
        session.close()
    return count


def _settle(space: Workspace, signup: Signup) -> None:
    """Forget a reader who was welcomed; of all others it is kept that they were mailed."""
    if signup.welcomed:
        space.ledger.signups.done(signup.id)


def _sent(space: Workspace, session: Session, signup: Signup, message: bytes) -> Reply:
    """Send one."""
    envelope = Envelope(
        sender=return_path(space.publication),
        recipient=signup.address.text,
        utf8=signup.address.utf8,
    )
    return session.send(envelope, message, None)


def _rendition(space: Workspace, signup: Signup) -> Rendition | None:
    """What it says; None for whom it is about and who is no reader any more."""
    names, is_for_reader = set(signup.newsletters), signup.welcomed or not signup.newsletters
    name, path = "confirmation", f"confirm/{confirm_token(keys(space), signup.id)}"
    if is_for_reader:
        reader = space.ledger.readers.find(signup.address.key)
        if reader is None or reader.suppression:
            return None
        name, path = "preferences", f"preferences/{Signer(keys(space), '').preferences(reader.id)}"
        names = {one for one in names if reader.subscriptions.get(one) == "active"}
    if signup.welcomed:
        if not names:  # they left meanwhile
            return None
        name = "welcome"
    titles = [one.title for one in space.publication.newsletters if one.name in names]
    link = f"{links_of(space.publication)}/{path}"
    return space.renderer.notice(name, signup.language, titles=titles, link=link)


def _message(space: Workspace, signup: Signup, now: datetime) -> bytes | None:
    """The mail with the link, None where nobody is to get it. It holds no text of whoever asked."""
    publication, to = space.publication, signup.address
    rendition = _rendition(space, signup)
    if rendition is None:
        return None
    sender = address(publication.sender)
    heading = Headers(
        sender=sender.text,
        sender_name=publication.delivery.sender_name or publication.title,
        date=now,
        language=signup.language,
        automatic=True,
    )
    recipient = Recipient(
        reader=0,
        address=to.text,
        domain=to.domain,
        utf8=to.utf8,
        name="",
        values={},
        message_id=f"{'welcome' if signup.welcomed else 'confirm'}.{signup.id:x}@{sender.domain}",
    )
    return Messages(rendition, heading, signer_of(space)).message(recipient)
