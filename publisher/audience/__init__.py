"""Who reads: addresses, imports and exports, signed links."""

from publisher.audience.addresses import address, mailbox
from publisher.audience.exports import EXPORTED, csv_of
from publisher.audience.imports.cells import language, zone
from publisher.audience.tokens import (
    RETURNING,
    Keys,
    Signer,
    confirm_token,
    erased_key,
    is_returning,
    message_reader,
    network_key,
    reader_of,
    returning_reader,
)

__all__ = [
    "EXPORTED",
    "RETURNING",
    "Keys",
    "Signer",
    "address",
    "confirm_token",
    "csv_of",
    "erased_key",
    "is_returning",
    "language",
    "mailbox",
    "message_reader",
    "network_key",
    "reader_of",
    "returning_reader",
    "zone",
]
