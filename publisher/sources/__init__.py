"""Files → articles: front matter, Markdown, HTML, text; who is who; what is wrong."""

from publisher.sources.archive import Archive
from publisher.sources.beside import addresses, file_beside, picture_file
from publisher.sources.cache import Cache
from publisher.sources.history import checkout, commits_around
from publisher.sources.identity import Identity
from publisher.sources.kept import KeptTexts, WithLinks
from publisher.sources.measures import measured
from publisher.sources.records import Progress
from publisher.sources.scanning import cache_key, scan
from publisher.sources.site_places import is_file_address

__all__ = [
    "Archive",
    "Cache",
    "Identity",
    "KeptTexts",
    "Progress",
    "WithLinks",
    "addresses",
    "cache_key",
    "checkout",
    "commits_around",
    "file_beside",
    "is_file_address",
    "measured",
    "picture_file",
    "scan",
]
