"""test: one real mail, and nothing recorded."""

from __future__ import annotations

from publisher.audience import address
from publisher.delivery import Transport, judge
from publisher.errors import DeliveryError
from publisher.model import Envelope
from publisher.pipeline.readers.subscribers import subscriber
from publisher.pipeline.sealed import sealed
from publisher.pipeline.sender import check_sender, return_path
from publisher.pipeline.sends.messages import messages_of, test_recipient
from publisher.pipeline.workspace import Workspace


def send_test(
    space: Workspace, transport: Transport, name: str, to: str, reader: str | None
) -> tuple[str, str]:
    """Send an edition to one address, as a reader would get it; return (edition, reply).

    Nothing is recorded, and its links lead to nobody's subscription. Raises DeliveryError for an
    answer that is not "accepted".
    """
    check_sender(space.publication)
    bundle = sealed(space, name)
    like = subscriber(space, reader) if reader else None
    target = address(to)
    recipient = test_recipient(space, bundle.id, target.text, target.utf8, like)
    envelope = Envelope(
        sender=return_path(space.publication), recipient=target.text, utf8=target.utf8
    )
    session = transport.connect()
    try:
        made = messages_of(space, bundle, space.now, test=True).message(recipient)
        reply = session.send(envelope, made, None)
    finally:
        session.close()
    if judge(reply).state != "accepted":
        raise DeliveryError(f"the test to {target.text} was not accepted: {reply}")
    return bundle.id, str(reply)
