"""Who reads: addresses, imports and exports, signed links."""

from publisher.audience.addresses import address, mailbox
from publisher.audience.exports import EXPORTED, csv_of
from publisher.audience.imports import (
    COLUMNS,
    MEANINGS,
    Order,
    Surveyed,
    language,
    readers,
    surveyed,
    zone,
)
from publisher.audience.tokens import (
    Keys,
    Signer,
    confirm_token,
    erased_key,
    network_key,
    reader_of,
)

__all__ = [
    "COLUMNS",
    "EXPORTED",
    "MEANINGS",
    "Keys",
    "Order",
    "Signer",
    "Surveyed",
    "address",
    "confirm_token",
    "csv_of",
    "erased_key",
    "language",
    "mailbox",
    "network_key",
    "reader_of",
    "readers",
    "surveyed",
    "zone",
]
