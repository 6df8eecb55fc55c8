"""Who reads: addresses, imports and exports, signed links."""

from publisher.audience.addresses import address
from publisher.audience.rows import COLUMNS, EXPORTED, Rows, csv_of, language, zone
from publisher.audience.tokens import Keys, Signer, erased_key, reader_of

__all__ = [
    "COLUMNS",
    "EXPORTED",
    "Keys",
    "Rows",
    "Signer",
    "address",
    "csv_of",
    "erased_key",
    "language",
    "reader_of",
    "zone",
]
