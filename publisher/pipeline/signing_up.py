"""Sign-up with double opt-in: ask, a mail with a link, confirm.

Whoever asks learns nothing of who reads: the answer is the same for every address.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

from publisher.audience import address, confirm_token, erased_key, network_key, reader_of
from publisher.delivery import Transport
from publisher.ledger import Signup
from publisher.model import Candidate, Envelope, Newsletter
from publisher.pipeline.letters import check_sender, links_of, return_path
from publisher.pipeline.readers import keys
from publisher.pipeline.workspace import Workspace
from publisher.rendering import text_page

HOW = "double opt-in"
"""How the log of consent calls it."""


def offered(space: Workspace) -> list[Newsletter]:
    """Return the newsletters that anybody may ask for."""
    return [newsletter for newsletter in space.publication.newsletters if newsletter.public]


def ask(
    space: Workspace, text: str, names: Collection[str], language: str, network: str, now: datetime
) -> None:
    """Take up that an address asks for newsletters; a mail with a link follows, where one may.

    `network` is the part of the client's address that is counted. Raises AddressError for what is
    no address, and for that alone.
    """
    found = address(text)
    wanted = sorted({one.name for one in offered(space)} & set(names))
    if wanted:
        hashed = network_key(keys(space), network)
        space.ledger.signups.ask(found, wanted, language, hashed, now)


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
    space.ledger.readers.unsuppress(remains)
    one = Candidate(address=signup.address, language=signup.language)
    space.ledger.readers.join(
        [one], signup.newsletters, now=now, how=HOW, again=True,
        source=f"web, asked {signup.asked:%Y-%m-%dT%H:%M}Z", erased={signup.address.key: remains},
    )  # fmt: skip
    space.ledger.signups.forget(signup.id)
    return signup


def mail_signups(space: Workspace, transport: Transport, now: datetime) -> int:
    """Send the confirmation mails that wait; return how many.

    Raises Held where the publication cannot send, TransportDown and what it raises else.
    """
    if not space.ledger.signups.waiting():
        return 0
    check_sender(space.publication)
    session = transport.connect()  # before anybody is counted as mailed
    count = 0
    try:
        while (signup := space.ledger.signups.take(now)) is not None:
            envelope = Envelope(
                sender=return_path(space.publication), recipient=signup.address.text,
                utf8=signup.address.utf8,
            )  # fmt: skip
            session.send(envelope, _message(space, signup, now), None)
            count += 1
    finally:
        session.close()
    return count


def _message(space: Workspace, signup: Signup, now: datetime) -> bytes:
    """The mail with the link. It holds no text of whoever asked."""
    publication = space.publication
    titles = [one.title for one in publication.newsletters if one.name in signup.newsletters]
    token = confirm_token(keys(space), signup.id)
    subject, text = text_page(
        "confirm", publication, signup.language, space.theme,
        titles=titles, link=f"{links_of(publication)}/confirm/{token}",
    )  # fmt: skip
    mail = EmailMessage(policy=SMTPUTF8 if signup.address.utf8 else SMTP)
    sender = address(publication.sender)
    name = publication.delivery.sender_name or publication.title
    mail["From"] = MailAddress(display_name=name, addr_spec=sender.text)
    mail["To"] = MailAddress(addr_spec=signup.address.text)
    mail["Subject"] = subject
    mail["Date"] = now
    mail["Message-ID"] = f"<confirm.{signup.id:x}.{now:%Y%m%d}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = signup.language
    mail.set_content(text, cte="quoted-printable")
    return mail.as_bytes()
