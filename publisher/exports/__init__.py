"""Exports of other systems → articles: one reader a system, one record, one writer."""

from publisher.exports.article_file import ArticleFile, Place, apart, article_file
from publisher.exports.imported import Attached, Found, Imported, LeftOut, Status
from publisher.exports.pack import Member, Pack
from publisher.exports.reading import Order, Progress, Reader
from publisher.exports.systems import HEAD, SUFFIXES, SYSTEMS, System, recognised

__all__ = [
    "HEAD",
    "SUFFIXES",
    "SYSTEMS",
    "ArticleFile",
    "Attached",
    "Found",
    "Imported",
    "LeftOut",
    "Member",
    "Order",
    "Pack",
    "Place",
    "Progress",
    "Reader",
    "Status",
    "System",
    "apart",
    "article_file",
    "recognised",
]
