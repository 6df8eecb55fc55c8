"""Who reads: addresses, imports and exports, signed links."""

from publisher.audience.addresses import address, mailbox
from publisher.audience.rows import COLUMNS, EXPORTED, Rows, csv_of, language, zone
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
    "Keys",
    "Rows",
    "Signer",
    "address",
    "confirm_token",
    "csv_of",
    "erased_key",
    "language",
    "mailbox",
    "network_key",
    "reader_of",
    "zone",
]
