"""Files → articles: front matter, Markdown, HTML, text; who is who; what is wrong."""

from publisher.sources.archive import Archive, Progress, cache_key, scan
from publisher.sources.beside import named_files
from publisher.sources.cache import Cache
from publisher.sources.history import checkout, commits_around
from publisher.sources.identity import Identity

__all__ = [
    "Archive",
    "Cache",
    "Identity",
    "Progress",
    "cache_key",
    "checkout",
    "commits_around",
    "named_files",
    "scan",
]
