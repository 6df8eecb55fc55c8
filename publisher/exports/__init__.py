"""Exports of other systems → articles: one reader a system, one record, one writer."""

from publisher.exports.imported import Attached, Found, Imported, LeftOut, Status

__all__ = [
    "Attached",
    "Found",
    "Imported",
    "LeftOut",
    "Status",
]
