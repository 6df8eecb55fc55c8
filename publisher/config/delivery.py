"""What `[delivery]` may say."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from publisher.config.addresses import mail_address, web_address
from publisher.config.reader import Reader
from publisher.model import DeliverySettings, Publication, WarmUp


def checked(publication: Publication, reader: Reader) -> DeliverySettings:
    """Return how mails leave, addresses in their one form; raise ConfigError."""
    delivery = publication.delivery
    if not 1 <= delivery.connections <= 200:
        raise reader.wrong("delivery.connections", "must be 1 to 200")
    warm_up = delivery.warm_up
    if not 1 <= warm_up.grow <= 10:
        raise reader.wrong("delivery.warm_up.grow", "must be 1 to 10")
    if warm_up != WarmUp() and not warm_up.first:
        raise reader.wrong("delivery.warm_up", "names no first", "How many go on the first day?")
    if delivery.expires <= timedelta():
        raise reader.wrong("delivery.expires", "must not be nought")
    return msgspec.structs.replace(
        delivery,
        links=delivery.links and web_address(delivery.links, "delivery.links", reader),
        reply_to=mail_address(delivery.reply_to, "delivery.reply_to", reader),
        return_path=mail_address(delivery.return_path, "delivery.return_path", reader),
        unsubscribe=mail_address(delivery.unsubscribe, "delivery.unsubscribe", reader),
    )
